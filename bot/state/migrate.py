"""Database migrations, run by Alembic when the database is opened."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"


class SchemaUnknown(Exception):
    """The database's schema is not of this version or an older one; holds its name."""


def config() -> Config:
    """Return Alembic's configuration, which needs no file."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return made


def migrate(connection: Connection) -> None:
    """Run all pending migrations.

    Raises:
        SchemaUnknown: there is no migration for the database's schema.
        ValueError: the database does not have one schema.
        sqlalchemy.exc.SQLAlchemyError: the file is not a database.
    """
    made = config()
    known = {script.revision for script in ScriptDirectory.from_config(made).walk_revisions()}
    schemas = MigrationContext.configure(connection).get_current_heads()
    if len(schemas) > 1 or None in schemas:
        raise ValueError(schemas)
    for schema in schemas:
        if schema not in known:
            raise SchemaUnknown(schema)
    made.attributes["connection"] = connection
    command.upgrade(made, "head")
