"""What the parts of the `/admin` command group share."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands

from bot.access import may_administer
from bot.layout import RenderedMessages
from bot.sending.deliver import defer_if_slow, deliver
from bot.sending.destinations import InteractionDestination
from bot.sending.error_messages import NotAdmin, ShuttingDown
from bot.state import AuditEntry, StateUnavailable, utc_now

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
Found = TypeVar("Found")
_recording: set[asyncio.Task[None]] = set()
"""Refusals that are being written; asyncio itself holds tasks only weakly."""


class AdminCog(app_commands.Group):
    """Some of the admins' commands; `Admin` takes them into the one group that Discord knows."""

    def __init__(self, bot: VerbatimBot) -> None:
        super().__init__()
        self.bot = bot

    async def respond_privately(
        self, interaction: discord.Interaction[VerbatimBot], make: Callable[[], RenderedMessages]
    ) -> None:
        """Show something privately."""
        await deliver(self.bot.engine, make, InteractionDestination(interaction, private=True))

    async def respond_privately_with(
        self,
        interaction: discord.Interaction[VerbatimBot],
        found: Awaitable[Found],
        make: Callable[[Found], RenderedMessages],
    ) -> None:
        """Await a result and show it privately, deferring if it takes long."""
        to = InteractionDestination(interaction, private=True)
        async with defer_if_slow(to):
            held = await found
        await deliver(self.bot.engine, lambda: make(held), to)


async def require_admin(bot: VerbatimBot, interaction: discord.Interaction[Any], attempted: str) -> None:
    """Raise `NotAdmin` unless the caller is an admin; the audit log then has what was `attempted`."""
    if not await may_administer(interaction, bot.settings):
        task = asyncio.create_task(_record_refusal(bot, interaction, attempted))  # the answer does not wait for it
        _recording.add(task)
        task.add_done_callback(_recording.discard)
        raise NotAdmin


async def _record_refusal(bot: VerbatimBot, interaction: discord.Interaction[Any], attempted: str) -> None:
    try:
        bot.tasks.track()
        await bot.state.add_refusal(interaction.user.id, interaction.guild_id, attempted)
    except ShuttingDown:
        log.info("User %d was refused: %s", interaction.user.id, attempted)
    except StateUnavailable as error:
        log.warning("The audit log could not be written: %s", error)


async def log_action(bot: VerbatimBot, interaction: discord.Interaction[Any], action: str, details: str) -> None:
    """Write the audit log; if the state cannot be written, only the program's log has the action."""
    logged = AuditEntry(
        at=utc_now(), user=interaction.user.id, server=interaction.guild_id, action=action, details=details
    )
    log.info("Admin %d: %s %s", logged.user, action, details)
    try:
        await bot.state.add_audit_entry(logged)
    except StateUnavailable as error:
        log.warning("The audit log could not be written: %s", error)
