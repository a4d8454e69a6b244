"""Databases as older versions left them."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Connection

from bot.state.migrate import config


def upgrade(connection: Connection, schema: str) -> None:
    """Run the migrations up to this one."""
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, schema)
