"""The index: `/admin reindex`, `status`, `history` and `rollback`."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands

from bot.access import may_administer
from bot.cogs.admin.base import Part, admin
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
"""Seconds between two edits of the progress."""
CHOICES = 25


class Work:
    """A reindexing in its thread, and how far it has come; numbers only, written there and read here."""

    def __init__(self, bot: Verbatim) -> None:
        """For this bot; nothing runs yet."""
        self._bot = bot
        self.done = self.total = 0

    def run(self, *, dry_run: bool) -> Report:
        """Reindex; Stopping where the bot is being stopped and cannot wait."""
        return self._bot.engine.reindex(dry_run=dry_run, progress=self._progress)

    def _progress(self, done: int, total: int) -> None:
        if self._bot.in_hand.given_up.is_set():
            message = "the bot is being stopped"
            raise Stopping(message)
        self.done, self.total = done, total


async def offer_snapshots(interaction: discord.Interaction[Verbatim], typed: str) -> list[app_commands.Choice[str]]:
    """The kept states of the index, to admins; none where anything goes wrong."""
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
    """Commands about the index."""

    @admin.command(name=named(Name.STATUS), description=named(Describe.STATUS))
    async def status(self, interaction: discord.Interaction[Verbatim]) -> None:
        """Tell how the bot and its index are, to the admin alone."""
        found = asyncio.to_thread(self._stale)
        await self.alone_with(interaction, found, lambda stale: status_shown(self._status(stale)))

    @admin.command(name=named(Name.REINDEX), description=named(Describe.REINDEX))
    @options(dry_run=Describe.REINDEX_DRY)
    async def reindex(self, interaction: discord.Interaction[Verbatim], dry_run: bool = False) -> None:
        """Take in what has changed, one reindexing at a time; report how it goes and what came of it."""
        if self.under_way:
            await self.alone(interaction, lambda: said(Say.REINDEX_BUSY))
            return
        self.under_way = True
        try:
            to = ToReport(interaction)
            await deliver(self.bot.engine, lambda: said(Say.REINDEX_BEGAN), to)
            if not dry_run:
                await self.note(interaction, "reindex", "", log)
            with speaking(to.language):
                shown = await self._reindexed(to, dry_run=dry_run)
            await deliver(self.bot.engine, lambda: shown, to.anew())
        finally:
            self.under_way = False

    async def _reindexed(self, to: ToReport, *, dry_run: bool) -> Shown:
        """Reindex, and return what came of it; whatever goes wrong, the index from before goes on."""
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
        """Show the progress while there is any; an edit that fails is no reason to stop."""
        told = 0
        while not (await asyncio.wait({running}, timeout=EDITS_EVERY))[0]:
            if work.done == told:
                continue
            told, total = work.done, work.total
            try:
                await deliver(self.bot.engine, lambda: _progress_shown(work), to.anew())
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.info("The progress (%d of %d files) could not be shown: %s", told, total, error)

    @admin.command(name=named(Name.HISTORY), description=named(Describe.HISTORY))
    async def history(self, interaction: discord.Interaction[Verbatim]) -> None:
        """List the states of the index that are kept, to the admin alone."""
        await self.alone_with(interaction, asyncio.to_thread(self.bot.engine.history), history_shown)

    @admin.command(name=named(Name.ROLLBACK), description=named(Describe.ROLLBACK))
    @options(id=Describe.ROLLBACK_ID)
    @app_commands.autocomplete(id=offer_snapshots)
    async def rollback(self, interaction: discord.Interaction[Verbatim], id: str | None = None) -> None:  # noqa: A002  # the option's name
        """Go back to a state of the index."""
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
        collection, _, manifest = self.bot.engine.served
        shards = self.bot.shards
        gateway = Gateway(
            sum(not shard.is_closed() for shard in shards.values()), max(1, len(shards)), self.bot.latency
        )
        return Status(
            articles=collection.articles,
            sentences=collection.sentences,
            manifest=manifest,
            stale=stale,
            version=version(),
            gateway=gateway,
            memory=resident(),
            times=self.bot.metrics.percentiles(),
        )


def _progress_shown(work: Work) -> Shown:
    return said(Say.REINDEX_PROGRESS, done=Figure(work.done), total=Figure(work.total))
