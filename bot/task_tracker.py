"""What the bot is busy with, so that it can be finished before the bot stops."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from bot.sending.error_messages import Stopping


class InHand:
    """The tasks that answer somebody."""

    def __init__(self) -> None:
        """Begin with nothing in hand."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self.given_up = threading.Event()
        """Set when what is still in hand is not waited for any longer; a thread at work looks at it."""

    def take(self) -> None:
        """Count the current task in, until it ends; raises Stopping where nothing new is taken."""
        if self._stopping:
            message = "the bot is being stopped"
            raise Stopping(message)
        task = asyncio.current_task()
        if task is not None and task not in self._tasks:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float, last: float) -> None:
        """Take nothing new; wait so long for what is in hand, then give it up and wait the last seconds."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self.given_up.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=last)
