"""A cluster's store in a PostgreSQL database; its three tables are created on first use."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from typing import TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from index.cluster.deadline import LONGEST, SECONDS, SHORTEST, waiting
from index.cluster.stores import REINDEX, packed, unpacked
from index.errors import ClusterUnavailable, ClusterUnusable, IndexBusy, SnapshotDamaged
from index.storage.lock import LOCK_TIMEOUT, POLL_SECONDS
from index.storage.postgresql import database_url, make_engine

CONNECTIONS = 8
PART_BYTES = 2**26
"""Bytes of a part of a generation: a value of PostgreSQL has a gigabyte at most."""
LOCK = 0x7665726261
"""The number of the writer's lock; a transaction that ends gives it back."""
IDENTITY, CURRENT = 0, 1
"""Rows of the table of numbers: the store's own, and that of the generation that is served."""
LIMIT = text("SELECT set_config('statement_timeout', :limit, true)")
NO_ANSWER = "no answer in time"
Result = TypeVar("Result")
tables = MetaData()
articles = Table(
    "cluster_articles", tables, Column("name", String(64), primary_key=True), Column("content", LargeBinary)
)
generations = Table(
    "cluster_generations",
    tables,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary),
)
current = Table(
    "cluster_numbers",
    tables,
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger),
)


