"""Articles by their titles: the choices while a member types, and the article that a typed title means."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from bot.layout.markdown import user_words
from index.engine import Engine

CHOICES = 25
CHOICE_AT_MOST = 100


class Name(NamedTuple):
    """An article as it is offered: a title that fits a choice, and the whole title in one case, a space before it."""

    id: str
    shown: str
    folded: str


class Names:
    """The names of all articles, put together once for each state of the index."""

    def __init__(self, engine: Engine) -> None:
        """Of the articles that this engine serves."""
        self._engine = engine
        self._generation: int | None = None
        self._names: list[Name] = []

    def matching(self, typed: str) -> list[Name]:
        """The at most 25 articles in whose title this stands, or begins words; those that begin with it come first."""
        wanted = user_words(typed).casefold()
        beginnings = [f" {part}" for part in wanted.split()]
        found = [
            name
            for name in self._current()
            if wanted in name.folded or all(beginning in name.folded for beginning in beginnings)
        ]
        return sorted(found, key=lambda name: not name.folded.startswith(f" {wanted}"))[:CHOICES]

    def id_of(self, typed: str) -> str:
        """The id that was chosen; of a title that was typed out, its article's; else what was typed."""
        if self._engine.has(typed):
            return typed
        wanted = f" {user_words(typed).casefold()}"
        called = [name.id for name in self._current() if name.folded == wanted]
        return called[0] if len(called) == 1 else typed

    async def chosen(self, typed: str) -> str:
        """As `id_of`; the event loop goes on where the names have to be put together for it."""
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
