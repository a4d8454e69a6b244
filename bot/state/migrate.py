"""Database migrations, run by Alembic when the database is opened."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Return Alembic's configuration, which needs no file."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return made


def migrate(connection: Connection) -> None:
    """Run all pending migrations; raises `sqlalchemy.exc.SQLAlchemyError` if the file is not a database."""
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, "head")
