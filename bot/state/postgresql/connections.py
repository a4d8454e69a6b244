"""Connections to PostgreSQL: how one is named and limited, and what its errors may say."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.state.key import KeyLost

LIMITS = text("SELECT set_config('lock_timeout', :lock, true), set_config('statement_timeout', :statement, true)")
DATA_ERRORS = ("22", "23")
"""Classes of SQLSTATE whose messages may hold values."""


def database_name(url: URL) -> str:
    """Return what a database is called in messages: server and name, without the user and the password."""
    host = url.host or url.query.get("host") or "localhost"
    named = host if isinstance(host, str) else ",".join(host)
    return f"{named}:{url.port}/{url.database}" if url.port else f"{named}/{url.database}"


def limit(connection: Connection, lock_seconds: float, statement_seconds: float) -> None:
    """Limit how long this transaction waits for a lock, and how long a statement takes."""
    limits = {"lock": str(int(1000 * lock_seconds)), "statement": str(int(1000 * statement_seconds))}
    connection.execute(LIMITS, limits).close()


def sqlstate_of(error: BaseException) -> str | None:
    """Return PostgreSQL's code of an error; None if the server did not say one."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def reason_of(error: BaseException) -> str:
    """Return the cause in a line, without the statement and its values, which may contain a question."""
    original: Any = getattr(error, "orig", None)
    if isinstance(original, psycopg.Error):
        if (original.sqlstate or "").startswith(DATA_ERRORS):
            return type(original).__name__
        said = original.diag.message_primary or str(original)
        return (said.splitlines() or [""])[0]
    if isinstance(error, SQLAlchemyError | OSError | KeyLost):
        return (str(error).splitlines() or [""])[0]
    return type(error).__name__
