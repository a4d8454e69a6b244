"""The time that all processes agree on."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from sqlalchemy import Connection, func, select

Clock = Callable[[], datetime.datetime]


def database_time(connection: Connection, own: Clock) -> datetime.datetime:
    """Return the server's time at the begin of the transaction; for SQLite, a file of this machine, the `own` time."""
    if connection.dialect.name == "sqlite":
        return own()
    found = connection.scalar(select(func.now()))
    if not isinstance(found, datetime.datetime):
        message = "the database does not say its time"
        raise TypeError(message)
    return found.astimezone(datetime.UTC)
