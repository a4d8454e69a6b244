"""`/admin gaps` and `/admin audit`."""

from __future__ import annotations

import asyncio
import datetime
import json
import logging
from collections import Counter
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cogs.admin.base import AdminCog
from bot.i18n.command_translator import localised
from bot.i18n.messages import CommandDescription, CommandName
from bot.layout import render_audit_log, render_gaps
from bot.layout.gaps import MAX_GAPS, Gap
from bot.sending.deliver import deliver
from bot.sending.destinations import InteractionDestination
from bot.state import FeedbackReason
from bot.unanswered import UnansweredQuestion, group_unanswered
from index.models import Verdict

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
MAX_AUDIT_ENTRIES = 25
FILE_NAME = "gaps.jsonl"


class AuditCommands(AdminCog):
    """Commands that show stored questions and changes."""

    @app_commands.command(name=localised(CommandName.GAPS), description=localised(CommandDescription.GAPS))
    async def gaps(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Show the most frequent unanswered and badly rated questions, privately, with all in a file."""
        to = InteractionDestination(interaction, private=True)
        await to.defer()
        found = await asyncio.to_thread(group_unanswered, await self.bot.state.unanswered())
        to.file = (FILE_NAME, _to_json_lines(found)) if found else None
        gaps = [_gap(one) for one in found[:MAX_GAPS]]
        await deliver(self.bot.engine, lambda: render_gaps(gaps, len(found), FILE_NAME), to)

    @app_commands.command(name=localised(CommandName.AUDIT), description=localised(CommandDescription.AUDIT))
    async def audit(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Show the latest changes and who made them; privately."""
        await self.respond_privately_with(interaction, self.bot.state.audit_log(MAX_AUDIT_ENTRIES), render_audit_log)


def _gap(one: UnansweredQuestion) -> Gap:
    complaints = Counter(FeedbackReason(why) if why in set(FeedbackReason) else None for why in one.complaints)
    last = datetime.datetime.fromisoformat(one.last)
    return Gap(one.question, len(one.verdicts), last, Verdict(one.verdicts[0]), complaints)


def _to_json_lines(gaps: list[UnansweredQuestion]) -> bytes:
    return "".join(json.dumps(gap.to_json(), ensure_ascii=False) + "\n" for gap in gaps).encode("utf-8", "replace")
