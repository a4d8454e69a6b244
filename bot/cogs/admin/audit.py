"""`/admin gaps` and `/admin audit`."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cogs.admin.base import Part
from bot.i18n.command_translator import named
from bot.i18n.messages import Describe, Name
from bot.layout import audit_shown, gaps_shown
from bot.sending.deliver import deliver
from bot.sending.destinations import ToInteraction
from bot.unanswered import Gap, grouped

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)
AUDIT_AT_MOST = 25
FILE = "gaps.jsonl"


class Records(Part):
    """Commands that show stored questions and changes."""

    @app_commands.command(name=named(Name.GAPS), description=named(Describe.GAPS))
    async def gaps(self, interaction: discord.Interaction[Verbatim]) -> None:
        """Send unanswered and badly rated questions as a file that `verbatim eval` reads; privately."""
        to = ToInteraction(interaction, private=True)
        await to.put_off()
        found = await asyncio.to_thread(grouped, await self.bot.state.without_answer())
        to.file = (FILE, _written(found)) if found else None
        await deliver(self.bot.engine, lambda: gaps_shown(len(found), FILE), to)

    @app_commands.command(name=named(Name.AUDIT), description=named(Describe.AUDIT))
    async def audit(self, interaction: discord.Interaction[Verbatim]) -> None:
        """Show the latest changes and who made them; privately."""
        await self.alone_with(interaction, self.bot.state.audit(AUDIT_AT_MOST), audit_shown)


def _written(gaps: list[Gap]) -> bytes:
    return "".join(json.dumps(gap.line(), ensure_ascii=False) + "\n" for gap in gaps).encode("utf-8", "replace")
