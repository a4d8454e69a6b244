"""The state in a PostgreSQL database, which several processes may share; needs the extra `cluster`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.state.database import StateUnavailable
from bot.state.postgresql.messages import NO_DRIVER
from index.storage.postgresql import database_url

if TYPE_CHECKING:
    from bot.state.postgresql.database import PostgresDatabase


def postgres_database(url: SecretStr) -> PostgresDatabase:
    """Return the database of a URL; raises `StateUnavailable` if the driver is not installed."""
    try:
        from bot.state.postgresql.database import PostgresDatabase  # noqa: PLC0415  # of an extra
    except ImportError:
        raise StateUnavailable(NO_DRIVER) from None
    return PostgresDatabase(database_url(url.get_secret_value()))
