"""Per-message state that cannot grow without bound: an LRU map and a keyed lock."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

REMEMBERED = 5_000
"""Entries before the oldest is evicted."""
Value = TypeVar("Value")


class Recent(Generic[Value]):
    """An in-memory map from message or user id to a value; the oldest entries are evicted."""

    def __init__(self) -> None:
        self._held: OrderedDict[int, Value] = OrderedDict()

    def __setitem__(self, one: int, value: Value) -> None:
        self._held[one] = value
        self._held.move_to_end(one)
        while len(self._held) > REMEMBERED:
            self._held.popitem(last=False)

    def __contains__(self, one: object) -> bool:
        return one in self._held

    def get(self, one: int) -> Value | None:
        """Return the value; None if there is none."""
        return self._held.get(one)


class OneAtATime:
    """One asyncio lock per message id, removed when nobody uses it."""

    def __init__(self) -> None:
        self._locks: dict[int, asyncio.Lock] = {}
        self._users: Counter[int] = Counter()

    @asynccontextmanager
    async def at(self, message: int) -> AsyncIterator[None]:
        """Hold the lock for this message."""
        lock = self._locks.setdefault(message, asyncio.Lock())
        self._users[message] += 1
        try:
            async with lock:
                yield
        finally:
            self._users[message] -= 1
            if not self._users[message]:
                del self._users[message], self._locks[message]
