"""Waiting until the stand-in's state fulfils a condition."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Found = TypeVar("Found")
POLL = 0.05
"""Seconds between two looks where nothing is heard: a condition may lie outside the stand-in."""


class Changes:
    """Wakes those who wait whenever the state has changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def changed(self) -> None:
        """Let everyone who waits look again."""
        self._event.set()

    async def until(self, check: Callable[[], Found | None], within: float, what: str) -> Found:
        """Wait until `check` answers something true, and return it; TimeoutError after `within` seconds."""
        clock = asyncio.get_running_loop().time
        end = clock() + within
        while not (found := check()):
            if clock() >= end:
                message = f"waited {within} s for {what}"
                raise TimeoutError(message)
            self._event.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._event.wait(), POLL)
        return found
