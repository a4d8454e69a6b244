"""The discord.py client: event handlers, command registration, background tasks, shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.article_names import ArticleNames
from bot.bounded import BoundedQueue, LRUMap
from bot.command_sync import sync_admin_server, sync_commands
from bot.doctor.deployment import admin_server_findings, log_findings, unread_channel_findings
from bot.i18n import language_of
from bot.i18n.command_translator import CommandTranslator
from bot.layout.buttons import HANDLERS, ButtonHandler
from bot.monitoring import healthcheck
from bot.monitoring.metrics import Metrics
from bot.policy.cooldowns import Cooldowns
from bot.sending.deliver import is_long, send_error
from bot.sending.destinations import InteractionDestination
from bot.sending.error_messages import ShuttingDown, new_incident
from bot.settings import Settings
from bot.state import State, StateUnavailable
from bot.task_tracker import TaskTracker
from index.engine import Engine
from index.errors import SnapshotDamaged, VerbatimError

log = logging.getLogger(__name__)

EXTENSIONS = ("messages", "ask", "lookup", "channels", "about", "admin", "button_handlers", "deletion", "folder_watch")
"""Modules and packages of `bot/cogs` that discord.py loads by their names."""
DELETE_EXPIRED_EVERY, MEASURE_LAG_EVERY = 3600.0, 0.1
QUESTIONS_AT_ONCE, MAX_WAITING = 4, 20
"""Long questions that are answered at once, and how many more may wait."""
SHUTDOWN_SECONDS, CANCEL_SECONDS = 8.0, 2.0
"""Shutdown: seconds to wait for running tasks, then seconds for cancelled ones to notify their users."""


def needed_intents(*, message_content: bool) -> discord.Intents:
    """Return the intents: guilds and messages.

    Mentions and direct messages carry their content without the privileged intent.

    Args:
        message_content: whether the application has it; needed for channels where the bot answers without a mention.
    """
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.dm_messages = True
    intents.message_content = message_content
    return intents


class SlashCommandTree(app_commands.CommandTree["VerbatimBot"]):
    """The command tree: tracks each invocation as a running task and handles all command errors."""

    async def interaction_check(self, interaction: discord.Interaction[VerbatimBot], /) -> bool:
        """Track the command as a running task."""
        if interaction.type is not discord.InteractionType.autocomplete:
            self.client.tasks.track()
        return True

    async def on_error(
        self, interaction: discord.Interaction[VerbatimBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the user about the error; a failed autocomplete offers nothing."""
        if interaction.type is not discord.InteractionType.autocomplete:
            await send_error(error, InteractionDestination(interaction, private=True))
        elif not interaction.response.is_done():
            with contextlib.suppress(discord.HTTPException):
                await interaction.response.autocomplete([])


