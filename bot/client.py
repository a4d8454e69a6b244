"""The discord.py client: event handlers, command registration, background tasks, shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import sys
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.article_names import ArticleNames
from bot.bounded import BoundedQueue
from bot.command_sync import sync_admin_server, sync_commands
from bot.doctor.deployment import admin_server_findings, log_findings, unread_channel_findings
from bot.i18n import language_of
from bot.i18n.command_translator import CommandTranslator
from bot.layout.buttons import HANDLERS, ButtonHandler
from bot.monitoring import healthcheck
from bot.monitoring.metrics import Metrics
from bot.monitoring.version import version
from bot.policy.cooldowns import Cooldowns
from bot.processes.group import REPAIR_AGAIN_SECONDS, ProcessGroup
from bot.processes.languages import Languages
from bot.processes.lease import LeaseLost
from bot.sending.deliver import is_long, send_error
from bot.sending.destinations import InteractionDestination
from bot.sending.error_messages import ShuttingDown, new_incident
from bot.settings import Settings
from bot.state import State, StateUnavailable, utc_now
from bot.state.generations import ANSWERS, SETTINGS
from bot.state.members import QuestionCount, SharedMembers
from bot.state.processes import ProcessStatus, ProcessTable
from bot.task_tracker import TaskTracker
from index.engine import Engine
from index.errors import ClusterUnavailable, SnapshotDamaged, VerbatimError

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
            **_own_shards(settings),
        )
        self.engine = engine
        self.settings = settings
        self.state = state
        self.metrics = metrics
        self.article_names = ArticleNames(engine)
        self.processes = self._process_group() if settings.shard_ids else None
        """This process among several; None if it is the only one."""
        members = SharedMembers(state.database) if settings.shard_ids else None
        self.languages = Languages(state, members)
        self.cooldowns = Cooldowns(partial(_count_question, state, members) if members else None)
        self.tasks = TaskTracker()
        self.queue = BoundedQueue(QUESTIONS_AT_ONCE, MAX_WAITING)
        metrics.cluster_failures.set_function(lambda: self.engine.unanswered)
        metrics.waiting.set_function(lambda: self.queue.waiting)
        self._shards_up: set[int] = set()
        self._is_index_damaged = False
        """Whether the current snapshot could not be loaded."""
        self._background_tasks: list[asyncio.Task[None]] = []

    async def setup_hook(self) -> None:
        """Load the cogs, sync the commands and start the background tasks."""
        await self.tree.set_translator(CommandTranslator())
        for name in EXTENSIONS:
            await self.load_extension(f"bot.cogs.{name}")
        work: list[Callable[[], Coroutine[Any, Any, None]]] = [
            self._keep_heartbeat,
            self._refresh_index,
            self._delete_expired,
            self._clear_cache,
            self._measure_lag,
        ]
        if self.processes is None:
            await sync_commands(self.tree, self.state, self.settings.admin_guilds)
        else:
            group = self.processes
            work += [group.run, partial(self._sync_under_lease, group), partial(self._repair_for_others, group)]
        self._background_tasks += [asyncio.create_task(one()) for one in work]

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
        await self.languages.remember(interaction.user.id, language_of(interaction.locale))

    async def language_for(self, user: int, guild: discord.Guild | None) -> str:
        """Return the language for a user's messages: their own if known, else the server's."""
        return await self.languages.of(user) or language_of(guild and guild.preferred_locale)

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
        log_findings(admin_server_findings(self.settings, roles, self._is_own_server))
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
        return len(self._shards_up) >= (len(self.shard_ids or ()) or self.shard_count or 1)

    def _is_own_server(self, server: int) -> bool:
        """Whether a server is of this process' shards."""
        return self.shard_ids is None or (server >> 22) % (self.shard_count or 1) in self.shard_ids

    # ---- several processes -------------------------------------------------------------------------------------------

    @property
    def holds_lease(self) -> bool:
        """Whether this process may do what one process does for all; the only one always may."""
        return self.processes is None or self.processes.lease.is_held

    def check_lease(self, *_: int) -> None:
        """Raise `LeaseLost` if this process may do so no longer: between two steps of work in a thread."""
        if not self.holds_lease:
            raise LeaseLost

    async def wait_for_lease(self) -> None:
        """Wait until this process may do what one process does for all."""
        if self.processes is not None:
            await self.processes.wait_for_lease()

    def _process_group(self) -> ProcessGroup:
        changed = {SETTINGS: self.state.reload_server_settings, ANSWERS: self._forget_answers}
        self._process_id, self._started = secrets.token_hex(8), utc_now()
        return ProcessGroup(ProcessTable(self.state.database), self._process_status, changed)

    def _process_status(self) -> ProcessStatus:
        manifest = self.engine.manifest
        return ProcessStatus(
            id=self._process_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            shards=tuple(sorted(self.settings.shard_ids)),
            shard_count=self.settings.shard_count or 1,
            version=version(),
            servers=len(self.guilds),
            snapshot=manifest.id if manifest else None,
            damaged=self._is_index_damaged,
            ready=self.is_ready_to_answer,
            started=self._started,
        )

    async def _forget_answers(self) -> None:
        """Clear the caches: a user has deleted their questions, of which they may hold some."""
        self.engine.clear_cache()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until Discord takes a new session, as the only process or in turn with the others."""
        if self.processes is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self.processes.wait_to_identify()

    async def _sync_under_lease(self, group: ProcessGroup) -> None:
        """Sync the commands each time this process gets the lease: it may know others than the one before."""
        while True:
            await group.wait_for_lease()
            try:
                await sync_commands(self.tree, self.state, self.settings.admin_guilds)
            except Exception:  # try again with the next lease
                log.exception("Incident %s while syncing the commands", new_incident())
            await group.wait_for_loss()

    async def _repair_for_others(self, group: ProcessGroup) -> None:
        """Rebuild the index if another process cannot load the snapshot that this one still has in memory."""
        while True:
            await asyncio.sleep(self.settings.poll)
            if self.holds_lease and (group.is_index_damaged or self._is_index_damaged):
                log.warning("A process cannot load the current snapshot of the index; rebuilding it.")
                await self._rebuild_index()
                await asyncio.sleep(REPAIR_AGAIN_SECONDS)

    # ---- background tasks --------------------------------------------------------------------------------------------

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
        is_silent = False  # whether the store of a cluster does not answer, which is logged once
        while True:
            await asyncio.sleep(self.settings.poll)
            try:
                if await asyncio.to_thread(self.engine.refresh):
                    self._is_index_damaged = False
                    log.info("Serving %d articles now.", len(self.engine.entries()))
                is_silent = False
            except SnapshotDamaged as error:
                log.warning("%s", error)
                self._is_index_damaged = True
                if self.processes is None:
                    await self._rebuild_index()
            except ClusterUnavailable as error:
                if not is_silent:
                    log.warning("%s", error)
                is_silent = True
            except Exception:  # try again in the next round
                log.exception("Incident %s while looking for a new snapshot", new_incident())

    async def _clear_cache(self) -> None:
        while True:
            self.engine.clear_cache(expired_only=True)
            await asyncio.sleep(DELETE_EXPIRED_EVERY)

    async def _delete_expired(self) -> None:
        while True:
            await self.wait_for_lease()
            try:
                if not self.settings.keep_questions:
                    await self.state.delete_questions()
                await self.state.delete_expired()
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
            await asyncio.to_thread(self.engine.reindex, progress=self.check_lease)
            self._is_index_damaged = False
        except LeaseLost:
            log.warning("The index is rebuilt by another process.")
        except VerbatimError as error:
            log.warning("The index could not be rebuilt: %s", error)
        except Exception:  # the index in memory keeps answering
            log.exception("Incident %s while rebuilding the index", new_incident())

    def _write_heartbeat(self) -> None:
        try:
            healthcheck.write_heartbeat(self.settings.data, self.settings.shard_ids)
        except OSError as error:
            log.warning("The heartbeat file in the data folder cannot be written: %s", error.strerror)

    async def stop(self) -> None:
        """Wait up to ten seconds for running tasks, then disconnect."""
        await self.tasks.drain(SHUTDOWN_SECONDS, CANCEL_SECONDS)
        await self.close()

    async def close(self) -> None:
        """Cancel the background tasks, let other processes take over, and disconnect."""
        for task in self._background_tasks:
            task.cancel()
        if self.processes is not None and self._background_tasks:
            self._background_tasks.clear()
            await self.processes.leave()
        with contextlib.suppress(OSError):
            healthcheck.delete_heartbeat(self.settings.data, self.settings.shard_ids)
        await super().close()


def _own_shards(settings: Settings) -> Mapping[str, Any]:
    """Return discord.py's arguments for the shards of this process; without the settings, it has all."""
    if not settings.shard_ids:
        return {}
    return {"shard_ids": sorted(settings.shard_ids), "shard_count": settings.shard_count}


async def _count_question(state: State, members: SharedMembers, user: int, seconds: int, period: int) -> QuestionCount:
    return await members.count_question(state.pseudonym(user), seconds, period)
