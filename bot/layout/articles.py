"""Rendering of the list of articles and of one article's metadata."""

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


def articles_shown(entries: Sequence[Entry]) -> Shown:
    """Render the list of articles, in at most two messages, and the number left out."""
    if not entries:
        return said(Say.NO_ARTICLES)
    head = [Block((Fixed.of(Say.ARTICLES, count=Figure(len(entries))),), framed=False)]
    # More blocks than two messages have components can never be shown.
    blocks = [Block(tuple(source_lines(entry.article)), framed=False) for entry in entries[: LIST_AT_MOST * COMPONENTS]]
    return Shown.of(limited(head, blocks, LIST_AT_MOST, Say.MORE_ARTICLES, of=len(entries))[0])


def article_shown(entry: Entry, done: Say | None = None, similar: Sequence[Similar] = ()) -> Shown:
    """Render an article's metadata with the origin of each field, and the number of its quotable sentences.

    Args:
        entry: the article.
        done: the sentence above it: what was done with the article.
        similar: near-duplicates, listed below it.
    """
    article = entry.article
    lines = [line for name, label, none in LABELS for line in _fact_lines(name, getattr(article, name), label, none)]
    counted = Fixed.of(Say.SENTENCES, count=Figure(len(entry.body)))
    named = Fixed.of(Say.ARTICLE_ID, id=Recorded.of(article.id))
    heading = [Block((Fixed.of(done),), framed=False)] if done else []
    return Shown.of([*heading, Block((*lines, counted, named, *map(likeness, similar)), link_to(article))])


def likeness(one: Similar) -> Fixed:
    """Return the line about two similar articles."""
    share = Figure(round(100 * one.share))
    return Fixed.of(Say.SIMILAR_LINE, article=Recorded.of(one.article), other=Recorded.of(one.other), share=share)


def _fact_lines(name: str, fact: Fact | None, label: Say, none: Say) -> list[Line]:
    value: Line | None = SourceUrl.of(fact.value) if fact and name == "url" else recorded(fact)
    if fact is None or value is None:
        return [Fixed.of(none)]
    return [Fixed.of(label, origin=Fixed.of(FROM[fact.origin])), value]
