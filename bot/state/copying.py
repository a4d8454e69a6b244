"""Copy the state from SQLite's file to a PostgreSQL database, or back: all of it, or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, Table, delete, exists, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.state.database import StateUnavailable
from bot.state.inspection import Condition
from bot.state.postgresql import postgres_database
from bot.state.sqlite.database import SqliteDatabase
from bot.state.sqlite.inspection import inspect_database
from bot.state.tables import OF_RUNNING_PROCESSES, AuditRow, Base, KeyRow, storable

BATCH = 500
"""Rows that are copied at once."""
NOTHING_THERE = "There is no database {path!r} to copy from."
UNUSABLE_FILE = "The database {path!r} cannot be copied ({reason}). `verbatim doctor` says what to do."
NOT_EMPTY = (
    "Nothing was copied, because the database to copy to is not empty: it has rows in {tables}. "
    "Make an empty one, or move the file away if it is one."
)
IN_USE = "Nothing was copied, because {count} other connections use {name!r}. Stop all bots first."
UNREADABLE_ROW = "Nothing was copied, because a row of the table {table} is damaged and cannot be read ({reason})."
UNWRITABLE_ROW = "Nothing was copied, because a row of the table {table} cannot be stored there ({reason})."
NOT_EQUAL = "Nothing was copied, because the rows of the table {table} were not the same when they were read back."
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = 'verbatim' AND pid <> pg_backend_pid()"
)
Counts = dict[str, int]
"""The number of rows by table."""


def copy_to_postgresql(path: Path, url: SecretStr) -> Counts:
    """Copy SQLite's file to a PostgreSQL database without rows; raises `StateUnavailable` if nothing was copied."""
    found = inspect_database(path)
    if found.condition is Condition.MISSING:
        raise StateUnavailable(NOTHING_THERE.format(path=str(path)))
    if found.condition not in {Condition.WHOLE, Condition.OLDER}:
        raise StateUnavailable(UNUSABLE_FILE.format(path=str(path), reason=found.detail or found.condition.value))
    source, target = SqliteDatabase(path), postgres_database(url)

    def copy(read: Connection) -> Counts:
        read.execute(update(KeyRow).values(name=KeyRow.name))  # keeps others from writing meanwhile
        return target.open(lambda written: _copy(read, written, target.name))

    try:
        return source.prepare(copy)
    finally:
        source.dispose()
        target.dispose()


def copy_to_sqlite(url: SecretStr, path: Path) -> Counts:
    """Copy a PostgreSQL database to a SQLite file that is missing or without rows; raises `StateUnavailable`."""
    source, target = postgres_database(url), SqliteDatabase(path)

    def copy(read: Connection) -> Counts:
        return target.prepare(lambda written: _copy(read, written, source.name))

    try:
        return source.open(copy)
    finally:
        source.dispose()
        target.dispose()


def _copy(source: Connection, target: Connection, name: str) -> Counts:
    """Copy all rows to tables without rows, and compare them. The key that was made for the target is replaced."""
    on_server = source if source.dialect.name == "postgresql" else target
    if others := on_server.scalar(OTHERS):
        raise StateUnavailable(IN_USE.format(count=others, name=name))
    tables = [table for table in Base.metadata.sorted_tables if table.name not in OF_RUNNING_PROCESSES]
    filled = [table.name for table in tables if table.name != KeyRow.__tablename__ and _has_rows(target, table)]
    if filled:
        raise StateUnavailable(NOT_EMPTY.format(tables=", ".join(filled)))
    target.execute(delete(KeyRow))
    counts = {table.name: _copy_table(source, target, table) for table in tables}
    if target.dialect.name == "postgresql" and counts[AuditRow.__tablename__]:
        sequence = func.pg_get_serial_sequence(AuditRow.__tablename__, AuditRow.id.name)
        target.execute(select(func.setval(sequence, select(func.max(AuditRow.id)).scalar_subquery()))).close()
    return counts


def _has_rows(connection: Connection, table: Table) -> bool:
    return bool(connection.scalar(select(exists(select(table)))))


def _copy_table(source: Connection, target: Connection, table: Table) -> int:
    read, written = Checksum(), Checksum()
    for rows in _batches(source, table):
        try:
            target.execute(insert(table), rows)
        except DBAPIError as error:
            reason = type(error.orig).__name__
            raise StateUnavailable(UNWRITABLE_ROW.format(table=table.name, reason=reason)) from error
        read.add(rows)
    for rows in _batches(target, table):
        written.add(rows)
    if read != written:
        raise StateUnavailable(NOT_EQUAL.format(table=table.name))
    return written.count


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    try:
        found = connection.execute(select(table), execution_options={"yield_per": BATCH})
        for rows in found.mappings().partitions():
            yield [dict(row) for row in rows]
    except (ValueError, TypeError) as error:
        reason = type(error).__name__
        raise StateUnavailable(UNREADABLE_ROW.format(table=table.name, reason=reason)) from error


class Checksum:
    """The number of rows and a checksum of them, whatever their order."""

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Add rows as they are stored."""
        for row in rows:
            written = json.dumps(storable(row), sort_keys=True, default=str).encode()
            self._sum ^= int.from_bytes(hashlib.sha256(written).digest(), "big")
            self.count += 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Checksum) and (self.count, self._sum) == (other.count, other._sum)

    __hash__ = None  # type: ignore[assignment]  # it changes
