"""What cannot grow without bound: an LRU map, a keyed lock, and a queue for work of which little runs at once."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

MAX_ENTRIES = 5_000
"""Entries before the oldest is evicted."""
Value = TypeVar("Value")


class LRUMap(Generic[Value]):
    """An in-memory map from message or user id to a value; the oldest entries are evicted."""

    def __init__(self) -> None:
        self._values: OrderedDict[int, Value] = OrderedDict()

    def __setitem__(self, key: int, value: Value) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > MAX_ENTRIES:
            self._values.popitem(last=False)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def get(self, key: int) -> Value | None:
        """Return the value; None if there is none."""
        return self._values.get(key)


class KeyedLock:
    """One asyncio lock per message id, removed when nobody uses it."""

    def __init__(self) -> None:
        self._locks: dict[int, asyncio.Lock] = {}
        self._users: Counter[int] = Counter()

    @asynccontextmanager
    async def hold(self, key: int) -> AsyncIterator[None]:
        """Hold the lock for this message."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._users[key] += 1
        try:
            async with lock:
                yield
        finally:
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key], self._locks[key]


class TooManyWaiting(Exception):
    """So much work is waiting that more is refused."""


class BoundedQueue:
    """Lets so much work run at once; the rest waits in order, and is refused once too much is waiting."""

    def __init__(self, at_once: int, max_waiting: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._max_waiting = max_waiting
        self.waiting = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and hold it; raises `TooManyWaiting`."""
        if self._places.locked() and self.waiting >= self._max_waiting:
            raise TooManyWaiting
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._places.release()
