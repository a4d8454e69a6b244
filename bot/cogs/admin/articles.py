"""`/admin add`, `remove` and `edit`."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands

from bot.cogs.admin.base import AdminCog
from bot.cogs.autocomplete import offer_articles
from bot.i18n.command_translator import describe_options, localised
from bot.i18n.messages import CommandDescription, CommandName, Message
from bot.layout import RenderedMessages, render_article, render_message
from bot.layout.parts import MetadataText, Number
from bot.sending.deliver import deliver
from bot.sending.destinations import ReportDestination
from bot.sending.error_messages import render_refusal
from index.errors import IndexUpdateFailed, VerbatimError
from index.fetching import fetch
from index.indexing.reindex import Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
MEGABYTE = 2**20
MAX_FILE_BYTES = 8 * MEGABYTE
MAX_VALUE_LENGTH = 500
MAX_URL_LENGTH = 2000
CLEAR_VALUE = "-"
"""The value that deletes a metadata field."""
Value = app_commands.Range[str, 1, MAX_VALUE_LENGTH]


class ArticleCommands(AdminCog):
    """Commands that change articles. Their results are public in the admin channel."""

    async def _run(
        self,
        interaction: discord.Interaction[VerbatimBot],
        logged: tuple[str, str],
        refused: Message,
        do: Callable[[], Callable[[], RenderedMessages]],
        to: ReportDestination | None = None,
    ) -> None:
        """Run a change in a thread, write the audit log, and show the result or the reason for a refusal.

        Args:
            interaction: the admin's.
            logged: action and details for the audit log.
            refused: the message above the reason if the change is refused.
            do: makes the change and returns a function that renders the result.
            to: the destination; None for the interaction's response.
        """
        to = to or ReportDestination(interaction)
        await to.defer()
        try:
            show = await asyncio.to_thread(do)
        except IndexUpdateFailed as error:
            await self.log_action(interaction, *logged, log)
            await deliver(self.bot.engine, partial(render_refusal, Message.INDEXED_LATER, error.reason), to)
            return
        except VerbatimError as error:
            await deliver(self.bot.engine, partial(render_refusal, refused, error), to)
            return
        await self.log_action(interaction, *logged, log)
        await deliver(self.bot.engine, show, to)

    @app_commands.command(name=localised(CommandName.ADD), description=localised(CommandDescription.ADD))
    @describe_options(file=CommandDescription.ADD_FILE, url=CommandDescription.ADD_URL)
    async def add(
        self,
        interaction: discord.Interaction[VerbatimBot],
        file: discord.Attachment | None = None,
        url: app_commands.Range[str, 1, MAX_URL_LENGTH] | None = None,
    ) -> None:
        """Add an article from a file or a URL, and show its metadata."""
        if file is not None and url is None:
            await self._add_file(interaction, file)
        elif url is not None and file is None:
            await self._add_url(interaction, url)
        else:
            await self.respond_privately(interaction, lambda: render_message(Message.FILE_OR_URL))

    async def _add_file(self, interaction: discord.Interaction[VerbatimBot], file: discord.Attachment) -> None:
        if file.size > MAX_FILE_BYTES:
            await self.respond_privately(
                interaction, lambda: render_message(Message.TOO_LARGE, megabytes=Number(MAX_FILE_BYTES // MEGABYTE))
            )
            return
        to = ReportDestination(interaction)
        await to.defer()
        try:
            data = await file.read()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.info("An attachment could not be downloaded: %s", error)
            await deliver(self.bot.engine, lambda: render_message(Message.UNLOADED), to)
            return
        await self._run(
            interaction,
            ("add", file.filename),
            Message.ARTICLE_NOT_ADDED,
            lambda: self._render_added(self.bot.engine.add_contents({file.filename: data})),
            to,
        )

    async def _add_url(self, interaction: discord.Interaction[VerbatimBot], url: str) -> None:
        to = ReportDestination(interaction)
        await to.defer()
        try:
            fetched = await fetch(url, contact=self.bot.settings.contact)
        except VerbatimError as error:
            log.info("A page was not fetched: %s", error)
            await deliver(self.bot.engine, partial(render_refusal, Message.NOT_FETCHED, error), to)
            return
        editor = editor_of(interaction.user)
        await self._run(
            interaction,
            ("add", fetched.url),
            Message.ARTICLE_NOT_ADDED,
            lambda: self._render_added(self.bot.engine.add_fetched(fetched, editor)),
            to,
        )

    def _render_added(self, report: Report) -> Callable[[], RenderedMessages]:
        [article] = {*report.added, *report.changed, *report.unchanged}
        return lambda: render_article(self.bot.engine.entry(article), Message.ARTICLE_ADDED, report.similar)

    @app_commands.command(name=localised(CommandName.REMOVE), description=localised(CommandDescription.REMOVE))
    @describe_options(article=CommandDescription.ARTICLE_NAME)
    @app_commands.autocomplete(article=offer_articles)
    async def remove(self, interaction: discord.Interaction[VerbatimBot], article: str) -> None:
        """Remove an article; its files are moved to the bin."""
        chosen = await self.bot.article_names.resolve_in_thread(article)

        def do() -> Callable[[], RenderedMessages]:
            _, removed = self.bot.engine.remove(chosen)
            return lambda: render_message(Message.ARTICLE_REMOVED, id=MetadataText.of(removed.name))

        await self._run(interaction, ("remove", chosen), Message.NOT_REMOVED, do)

    @app_commands.command(name=localised(CommandName.EDIT), description=localised(CommandDescription.EDIT))
    @describe_options(
        article=CommandDescription.ARTICLE_NAME,
        title=CommandDescription.EDIT_TITLE,
        url=CommandDescription.EDIT_URL,
        publisher=CommandDescription.EDIT_PUBLISHER,
        author=CommandDescription.EDIT_AUTHOR,
        published=CommandDescription.EDIT_PUBLISHED,
    )
    @app_commands.autocomplete(article=offer_articles)
    async def edit(  # noqa: PLR0913, PLR0917  # the options of a command are the arguments of its function
        self,
        interaction: discord.Interaction[VerbatimBot],
        article: str,
        title: Value | None = None,
        url: Value | None = None,
        publisher: Value | None = None,
        author: Value | None = None,
        published: Value | None = None,
    ) -> None:
        """Change an article's metadata, in its sidecar file."""
        chosen, engine = await self.bot.article_names.resolve_in_thread(article), self.bot.engine
        values = {"title": title, "url": url, "publisher": publisher, "author": author, "published": published}
        changes = {name: None if value == CLEAR_VALUE else value for name, value in values.items() if value is not None}
        if not changes:
            await self.respond_privately(interaction, lambda: render_message(Message.NOTHING_TO_EDIT))
            return

        def do() -> Callable[[], RenderedMessages]:
            engine.update_metadata(chosen, changes, editor_of(interaction.user))
            return lambda: render_article(engine.entry(chosen), Message.ARTICLE_EDITED)

        details = ", ".join(f"{name}={value}" for name, value in changes.items())
        await self._run(interaction, ("edit", f"{chosen}: {details}"), Message.FACT_INVALID, do)


def editor_of(user: discord.User | discord.Member) -> str:
    """Return the admin's name for the sidecar file."""
    return f"{user.name} ({user.id})"
