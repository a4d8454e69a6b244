"""`/admin …`: commands in the admin servers, for admins only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cogs.admin.articles import ArticleCommands
from bot.cogs.admin.audit import AuditCommands
from bot.cogs.admin.base import require_admin
from bot.cogs.admin.button_handlers import AdminButtons
from bot.cogs.admin.index import IndexCommands
from bot.i18n.command_translator import localised
from bot.i18n.messages import CommandDescription

if TYPE_CHECKING:
    from bot.client import VerbatimBot


# No default permissions: they would hide the commands from listed users and roles without Manage Server.
class Admin(app_commands.Group):
    """The `/admin` command group: the commands of each part."""

    def __init__(self, bot: VerbatimBot) -> None:
        super().__init__(name="admin", description=localised(CommandDescription.ADMIN))
        self.bot = bot
        for part in (ArticleCommands(bot), AuditCommands(bot), IndexCommands(bot)):
            for command in part.commands:
                self.add_command(command)

    async def interaction_check(self, interaction: discord.Interaction[VerbatimBot], /) -> bool:  # type: ignore[override]  # narrowed to this bot's interactions
        """Require an admin on every call, whatever Discord lets members see."""
        command = interaction.command.qualified_name if interaction.command else self.name
        await require_admin(self.bot, interaction, command)
        return True


async def setup(bot: VerbatimBot) -> None:
    """Add the commands in the admin servers only, and nowhere where there are none; buttons may be there already."""
    await bot.add_cog(AdminButtons(bot))
    if bot.settings.admin_guilds:
        bot.tree.add_command(Admin(bot), guilds=[discord.Object(guild) for guild in bot.settings.admin_guilds])
