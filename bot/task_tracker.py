"""Running tasks, awaited at shutdown."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from bot.sending.error_messages import ShuttingDown


class TaskTracker:
    """Tracks the tasks that are answering somebody."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self.given_up = threading.Event()
        """Set when the wait for running tasks is over; worker threads check it."""

    def track(self) -> None:
        """Track the current task until it ends; raises `ShuttingDown` during shutdown."""
        if self._stopping:
            message = "the bot is being stopped"
            raise ShuttingDown(message)
        task = asyncio.current_task()
        if task is not None and task not in self._tasks:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float, last: float) -> None:
        """Refuse new tasks, wait `seconds` for the running ones, then set `given_up` and wait `last` more."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self.given_up.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=last)
