"""Article titles and headings: autocomplete choices, and the article that a typed title refers to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Lock
from typing import NamedTuple
from weakref import ref

from bot.layout.markdown import single_line
from index.bm25.postings import Ids
from index.collection.collection import Collection
from index.collection.heading_search import articles_of_sections, find_headings
from index.engine import Engine
from index.models import HEADING_SEPARATOR

MAX_CHOICES = 25
MAX_CHOICE_LENGTH = 100
MAX_TITLE_LENGTH = 40
"""Characters of the title before a heading in a choice that has no room for both."""
WORD = re.compile(r"[^\W_]+")


class ArticleName(NamedTuple):
    """An autocomplete choice."""

    id: str
    label: str
    """The title, and the folder if there is one, cut to 100 characters; then the headings, if these were found."""
    shown_title: str
    """The title alone."""
    title: str
    """The full title case-folded, after a space."""
    words: str
    """The title, the words of the folder's path and of the id, all case-folded and each after a space."""


class _Names(NamedTuple):
    """What the articles of a collection are called."""

    collection: ref[Collection]
    articles: list[ArticleName]
    sections: list[Ids]
    """See `articles_of_sections`."""


class ArticleNames:
    """The titles of all articles, cached per collection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._names = _Names(ref(Collection()), [], [])
        self._building = Lock()

    def search(self, typed: str) -> list[ArticleName]:
        """Return up to 25 articles whose title contains the text, or whose title, folder and id have all its words.

        The beginning of a word is enough. Titles that start with the text come first, and last the articles that have
        the words in a heading.
        """
        collection = self._engine.collection
        names = self._names_of(collection)
        wanted = single_line(typed).casefold()
        beginnings = [f" {part}" for part in wanted.split()]
        found = [
            name
            for name in names.articles
            if wanted in name.title or all(beginning in name.words for beginning in beginnings)
        ]
        found = sorted(found, key=lambda name: not name.title.startswith(f" {wanted}"))[:MAX_CHOICES]
        ids = {name.id for name in found}
        more = (name for name in _under_headings(collection, names, single_line(typed)) if name.id not in ids)
        return [*found, *islice(more, MAX_CHOICES - len(found))]

    def resolve(self, typed: str) -> str:
        """Return the article id for an id or a title; what was typed if no single article matches."""
        if self._engine.contains(typed):
            return typed
        wanted = f" {single_line(typed).casefold()}"
        called = [name.id for name in self._names_of(self._engine.collection).articles if name.title == wanted]
        return called[0] if len(called) == 1 else typed

    async def resolve_in_thread(self, typed: str) -> str:
        """Like `resolve`, but rebuilds an outdated cache of titles in a thread."""
        if self._engine.collection is self._names.collection() or self._engine.contains(typed):
            return self.resolve(typed)
        return await asyncio.to_thread(self.resolve, typed)

    def _names_of(self, collection: Collection) -> _Names:
        with self._building:
            if self._names.collection() is not collection:
                labels = sorted(collection.labels())
                articles = [_article_name(*one) for one in labels if len(one.id) <= MAX_CHOICE_LENGTH]
                sections = articles_of_sections(collection, [name.id for name in articles])
                self._names = _Names(ref(collection), articles, sections)
            return self._names


def _article_name(article: str, label: str, folder: str) -> ArticleName:
    title, place = single_line(label) or article, single_line(folder)
    shown = f"{title} ({place})" if place else title
    words = " ".join(["", title.casefold(), *WORD.findall(f"{place} {article}".casefold())])
    return ArticleName(article, _cut(shown), title, f" {title.casefold()}", words)


def _under_headings(collection: Collection, names: _Names, typed: str) -> Iterator[ArticleName]:
    """Yield the articles that have the words in a heading, with the headings in the label."""

    def have_in_name(word: str) -> list[bool]:
        return [f" {word}" in name.words for name in names.articles]

    for number, path in find_headings(collection, names.sections, typed, have_in_name):
        name = names.articles[number]
        yield name._replace(label=_with_headings(name, list(filter(None, map(single_line, path)))))


def _with_headings(name: ArticleName, headings: Sequence[str]) -> str:
    """Return the headings after the title and folder: for want of room the innermost one, then without the folder."""
    innermost = [*(["…"] if len(headings) > 1 else []), *headings[-1:]]
    shown = [
        HEADING_SEPARATOR.join(parts)
        for parts in (
            [name.label, *headings],
            [name.label, *innermost],
            [name.shown_title, *innermost],
            [_cut(name.shown_title, MAX_TITLE_LENGTH), *innermost],
        )
    ]
    return next((label for label in shown if len(label) <= MAX_CHOICE_LENGTH), _cut(shown[-1]))


def _cut(text: str, length: int = MAX_CHOICE_LENGTH) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
