"""`/admin add`, `remove` and `edit`."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands

from bot.cogs.admin.base import Part
from bot.cogs.autocomplete import offer_articles
from bot.i18n.command_translator import named, options
from bot.i18n.messages import Describe, Name, Say
from bot.layout import Shown, article_shown, said
from bot.layout.parts import Figure, Recorded
from bot.sending.deliver import deliver
from bot.sending.destinations import ToReport
from bot.sending.error_messages import failure
from index.errors import IndexedLater, VerbatimError
from index.fetching import fetch
from index.indexing.reindex import Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.client import Verbatim

log = logging.getLogger(__name__)
MEGABYTE = 2**20
FILE_AT_MOST = 8 * MEGABYTE
VALUE_AT_MOST = 500
URL_AT_MOST = 2000
NOTHING = "-"
"""The value that deletes a metadata field."""
Value = app_commands.Range[str, 1, VALUE_AT_MOST]


class Upkeep(Part):
    """Commands that change articles. Their results are public in the admin channel."""

    async def _done(
        self,
        interaction: discord.Interaction[Verbatim],
        logged: tuple[str, str],
        refused: Say,
        do: Callable[[], Callable[[], Shown]],
        to: ToReport | None = None,
    ) -> None:
        """Run a change in a thread, write the audit log, and show the result or the reason for a refusal.

        Args:
            interaction: the admin's.
            logged: action and details for the audit log.
            refused: the message above the reason if the change is refused.
            do: makes the change and returns a function that renders the result.
            to: the destination; None for the interaction's response.
        """
        to = to or ToReport(interaction)
        await to.put_off()
        try:
            show = await asyncio.to_thread(do)
        except IndexedLater as error:
            await self.note(interaction, *logged, log)
            await deliver(self.bot.engine, partial(failure, Say.INDEXED_LATER, error.reason), to)
            return
        except VerbatimError as error:
            await deliver(self.bot.engine, partial(failure, refused, error), to)
            return
        await self.note(interaction, *logged, log)
        await deliver(self.bot.engine, show, to)

    @app_commands.command(name=named(Name.ADD), description=named(Describe.ADD))
    @options(file=Describe.ADD_FILE, url=Describe.ADD_URL)
    async def add(
        self,
        interaction: discord.Interaction[Verbatim],
        file: discord.Attachment | None = None,
        url: app_commands.Range[str, 1, URL_AT_MOST] | None = None,
    ) -> None:
        """Add an article from a file or a URL, and show its metadata."""
        if file is not None and url is None:
            await self._add_file(interaction, file)
        elif url is not None and file is None:
            await self._add_url(interaction, url)
        else:
            await self.alone(interaction, lambda: said(Say.FILE_OR_URL))

    async def _add_file(self, interaction: discord.Interaction[Verbatim], file: discord.Attachment) -> None:
        if file.size > FILE_AT_MOST:
            await self.alone(interaction, lambda: said(Say.TOO_LARGE, megabytes=Figure(FILE_AT_MOST // MEGABYTE)))
            return
        to = ToReport(interaction)
        await to.put_off()
        try:
            data = await file.read()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.info("An attachment could not be downloaded: %s", error)
            await deliver(self.bot.engine, lambda: said(Say.UNLOADED), to)
            return
        await self._done(
            interaction,
            ("add", file.filename),
            Say.ARTICLE_NOT_ADDED,
            lambda: self._added(self.bot.engine.add_contents({file.filename: data})),
            to,
        )

    async def _add_url(self, interaction: discord.Interaction[Verbatim], url: str) -> None:
        to = ToReport(interaction)
        await to.put_off()
        try:
            fetched = await fetch(url, contact=self.bot.settings.contact)
        except VerbatimError as error:
            log.info("A page was not fetched: %s", error)
            await deliver(self.bot.engine, partial(failure, Say.NOT_FETCHED, error), to)
            return
        editor = editor_of(interaction.user)
        await self._done(
            interaction,
            ("add", fetched.url),
            Say.ARTICLE_NOT_ADDED,
            lambda: self._added(self.bot.engine.add_fetched(fetched, editor)),
            to,
        )

    def _added(self, report: Report) -> Callable[[], Shown]:
        [article] = {*report.added, *report.changed, *report.unchanged}
        return lambda: article_shown(self.bot.engine.entry(article), Say.ARTICLE_ADDED, report.similar)

    @app_commands.command(name=named(Name.REMOVE), description=named(Describe.REMOVE))
    @options(article=Describe.ARTICLE_NAME)
    @app_commands.autocomplete(article=offer_articles)
    async def remove(self, interaction: discord.Interaction[Verbatim], article: str) -> None:
        """Remove an article; its files are moved to the bin."""
        chosen = await self.bot.names.chosen(article)

        def do() -> Callable[[], Shown]:
            _, kept = self.bot.engine.remove(chosen)
            return lambda: said(Say.ARTICLE_REMOVED, id=Recorded.of(kept[0].parent.name))

        await self._done(interaction, ("remove", chosen), Say.NOT_REMOVED, do)

    @app_commands.command(name=named(Name.EDIT), description=named(Describe.EDIT))
    @options(
        article=Describe.ARTICLE_NAME,
        title=Describe.EDIT_TITLE,
        url=Describe.EDIT_URL,
        publisher=Describe.EDIT_PUBLISHER,
        author=Describe.EDIT_AUTHOR,
        published=Describe.EDIT_PUBLISHED,
    )
    @app_commands.autocomplete(article=offer_articles)
    async def edit(  # noqa: PLR0913, PLR0917  # the options of a command are the arguments of its function
        self,
        interaction: discord.Interaction[Verbatim],
        article: str,
        title: Value | None = None,
        url: Value | None = None,
        publisher: Value | None = None,
        author: Value | None = None,
        published: Value | None = None,
    ) -> None:
        """Change an article's metadata, in its sidecar file."""
        chosen, engine = await self.bot.names.chosen(article), self.bot.engine
        given = {"title": title, "url": url, "publisher": publisher, "author": author, "published": published}
        changes = {name: None if value == NOTHING else value for name, value in given.items() if value is not None}
        if not changes:
            await self.alone(interaction, lambda: said(Say.NOTHING_TO_EDIT))
            return

        def do() -> Callable[[], Shown]:
            engine.record(chosen, changes, editor_of(interaction.user))
            return lambda: article_shown(engine.entry(chosen), Say.ARTICLE_EDITED)

        details = ", ".join(f"{name}={value}" for name, value in changes.items())
        await self._done(interaction, ("edit", f"{chosen}: {details}"), Say.FACT_INVALID, do)


def editor_of(user: discord.User | discord.Member) -> str:
    """Return the admin's name for the sidecar file."""
    return f"{user.name} ({user.id})"
