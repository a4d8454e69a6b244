"""`/admin add`, `remove`, `restore` and `edit`."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.access import may_administer
from bot.cogs.admin.base import AdminCog
from bot.cogs.admin.changes import Change, Outcome, addition, named, restoration, run_change, title_of
from bot.cogs.admin.uploads import AddFilesForm, UploadedFile, add_file
from bot.cogs.autocomplete import offer_articles
from bot.i18n import language_of, use_language
from bot.i18n.command_translator import describe_options, localised
from bot.i18n.messages import CommandDescription, CommandName, Message
from bot.layout import render_article, render_message
from bot.layout.article_changes import render_removal_question
from bot.layout.markdown import single_line
from bot.sending.deliver import defer_if_slow, deliver
from bot.sending.destinations import ReportDestination
from bot.sending.error_messages import render_refusal
from index.errors import VerbatimError
from index.fetching import fetch

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
MAX_VALUE_LENGTH = 500
MAX_URL_LENGTH = 2000
MAX_CHOICES, MAX_CHOICE_LENGTH = 25, 100
CLEAR_VALUE = "-"
"""The value that deletes a metadata field."""
Value = app_commands.Range[str, 1, MAX_VALUE_LENGTH]


async def offer_removed(interaction: discord.Interaction[VerbatimBot], typed: str) -> list[app_commands.Choice[str]]:
    """Offer what the bin holds to admins, newest first; none on an error."""
    try:
        if not await may_administer(interaction, interaction.client.settings):
            return []
        return await asyncio.to_thread(_removed_choices, interaction.client, typed)
    except Exception:
        log.exception("The removed articles could not be offered for autocomplete")
        return []


def _removed_choices(bot: VerbatimBot, typed: str) -> list[app_commands.Choice[str]]:
    choices: list[app_commands.Choice[str]] = []
    for one in bot.engine.removed_articles():
        when = f" · {one.removed:%Y-%m-%d %H:%M} UTC"
        title = single_line(one.label) or one.id
        if typed.casefold() in f"{title} {one.id}{when}".casefold():
            room = MAX_CHOICE_LENGTH - len(when)
            shown = title if len(title) <= room else title[: room - 1] + "…"
            choices.append(app_commands.Choice(name=shown + when, value=one.name))
        if len(choices) == MAX_CHOICES:
            break
    return choices


class ArticleCommands(AdminCog):
    """Commands that change articles. What they did is public in the admin channel, what was refused is private."""

    @app_commands.command(name=localised(CommandName.ADD), description=localised(CommandDescription.ADD))
    @describe_options(file=CommandDescription.ADD_FILE, url=CommandDescription.ADD_URL)
    async def add(
        self,
        interaction: discord.Interaction[VerbatimBot],
        file: discord.Attachment | None = None,
        url: app_commands.Range[str, 1, MAX_URL_LENGTH] | None = None,
    ) -> None:
        """Add an article from a file or a URL, and show its metadata; without either, ask for files."""
        if file is not None and url is not None:
            await self.respond_privately(interaction, lambda: render_message(Message.FILE_OR_URL))
        elif file is not None:
            to = ReportDestination(interaction, private=True)
            await add_file(self.bot, to, UploadedFile(file.filename, file.size, file.url))
        elif url is not None:
            await self._add_url(interaction, url)
        else:
            with use_language(language_of(interaction.locale)):
                await interaction.response.send_modal(AddFilesForm())

    async def _add_url(self, interaction: discord.Interaction[VerbatimBot], url: str) -> None:
        to = ReportDestination(interaction, private=True)
        try:
            async with defer_if_slow(to):
                fetched = await fetch(url, contact=self.bot.settings.contact)
        except VerbatimError as error:
            log.info("A page was not fetched: %s", error)
            await deliver(self.bot.engine, partial(render_refusal, Message.NOT_FETCHED, error), to)
            return
        editor, engine = editor_of(interaction.user), self.bot.engine
        await run_change(self.bot, to, addition(self.bot, fetched.url, lambda: engine.add_fetched(fetched, editor)))

    @app_commands.command(name=localised(CommandName.REMOVE), description=localised(CommandDescription.REMOVE))
    @describe_options(article=CommandDescription.ARTICLE_NAME)
    @app_commands.autocomplete(article=offer_articles)
    async def remove(self, interaction: discord.Interaction[VerbatimBot], article: str) -> None:
        """Ask whether to remove an article, privately."""
        to = ReportDestination(interaction, private=True)
        try:
            async with defer_if_slow(to):
                chosen = await self.bot.article_names.resolve_in_thread(article)
                entry = await asyncio.to_thread(self.bot.engine.entry, chosen)
        except VerbatimError as error:
            await deliver(self.bot.engine, partial(render_refusal, Message.NOT_REMOVED, error), to)
            return
        await deliver(self.bot.engine, lambda: render_removal_question(entry), to)

    @app_commands.command(name=localised(CommandName.RESTORE), description=localised(CommandDescription.RESTORE))
    @describe_options(article=CommandDescription.RESTORE_ARTICLE)
    @app_commands.autocomplete(article=offer_removed)
    async def restore(self, interaction: discord.Interaction[VerbatimBot], article: str) -> None:
        """Bring an article back from the bin."""
        await run_change(self.bot, ReportDestination(interaction, private=True), restoration(self.bot, article))

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
        values = {"title": title, "url": url, "publisher": publisher, "author": author, "published": published}
        changes = {name: None if value == CLEAR_VALUE else value for name, value in values.items() if value is not None}
        if not changes:
            await self.respond_privately(interaction, lambda: render_message(Message.NOTHING_TO_EDIT))
            return
        to = ReportDestination(interaction, private=True)
        async with defer_if_slow(to):
            chosen = await self.bot.article_names.resolve_in_thread(article)
        engine, editor = self.bot.engine, editor_of(interaction.user)
        stated = ", ".join(f"{name}={value}" for name, value in changes.items())

        def make() -> Outcome:
            details = f"{named(title_of(self.bot, chosen), chosen)}: {stated}"
            engine.update_metadata(chosen, changes, editor)
            return Outcome(details, lambda: render_article(engine.entry(chosen), Message.ARTICLE_EDITED))

        await run_change(self.bot, to, Change("edit", f"{chosen}: {stated}", Message.FACT_INVALID, make))


def editor_of(user: discord.User | discord.Member) -> str:
    """Return the admin's name for the sidecar file."""
    return f"{user.name} ({user.id})"
