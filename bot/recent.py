"""What is remembered of the last messages, and who waits for whom."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

REMEMBERED = 5_000
"""Messages of which something is remembered."""


class Recent:
    """The last messages, and something about each; gone with the process."""

    def __init__(self) -> None:
        """None yet."""
        self._held: OrderedDict[int, str] = OrderedDict()

    def __setitem__(self, message: int, value: str) -> None:
        self._held[message] = value
        while len(self._held) > REMEMBERED:
            self._held.popitem(last=False)

    def __contains__(self, message: object) -> bool:
        return message in self._held

    def get(self, message: int) -> str | None:
        """What was noted; None where nothing was."""
        return self._held.get(message)


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
