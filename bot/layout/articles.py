"""The list of articles, and what is recorded about one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.messages import FROM, Say
from bot.layout.answers import recorded, said, source_lines
from bot.layout.limits import COMPONENTS
from bot.layout.links import link_to
from bot.layout.pages import Block, Shown, limited
from bot.layout.parts import Figure, Fixed, Line, Recorded, SourceUrl
from index.indexing.near_duplicates import Similar
from index.models import Entry, Fact

LIST_AT_MOST = 2
"""Messages that the list may take."""
LABELS = (
    ("title", Say.TITLE, Say.NO_TITLE),
    ("publisher", Say.PUBLISHER, Say.NO_PUBLISHER),
    ("author", Say.AUTHOR, Say.NO_AUTHOR),
    ("published", Say.PUBLISHED, Say.NO_PUBLISHED),
    ("url", Say.URL, Say.NO_URL),
)
"""The facts in the order in which they are shown."""


def articles_shown(entries: Sequence[Entry]) -> Shown:
    """The articles, as many as two messages hold, and how many more there are."""
    if not entries:
        return said(Say.NO_ARTICLES)
    head = [Block((Fixed.of(Say.ARTICLES, count=Figure(len(entries))),), framed=False)]
    # More than a page's components are never shown, so no more are put together.
    blocks = [Block(tuple(source_lines(entry.article)), framed=False) for entry in entries[: LIST_AT_MOST * COMPONENTS]]
    return Shown.of(limited(head, blocks, LIST_AT_MOST, Say.MORE_ARTICLES, of=len(entries))[0])


def article_shown(entry: Entry, done: Say | None = None, similar: Sequence[Similar] = ()) -> Shown:
    """The facts of record of an article, each with the place it was read from, and how much of it can be quoted.

    Args:
        entry: the article.
        done: what was done with it, said above.
        similar: which other article it is much like, said below.
    """
    article = entry.article
    lines = [line for name, label, none in LABELS for line in _fact_lines(name, getattr(article, name), label, none)]
    counted = Fixed.of(Say.SENTENCES, count=Figure(len(entry.body)))
    named = Fixed.of(Say.ARTICLE_ID, id=Recorded.of(article.id))
    heading = [Block((Fixed.of(done),), framed=False)] if done else []
    return Shown.of([*heading, Block((*lines, counted, named, *map(likeness, similar)), link_to(article))])


def likeness(one: Similar) -> Fixed:
    """That an article is much like another one, and about how much."""
    share = Figure(round(100 * one.share))
    return Fixed.of(Say.SIMILAR_LINE, article=Recorded.of(one.article), other=Recorded.of(one.other), share=share)


def _fact_lines(name: str, fact: Fact | None, label: Say, none: Say) -> list[Line]:
    value: Line | None = SourceUrl.of(fact.value) if fact and name == "url" else recorded(fact)
    if fact is None or value is None:
        return [Fixed.of(none)]
    return [Fixed.of(label, origin=Fixed.of(FROM[fact.origin])), value]
