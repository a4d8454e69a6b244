"""`/admin …`: commands in the admin servers, for admins only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.access import may_administer
from bot.cogs.admin.articles import Upkeep
from bot.cogs.admin.audit import Records
from bot.cogs.admin.base import admin
from bot.cogs.admin.index import Reindexing
from bot.sending.error_messages import NotAllowed

if TYPE_CHECKING:
    from bot.client import Verbatim


class Admin(Reindexing, Upkeep, Records):
    """The admin commands."""

    admin = admin

    def __init__(self, bot: Verbatim) -> None:
        self.bot = bot
        self.under_way = False

    async def interaction_check(self, interaction: discord.Interaction[Verbatim], /) -> bool:  # type: ignore[override]  # narrowed to this bot's interactions
        """Require an admin on every call, whatever Discord lets members see."""
        if not await may_administer(interaction, self.bot.settings):
            raise NotAllowed
        return True
