"""Watches the folder of articles, indexes changes automatically and reports them to the admins."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord.abc import Messageable
from discord.ext import commands

from bot.i18n import language_of
from bot.i18n.messages import Message
from bot.layout import RenderedMessages, render_report
from bot.processes.lease import LeaseLost
from bot.sending.deliver import deliver
from bot.sending.destinations import ChannelDestination
from bot.sending.error_messages import ShuttingDown, new_incident, render_refusal
from index.corpus.watcher import settled_changes
from index.errors import IndexBusy, VerbatimError
from index.indexing.reindex import Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
RETRY_SECONDS = 30.0
"""Seconds before retrying when another process is indexing or the folder is missing."""


class FolderWatcher(commands.Cog):
    """Keeps the index in sync with the folder of articles."""

    def __init__(self, bot: VerbatimBot) -> None:
        self._bot = bot
        self._told: Report | str | None = None
        """The last report sent; the same refusals are not reported twice."""
        self._running: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Start watching."""
        self._running = asyncio.create_task(self.run())

    async def cog_unload(self) -> None:
        """Stop watching."""
        if self._running is not None:
            self._running.cancel()

    async def run(self) -> None:
        """Index what changed while the bot was down, then every change, until cancelled; of several processes, one."""
        await self._bot.wait_until_ready()
        while True:
            await self._bot.wait_for_lease()
            try:
                await asyncio.create_task(self._reindex_and_report())
                async for _ in settled_changes(self._bot.settings.seeds):
                    await self._bot.wait_for_lease()
                    await asyncio.create_task(self._reindex_and_report())
            except OSError as error:
                log.warning("The folder of articles cannot be watched: %s", error.strerror or error)
            except Exception:  # try again in the next round
                log.exception("Incident %s while watching the folder of articles", new_incident())
            await asyncio.sleep(RETRY_SECONDS)

    async def _reindex_and_report(self) -> None:
        """Reindex and report news to the admins; runs as a task of its own, so that shutdown waits for it."""
        try:
            self._bot.tasks.track()
            report = await self._reindex()
        except ShuttingDown:
            return
        except LeaseLost:
            log.info("The changes are indexed by another process.")
        except VerbatimError as error:
            log.warning("The changes could not be indexed: %s", error)
            await self._post(str(error), partial(render_refusal, Message.REINDEX_FAILED, error))
        except Exception:
            log.exception("Incident %s while indexing changes", new_incident())
        else:
            before = self._told.refused if isinstance(self._told, Report) else ()
            if report.has_changes or report.refused != before:
                await self._post(report, lambda: render_report(report))

    async def _reindex(self) -> Report:
        """Reindex and return the report; waits while another process is indexing."""
        while True:
            try:
                report = await asyncio.to_thread(self._bot.engine.reindex, progress=self._progress, automatic=True)
            except IndexBusy as error:
                log.info("%s", error)
                await asyncio.sleep(RETRY_SECONDS)
                self._bot.check_lease()
            else:
                self._bot.metrics.reindexes.labels("watched").inc()
                return report

    def _progress(self, _done: int, _total: int) -> None:
        if self._bot.tasks.given_up.is_set():
            message = "the bot is being stopped"
            raise ShuttingDown(message)
        self._bot.check_lease()

    async def _post(self, news: Report | str, make: Callable[[], RenderedMessages]) -> None:
        """Post to the admin channel; if that fails, log it."""
        if news == self._told:
            return
        self._told = news
        if isinstance(news, Report):
            log.info("%d articles added, %d changed, %d removed", len(news.added), len(news.changed), len(news.removed))
        with contextlib.suppress(discord.NotFound):
            try:
                channel = await self._admin_channel()
                if channel is not None:
                    guild = getattr(channel, "guild", None)
                    to = ChannelDestination(channel, language_of(guild and guild.preferred_locale))
                    await deliver(self._bot.engine, make, to)
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.warning("The report could not be posted to the admin channel: %s", error)

    async def _admin_channel(self) -> Messageable | None:
        place = self._bot.settings.admin_channel
        if place is None:
            return None
        found: Any = self._bot.get_channel(place) or await self._bot.fetch_channel(place)
        return found if isinstance(found, Messageable) else None


async def setup(bot: VerbatimBot) -> None:
    """Watch the folder, where the settings say so."""
    if bot.settings.watch:
        await bot.add_cog(FolderWatcher(bot))
