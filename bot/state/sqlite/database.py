"""The SQLite file: opened, checked, replaced if it is damaged; no operation waits long for a lock."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, ColumnElement, Connection, and_, create_engine, func, not_, text, update
from sqlalchemy.dialects.sqlite import insert

from bot.state.database import PATIENCE, Database, Lane, Lock, Result, StateUnavailable, Work, utc_now
from bot.state.key import read_key
from bot.state.migrate import SchemaUnknown, migrate
from bot.state.sqlite.damage import LOCKED, check, code_of, is_damage, reason_of
from bot.state.tables import KeyRow

log = logging.getLogger(__name__)
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
DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*"
"""A stored time, as SQLite's GLOB reads it."""


class SqliteDatabase(Database):
    """The database in one file."""

    insert = staticmethod(insert)

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = create_engine(URL.create("sqlite", database=str(path)), pool_size=READERS + 1)
        self._writer = Lane("state-writer")
        """A single thread, so that transactions run in the order they were requested."""
        self._readers = Lane("state-reader", READERS)

    # ---- opening and closing -----------------------------------------------------------------------------------------

    def open(self, load: Work[Result]) -> Result:
        """Create or upgrade the database and load from it; a damaged one is set aside and replaced."""
        try:
            return self._prepare(load)
        except Exception as error:  # noqa: BLE001  # raised again, unless the file is damaged
            self._set_aside(error)
        try:
            return self._prepare(load)
        except Exception as error:
            raise self._unusable(error) from error

    def _replace_if_damaged(self) -> bool:
        """Check the database, also whether it can be written, and replace it if not; return whether it was replaced."""
        self._engine.dispose()
        try:
            self._prepare(lambda connection: connection.execute(update(KeyRow).values(name=KeyRow.name)))
        except Exception as error:  # noqa: BLE001  # raised again, unless the file is damaged
            self._set_aside(error)
        else:
            return False
        self.open(lambda _: None)
        return True

    def prepare(self, load: Work[Result]) -> Result:
        """As `open`, but leave a damaged database alone."""
        try:
            return self._prepare(load)
        except Exception as error:
            raise self._unusable(error) from error

    def _prepare(self, load: Work[Result]) -> Result:
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
        await self._writer.close()
        await self._readers.close()
        self.dispose()

    def dispose(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    # ---- reading and writing -----------------------------------------------------------------------------------------

    async def write(self, work: Work[Result]) -> Result:
        """Run work in one durable transaction, after all those requested before."""
        return await self._run(self._writer, work, "BEGIN IMMEDIATE")

    async def read(self, work: Work[Result]) -> Result:
        """Run work that only reads; it does not wait for writes."""
        return await self._run(self._readers, work, "BEGIN", "SELECT 1 FROM sqlite_schema")

    async def delete(self, work: Work[Result]) -> Result | None:
        """Run work that deletes, and truncate the write-ahead log, which still holds deleted rows.

        A database that is too damaged for it is replaced, since nothing may be kept longer; the result is None then.
        """
        try:
            result = await self.write(work)
        except StateUnavailable as error:
            replacing = asyncio.get_running_loop().run_in_executor
            if not is_damage(error.__cause__) or not await replacing(self._writer.threads, self._replace_if_damaged):
                raise
            result = None
        with contextlib.suppress(StateUnavailable):  # the rows are deleted; the log is truncated next time
            await self._run(self._writer, lambda connection: connection.execute(TRUNCATE_LOG).close())
        return result

    async def _run(self, lane: Lane, work: Work[Result], *begin: str) -> Result:
        """Run work in a thread of this lane."""

        def transaction(begun: Callable[[], None]) -> Result:
            with self._transaction(lane, begin) as connection:
                begun()
                result = work(connection)
                connection.commit()
                return result

        try:
            return await lane.run(transaction)
        except StateUnavailable:
            raise
        except Exception as error:
            raise StateUnavailable(reason_of(error)) from error

    @contextmanager
    def _transaction(self, lane: Lane, begin: Iterable[str]) -> Iterator[Connection]:
        """Begin a transaction, which waits while others have the database locked; roll it back if it fails."""
        patience = self._patience()
        with self._engine.connect() as connection:
            try:
                _configure(connection, patience)
                for statement in begin:
                    connection.exec_driver_sql(statement).close()
            except Exception as error:
                if code_of(error) not in LOCKED:
                    lane.stalled_since = None
                raise
            yield connection

    def _patience(self) -> float:
        """Return the seconds to wait for a lock: what is left until the deadline that all who wait share."""
        now = time.monotonic()
        stalled = (one.stalled_since for one in (self._writer, self._readers) if one.stalled_since is not None)
        return max(0.0, min(stalled, default=now) + PATIENCE - now)

    # ---- what SQLite says in its own way -----------------------------------------------------------------------------

    def is_undated(self, at: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a column that should hold a time holds something else: SQLite takes any value anywhere."""
        return not_(and_(func.typeof(at) == "text", func.glob(DATE, at)))

    def hold(self, connection: Connection, lock: Lock) -> None:
        """Do nothing: whoever writes has the file for itself."""


def _configure(connection: Connection, patience: float = PATIENCE) -> None:
    """Configure SQLite: durable commits, deleted data overwritten, and so many seconds to wait for a lock."""
    for pragma in (f"busy_timeout={int(1000 * patience)}", *PRAGMAS):
        connection.exec_driver_sql(f"PRAGMA {pragma}")


def _is_since(stamp: str, kept: datetime.timedelta) -> bool:
    """Whether a name that begins with a timestamp is from this last period, and not from the future."""
    now = utc_now()
    return f"{now - kept:{TIME_FORMAT}}" < stamp[: len(f"{now:{TIME_FORMAT}}")] <= f"{now:{TIME_FORMAT}}"
