"""Wait until the state of the fake Discord fulfils a condition."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Found = TypeVar("Found")
POLL = 0.05
"""Seconds between two checks without an event: a condition may depend on something else."""


class Changes:
    """Wakes all waiters whenever the state has changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def changed(self) -> None:
        self._event.set()

    async def until(self, check: Callable[[], Found | None], within: float, what: str) -> Found:
        """Wait until `check` returns a true value, and return it; TimeoutError after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while not (found := check()):
                    self._event.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._event.wait(), POLL)
        except TimeoutError:
            message = f"waited {within} s for {what}"
            raise TimeoutError(message) from None
        return found
