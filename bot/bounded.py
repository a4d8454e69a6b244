"""What is remembered of the last messages and members, and who waits for whom."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

REMEMBERED = 5_000
"""Messages, or members, of which something is remembered."""
Value = TypeVar("Value")


class Recent(Generic[Value]):
    """The last messages or members, by id, and something about each; gone with the process."""

    def __init__(self) -> None:
        """None yet."""
        self._held: OrderedDict[int, Value] = OrderedDict()

    def __setitem__(self, one: int, value: Value) -> None:
        self._held[one] = value
        self._held.move_to_end(one)
        while len(self._held) > REMEMBERED:
            self._held.popitem(last=False)

    def __contains__(self, one: object) -> bool:
        return one in self._held

    def get(self, one: int) -> Value | None:
        """What was noted; None where nothing was."""
        return self._held.get(one)


class OneAtATime:
    """A lock for each message that something is done with."""

    def __init__(self) -> None:
        """Nothing is done."""
        self._locks: dict[int, asyncio.Lock] = {}
        self._users: Counter[int] = Counter()

    @asynccontextmanager
    async def at(self, message: int) -> AsyncIterator[None]:
        """Wait until nobody else is at this message, and be at it."""
        lock = self._locks.setdefault(message, asyncio.Lock())
        self._users[message] += 1
        try:
            async with lock:
                yield
        finally:
            self._users[message] -= 1
            if not self._users[message]:
                del self._users[message], self._locks[message]
