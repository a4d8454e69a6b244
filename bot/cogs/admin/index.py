"""`/admin reindex`, `status`, `history` and `rollback`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands

from bot.access import may_administer
from bot.cogs.admin.base import AdminCog, log_action
from bot.i18n import use_language
from bot.i18n.command_translator import describe_options, localised
from bot.i18n.messages import CommandDescription, CommandName, Message
from bot.layout import RenderedMessages, render_message, render_report, render_snapshots, render_status
from bot.layout.parts import MetadataText, Number
from bot.layout.reports import GatewayStatus, Status
from bot.monitoring.memory import resident
from bot.monitoring.version import version
from bot.sending.deliver import deliver
from bot.sending.destinations import ReportDestination
from bot.sending.error_messages import ShuttingDown, new_incident, reason_of, render_refusal
from bot.state import StateUnavailable
from bot.state.processes import ProcessStatus
from index.errors import FolderUnusable, VerbatimError
from index.indexing.reindex import Report

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
EDIT_SECONDS = 2.0
"""Seconds between edits of the progress message."""
MAX_CHOICES = 25


class ReindexJob:
    """A reindexing job in a thread, and its progress: the thread writes the two numbers, the event loop reads them."""

    def __init__(self, bot: VerbatimBot) -> None:
        self._bot = bot
        self.done = self.total = 0

    def run(self, *, dry_run: bool) -> Report:
        """Reindex; raises `ShuttingDown` if the bot shuts down meanwhile."""
        return self._bot.engine.reindex(dry_run=dry_run, progress=self._progress)

    def _progress(self, done: int, total: int) -> None:
        if self._bot.tasks.given_up.is_set():
            message = "the bot is being stopped"
            raise ShuttingDown(message)
        self.done, self.total = done, total


async def offer_snapshots(interaction: discord.Interaction[VerbatimBot], typed: str) -> list[app_commands.Choice[str]]:
    """Offer the kept snapshots to admins; none on an error."""
    try:
        if not await may_administer(interaction, interaction.client.settings):
            return []
        kept = await asyncio.to_thread(interaction.client.engine.history)
        names = [f"{one.created:%Y-%m-%d %H:%M:%S} UTC · {one.articles} · {one.id}" for one in kept]
        found = [(name, one.id) for name, one in zip(names, kept, strict=True) if typed.casefold() in name.casefold()]
        return [app_commands.Choice(name=name[:100], value=value) for name, value in found[:MAX_CHOICES]]
    except Exception:
        log.exception("The snapshots could not be offered for autocomplete")
        return []


class IndexCommands(AdminCog):
    """Commands for the index."""

    def __init__(self, bot: VerbatimBot) -> None:
        """For this bot, which is not reindexing yet."""
        super().__init__(bot)
        self._under_way = False

    @app_commands.command(name=localised(CommandName.STATUS), description=localised(CommandDescription.STATUS))
    async def status(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Show the status of the bot and its index, privately."""
        found = asyncio.gather(
            asyncio.to_thread(self._stale), asyncio.to_thread(self._does_cluster_answer), self._processes()
        )
        await self.respond_privately_with(interaction, found, lambda made: render_status(self._status(*made)))

    @app_commands.command(name=localised(CommandName.REINDEX), description=localised(CommandDescription.REINDEX))
    @describe_options(dry_run=CommandDescription.REINDEX_DRY)
    async def reindex(self, interaction: discord.Interaction[VerbatimBot], dry_run: bool = False) -> None:
        """Index all changes; one job at a time, with progress and a final report."""
        if self._under_way:
            await self.respond_privately(interaction, lambda: render_message(Message.REINDEX_BUSY))
            return
        self._under_way = True
        try:
            to = ReportDestination(interaction)
            await deliver(self.bot.engine, lambda: render_message(Message.REINDEX_BEGAN), to)
            if not dry_run:
                await log_action(self.bot, interaction, "reindex", "")
            with use_language(to.language):
                shown = await self._reindexed(to, dry_run=dry_run)
            await deliver(self.bot.engine, lambda: shown, to.replace_next())
        finally:
            self._under_way = False

    async def _reindexed(self, to: ReportDestination, *, dry_run: bool) -> RenderedMessages:
        """Reindex and return the report; on any failure the previous index stays in use."""
        work = ReindexJob(self.bot)
        running = asyncio.create_task(asyncio.to_thread(work.run, dry_run=dry_run))
        await self._follow(running, work, to)
        outcome = "failed"
        try:
            report = await running
            outcome = "dry run" if dry_run else "done"
            return render_report(report)
        except ShuttingDown:
            outcome = "stopped"
            return render_message(Message.REINDEX_STOPPED)
        except VerbatimError as error:
            log.warning("Reindexing failed: %s", error)
            return render_refusal(Message.REINDEX_FAILED, error)
        except Exception:
            incident = new_incident()
            log.exception("Incident %s while reindexing", incident)
            return render_message(Message.REINDEX_BROKE, incident=MetadataText.of(incident))
        finally:
            self.bot.metrics.reindexes.labels(outcome).inc()

    async def _follow(self, running: asyncio.Task[Report], work: ReindexJob, to: ReportDestination) -> None:
        """Show the progress until the job ends; a failed edit does not stop it."""
        told = 0
        while not (await asyncio.wait({running}, timeout=EDIT_SECONDS))[0]:
            if work.done == told:
                continue
            told, total = work.done, work.total
            try:
                await deliver(self.bot.engine, lambda: _progress_shown(work), to.replace_next())
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.info("The progress (%d of %d files) could not be shown: %s", told, total, error)

    @app_commands.command(name=localised(CommandName.HISTORY), description=localised(CommandDescription.HISTORY))
    async def history(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """List the kept snapshots, privately."""
        await self.respond_privately_with(interaction, asyncio.to_thread(self.bot.engine.history), render_snapshots)

    @app_commands.command(name=localised(CommandName.ROLLBACK), description=localised(CommandDescription.ROLLBACK))
    @describe_options(id=CommandDescription.ROLLBACK_ID)
    @app_commands.autocomplete(id=offer_snapshots)
    async def rollback(self, interaction: discord.Interaction[VerbatimBot], id: str | None = None) -> None:  # noqa: A002  # the option's name
        """Roll back to an earlier snapshot."""
        to = ReportDestination(interaction)
        await to.defer()
        try:
            now = await asyncio.to_thread(self.bot.engine.rollback, id)
        except VerbatimError as error:
            await deliver(self.bot.engine, partial(render_refusal, Message.NOT_ROLLED_BACK, error), to)
            return
        await log_action(self.bot, interaction, "rollback", now.id)
        await deliver(self.bot.engine, lambda: render_message(Message.ROLLED_BACK, id=MetadataText.of(now.id)), to)

    def _stale(self) -> bool | str:
        try:
            return self.bot.engine.is_stale()
        except FolderUnusable as error:
            return reason_of(error)

    def _does_cluster_answer(self) -> bool | None:
        engine = self.bot.engine
        return engine.manager.snapshots.answers() if engine.is_remote else None

    async def _processes(self) -> Sequence[ProcessStatus] | None:
        if self.bot.processes is None:
            return ()
        try:
            return await self.bot.processes.running()
        except StateUnavailable as error:
            log.warning("The other processes could not be looked up: %s", error)
            return None

    def _status(
        self, stale: bool | str, does_cluster_answer: bool | None, processes: Sequence[ProcessStatus] | None
    ) -> Status:
        engine, shards = self.bot.engine, self.bot.shards
        gateway = GatewayStatus(
            sum(not shard.is_closed() for shard in shards.values()), max(1, len(shards)), self.bot.latency
        )
        return Status(
            articles=engine.articles,
            sentences=engine.sentences,
            manifest=engine.manifest,
            stale=stale,
            version=version(),
            gateway=gateway,
            memory=resident(),
            times=self.bot.metrics.percentiles(),
            encoder=engine.encoder.name if engine.encoder else None,
            does_cluster_answer=does_cluster_answer,
            processes=processes,
        )


def _progress_shown(work: ReindexJob) -> RenderedMessages:
    return render_message(Message.REINDEX_PROGRESS, done=Number(work.done), total=Number(work.total))
