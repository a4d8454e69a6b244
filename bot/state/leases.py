"""Leases: what one process at a time may do, until a time in the database.

A process that dies lets its lease run out; another one takes it then.
"""

from __future__ import annotations

import datetime

from sqlalchemy import Connection, insert, or_, select, update

from bot.state.tables import LeaseRow

WORK, IDENTIFY = "work", "identify"
"""For what is done once for all processes; for opening a session on Discord's gateway."""
TOO_LONG = datetime.timedelta(days=1)
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def acquire_lease(
    connection: Connection, name: str, owner: str, now: datetime.datetime, until: datetime.datetime
) -> bool:
    """Take a lease that is free or over, or that `owner` has already; return whether it is held until then.

    One statement, so that two processes at once cannot both have it. A lease of more than a day is damaged, and free.
    """
    free = or_(LeaseRow.until <= now, LeaseRow.until > now + TOO_LONG)
    wanted = update(LeaseRow).where(LeaseRow.name == name, or_(LeaseRow.owner == owner, free))
    if connection.execute(wanted.values(owner=owner, until=until)).rowcount:
        return True
    if connection.scalar(select(LeaseRow.name).where(LeaseRow.name == name)) is None:  # lost
        connection.execute(insert(LeaseRow).values(name=name, owner="", until=NEVER))
    return False


def release_lease(connection: Connection, name: str, owner: str) -> None:
    """Let others have the lease at once, if `owner` holds it."""
    held = update(LeaseRow).where(LeaseRow.name == name, LeaseRow.owner == owner)
    connection.execute(held.values(owner="", until=NEVER))
