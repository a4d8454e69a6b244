"""What was made of the quotations that were shown lately: popular ones are shown again and again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

from index.article import Quote

HELD_AT_MOST, ITSELF = 8_000_000, 5_000
"""Bytes, roughly, that are held of each kind with the articles, and what one takes beside the text of its articles."""
Value = TypeVar("Value")


class MadeLately(Generic[Value]):
    """What a function made of the latest quotations; it holds words that were asked for, until it forgets."""

    def __init__(self, make: Callable[[Quote], Value]) -> None:
        """Make it so."""
        self._make = make
        self._held: LRUCache[Hashable, tuple[Quote, Value]] = LRUCache(HELD_AT_MOST, _weight)
        self._lock = Lock()

    def of(self, quote: Quote, language: str = "") -> Value:
        """What is made of a quotation, in a language where it matters."""
        key = quote, language
        with self._lock:
            held = self._held.get(key)
        if held is not None:
            return held[1]
        made = self._make(quote)
        with self._lock, contextlib.suppress(ValueError):
            self._held[key] = quote, made
        return made

    def forget(self) -> None:
        """Hold nothing any more."""
        with self._lock:
            self._held.clear()


def _weight(held: tuple[Quote, Any]) -> int:
    return ITSELF + sum(len(source.article.text) for source in (held[0], *held[0].also))
