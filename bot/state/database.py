"""What the state needs of a database, whichever it is; a transaction runs in a thread."""

from __future__ import annotations

import asyncio
import datetime
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Executable

PATIENCE = 1.0
"""Seconds for which everything that waits for a locked or unreachable database waits together."""
LOCKED, NO_ANSWER = "it is locked", "it does not answer"
Result = TypeVar("Result")
Work = Callable[[Connection], Result]


class StateUnavailable(Exception):
    """The state cannot be read or written."""


class GivenUp(Exception):
    """The caller no longer waits for this work."""


class Lock(IntEnum):
    """What only one process does at a time; the numbers are those of PostgreSQL's advisory locks."""

    SCHEMA = 0x76657262_00000001
    """Migrate, make the key, or fill the database from another one."""
    DELETION = 0x76657262_00000002
    SETTINGS = 0x76657262_00000003
    REFUSALS = 0x76657262_00000004


class Database(ABC):
    """A database. Every method raises `StateUnavailable` if it fails."""

    insert: Callable[[Any], Any]
    """SQLAlchemy's INSERT of this kind of database, which can change a row that is there."""
    key: bytes = b""
    """The deployment's own key, which is made with the database."""

    @abstractmethod
    def open(self, load: Work[Result]) -> Result:
        """Create or upgrade the tables, and load from them."""

    @abstractmethod
    async def read(self, work: Work[Result]) -> Result:
        """Run work that only reads; it does not wait for writes."""

    @abstractmethod
    async def write(self, work: Work[Result]) -> Result:
        """Run work in one durable transaction, after all those that this process has requested before.

        Work may run again if the database asks for it, and then finds nothing of what it did.
        """

    @abstractmethod
    async def delete(self, work: Work[Result]) -> Result | None:
        """As `write`, and nothing is left of what is deleted; None if the database was damaged, and is empty now."""

    @abstractmethod
    def delete_set_aside(self, kept: datetime.timedelta | None = None) -> None:
        """Delete copies of a damaged database, all or those older than this."""

    @abstractmethod
    async def close(self) -> None:
        """Wait for running operations, then close."""

    def upsert(self, table: Any, key: Mapping[str, Any], values: Mapping[str, Any], **changed: Any) -> Executable:  # noqa: ANN401  # any values
        """Insert a row, or change the one with this key: to the same values, but for those of `changed`."""
        wanted = self.insert(table).values(**key, **values)
        changing: Executable = wanted.on_conflict_do_update(index_elements=list(key), set_={**values, **changed})
        return changing

    @abstractmethod
    def is_undated(self, at: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a column that should hold a time does not."""

    @abstractmethod
    def hold(self, connection: Connection, lock: Lock) -> None:
        """Wait until no other process holds this lock, and hold it until the transaction ends."""


class Lane:
    """Threads that work on a database, and since when none of their work gets to begin."""

    def __init__(self, name: str, threads: int = 1, *, seconds: float | None = None) -> None:
        """Make the threads.

        Args:
            name: of the threads.
            threads: how many.
            seconds: for how long work is waited for once it has begun; None for as long as it takes.
        """
        self.threads = ThreadPoolExecutor(threads, name)
        self.stalled_since: float | None = None
        self._seconds = seconds
        self._progress = time.monotonic()
        """When work has begun or ended last."""
        self._running: set[asyncio.Future[Any]] = set()

    @property
    def has_stalled(self) -> bool:
        """Whether work has been waiting to begin for too long, and still is."""
        since = self.stalled_since
        return since is not None and bool(self._running) and time.monotonic() - since > PATIENCE

    async def run(self, transaction: Callable[[Callable[[], None]], Result]) -> Result:
        """Run a transaction in a thread, also if the caller is cancelled; give it up if it waits too long to begin.

        Args:
            transaction: calls its argument once it has begun, which raises `GivenUp` if nobody waits for it any more.
        """
        decision = threading.Lock()
        """Whoever takes it first decides: the thread that the work is done, the caller that it is given up."""

        def begun() -> None:
            self.stalled_since = None
            self._progress = time.monotonic()
            if not decision.acquire(blocking=False):
                raise GivenUp

        def in_thread() -> Result:
            if decision.locked():
                raise GivenUp
            if self.stalled_since is None:
                self.stalled_since = time.monotonic()
            try:
                return transaction(begun)
            finally:
                self._progress = time.monotonic()

        running = asyncio.get_running_loop().run_in_executor(self.threads, in_thread)
        self._running.add(running)
        running.add_done_callback(self._finished)
        if await self._waits_too_long(running) and decision.acquire(blocking=False):
            raise StateUnavailable(LOCKED)
        done, _ = await asyncio.wait({running}, timeout=self._seconds)
        if not done:
            self.stalled_since = time.monotonic() - PATIENCE
            raise StateUnavailable(NO_ANSWER)
        return running.result()

    async def _waits_too_long(self, running: asyncio.Future[Any]) -> bool:
        """Wait for work; return True as soon as none has begun for too long, or what has begun does not end."""
        requested = time.monotonic()
        while not running.done():
            now = time.monotonic()
            left = max(requested, self.stalled_since or now) + PATIENCE - now
            if self._seconds is not None:
                left = min(left, max(requested, self._progress) + self._seconds - now)
            if left <= 0:
                return True
            await asyncio.wait({running}, timeout=left)
        return False

    def _finished(self, running: asyncio.Future[Any]) -> None:
        self._running.discard(running)
        if not running.cancelled():
            running.exception()  # that of work that was given up is not raised anywhere

    async def close(self) -> None:
        """Wait for running work, and end the threads."""
        if self._running:
            await asyncio.wait(self._running)
        self.threads.shutdown()


def utc_now() -> datetime.datetime:
    """Return the current time."""
    return datetime.datetime.now(datetime.UTC)
