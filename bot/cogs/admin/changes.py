"""Runs a change of the articles: in a thread, with an entry in the audit log and a report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.cogs.admin.base import log_action
from bot.i18n.messages import Message
from bot.layout import RenderedMessages, render_article, render_message
from bot.layout.article_changes import render_indexed_later, render_removed
from bot.sending.deliver import defer_if_slow, deliver
from bot.sending.destinations import ReportDestination
from bot.sending.error_messages import reason_of, render_refusal
from index.corpus.removal import find_removed
from index.errors import IndexUpdateFailed, RemovalUnknown, VerbatimError
from index.indexing.reindex import Report

if TYPE_CHECKING:
    from bot.client import VerbatimBot

MAX_TITLE_LENGTH = 60
"""Characters of a title in the audit log."""


class Outcome(NamedTuple):
    """What came of a change."""

    details: str
    """For the audit log; empty if nothing has changed."""
    show: Callable[[], RenderedMessages]


class Change(NamedTuple):
    """A change that an admin asks for."""

    action: str
    """For the audit log."""
    details: str
    """For the audit log, if the index could not be updated."""
    refused: Message
    """Stands above the reason if the change is refused."""
    make: Callable[[], Outcome]
    """Makes the change; runs in a thread."""


async def run_change(bot: VerbatimBot, to: ReportDestination, change: Change) -> None:
    """Make a change and report it; what is refused is told to the admin alone."""
    try:
        async with defer_if_slow(to):
            details, show = await asyncio.to_thread(change.make)
    except IndexUpdateFailed as error:
        details, show = change.details, partial(render_indexed_later, reason_of(error.reason), error.refused)
    except RemovalUnknown:
        await deliver(bot.engine, lambda: render_message(Message.NOT_IN_BIN), to)
        return
    except VerbatimError as error:
        await deliver(bot.engine, partial(render_refusal, change.refused, error), to)
        return
    if details:
        async with defer_if_slow(to):
            await log_action(bot, to.interaction, change.action, details)
        await to.publish()
    await deliver(bot.engine, show, to)


def removal(bot: VerbatimBot, article: str) -> Change:
    """Return the change that removes an article; its report offers to undo it."""

    def make() -> Outcome:
        later = None
        try:
            _, removed = bot.engine.remove(article)
        except IndexUpdateFailed as error:
            removed, later = find_removed(bot.engine.data, article), reason_of(error.reason)
        return Outcome(named(removed.title, removed.id), lambda: render_removed(removed, later))

    return Change("remove", named(title_of(bot, article), article), Message.NOT_REMOVED, make)


def restoration(bot: VerbatimBot, which: str) -> Change:
    """Return the change that brings a removed article back."""

    def make() -> Outcome:
        report, removed = bot.engine.restore(which)
        return Outcome(
            named(removed.title, removed.id), partial(_render_one, bot, removed.id, report, Message.ARTICLE_RESTORED)
        )

    return Change("restore", which, Message.NOT_RESTORED, make)


def addition(bot: VerbatimBot, name: str, add: Callable[[], Report]) -> Change:
    """Return the change that adds one article; `name` is of its file, or its URL."""

    def make() -> Outcome:
        report = add()
        [article] = {*report.added, *report.changed, *report.unchanged}
        details = named(title_of(bot, article), article)
        return Outcome(details, partial(_render_one, bot, article, report, Message.ARTICLE_ADDED))

    return Change("add", name, Message.ARTICLE_NOT_ADDED, make)


def _render_one(bot: VerbatimBot, article: str, report: Report, done: Message) -> RenderedMessages:
    return render_article(bot.engine.entry(article), done, report.similar, report.titles)


def title_of(bot: VerbatimBot, article: str) -> str | None:
    """Return an article's title; None if none is recorded, or there is no such article."""
    entry = bot.engine.collection.find(article)
    return entry.article.title.value if entry and entry.article.title else None


def named(title: str | None, article: str) -> str:
    """Return how the audit log names an article: the title and the id."""
    if not title:
        return article
    return f"{title if len(title) <= MAX_TITLE_LENGTH else title[: MAX_TITLE_LENGTH - 1] + '…'} ({article})"
