"""The PostgreSQL database: no operation waits long for a server that is away, or for a lock."""

from __future__ import annotations

import datetime
import logging
import random
import time
from collections.abc import Callable
from typing import Any

from psycopg.errors import (
    DeadlockDetected,
    InsufficientPrivilege,
    ReadOnlySqlTransaction,
    SerializationFailure,
    UndefinedTable,
)
from sqlalchemy import URL, ColumnElement, Connection, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.state.database import NO_ANSWER, PATIENCE, Database, Lane, Lock, Result, StateUnavailable, Work
from bot.state.key import KeyLost, read_key
from bot.state.migrate import SchemaUnknown, migrate
from bot.state.postgresql import messages
from bot.state.postgresql.connections import database_name, limit, reason_of, sqlstate_of
from bot.state.tables import Base
from index.storage.postgresql import make_engine

log = logging.getLogger(__name__)
READERS = 4
STATEMENT_SECONDS, TRANSACTION_SECONDS = 5.0, 6.0
"""For a statement, which the server ends then, and until nobody waits any more for a server that does not answer."""
START_PATIENCE, START_PAUSE = 10.0, 0.5
"""Seconds for which the start waits for a server that starts too, and between two attempts."""
MIGRATION_SECONDS = 600
"""For a lock that another process has while it migrates, and for a migration."""
DELETION_SECONDS = 60.0
ATTEMPTS, MAX_PAUSE = 5, 0.05
"""How often a transaction is tried that the server rolls back because of others, and seconds between two attempts."""
ROLLED_BACK = {SerializationFailure.sqlstate, DeadlockDetected.sqlstate}
MAX_SCHEMA_SHOWN = 40


