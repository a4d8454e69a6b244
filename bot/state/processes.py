"""The processes of this application that run, where there are several, and what they share."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import Connection, delete, insert, select, update

from bot.state.clock import Clock, database_time
from bot.state.database import Database, utc_now
from bot.state.generations import read_generations
from bot.state.leases import IDENTIFY, WORK, acquire_lease, release_lease
from bot.state.tables import ProcessRow
from index.models import FrozenModel

STALE_SECONDS = 15.0
"""Seconds without a word after which a process counts as gone."""
KEPT_SECONDS = 60.0
"""Seconds after which the row of a process that is gone is deleted."""


class ProcessStatus(FrozenModel):
    """What a process says of itself."""

    id: str
    """Random, new at each start."""
    host: str
    pid: int
    shards: tuple[int, ...]
    shard_count: int
    version: str
    servers: int
    """The servers of its shards."""
    snapshot: str | None
    """The snapshot of the index that it serves."""
    damaged: bool
    """Whether it could not load a newer snapshot."""
    ready: bool
    """Whether it is connected, with an index."""
    started: datetime.datetime


class Heartbeat(NamedTuple):
    """What a process learns when it says that it runs."""

    holds_lease: bool
    others: tuple[ProcessStatus, ...]
    """The other processes that run."""


class ProcessTable:
    """The table of processes and their lease. Every method raises `StateUnavailable` if the database fails."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def beat(self, status: ProcessStatus, lease_seconds: float) -> Heartbeat:
        """Say that a process runs, and take the lease or renew it; its owner also deletes the rows of the dead."""

        def beat(connection: Connection) -> Heartbeat:
            now = database_time(connection, self._clock)
            _write(connection, status, now)
            holds_lease = acquire_lease(connection, WORK, status.id, now, _after(now, lease_seconds))
            if holds_lease:
                connection.execute(delete(ProcessRow).where(ProcessRow.seen < _after(now, -KEPT_SECONDS)))
            others = tuple(one for one in running_processes(connection, now) if one.id != status.id)
            return Heartbeat(holds_lease, others)

        return await self._database.write(beat)

    async def leave(self, process: str) -> None:
        """Delete a process that stops, and release its lease."""

        def leave(connection: Connection) -> None:
            release_lease(connection, WORK, process)
            connection.execute(delete(ProcessRow).where(ProcessRow.id == process))

        await self._database.write(leave)

    async def may_identify(self, session: str, seconds: float) -> bool:
        """Whether a session may be opened now; if so, no other one may for some seconds."""

        def identify(connection: Connection) -> bool:
            now = database_time(connection, self._clock)
            return acquire_lease(connection, IDENTIFY, session, now, _after(now, seconds))

        return await self._database.write(identify)

    async def running(self) -> tuple[ProcessStatus, ...]:
        """Return the processes that run, by their shards."""

        def running(connection: Connection) -> tuple[ProcessStatus, ...]:
            return running_processes(connection, database_time(connection, self._clock))

        return await self._database.read(running)

    async def generations(self) -> dict[str, int]:
        """Return the generations by name."""
        return await self._database.read(read_generations)


def _write(connection: Connection, status: ProcessStatus, now: datetime.datetime) -> None:
    values = status.model_dump() | {"shards": list(status.shards), "seen": now}
    if not connection.execute(update(ProcessRow).where(ProcessRow.id == status.id).values(values)).rowcount:
        connection.execute(insert(ProcessRow).values(values))


def running_processes(connection: Connection, now: datetime.datetime) -> tuple[ProcessStatus, ...]:
    """Return the processes that have said so of late, by their shards."""
    fresh = select(ProcessRow.__table__).where(ProcessRow.seen >= _after(now, -STALE_SECONDS))
    found = (_status(row) for row in connection.execute(fresh).all())
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.shards, one.id)))


def _status(row: Any) -> ProcessStatus | None:  # noqa: ANN401  # a row
    try:
        return ProcessStatus(**{name: getattr(row, name) for name in ProcessStatus.model_fields})
    except ValidationError:  # damaged; the process writes it again in a moment
        return None


def _after(now: datetime.datetime, seconds: float) -> datetime.datetime:
    return now + datetime.timedelta(seconds=seconds)


def shared_shards(one: ProcessStatus, other: ProcessStatus) -> tuple[int, ...]:
    """Return the shards that two processes both have; meaningless if they count the shards differently."""
    return tuple(sorted(set(one.shards) & set(other.shards)))
