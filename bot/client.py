"""The bot as discord.py sees it: what it listens to, which commands it has, and how it stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import health
from bot.commands import install
from bot.delivery import tell
from bot.destinations import ToInteraction
from bot.errors import new_incident
from bot.inhand import InHand
from bot.names import Names
from bot.settings import Settings
from index.engine import Engine
from index.errors import SnapshotDamaged, VerbatimError

log = logging.getLogger(__name__)

GRACE, LAST = 8.0, 2.0
"""Seconds for which what is in hand is waited for, and for which what was given up may still tell its user."""


def needed_intents() -> discord.Intents:
    """Servers and messages; no privileged intent: mentions and direct messages carry their content without it."""
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.dm_messages = True
    return intents


class Tree(app_commands.CommandTree["Verbatim"]):
    """The slash commands; each use is counted as in hand, and every error comes to one place."""

    async def interaction_check(self, interaction: discord.Interaction[Verbatim], /) -> bool:
        """Take the command in hand."""
        if interaction.type is not discord.InteractionType.autocomplete:
            self.client.in_hand.take()
        return True

    async def on_error(
        self, interaction: discord.Interaction[Verbatim], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the user; an autocompletion just offers nothing."""
        if interaction.type is not discord.InteractionType.autocomplete:
            await tell(error, ToInteraction(interaction, private=True))
        elif not interaction.response.is_done():
            with contextlib.suppress(discord.HTTPException):
                await interaction.response.autocomplete([])


class Verbatim(commands.Bot):
    """The bot. It has no text commands, sees no message that is not meant for it, and pings nobody."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        """Answer from this engine."""
        super().__init__(
            command_prefix=[],
            help_command=None,
            tree_cls=Tree,
            intents=needed_intents(),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.engine = engine
        self.settings = settings
        self.names = Names(engine)
        self.in_hand = InHand()
        self._connected = False
        self._heart: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None

    async def setup_hook(self) -> None:
        """Add the commands, and make them known to Discord."""
        await install(self)
        await self._sync(None)
        for guild in sorted(self.settings.admin_guilds):
            await self._sync(discord.Object(guild))
        self._heart = asyncio.create_task(self._beat())
        self._watch = asyncio.create_task(self._keep_current())

    async def _sync(self, guild: discord.Object | None) -> None:
        """Make the commands known; where that fails, those that Discord knows already go on."""
        where = "everywhere" if guild is None else f"in the admin server {guild.id}"
        try:
            await self.tree.sync(guild=guild)
        except discord.HTTPException as error:
            log.warning("The commands could not be made known %s: %s. Is the bot a member there?", where, error)

    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing: there are no text commands; questions are `bot/commands/ask.py`'s."""

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:  # noqa: ANN401  # discord.py's signature
        """Log what went wrong in an event's handler."""
        log.error("Incident %s in %s", new_incident(), event_method, exc_info=sys.exception())

    async def on_ready(self) -> None:
        """Say so, and be healthy."""
        log.info("Ready as %s in %d servers.", self.user, len(self.guilds))
        self._set_connected(connected=True)

    async def on_resumed(self) -> None:
        """Be healthy again."""
        self._set_connected(connected=True)

    async def on_disconnect(self) -> None:
        """Be unhealthy after a while."""
        self._set_connected(connected=False)

    def _set_connected(self, *, connected: bool) -> None:
        self._connected = connected
        if connected:
            self._note()

    async def _beat(self) -> None:
        while True:
            if self._connected:
                self._note()
            await asyncio.sleep(health.EVERY)

    async def _keep_current(self) -> None:
        """Serve what another process has written, soon after it was; questions are answered meanwhile."""
        while True:
            await asyncio.sleep(self.settings.poll)
            try:
                if await asyncio.to_thread(self.engine.refresh):
                    log.info("Serving %d articles now.", len(self.engine.entries()))
            except SnapshotDamaged as error:
                log.warning("%s", error)
                await self._mend()
            except Exception:  # whatever it is, the next round may do better
                log.exception("Incident %s while looking for a new snapshot", new_incident())

    async def _mend(self) -> None:
        """Write the index anew, since the one on disk cannot be used; the one in memory answers."""
        try:
            await asyncio.to_thread(self.engine.reindex)
        except VerbatimError as error:
            log.warning("The index could not be built anew: %s", error)

    def _note(self) -> None:
        try:
            health.beat(self.settings.data)
        except OSError as error:
            log.warning("The heartbeat cannot be noted in the data folder: %s", error.strerror)

    async def stop(self) -> None:
        """Finish what is in hand, within ten seconds, and close the connection."""
        await self.in_hand.finish(GRACE, LAST)
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        for task in (self._heart, self._watch):
            if task:
                task.cancel()
        with contextlib.suppress(OSError):
            health.stop(self.settings.data)
        await super().close()
