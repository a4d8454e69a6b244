"""Looking after the articles: `/admin reindex`, `/admin status`; in the admin servers, and for admins only."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.admission import may_administer
from bot.delivery import deliver
from bot.destinations import ToInteraction, ToReport
from bot.errors import NotAllowed, Stopping, new_incident
from bot.layout import Shown, failure_shown, report_shown, said, status_shown
from bot.layout.pieces import Figure, Recorded
from bot.layout.reports import Status
from bot.version import version
from bot.wording import Describe, Say
from index.errors import FolderUnusable, VerbatimError
from index.reindexing import Report

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)
EDITS_EVERY = 2.0
"""Seconds between two edits of the progress."""


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


class Admin(commands.Cog):
    """The admins' commands."""

    # No default permissions: they would hide the commands from listed users and roles that do not manage the server.
    admin = app_commands.Group(name="admin", description=Describe.ADMIN)

    def __init__(self, bot: Verbatim) -> None:
        """Look after this bot's articles."""
        self.bot = bot
        self._under_way = False

    async def interaction_check(self, interaction: discord.Interaction[Verbatim], /) -> bool:  # type: ignore[override]  # narrower: this bot's own
        """Whether the caller may; asked at every call, whatever Discord showed them."""
        if not await may_administer(interaction, self.bot.settings):
            raise NotAllowed
        return True

    @admin.command(name="status", description=Describe.STATUS)
    async def status(self, interaction: discord.Interaction[Verbatim]) -> None:
        """Tell how the bot and its index are, to the admin alone."""
        stale = await asyncio.to_thread(self._stale)
        await deliver(
            self.bot.engine, lambda: status_shown(self._status(stale)), ToInteraction(interaction, private=True)
        )

    @admin.command(name="reindex", description=Describe.REINDEX)
    @app_commands.describe(dry_run=Describe.REINDEX_DRY)
    async def reindex(self, interaction: discord.Interaction[Verbatim], dry_run: bool = False) -> None:
        """Take in what has changed, one reindexing at a time; report how it goes and what came of it."""
        if self._under_way:
            busy = ToInteraction(interaction, private=True)
            await deliver(self.bot.engine, lambda: said(Say.REINDEX_BUSY), busy)
            return
        self._under_way = True
        try:
            to = ToReport(interaction)
            await deliver(self.bot.engine, lambda: said(Say.REINDEX_BEGAN), to)
            shown = await self._reindexed(to, dry_run=dry_run)
            await deliver(self.bot.engine, lambda: shown, to.anew())
        finally:
            self._under_way = False

    async def _reindexed(self, to: ToReport, *, dry_run: bool) -> Shown:
        """Reindex, and return what came of it; whatever goes wrong, the index from before goes on."""
        work = Work(self.bot)
        running = asyncio.create_task(asyncio.to_thread(work.run, dry_run=dry_run))
        await self._follow(running, work, to)
        try:
            return report_shown(await running)
        except Stopping:
            return said(Say.REINDEX_STOPPED)
        except VerbatimError as error:
            log.warning("The reindexing failed: %s", error)
            return failure_shown(str(error))
        except Exception:
            incident = new_incident()
            log.exception("Incident %s in a reindexing", incident)
            return said(Say.REINDEX_BROKE, incident=Recorded.of(incident))

    async def _follow(self, running: asyncio.Task[Report], work: Work, to: ToReport) -> None:
        """Show the progress while there is any; an edit that fails is no reason to stop."""
        told = 0
        while not (await asyncio.wait({running}, timeout=EDITS_EVERY))[0]:
            if work.done == told or to.is_over:
                continue
            told, total = work.done, work.total
            try:
                await deliver(self.bot.engine, lambda: _progress_shown(work), to.anew())
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.info("The progress of %d of %d could not be shown: %s", told, total, error)

    def _stale(self) -> bool | str:
        try:
            return self.bot.engine.is_stale()
        except FolderUnusable as error:
            return str(error)

    def _status(self, stale: bool | str) -> Status:
        collection, _, manifest = self.bot.engine.served
        return Status(collection.articles, collection.sentences, manifest, stale, version(), self.bot.latency)


def _progress_shown(work: Work) -> Shown:
    return said(Say.REINDEX_PROGRESS, done=Figure(work.done), total=Figure(work.total))
