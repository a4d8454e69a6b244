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

from bot.article_names import Names
from bot.bounded import Recent
from bot.cogs import install
from bot.cogs.button_handlers import Views
from bot.cogs.folder_watch import Upkeep
from bot.i18n import language_of
from bot.i18n.command_translator import Catalogues
from bot.monitoring import healthcheck
from bot.monitoring.metrics import Metrics
from bot.policy.cooldowns import Cooldowns
from bot.sending.deliver import tell
from bot.sending.destinations import ToInteraction
from bot.sending.error_messages import new_incident
from bot.settings import Settings
from bot.state import State, StateBroken
from bot.task_tracker import InHand
from index.engine import Engine
from index.errors import SnapshotDamaged, VerbatimError

log = logging.getLogger(__name__)

TIDY_EVERY, LAG_EVERY = 3600.0, 0.1
GRACE, LAST = 8.0, 2.0
"""Seconds for which what is in hand is waited for, and for which what was given up may still tell its user."""


def needed_intents(*, message_content: bool) -> discord.Intents:
    """Servers and messages. Mentions and direct messages carry their content without the privileged intent.

    Args:
        message_content: whether the application has it: for channels where the bot answers unasked.
    """
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.dm_messages = True
    intents.message_content = message_content
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


class Verbatim(commands.AutoShardedBot):
    """The bot. It has no text commands and pings nobody."""

    def __init__(
        self, engine: Engine, settings: Settings, state: State, metrics: Metrics, *, message_content: bool = False
    ) -> None:
        """Answer from this engine, and keep in this state what must outlive a restart."""
        super().__init__(
            command_prefix=[],
            help_command=None,
            tree_cls=Tree,
            intents=needed_intents(message_content=message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            http_trace=metrics.trace(),
        )
        self.engine = engine
        self.settings = settings
        self.state = state
        self.metrics = metrics
        self.names = Names(engine)
        self.cooldowns = Cooldowns()
        self.views = Views(self)
        self.in_hand = InHand()
        self._languages: Recent[str] = Recent()
        """What members speak, as far as they have used a command: messages do not tell."""
        self._shards_up: set[int] = set()
        self._running: list[asyncio.Task[None]] = []

    async def setup_hook(self) -> None:
        """Add the commands, and make them known to Discord."""
        await self.tree.set_translator(Catalogues())
        await install(self)
        await self.add_cog(self.views)
        await self._sync(None)
        for guild in sorted(self.settings.admin_guilds):
            await self._sync(discord.Object(guild))
        watching = (Upkeep(self).run,) if self.settings.watch else ()
        for work in (*watching, self._beat, self._keep_current, self._tidy, self._measure_lag):
            self._running.append(asyncio.create_task(work()))

    async def pressed(self, interaction: discord.Interaction[Any], press: str, given: str, number: int) -> None:
        """Do what a button says."""
        await self.views.pressed(interaction, press, given, number)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Remember what a member speaks."""
        self._languages[interaction.user.id] = language_of(interaction.locale)

    def language_for(self, user: int, guild: discord.Guild | None) -> str:
        """What a member is answered in: what they speak, where that is known; else what the server speaks."""
        return self._languages.get(user) or language_of(guild and guild.preferred_locale)

    async def _sync(self, guild: discord.Object | None) -> None:
        """Make the commands known; where that fails, those that Discord knows already go on."""
        where = "everywhere" if guild is None else f"in the admin server {guild.id}"
        try:
            await self.tree.sync(guild=guild)
        except discord.HTTPException as error:
            log.warning("The commands could not be synced %s: %s. Is the bot a member there?", where, error)

    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing: there are no text commands; questions are `bot/cogs/ask.py`'s."""

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:  # noqa: ANN401  # discord.py's signature
        """Log what went wrong in an event's handler."""
        log.error("Incident %s in %s", new_incident(), event_method, exc_info=sys.exception())

    async def on_ready(self) -> None:
        """Say so."""
        log.info("Ready as %s in %d servers.", self.user, len(self.guilds))

    async def on_shard_ready(self, shard: int) -> None:
        """Be healthy, where no other connection is missing."""
        self._shards_up.add(shard)
        self._note_connection()

    on_shard_resumed = on_shard_ready

    async def on_shard_disconnect(self, shard: int) -> None:
        """Be unhealthy after a while: servers of this connection get no answers."""
        self._shards_up.discard(shard)
        self._note_connection()

    @property
    def is_ready_to_answer(self) -> bool:
        """Whether it is connected to Discord and has an index."""
        return self._connected and not self.is_closed() and self.engine.served.manifest is not None

    @property
    def _connected(self) -> bool:
        return len(self._shards_up) >= (self.shard_count or 1)

    def _note_connection(self) -> None:
        self.metrics.ready.set(self._connected)
        if self._connected:
            self._note()

    async def _beat(self) -> None:
        while True:
            if self._connected:
                self._note()
            await asyncio.sleep(healthcheck.EVERY)

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

    async def _tidy(self) -> None:
        """Forget what is too old, every now and then."""
        while True:
            try:
                if not self.settings.keep_questions:
                    await self.state.forget_questions()
                await self.state.tidy()
                self.engine.forget_questions(old_ones_only=True)
            except StateBroken as error:
                log.warning("Expired data could not be deleted: %s", error)
            except Exception:  # whatever it is, the next round may do better
                log.exception("Incident %s while deleting expired data", new_incident())
            await asyncio.sleep(TIDY_EVERY)

    async def _measure_lag(self) -> None:
        """How late the event loop gets round to things."""
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + LAG_EVERY
            await asyncio.sleep(LAG_EVERY)
            self.metrics.lag.observe(max(0.0, clock() - due))
            collection = self.engine.served.collection
            self.metrics.articles.set(collection.articles)
            self.metrics.sentences.set(collection.sentences)

    async def _mend(self) -> None:
        """Write the index anew, since the one on disk cannot be used; the one in memory answers."""
        try:
            await asyncio.to_thread(self.engine.reindex)
        except VerbatimError as error:
            log.warning("The index could not be rebuilt: %s", error)
        except Exception:  # what is served goes on answering
            log.exception("Incident %s while rebuilding the index", new_incident())

    def _note(self) -> None:
        try:
            healthcheck.beat(self.settings.data)
        except OSError as error:
            log.warning("The heartbeat file in the data folder cannot be written: %s", error.strerror)

    async def stop(self) -> None:
        """Finish what is in hand, within ten seconds, and close the connection."""
        await self.in_hand.finish(GRACE, LAST)
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        for task in self._running:
            task.cancel()
        with contextlib.suppress(OSError):
            healthcheck.stop(self.settings.data)
        await super().close()
