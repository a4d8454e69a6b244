"""What the bot is: `/help`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.delivery import deliver
from bot.destinations import ToInteraction
from bot.layout import help_shown
from bot.wording import Describe

if TYPE_CHECKING:
    from bot.client import Verbatim


class About(commands.Cog):
    """Explains the bot."""

    def __init__(self, bot: Verbatim) -> None:
        """Explain this bot."""
        self.bot = bot

    @app_commands.command(name="help", description=Describe.HELP)
    async def help(self, interaction: discord.Interaction[Verbatim]) -> None:
        """Tell what the bot does, how to ask it, and what it never does; to the member alone."""
        await deliver(self.bot.engine, help_shown, ToInteraction(interaction, private=True))
