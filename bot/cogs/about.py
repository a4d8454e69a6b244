"""`/help` and `/privacy`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.i18n.command_translator import describe_options, localised
from bot.i18n.messages import CommandDescription, CommandName, Message
from bot.layout import render_help, render_message, render_privacy
from bot.layout.parts import Number
from bot.sending.deliver import defer_if_slow, deliver
from bot.sending.destinations import InteractionDestination

if TYPE_CHECKING:
    from bot.client import VerbatimBot


class About(commands.Cog):
    """Help and privacy commands."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot

    @app_commands.command(name=localised(CommandName.HELP), description=localised(CommandDescription.HELP))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Explain the bot, privately."""
        await deliver(self.bot.engine, render_help, InteractionDestination(interaction, private=True))

    @app_commands.command(name=localised(CommandName.PRIVACY), description=localised(CommandDescription.PRIVACY))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @describe_options(delete=CommandDescription.PRIVACY_DELETE)
    async def privacy(self, interaction: discord.Interaction[VerbatimBot], delete: bool = False) -> None:
        """Show, or delete, what is stored about the member; privately."""
        to = InteractionDestination(interaction, private=True)
        if delete:
            async with defer_if_slow(to):
                number = await self.bot.state.delete_user_data(interaction.user.id)
                if number:
                    self.bot.engine.clear_cache()
            await deliver(self.bot.engine, lambda: render_message(Message.FORGOTTEN, count=Number(number)), to)
            return
        keeps = self.bot.settings.keep_questions
        await deliver(self.bot.engine, lambda: render_privacy(keeps_questions=keeps), to)


async def setup(bot: VerbatimBot) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(About(bot))