class VerbatimBot(commands.AutoShardedBot):
    """The bot. It has no text commands and never pings anyone."""

    def __init__(
        self, engine: Engine, settings: Settings, state: State, metrics: Metrics, *, message_content: bool = False
    ) -> None:
        super().__init__(
            command_prefix=[],
            help_command=None,
            tree_cls=SlashCommandTree,
            intents=needed_intents(message_content=message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            http_trace=metrics.trace_config(),
        )
        self.engine = engine
        self.settings = settings
        self.state = state
        self.metrics = metrics
        self.article_names = ArticleNames(engine)
        self.cooldowns = Cooldowns()
        self.tasks = TaskTracker()
        self.queue = BoundedQueue(QUESTIONS_AT_ONCE, MAX_WAITING)
        metrics.cluster_failures.set_function(lambda: self.engine.unanswered)
        metrics.waiting.set_function(lambda: self.queue.waiting)
        self._languages: LRUMap[str] = LRUMap()
        """The locale of users who have used an interaction; messages do not carry one."""
        self._shards_up: set[int] = set()
        self._background_tasks: list[asyncio.Task[None]] = []

    async def setup_hook(self) -> None:
        """Load the cogs, sync the commands and start the background tasks."""
        await self.tree.set_translator(CommandTranslator())
        for name in EXTENSIONS:
            await self.load_extension(f"bot.cogs.{name}")
        await sync_commands(self.tree, self.state, self.settings.admin_guilds)
        for work in (self._keep_heartbeat, self._refresh_index, self._delete_expired, self._measure_lag):
            self._background_tasks.append(asyncio.create_task(work()))

    async def handle_button(
        self, interaction: discord.Interaction[Any], action: str, answer_id: str, number: int
    ) -> None:
        """Handle a button click."""
        handlers = cast("ButtonHandler | None", self.get_cog(HANDLERS))
        if handlers is None:
            message = "the bot is being stopped"
            await send_error(ShuttingDown(message), InteractionDestination(interaction, private=True))
            return
        await handlers.handle_button(interaction, action, answer_id, number)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Remember the user's locale."""
        self._languages[interaction.user.id] = language_of(interaction.locale)

    def language_for(self, user: int, guild: discord.Guild | None) -> str:
        """Return the language for a user's messages: their own if known, else the server's."""
        return self._languages.get(user) or language_of(guild and guild.preferred_locale)

    def queue_for(self, question: str, article: str | None = None) -> BoundedQueue | None:
        """Return the queue in which a question waits; None if its answer is cached, or found fast enough without it."""
        return self.queue if is_long(self.engine, question, article) else None

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Sync the admin commands in an admin server that the bot joins."""
        if guild.id in self.settings.admin_guilds:
            await sync_admin_server(self.tree, self.state, guild.id)

    async def on_message(self, message: discord.Message, /) -> None:
        """Do nothing: there are no text commands; `bot/cogs/messages.py` listens for questions."""

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:  # noqa: ANN401  # discord.py's signature
        """Log an exception in an event handler."""
        log.error("Incident %s in %s", new_incident(), event_method, exc_info=sys.exception())

    async def on_ready(self) -> None:
        """Log the connection, and what is set for servers, but cannot work there."""
        log.info("Ready as %s in %d servers.", self.user, len(self.guilds))
        roles = {guild.id: [role.id for role in guild.roles] for guild in self.guilds}
        log_findings(admin_server_findings(self.settings, roles))
        unread = self.state.unasked_servers & roles.keys()
        log_findings(unread_channel_findings(unread, message_content=self.intents.message_content))

    async def on_shard_ready(self, shard: int) -> None:
        """Mark the shard as connected."""
        self._shards_up.add(shard)
        self._record_connection()

    on_shard_resumed = on_shard_ready

    async def on_shard_disconnect(self, shard: int) -> None:
        """Mark the shard as disconnected; the bot turns unhealthy if it stays so."""
        self._shards_up.discard(shard)
        self._record_connection()

    @property
    def is_ready_to_answer(self) -> bool:
        """Whether all shards are connected and an index is loaded."""
        return self._connected and not self.is_closed() and self.engine.manifest is not None

    @property
    def _connected(self) -> bool:
        return len(self._shards_up) >= (self.shard_count or 1)

    def _record_connection(self) -> None:
        self.metrics.ready.set(self._connected)
        if self._connected:
            self._write_heartbeat()

    async def _keep_heartbeat(self) -> None:
        while True:
            if self._connected:
                self._write_heartbeat()
            await asyncio.sleep(healthcheck.HEARTBEAT_SECONDS)

    async def _refresh_index(self) -> None:
        """Poll for a snapshot written by another process and switch to it; questions are answered meanwhile."""
        while True:
            await asyncio.sleep(self.settings.poll)
            try:
                if await asyncio.to_thread(self.engine.refresh):
                    log.info("Serving %d articles now.", len(self.engine.entries()))
            except SnapshotDamaged as error:
                log.warning("%s", error)
                await self._rebuild_index()
            except Exception:  # try again in the next round
                log.exception("Incident %s while looking for a new snapshot", new_incident())

    async def _delete_expired(self) -> None:
        while True:
            try:
                if not self.settings.keep_questions:
                    await self.state.delete_questions()
                await self.state.delete_expired()
                self.engine.clear_cache(expired_only=True)
            except StateUnavailable as error:
                log.warning("Expired data could not be deleted: %s", error)
            except Exception:  # try again in the next round
                log.exception("Incident %s while deleting expired data", new_incident())
            await asyncio.sleep(DELETE_EXPIRED_EVERY)

    async def _measure_lag(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + MEASURE_LAG_EVERY
            await asyncio.sleep(MEASURE_LAG_EVERY)
            self.metrics.lag.observe(max(0.0, clock() - due))
            self.metrics.articles.set(self.engine.articles)
            self.metrics.sentences.set(self.engine.sentences)

    async def _rebuild_index(self) -> None:
        """Rebuild the index when the snapshot on disk is damaged; the one in memory keeps answering."""
        try:
            await asyncio.to_thread(self.engine.reindex)
        except VerbatimError as error:
            log.warning("The index could not be rebuilt: %s", error)
        except Exception:  # the index in memory keeps answering
            log.exception("Incident %s while rebuilding the index", new_incident())

    def _write_heartbeat(self) -> None:
        try:
            healthcheck.write_heartbeat(self.settings.data)
        except OSError as error:
            log.warning("The heartbeat file in the data folder cannot be written: %s", error.strerror)

    async def stop(self) -> None:
        """Wait up to ten seconds for running tasks, then disconnect."""
        await self.tasks.drain(SHUTDOWN_SECONDS, CANCEL_SECONDS)
        await self.close()

    async def close(self) -> None:
        """Cancel the background tasks and disconnect."""
        for task in self._background_tasks:
            task.cancel()
        with contextlib.suppress(OSError):
            healthcheck.delete_heartbeat(self.settings.data)
        await super().close()
