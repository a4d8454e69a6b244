"""Look at the database on the server: whether it can be reached and used, and by whom."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import SecretStr
from sqlalchemy import Connection, func, inspect, select

from bot.state.clock import database_time
from bot.state.database import StateUnavailable, utc_now
from bot.state.inspection import Condition, Inspection, condition_of
from bot.state.key import find_key
from bot.state.migrate import VERSION
from bot.state.models import ALLOWED, UNASKED
from bot.state.postgresql import messages, postgres_database
from bot.state.processes import running_processes
from bot.state.tables import AuditRow, Base, ChannelRow

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def inspect_server(url: SecretStr) -> Inspection:
    """Return the condition of the database of a URL; what keeps it from being used is a sentence in `detail`."""
    try:
        database = postgres_database(url)
        return database.look(lambda connection: _inspect(connection, database.name))
    except StateUnavailable as error:
        return Inspection(condition=Condition.UNREADABLE, detail=str(error))


def _inspect(connection: Connection, name: str) -> Inspection:
    if not inspect(connection).has_table(VERSION.name):
        _check(connection, name, [])
        return Inspection(condition=Condition.MISSING)
    schemas = [str(schema) for schema in connection.scalars(select(VERSION.c.version_num))]
    condition, unknown = condition_of(schemas)
    if condition is Condition.NEWER:
        raise StateUnavailable(messages.UNKNOWN_SCHEMA.format(name=name, schema=unknown))
    if condition is Condition.OLDER:
        _check(connection, name, [])
        return Inspection(condition=condition)
    _check(connection, name, [table.name for table in Base.metadata.sorted_tables])
    find_key(connection)
    return Inspection(
        condition=condition,
        unasked=_channels(connection, UNASKED),
        allowed=_channels(connection, ALLOWED),
        processes=running_processes(connection, database_time(connection, utc_now)),
    )


def _check(connection: Connection, name: str, tables: list[str]) -> None:
    """Raise unless the user may use these tables, or may make them where there are none."""
    present = inspect(connection)
    for table in tables:
        if not present.has_table(table):
            raise StateUnavailable(messages.DAMAGED.format(name=name, reason=f"it has no table {table}"))
    lacking = list(_lacking(connection, tables))
    if lacking:
        raise StateUnavailable(messages.FORBIDDEN.format(name=name, reason=", ".join(lacking)))


def _lacking(connection: Connection, tables: list[str]) -> Iterator[str]:
    if not tables and not connection.scalar(select(func.has_schema_privilege(func.current_schema(), "CREATE"))):
        yield "CREATE on its schema"
    for table in tables:
        for right in RIGHTS:
            if not connection.scalar(select(func.has_table_privilege(f'"{table}"', right))):
                yield f"{right} on {table}"
    sequence = func.pg_get_serial_sequence(AuditRow.__tablename__, AuditRow.id.name)
    if tables and not connection.scalar(select(func.has_sequence_privilege(sequence, "USAGE"))):
        yield "USAGE on the sequence of audit"


def _channels(connection: Connection, kind: str) -> dict[int, frozenset[int]]:
    rows = connection.execute(select(ChannelRow.server, ChannelRow.id).where(ChannelRow.kind == kind)).all()
    return {server: frozenset(channel for one, channel in rows if one == server) for server, _ in rows}
