"""Look at the file without opening it for writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot.state.database import PATIENCE, utc_now
from bot.state.inspection import Condition, Inspection, condition_of
from bot.state.models import ALLOWED, UNASKED
from bot.state.processes import ProcessStatus, running_processes
from bot.state.sqlite.damage import LOCKED, SURROUNDINGS


def inspect_database(path: Path) -> Inspection:
    """Return the condition of the database in a file."""
    if not path.exists():
        return Inspection(condition=Condition.MISSING)
    try:
        with _opened(path) as base:
            return _inspect(base)
    except sqlite3.Error as error:
        return Inspection(condition=_condition_of(getattr(error, "sqlite_errorcode", 0) & 0xFF), detail=str(error))


def _condition_of(code: int) -> Condition:
    """The condition that SQLite's error code means."""
    if code in LOCKED:
        return Condition.LOCKED
    return Condition.UNREADABLE if code in SURROUNDINGS else Condition.DAMAGED


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads. Without a write-ahead log nobody writes, and SQLite need not make files for one."""
    is_in_use = path.with_name(f"{path.name}-wal").exists()
    options = "mode=ro" if is_in_use else "mode=ro&immutable=1"
    base = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{options}", uri=True, timeout=PATIENCE)
    try:
        yield base
    finally:
        base.close()


def _inspect(base: sqlite3.Connection) -> Inspection:
    found = base.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        return Inspection(condition=Condition.DAMAGED, detail=str(found))
    if base.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
        return Inspection(condition=Condition.OLDER)
    schemas = [str(row[0]) for row in base.execute("SELECT version_num FROM alembic_version")]
    condition, unknown = condition_of(schemas)
    if condition is Condition.NEWER:
        return Inspection(condition=condition, detail=unknown)
    if condition is Condition.OLDER:
        return Inspection(condition=condition, unasked=_channels(base, UNASKED), allowed=_channels(base, ALLOWED))
    return Inspection(
        condition=condition,
        unasked=_channels(base, UNASKED),
        allowed=_channels(base, ALLOWED),
        processes=_processes(base),
    )


def _processes(base: sqlite3.Connection) -> tuple[ProcessStatus, ...]:
    """As `running_processes`, on a connection that only reads."""
    engine = create_engine("sqlite://", creator=lambda: base, poolclass=StaticPool)
    with engine.connect() as connection:
        return running_processes(connection, utc_now())


def _channels(base: sqlite3.Connection, kind: str) -> dict[int, frozenset[int]]:
    rows = base.execute("SELECT server, id FROM channels WHERE kind = ?", (kind,)).fetchall()
    pairs = [(server, channel) for server, channel in rows if isinstance(server, int) and isinstance(channel, int)]
    return {server: frozenset(channel for one, channel in pairs if one == server) for server, _ in pairs}
