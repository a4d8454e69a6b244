"""Article titles: autocomplete choices, and the article that a typed title refers to."""

from __future__ import annotations

import asyncio
import re
from typing import NamedTuple

from bot.layout.markdown import single_line
from index.engine import Engine

MAX_CHOICES = 25
MAX_CHOICE_LENGTH = 100
WORD = re.compile(r"[^\W_]+")


class ArticleName(NamedTuple):
    """An autocomplete choice."""

    id: str
    label: str
    """The title, and the folder if there is one, cut to 100 characters."""
    title: str
    """The full title case-folded, after a space."""
    words: str
    """The words of the folder's path and of the id case-folded, each after a space."""


class ArticleNames:
    """The titles of all articles, cached per collection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._generation: int | None = None
        self._names: list[ArticleName] = []

    def search(self, typed: str) -> list[ArticleName]:
        """Return up to 25 articles whose title contains the text, or whose title, folder and id have all its words.

        The beginning of a word is enough. Titles that start with the text come first.
        """
        wanted = single_line(typed).casefold()
        beginnings = [f" {part}" for part in wanted.split()]
        found = [
            name
            for name in self._current()
            if wanted in name.title or all(beginning in name.title + name.words for beginning in beginnings)
        ]
        return sorted(found, key=lambda name: not name.title.startswith(f" {wanted}"))[:MAX_CHOICES]

    def resolve(self, typed: str) -> str:
        """Return the article id for an id or a title; what was typed if no single article matches."""
        if self._engine.contains(typed):
            return typed
        wanted = f" {single_line(typed).casefold()}"
        called = [name.id for name in self._current() if name.title == wanted]
        return called[0] if len(called) == 1 else typed

    async def resolve_in_thread(self, typed: str) -> str:
        """Like `resolve`, but rebuilds an outdated cache of titles in a thread."""
        if self._engine.generation == self._generation or self._engine.contains(typed):
            return self.resolve(typed)
        return await asyncio.to_thread(self.resolve, typed)

    def _current(self) -> list[ArticleName]:
        generation = self._engine.generation
        if generation != self._generation:
            labels = sorted(self._engine.labels())
            self._names = [_article_name(*one) for one in labels if len(one.id) <= MAX_CHOICE_LENGTH]
            self._generation = generation
        return self._names


def _article_name(article: str, label: str, folder: str) -> ArticleName:
    title, place = single_line(label) or article, single_line(folder)
    shown = f"{title} ({place})" if place else title
    if len(shown) > MAX_CHOICE_LENGTH:
        shown = shown[: MAX_CHOICE_LENGTH - 1] + "…"
    words = "".join(f" {word}" for word in WORD.findall(f"{place} {article}".casefold()))
    return ArticleName(article, shown, f" {title.casefold()}", words)