class DatabaseStore:
    """A store in a PostgreSQL database; an `ArticleStore`."""

    def __init__(self, written: str) -> None:
        """Nothing is asked of the server yet; ClusterUnusable where it is no URL, or the extra is not installed."""
        try:
            self._engine = make_engine(database_url(written), CONNECTIONS, pool_seconds=SECONDS)
        except (ArgumentError, ValueError):
            problem = "The store of the cluster is no URL of a PostgreSQL database."
            raise ClusterUnusable(problem, "Write postgresql+psycopg://USER:PASSWORD@HOST/DATABASE.") from None
        except ImportError as error:
            problem = "The store of the cluster is in PostgreSQL, but its driver is not installed."
            raise ClusterUnusable(problem, "Install the extra `cluster`: `make cluster`.") from error
        self._is_ready = False
        self._owner: Connection | None = None
        """The session that holds the lock."""

    def id(self) -> str:
        """What tells this store from all others; an empty one gets one."""
        with self._transaction() as connection:
            new = insert(current).values(row=IDENTITY, number=secrets.randbits(62))
            connection.execute(new.on_conflict_do_nothing())
            return f"{connection.scalar(select(current.c.number).where(current.c.row == IDENTITY)):016x}"

    def get(self, names: Sequence[str]) -> dict[str, bytes]:
        """The articles of these names; SnapshotDamaged where one is missing or altered."""
        chosen = select(articles.c.name, articles.c.content).where(articles.c.name.in_(list(names)))
        rows = self._in_time(lambda connection: connection.execute(chosen).all())
        found = {name: bytes(content) for name, content in rows}
        for name in names:
            if name not in found:
                problem = f"An article is missing in the store: {name[:12]}."
                raise SnapshotDamaged(problem, REINDEX)
        return {name: unpacked(name, content) for name, content in found.items()}

    def put(self, new: Mapping[str, bytes]) -> None:
        """Store articles durably by their names; one that was altered is whole again."""
        if new:
            rows = [{"name": name, "content": packed(content)} for name, content in new.items()]
            with self._transaction() as connection:
                put = insert(articles)
                whole = put.on_conflict_do_update(index_elements=["name"], set_={"content": put.excluded.content})
                connection.execute(whole, rows)

    def delete(self, names: Iterable[str]) -> None:
        """Delete articles."""
        if going := list(names):
            with self._transaction() as connection:
                connection.execute(delete(articles).where(articles.c.name.in_(going)))

    def names(self) -> Iterator[str]:
        """The names of all articles."""
        with self._transaction() as connection:
            return iter(connection.scalars(select(articles.c.name)).all())

    def current(self) -> int | None:
        """The number of the generation that is served; None where none was ever published."""
        number = select(current.c.number).where(current.c.row == CURRENT)
        return self._in_time(lambda connection: connection.scalar(number))

    def generations(self) -> tuple[int, ...]:
        """The numbers of the kept generations, ascending."""
        with self._transaction() as connection:
            numbers = select(generations.c.number).distinct().order_by(generations.c.number)
            return tuple(connection.scalars(numbers))

    def read(self, number: int) -> bytes:
        """The file of a generation; SnapshotDamaged where there is none."""
        with self._transaction() as connection:
            parts = select(generations.c.content).where(generations.c.number == number).order_by(generations.c.part)
            content = b"".join(connection.scalars(parts))
        if not content:
            problem = f"The generation {number} is missing in the store."
            raise SnapshotDamaged(problem, REINDEX)
        return content

    def publish(self, number: int, content: bytes) -> None:
        """Store a generation durably, and serve it; a number that is taken cannot be published again."""
        self.check_lock()
        with self._transaction() as connection:
            for part, start in enumerate(range(0, len(content), PART_BYTES)):
                row = {"number": number, "part": part, "content": content[start : start + PART_BYTES]}
                connection.execute(insert(generations), row)
            _serve(connection, number)

    def serve(self, number: int) -> None:
        """Serve a kept generation."""
        with self._transaction() as connection:
            _serve(connection, number)

    def forget(self, number: int) -> None:
        """Delete a generation."""
        with self._transaction() as connection:
            connection.execute(delete(generations).where(generations.c.number == number))

    @contextmanager
    def lock(self, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
        """Be the only writer; IndexBusy while there is another one."""
        until = time.monotonic() + timeout
        with contextlib.ExitStack() as stack:
            with self._errors():
                # A transaction that stays open: a pooler of transactions leaves it the session that has the lock.
                connection = stack.enter_context(self._engine.connect())
                while not connection.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
                    if time.monotonic() > until:
                        problem = "The collection is being written by another process."
                        raise IndexBusy(problem, "Try again when that is done.")
                    time.sleep(POLL_SECONDS)
            self._owner = connection
            try:
                yield
            finally:
                self._owner = None
                with contextlib.suppress(SQLAlchemyError):
                    connection.rollback()

    def check_lock(self) -> None:
        """Raise ClusterUnavailable where the session that holds the lock has ended: another writer may have begun."""
        with self._errors():
            if self._owner is not None:
                self._owner.scalar(select(1))

    def close(self) -> None:
        """Close all connections; they are opened again when they are needed."""
        self._engine.dispose()

    def _in_time(self, read: Callable[[Connection], Result]) -> Result:
        """The result of a read; ClusterUnavailable after the deadline, at which the server ends its statement too.

        A server that hangs ends none. So another thread waits for it, which keeps no process running.
        """
        reading: Future[Result] = Future()
        with waiting() as until:
            seconds = max(SHORTEST, until - time.monotonic())

            def in_thread() -> None:
                try:
                    with self._transaction(seconds) as connection:
                        found = read(connection)
                    reading.set_result(found)
                except BaseException as error:  # noqa: BLE001  # raised where it is waited for
                    reading.set_exception(error)

            Thread(target=in_thread, name="cluster-store", daemon=True).start()
            try:
                return reading.result(seconds)
            except TimeoutError as error:
                raise _unavailable(NO_ANSWER) from error

    @contextmanager
    def _transaction(self, seconds: float = LONGEST) -> Iterator[Connection]:
        with self._errors(), self._engine.begin() as connection:
            connection.execute(LIMIT, {"limit": f"{int(1000 * seconds)}ms"})
            if not self._is_ready:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK + 1})
                tables.create_all(connection)
            yield connection
        self._is_ready = True

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise _unavailable(type(error).__name__) from error


def _unavailable(reason: str) -> ClusterUnavailable:
    problem = f"The store of the cluster in PostgreSQL does not answer ({reason})."
    return ClusterUnavailable(problem, "Ask again in a moment.")


def _serve(connection: Connection, number: int) -> None:
    put = insert(current).values(row=CURRENT, number=number)
    connection.execute(put.on_conflict_do_update(index_elements=["row"], set_={"number": number}))
