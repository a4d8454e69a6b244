"""`/admin …`: commands in the admin servers, for admins only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.access import may_administer
from bot.cogs.admin.articles import Upkeep
from bot.cogs.admin.audit import Records
from bot.cogs.admin.index import Reindexing
from bot.i18n.command_translator import named
from bot.i18n.messages import Describe
from bot.sending.error_messages import NotAllowed

if TYPE_CHECKING:
    from bot.client import Verbatim


# No default permissions: they would hide the commands from listed users and roles without Manage Server.
class Admin(app_commands.Group):
    """The `/admin` command group: the commands of each part."""

    def __init__(self, bot: Verbatim) -> None:
        super().__init__(name="admin", description=named(Describe.ADMIN))
        self.bot = bot
        for part in (Upkeep(bot), Records(bot), Reindexing(bot)):
            for command in part.commands:
                self.add_command(command)

    async def interaction_check(self, interaction: discord.Interaction[Verbatim], /) -> bool:  # type: ignore[override]  # narrowed to this bot's interactions
        """Require an admin on every call, whatever Discord lets members see."""
        if not await may_administer(interaction, self.bot.settings):
            raise NotAllowed
        return True


async def setup(bot: Verbatim) -> None:
    """Add the commands in the admin servers only, and nowhere where there are none."""
    if bot.settings.admin_guilds:
        bot.tree.add_command(Admin(bot), guilds=[discord.Object(guild) for guild in bot.settings.admin_guilds])
