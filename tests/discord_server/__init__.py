"""A fake Discord on a loopback port, so that tests run the unmodified bot with the real discord.py.

It speaks REST v10 and gateway v10, keeps its state in memory, refuses what Discord refuses, and records breaches of
Discord's rules, or of the bot's own, in `violations`.

    async with DiscordServer() as discord:
        guild = discord.add_guild("Readers")
        general = discord.add_channel(guild, "general")
        alice = discord.add_user("alice")
        discord.join(guild, alice)
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", env=discord.environment(DISCORD_TOKEN=discord.token)
        )
        await discord.ready()
        question = await discord.post(alice, general, f"{discord.mention} who wrote this?")
        answer = await discord.reply_to(question)
        used = await discord.slash(alice, general, "ask", question="who wrote this?")
        await used.answered()
        assert texts(used.messages[0]) == texts(answer)
        assert discord.violations == []
"""

from .components import buttons, texts
from .interaction import Choice, Interaction
from .models import Attachment, Channel, Guild, Member, Role, ServerMessage, User
from .options import Impossible
from .permissions import Permission
from .server import DiscordServer
from .state import Clock, Violation

__all__ = [
    "Attachment",
    "Channel",
    "Choice",
    "Clock",
    "DiscordServer",
    "Guild",
    "Impossible",
    "Interaction",
    "Member",
    "Permission",
    "Role",
    "ServerMessage",
    "User",
    "Violation",
    "buttons",
    "texts",
]
