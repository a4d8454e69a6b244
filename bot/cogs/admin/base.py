"""The `/admin` command group, and what its cogs share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.i18n.command_translator import named
from bot.i18n.messages import Describe
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

# No default permissions: they would hide the commands from listed users and roles without Manage Server.
admin = app_commands.Group(name="admin", description=named(Describe.ADMIN))


class Part(commands.Cog):
    """Base class of the admin cogs."""

    bot: Verbatim
    under_way: bool
    """Whether this bot is reindexing."""

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
