"""The deployment's secret key, under which the members who ask have their pseudonyms."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, exists, insert, select

from bot.state.tables import AnswerRow, KeyRow, ThreadRow

KEY, KEY_BYTES = "asker", 32


class KeyLost(Exception):
    """There are rows of members, but not the key to find them by."""


def find_key(connection: Connection) -> bytes | None:
    """Return the key; None if nothing needs it yet. Raises `KeyLost`."""
    if not any(connection.scalar(select(exists(select(table)))) for table in (KeyRow, AnswerRow, ThreadRow)):
        return None
    key = connection.scalar(select(KeyRow.value).where(KeyRow.name == KEY))
    if not isinstance(key, bytes) or len(key) != KEY_BYTES:
        message = "its key is lost"
        raise KeyLost(message)
    return key


def read_key(connection: Connection) -> bytes:
    """Return the key, made if nothing needs it yet; raises `KeyLost`."""
    key = find_key(connection)
    if key is None:
        key = secrets.token_bytes(KEY_BYTES)
        connection.execute(insert(KeyRow).values(name=KEY, value=key))
    return key
