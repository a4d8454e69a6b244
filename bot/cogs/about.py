"""`/help` and `/privacy`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.i18n.command_translator import named, options
from bot.i18n.messages import Describe, Name, Say
from bot.layout import help_shown, privacy_shown, said
from bot.layout.parts import Figure
from bot.sending.deliver import deliver, in_time
from bot.sending.destinations import ToInteraction

if TYPE_CHECKING:
    from bot.client import Verbatim


class About(commands.Cog):
    """Help and privacy commands."""

    def __init__(self, bot: Verbatim) -> None:
        self.bot = bot

    @app_commands.command(name=named(Name.HELP), description=named(Describe.HELP))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction[Verbatim]) -> None:
        """Explain the bot, privately."""
        await deliver(self.bot.engine, help_shown, ToInteraction(interaction, private=True))

    @app_commands.command(name=named(Name.PRIVACY), description=named(Describe.PRIVACY))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @options(delete=Describe.PRIVACY_DELETE)
    async def privacy(self, interaction: discord.Interaction[Verbatim], delete: bool = False) -> None:
        """Show, or delete, what is stored about the member; privately."""
        to = ToInteraction(interaction, private=True)
        if delete:
            async with in_time(to):
                number = await self.bot.state.forget(interaction.user.id)
                if number:
                    self.bot.engine.forget_questions()
            await deliver(self.bot.engine, lambda: said(Say.FORGOTTEN, count=Figure(number)), to)
            return
        keeps = self.bot.settings.keep_questions
        await deliver(self.bot.engine, lambda: privacy_shown(keeps_questions=keeps), to)


async def setup(bot: Verbatim) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(About(bot))
