"""The SQLite file: opened, checked, replaced if it is damaged; no operation waits long for a lock."""

from __future__ import annotations

import asyncio
import datetime
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, create_engine, text, update

from bot.state.damage import LOCKED, check, code_of, is_damage, read_key, reason_of
from bot.state.migrate import SchemaUnknown, migrate
from bot.state.tables import KeyRow

log = logging.getLogger(__name__)
PATIENCE = 1.0
"""Seconds for which everything that waits for a locked database waits together."""
READERS = 4
PRIVATE = 0o600
SET_ASIDE, TIME_FORMAT = ".damaged-", "%Y%m%dT%H%M%S"
"""Suffix and timestamp of a damaged database that was renamed; it may contain questions."""
MAX_SCHEMA_SHOWN = 40
UNKNOWN_SCHEMA = (
    "The bot's database {path!r} has the schema {schema!r}, which this version does not know. "
    "Start the newer version that wrote it, or move the file away."
)
PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
TRUNCATE_LOG = text("PRAGMA wal_checkpoint(TRUNCATE)")
Result = TypeVar("Result")


class StateUnavailable(Exception):
    """The state cannot be read or written."""


class GivenUp(Exception):
    """The caller no longer waits for this work."""


@dataclass
class Lane:
    """Threads that work on the database, and since when none of their work gets to begin."""

    threads: ThreadPoolExecutor
    stalled_since: float | None = None

    async def has_stalled(self, running: asyncio.Future[Any]) -> bool:
        """Wait for work; return True as soon as none has begun for too long."""
        requested = time.monotonic()
        while not running.done():
            now = time.monotonic()
            left = max(requested, self.stalled_since or now) + PATIENCE - now
            if left <= 0:
                return True
            await asyncio.wait({running}, timeout=left)
        return False


