"""Article titles: autocomplete choices, and the article that a typed title refers to."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from bot.layout.markdown import user_words
from index.engine import Engine

CHOICES = 25
CHOICE_AT_MOST = 100


class Name(NamedTuple):
    """An autocomplete choice: article id, title cut to 100 characters, and the full title case-folded after a space."""

    id: str
    shown: str
    folded: str


class Names:
    """The titles of all articles, cached per collection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._generation: int | None = None
        self._names: list[Name] = []

    def matching(self, typed: str) -> list[Name]:
        """Return up to 25 articles whose title contains the text, or whose words start with its words.

        Titles that start with the text come first.
        """
        wanted = user_words(typed).casefold()
        beginnings = [f" {part}" for part in wanted.split()]
        found = [
            name
            for name in self._current()
            if wanted in name.folded or all(beginning in name.folded for beginning in beginnings)
        ]
        return sorted(found, key=lambda name: not name.folded.startswith(f" {wanted}"))[:CHOICES]

    def id_of(self, typed: str) -> str:
        """Return the article id for an id or a title; what was typed if no single article matches."""
        if self._engine.has(typed):
            return typed
        wanted = f" {user_words(typed).casefold()}"
        called = [name.id for name in self._current() if name.folded == wanted]
        return called[0] if len(called) == 1 else typed

    async def chosen(self, typed: str) -> str:
        """Like `id_of`, but rebuilds an outdated cache of titles in a thread."""
        if self._engine.generation == self._generation or self._engine.has(typed):
            return self.id_of(typed)
        return await asyncio.to_thread(self.id_of, typed)

    def _current(self) -> list[Name]:
        generation = self._engine.generation
        if generation != self._generation:
            labels = sorted(self._engine.labels())
            self._names = [_name(article, label) for article, label in labels if len(article) <= CHOICE_AT_MOST]
            self._generation = generation
        return self._names


def _name(article: str, label: str) -> Name:
    title = user_words(label) or article
    shown = title if len(title) <= CHOICE_AT_MOST else title[: CHOICE_AT_MOST - 1] + "…"
    return Name(article, shown, f" {title.casefold()}")
