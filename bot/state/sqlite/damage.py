"""What counts as damage to the database, and the check for it when it is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlalchemy import Connection, select
from sqlalchemy.exc import CircularDependencyError, DBAPIError, SQLAlchemyError

from bot.state.key import KeyLost
from bot.state.tables import Base

ROW_DAMAGED = "a stored row cannot be read"
SURROUNDINGS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
}
"""SQLite's codes for what is no fault of the file. It also calls a damaged file read-only."""
LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL}


class DatabaseDamaged(Exception):
    """The file is a database, but not a whole one."""


def check(connection: Connection) -> None:
    """Raise unless all pages, tables and columns are whole; missing or wrong indexes are made again."""
    for table in Base.metadata.sorted_tables:
        connection.execute(select(table).limit(0))
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    if any(_integrity_problems(connection)):
        connection.exec_driver_sql("REINDEX")
        for problem in _integrity_problems(connection):
            raise DatabaseDamaged(problem)


def _integrity_problems(connection: Connection) -> Iterator[str]:
    """Problems other than a value that is missing, which concerns one row."""
    for (found,) in connection.exec_driver_sql("PRAGMA integrity_check").all():
        if found != "ok" and not str(found).startswith("NULL value in "):
            yield str(found)


def is_damage(error: BaseException | None) -> bool:
    """Whether the file itself is at fault, not what is around it."""
    if isinstance(error, DBAPIError):
        return code_of(error) not in SURROUNDINGS
    # Alembic orders a table's columns in a circle where one that it is to add is there already.
    return isinstance(error, DatabaseDamaged | KeyLost | ValueError | TypeError | CircularDependencyError)


def code_of(error: BaseException) -> int | None:
    """Return SQLite's primary error code."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def reason_of(error: Exception) -> str:
    """Return the cause without the statement and its values, which may contain a question."""
    if isinstance(error, SQLAlchemyError | OSError | DatabaseDamaged | KeyLost):
        return (str(getattr(error, "orig", None) or error).splitlines() or [""])[0]
    return f"{ROW_DAMAGED}: {type(error).__name__}"