class Database:
    """The database in one file. Every method raises `StateUnavailable` if it fails."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = b""
        """The deployment's own key, which is made with the database."""
        self._engine = create_engine(URL.create("sqlite", database=str(path)), pool_size=READERS + 1)
        self._writer = Lane(ThreadPoolExecutor(1, "state-writer"))
        """A single thread, so that transactions run in the order they were requested."""
        self._readers = Lane(ThreadPoolExecutor(READERS, "state-reader"))
        self._running: set[asyncio.Future[Any]] = set()

    # ---- opening and closing -----------------------------------------------------------------------------------------

    def open(self, load: Callable[[Connection], Result]) -> Result:
        """Create or upgrade the database and load from it; a damaged one is set aside and replaced."""
        try:
            return self._prepare(load)
        except Exception as error:  # noqa: BLE001  # raised again, unless the file is damaged
            self._set_aside(error)
        try:
            return self._prepare(load)
        except Exception as error:
            raise self._unusable(error) from error

    async def replace_if_damaged(self) -> bool:
        """Check the database, also whether it can be written, and replace it if not; return whether it was replaced."""
        return await asyncio.get_running_loop().run_in_executor(self._writer.threads, self._replace_if_damaged)

    def _replace_if_damaged(self) -> bool:
        self._engine.dispose()
        try:
            self._prepare(lambda connection: connection.execute(update(KeyRow).values(name=KeyRow.name)))
        except Exception as error:  # noqa: BLE001  # raised again, unless the file is damaged
            self._set_aside(error)
        else:
            return False
        self.open(lambda _: None)
        return True

    def _prepare(self, load: Callable[[Connection], Result]) -> Result:
        self._make_private()
        try:
            with self._engine.begin() as connection:
                _configure(connection)
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                migrate(connection)
            with self._engine.begin() as connection:
                check(connection)
                self.key = read_key(connection)
                return load(connection)
        except BaseException:
            self._engine.dispose()
            raise

    def _make_private(self) -> None:
        """Create the file for its owner alone, with what SQLite puts beside it; change one from an older version."""
        if self.path.is_dir():
            message = f"{str(self.path)!r} is a folder, but the bot's database belongs there. Remove the folder."
            raise StateUnavailable(message)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.exists():
            self.path.touch(PRIVATE)
        for part in self.path.parent.glob(f"{self.path.name}*"):
            try:
                if part.is_file():
                    part.chmod(PRIVATE)
            except OSError as error:
                log.warning("Others may be able to read %s, which can hold questions (%s).", part, error.strerror)

    def _set_aside(self, error: Exception) -> None:
        """Rename a damaged database; raises `StateUnavailable` for every other fault, and if it cannot be renamed."""
        if not is_damage(error):
            raise self._unusable(error) from error
        aside = f"{self.path.name}{SET_ASIDE}{utc_now():{TIME_FORMAT}}"
        log.error("The database %s cannot be used (%s); it was renamed to %s.", self.path, reason_of(error), aside)
        try:
            for ending in ("", "-wal", "-shm"):
                part = self.path.with_name(self.path.name + ending)
                if part.exists():
                    part.rename(part.with_name(aside + ending))
        except OSError as failed:
            raise self._unusable(failed) from failed

    def _unusable(self, error: Exception) -> StateUnavailable:
        if isinstance(error, StateUnavailable):
            return error
        if isinstance(error, SchemaUnknown):
            return StateUnavailable(UNKNOWN_SCHEMA.format(path=str(self.path), schema=str(error)[:MAX_SCHEMA_SHOWN]))
        folder, reason = str(self.path.parent), reason_of(error)
        remedy = "Stop what else uses it" if code_of(error) in LOCKED else "Make the folder writable"
        return StateUnavailable(f"The bot's database cannot be stored in {folder!r} ({reason}). {remedy}.")

    def delete_set_aside(self, kept: datetime.timedelta | None = None) -> None:
        """Delete damaged databases that were set aside, all or those older than this; log those that stay."""
        for part in self.path.parent.glob(f"{self.path.name}{SET_ASIDE}*"):
            if kept is None or not _is_since(part.name.removeprefix(f"{self.path.name}{SET_ASIDE}"), kept):
                try:
                    part.unlink()
                    log.info("%s was deleted, because it may contain questions.", part)
                except OSError as error:
                    log.warning("%s could not be deleted (%s). It may contain questions.", part, error.strerror)

    async def close(self) -> None:
        """Wait for running operations, then close."""
        if self._running:
            await asyncio.wait(self._running)
        self._writer.threads.shutdown()
        self._readers.threads.shutdown()
        self._engine.dispose()

    # ---- reading and writing -----------------------------------------------------------------------------------------

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run work in one durable transaction, after all those requested before."""
        return await self._run(self._writer, work, "BEGIN IMMEDIATE")

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run work that only reads; it does not wait for writes."""
        return await self._run(self._readers, work, "BEGIN", "SELECT 1 FROM sqlite_schema")

    async def truncate_log(self) -> None:
        """Truncate the write-ahead log, which still holds deleted rows; it stays for now if others read from it."""
        await self._run(self._writer, lambda connection: connection.execute(TRUNCATE_LOG).close())

    async def _run(self, lane: Lane, work: Callable[[Connection], Result], *begin: str) -> Result:
        """Run work in a thread, also if the caller is cancelled; give it up if it waits too long to begin.

        Whoever takes `decision` first decides: the thread that the work is done, the caller that it is given up.
        """
        decision = threading.Lock()

        def transaction() -> Result:
            with self._lock(lane, begin, decision) as connection:
                result = work(connection)
                connection.commit()
                return result

        running = asyncio.get_running_loop().run_in_executor(lane.threads, transaction)
        self._running.add(running)
        running.add_done_callback(self._finished)
        if await lane.has_stalled(running) and decision.acquire(blocking=False):
            message = "it is locked"
            raise StateUnavailable(message)
        try:
            return await asyncio.shield(running)
        except Exception as error:
            raise StateUnavailable(reason_of(error)) from error

    @contextmanager
    def _lock(self, lane: Lane, begin: Iterable[str], decision: threading.Lock) -> Iterator[Connection]:
        """Begin a transaction, which waits while others have the database locked; roll it back if it fails."""
        if decision.locked():
            raise GivenUp
        patience = self._patience(lane)
        with self._engine.connect() as connection:
            try:
                _configure(connection, patience)
                for statement in begin:
                    connection.exec_driver_sql(statement).close()
            except Exception as error:
                if code_of(error) not in LOCKED:
                    lane.stalled_since = None
                raise
            lane.stalled_since = None
            if not decision.acquire(blocking=False):
                raise GivenUp
            yield connection

    def _patience(self, lane: Lane) -> float:
        """Return the seconds to wait for a lock: what is left until the deadline that all who wait share."""
        now = time.monotonic()
        if lane.stalled_since is None:
            lane.stalled_since = now
        stalled = (one.stalled_since for one in (self._writer, self._readers) if one.stalled_since is not None)
        return max(0.0, min(stalled, default=now) + PATIENCE - now)

    def _finished(self, running: asyncio.Future[Any]) -> None:
        self._running.discard(running)
        if not running.cancelled():
            running.exception()  # that of work that was given up is not raised anywhere


def utc_now() -> datetime.datetime:
    """Return the current time."""
    return datetime.datetime.now(datetime.UTC)


def _configure(connection: Connection, patience: float = PATIENCE) -> None:
    """Configure SQLite: durable commits, deleted data overwritten, and so many seconds to wait for a lock."""
    for pragma in (f"busy_timeout={int(1000 * patience)}", *PRAGMAS):
        connection.exec_driver_sql(f"PRAGMA {pragma}")


def _is_since(stamp: str, kept: datetime.timedelta) -> bool:
    """Whether a name that begins with a timestamp is from this last period, and not from the future."""
    now = utc_now()
    return f"{now - kept:{TIME_FORMAT}}" < stamp[: len(f"{now:{TIME_FORMAT}}")] <= f"{now:{TIME_FORMAT}}"
