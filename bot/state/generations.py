"""Numbers that grow with each change of what processes keep in memory, so that each sees the others' changes."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Update, select, update

from bot.state.tables import GenerationRow

SETTINGS, ANSWERS = "settings", "answers"
"""The servers' settings; the questions of a user, of which the engine's caches may hold some."""


def next_generation(name: str, *conditions: ColumnElement[bool]) -> Update:
    """Return the statement that goes into the transaction of a change."""
    wanted = update(GenerationRow).where(GenerationRow.name == name, *conditions)
    return wanted.values(number=GenerationRow.number + 1)


def read_generations(connection: Connection) -> dict[str, int]:
    """Return all numbers by name."""
    rows = connection.execute(select(GenerationRow.name, GenerationRow.number))
    return {row.name: row.number for row in rows}
