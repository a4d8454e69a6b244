"""What the parts of the `/admin` command group share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import discord
from discord import app_commands

from bot.layout import Shown
from bot.sending.deliver import deliver, in_time
from bot.sending.destinations import ToInteraction
from bot.state import Logged, StateBroken
from bot.state.store import utc_now

if TYPE_CHECKING:
    import logging
    from collections.abc import Awaitable, Callable

    from bot.client import Verbatim

Found = TypeVar("Found")


class Part(app_commands.Group):
    """Some of the admins' commands; `Admin` takes them into the one group that Discord knows."""

    def __init__(self, bot: Verbatim) -> None:
        super().__init__()
        self.bot = bot

    async def alone(self, interaction: discord.Interaction[Verbatim], make: Callable[[], Shown]) -> None:
        """Show something privately."""
        await deliver(self.bot.engine, make, ToInteraction(interaction, private=True))

    async def alone_with(
        self, interaction: discord.Interaction[Verbatim], found: Awaitable[Found], make: Callable[[Found], Shown]
    ) -> None:
        """Await a result and show it privately, deferring if it takes long."""
        to = ToInteraction(interaction, private=True)
        async with in_time(to):
            held = await found
        await deliver(self.bot.engine, lambda: make(held), to)

    async def note(
        self, interaction: discord.Interaction[Verbatim], action: str, details: str, log: logging.Logger
    ) -> None:
        """Write the audit log; if the state cannot be written, only the program's log has the action."""
        logged = Logged(
            at=utc_now(), user=interaction.user.id, server=interaction.guild_id, action=action, details=details
        )
        log.info("Admin %d: %s %s", logged.user, action, details)
        try:
            await self.bot.state.note(logged)
        except StateBroken as error:
            log.warning("The audit log could not be written: %s", error)
