"""What the parts of the `/admin` command group share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import discord
from discord import app_commands

from bot.layout import RenderedMessages
from bot.sending.deliver import defer_if_slow, deliver
from bot.sending.destinations import InteractionDestination
from bot.state import AuditEntry, StateUnavailable, utc_now

if TYPE_CHECKING:
    import logging
    from collections.abc import Awaitable, Callable

    from bot.client import VerbatimBot

Found = TypeVar("Found")


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

    async def log_action(
        self, interaction: discord.Interaction[VerbatimBot], action: str, details: str, log: logging.Logger
    ) -> None:
        """Write the audit log; if the state cannot be written, only the program's log has the action."""
        logged = AuditEntry(
            at=utc_now(), user=interaction.user.id, server=interaction.guild_id, action=action, details=details
        )
        log.info("Admin %d: %s %s", logged.user, action, details)
        try:
            await self.bot.state.add_audit_entry(logged)
        except StateUnavailable as error:
            log.warning("The audit log could not be written: %s", error)
