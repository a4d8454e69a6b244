"""Alembic's part: an older database is brought to the present tables when it is opened."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Alembic's configuration, which needs no file."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return made


def brought_up_to_date(connection: Connection) -> None:
    """Run the steps that a database lacks; sqlalchemy.exc.SQLAlchemyError where it is no database."""
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, "head")
