"""The quotations that were laid out lately: popular ones are shown again and again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import TTLCache

from bot.languages import spoken
from index.article import Quote

HELD_AT_MOST, ITSELF = 8_000_000, 5_000
"""Bytes, roughly, that are held together with the articles, and what one takes beside the text of its articles."""
HELD_FOR = 3600.0
"""Seconds after which it is forgotten what was asked for: the words that are bold."""
Value = TypeVar("Value")


class MadeLately(Generic[Value]):
    """What a function made of the latest quotations, in the languages that were being spoken."""

    def __init__(self, make: Callable[[Quote], Value]) -> None:
        """Nothing yet; `make` gives the same for equal quotations in one language."""
        self._make = make
        self._held = self._none()
        self._lock = Lock()

    def of(self, quote: Quote) -> Value:
        """What is made of a quotation in the language that is being spoken."""
        key = quote, spoken()
        with self._lock:
            cache = self._held
            held = cache.get(key)
        if held is not None:
            return held[1]
        made = self._make(quote)
        with self._lock, contextlib.suppress(ValueError):
            cache[key] = quote, made  # not what is held by now: it may have been told to forget
        return made

    def forget(self, *, old_ones_only: bool = False) -> None:
        """Hold nothing any more, or nothing that is older than it may be."""
        with self._lock:
            if old_ones_only:
                self._held.expire()
            else:
                self._held = self._none()

    def _none(self) -> TTLCache[tuple[Quote, str], tuple[Quote, Value]]:
        return TTLCache(HELD_AT_MOST, HELD_FOR, getsizeof=_weight)


def _weight(held: tuple[Quote, object]) -> int:
    quote, _ = held
    return ITSELF + sum(len(source.article.text) for source in (quote, *quote.also))
