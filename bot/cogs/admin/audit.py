"""`/admin gaps` and `/admin audit`."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cogs.admin.base import AdminCog
from bot.i18n.command_translator import localised
from bot.i18n.messages import CommandDescription, CommandName
from bot.layout import render_audit_log, render_unanswered
from bot.sending.deliver import deliver
from bot.sending.destinations import InteractionDestination
from bot.unanswered import UnansweredQuestion, group_unanswered

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
MAX_AUDIT_ENTRIES = 25
FILE_NAME = "gaps.jsonl"


class AuditCommands(AdminCog):
    """Commands that show stored questions and changes."""

    @app_commands.command(name=localised(CommandName.GAPS), description=localised(CommandDescription.GAPS))
    async def gaps(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Send unanswered and badly rated questions as a file that `verbatim eval` reads; privately."""
        to = InteractionDestination(interaction, private=True)
        await to.defer()
        found = await asyncio.to_thread(group_unanswered, await self.bot.state.unanswered())
        to.file = (FILE_NAME, _to_json_lines(found)) if found else None
        await deliver(self.bot.engine, lambda: render_unanswered(len(found), FILE_NAME), to)

    @app_commands.command(name=localised(CommandName.AUDIT), description=localised(CommandDescription.AUDIT))
    async def audit(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Show the latest changes and who made them; privately."""
        await self.respond_privately_with(interaction, self.bot.state.audit_log(MAX_AUDIT_ENTRIES), render_audit_log)


def _to_json_lines(gaps: list[UnansweredQuestion]) -> bytes:
    return "".join(json.dumps(gap.to_json(), ensure_ascii=False) + "\n" for gap in gaps).encode("utf-8", "replace")
