"""`/admin reindex`, `status`, `history` and `rollback`."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands

from bot.access import may_administer
from bot.cogs.admin.base import Part
from bot.i18n import speaking
from bot.i18n.command_translator import named, options
from bot.i18n.messages import Describe, Name, Say
from bot.layout import Shown, history_shown, report_shown, said, status_shown
from bot.layout.parts import Figure, Recorded
from bot.layout.reports import Gateway, Status
from bot.monitoring.memory import resident
from bot.monitoring.version import version
from bot.sending.deliver import deliver
from bot.sending.destinations import ToReport
from bot.sending.error_messages import Stopping, failure, new_incident, reason_of
from index.errors import FolderUnusable, VerbatimError
from index.indexing.reindex import Report

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)
EDITS_EVERY = 2.0
"""Seconds between edits of the progress message."""
CHOICES = 25


class Work:
    """A reindexing job in a thread, and its progress: the thread writes the two numbers, the event loop reads them."""

    def __init__(self, bot: Verbatim) -> None:
        self._bot = bot
        self.done = self.total = 0

    def run(self, *, dry_run: bool) -> Report:
        """Reindex; raises `Stopping` if the bot shuts down meanwhile."""
        return self._bot.engine.reindex(dry_run=dry_run, progress=self._progress)

    def _progress(self, done: int, total: int) -> None:
        if self._bot.in_hand.given_up.is_set():
            message = "the bot is being stopped"
            raise Stopping(message)
        self.done, self.total = done, total


async def offer_snapshots(interaction: discord.Interaction[Verbatim], typed: str) -> list[app_commands.Choice[str]]:
    """Offer the kept snapshots to admins; none on an error."""
    try:
        if not await may_administer(interaction, interaction.client.settings):
            return []
        kept = await asyncio.to_thread(interaction.client.engine.history)
        names = [f"{one.created:%Y-%m-%d %H:%M:%S} UTC · {one.articles} · {one.id}" for one in kept]
        found = [(name, one.id) for name, one in zip(names, kept, strict=True) if typed.casefold() in name.casefold()]
        return [app_commands.Choice(name=name[:100], value=value) for name, value in found[:CHOICES]]
    except Exception:
        log.exception("The snapshots could not be offered for autocomplete")
        return []


class Reindexing(Part):
    """Commands for the index."""

    def __init__(self, bot: Verbatim) -> None:
        """For this bot, which is not reindexing yet."""
        super().__init__(bot)
        self._under_way = False

    @app_commands.command(name=named(Name.STATUS), description=named(Describe.STATUS))
    async def status(self, interaction: discord.Interaction[Verbatim]) -> None:
        """Show the status of the bot and its index, privately."""
        found = asyncio.to_thread(self._stale)
        await self.alone_with(interaction, found, lambda stale: status_shown(self._status(stale)))

    @app_commands.command(name=named(Name.REINDEX), description=named(Describe.REINDEX))
    @options(dry_run=Describe.REINDEX_DRY)
    async def reindex(self, interaction: discord.Interaction[Verbatim], dry_run: bool = False) -> None:
        """Index all changes; one job at a time, with progress and a final report."""
        if self._under_way:
            await self.alone(interaction, lambda: said(Say.REINDEX_BUSY))
            return
        self._under_way = True
        try:
            to = ToReport(interaction)
            await deliver(self.bot.engine, lambda: said(Say.REINDEX_BEGAN), to)
            if not dry_run:
                await self.note(interaction, "reindex", "", log)
            with speaking(to.language):
                shown = await self._reindexed(to, dry_run=dry_run)
            await deliver(self.bot.engine, lambda: shown, to.anew())
        finally:
            self._under_way = False

    async def _reindexed(self, to: ToReport, *, dry_run: bool) -> Shown:
        """Reindex and return the report; on any failure the previous index stays in use."""
        work = Work(self.bot)
        running = asyncio.create_task(asyncio.to_thread(work.run, dry_run=dry_run))
        await self._follow(running, work, to)
        outcome = "failed"
        try:
            report = await running
            outcome = "dry run" if dry_run else "done"
            return report_shown(report)
        except Stopping:
            outcome = "stopped"
            return said(Say.REINDEX_STOPPED)
        except VerbatimError as error:
            log.warning("Reindexing failed: %s", error)
            return failure(Say.REINDEX_FAILED, error)
        except Exception:
            incident = new_incident()
            log.exception("Incident %s while reindexing", incident)
            return said(Say.REINDEX_BROKE, incident=Recorded.of(incident))
        finally:
            self.bot.metrics.reindexes.labels(outcome).inc()

    async def _follow(self, running: asyncio.Task[Report], work: Work, to: ToReport) -> None:
        """Show the progress until the job ends; a failed edit does not stop it."""
        told = 0
        while not (await asyncio.wait({running}, timeout=EDITS_EVERY))[0]:
            if work.done == told:
                continue
            told, total = work.done, work.total
            try:
                await deliver(self.bot.engine, lambda: _progress_shown(work), to.anew())
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.info("The progress (%d of %d files) could not be shown: %s", told, total, error)

    @app_commands.command(name=named(Name.HISTORY), description=named(Describe.HISTORY))
    async def history(self, interaction: discord.Interaction[Verbatim]) -> None:
        """List the kept snapshots, privately."""
        await self.alone_with(interaction, asyncio.to_thread(self.bot.engine.history), history_shown)

    @app_commands.command(name=named(Name.ROLLBACK), description=named(Describe.ROLLBACK))
    @options(id=Describe.ROLLBACK_ID)
    @app_commands.autocomplete(id=offer_snapshots)
    async def rollback(self, interaction: discord.Interaction[Verbatim], id: str | None = None) -> None:  # noqa: A002  # the option's name
        """Roll back to an earlier snapshot."""
        to = ToReport(interaction)
        await to.put_off()
        try:
            now = await asyncio.to_thread(self.bot.engine.rollback, id)
        except VerbatimError as error:
            await deliver(self.bot.engine, partial(failure, Say.NOT_ROLLED_BACK, error), to)
            return
        await self.note(interaction, "rollback", now.id, log)
        await deliver(self.bot.engine, lambda: said(Say.ROLLED_BACK, id=Recorded.of(now.id)), to)

    def _stale(self) -> bool | str:
        try:
            return self.bot.engine.is_stale()
        except FolderUnusable as error:
            return reason_of(error)

    def _status(self, stale: bool | str) -> Status:
        engine, shards = self.bot.engine, self.bot.shards
        gateway = Gateway(
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
        )


def _progress_shown(work: Work) -> Shown:
    return said(Say.REINDEX_PROGRESS, done=Figure(work.done), total=Figure(work.total))