class PostgresDatabase(Database):
    """A database on a server, for one process or several."""

    insert = staticmethod(insert)

    def __init__(self, url: URL) -> None:
        self.name = database_name(url)
        self._engine = make_engine(url, READERS + 2)
        self._writer = Lane("state-writer", seconds=TRANSACTION_SECONDS)
        """A single thread, so that transactions run in the order they were requested; other processes have theirs."""
        self._readers = Lane("state-reader", READERS, seconds=TRANSACTION_SECONDS)
        self._deleter = Lane("state-deleter", seconds=2 * DELETION_SECONDS)

    # ---- opening and closing -----------------------------------------------------------------------------------------

    def open(self, load: Work[Result]) -> Result:
        """Create or upgrade the tables and load from them; other processes that start meanwhile wait."""
        try:
            self._await_server()
            with self._engine.begin() as connection:
                return self.prepare(connection, load)
        except Exception as error:
            self._engine.dispose()
            raise self._unusable(error) from error

    def prepare(self, connection: Connection, load: Work[Result]) -> Result:
        """Create or upgrade the tables, read the key and load, in a transaction that keeps other processes from it."""
        self._check_encoding(connection)
        limit(connection, MIGRATION_SECONDS, MIGRATION_SECONDS)
        self.hold(connection, Lock.SCHEMA)
        migrate(connection)
        for table in Base.metadata.sorted_tables:
            connection.execute(select(table).limit(0)).close()
        self.key = read_key(connection)
        return load(connection)

    def look(self, work: Work[Result]) -> Result:
        """Run work in a transaction that cannot write, without waiting for a server that starts, and close."""
        try:
            with self._engine.connect().execution_options(postgresql_readonly=True) as connection:
                limit(connection, PATIENCE, STATEMENT_SECONDS)
                self._check_encoding(connection)
                return work(connection)
        except Exception as error:
            raise self._unusable(error) from error
        finally:
            self.dispose()

    def _check_encoding(self, connection: Connection) -> None:
        if connection.scalar(select(func.current_setting("server_encoding"))) != "UTF8":
            raise StateUnavailable(messages.WRONG_ENCODING.format(name=self.name))

    def _await_server(self) -> None:
        """Connect; a server that cannot be reached may be starting, and is tried again for some seconds."""
        deadline = time.monotonic() + START_PATIENCE
        while True:
            try:
                self._engine.connect().close()
            except OperationalError as error:
                if time.monotonic() >= deadline:
                    raise
                log.warning(messages.WAITING.format(name=self.name, reason=reason_of(error)))
                time.sleep(START_PAUSE)
            else:
                return

    def _unusable(self, error: Exception) -> StateUnavailable:
        if isinstance(error, StateUnavailable):
            return error
        if isinstance(error, SchemaUnknown):
            schema = str(error)[:MAX_SCHEMA_SHOWN]
            return StateUnavailable(messages.UNKNOWN_SCHEMA.format(name=self.name, schema=schema))
        if isinstance(error, KeyLost):
            return StateUnavailable(messages.KEY_LOST.format(name=self.name))
        state = sqlstate_of(error)
        if state == InsufficientPrivilege.sqlstate:
            sentence = messages.FORBIDDEN
        elif state == UndefinedTable.sqlstate:
            sentence = messages.DAMAGED
        elif isinstance(error, OperationalError):
            sentence = messages.UNREACHABLE
        else:
            sentence = messages.UNUSABLE
        return StateUnavailable(sentence.format(name=self.name, reason=reason_of(error)))

    async def close(self) -> None:
        """Wait for running operations, then close."""
        await self._writer.close()
        await self._readers.close()
        await self._deleter.close()
        self.dispose()

    def dispose(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    # ---- reading and writing -----------------------------------------------------------------------------------------

    async def write(self, work: Work[Result]) -> Result:
        """Run work in one durable transaction, after all those that this process has requested before."""
        return await self._run(self._writer, work)

    async def read(self, work: Work[Result]) -> Result:
        """Run work that only reads; it does not wait for writes."""
        return await self._run(self._readers, work)

    async def delete(self, work: Work[Result]) -> Result:
        """Run work that deletes, one process after another; the server overwrites deleted rows in its own time."""

        def alone(connection: Connection) -> Result:
            limit(connection, DELETION_SECONDS, DELETION_SECONDS)
            self.hold(connection, Lock.DELETION)
            return work(connection)

        await self.write(lambda _: None)  # what was to be written before is written
        return await self._run(self._deleter, alone)

    def delete_set_aside(self, kept: datetime.timedelta | None = None) -> None:
        """Do nothing: a damaged database is for the server's administrator to mend."""

    async def _run(self, lane: Lane, work: Work[Result]) -> Result:
        """Run work in a thread of this lane; while one waits there for the server in vain, no others join it."""
        if lane.has_stalled:
            raise StateUnavailable(NO_ANSWER)
        try:
            return await lane.run(lambda begun: self._transaction(lane, begun, work))
        except StateUnavailable:
            raise
        except Exception as error:
            raise StateUnavailable(reason_of(error)) from error

    def _transaction(self, lane: Lane, begun: Callable[[], None], work: Work[Result]) -> Result:
        """Run work in a transaction, again if the server rolls it back because of others."""
        has_begun = False
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._engine.connect() as connection:
                    limit(connection, PATIENCE, STATEMENT_SECONDS)
                    if not has_begun:
                        begun()
                        has_begun = True
                    result = work(connection)
                    connection.commit()
                    return result
            except DBAPIError as error:
                lane.stalled_since = None
                if sqlstate_of(error) == ReadOnlySqlTransaction.sqlstate:
                    self._engine.dispose()  # of several servers, another one can be written now
                if sqlstate_of(error) not in ROLLED_BACK or attempt == ATTEMPTS:
                    raise
            time.sleep(random.uniform(0, MAX_PAUSE))  # noqa: S311  # no secret
        raise AssertionError  # the last attempt returns or raises

    # ---- what PostgreSQL says in its own way -------------------------------------------------------------------------

    def is_undated(self, at: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a column that should hold a time does not."""
        return at.is_(None)

    def hold(self, connection: Connection, lock: Lock) -> None:
        """Wait until no other process holds this lock, and hold it until the transaction ends."""
        connection.execute(select(func.pg_advisory_xact_lock(int(lock)))).close()
