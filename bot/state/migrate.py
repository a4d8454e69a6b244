"""The database's schema: made when it is empty, and migrated by Alembic when it is of an older version.

Alembic is imported only then: it takes 11 MB that a bot would keep for nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, select

from bot.state.generations import ANSWERS, SETTINGS
from bot.state.leases import IDENTIFY, NEVER, WORK
from bot.state.tables import Base, GenerationRow, LeaseRow

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"
HEAD = "0006"
"""The schema of `bot.state.tables`: the last migration."""
VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table."""


class SchemaUnknown(Exception):
    """The database's schema is not of this version or an older one; holds its name."""


def config() -> Config:
    """Return Alembic's configuration, which needs no file."""
    from alembic.config import Config  # noqa: PLC0415  # only where it is needed

    made = Config()
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return made


def known_schemas() -> frozenset[str]:
    """Return the names of this version's schema and of the older ones."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # only where it is needed

    return frozenset(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def migrate(connection: Connection) -> None:
    """Make the tables of an empty database; else run all pending migrations.

    Raises:
        SchemaUnknown: there is no migration for the database's schema.
        ValueError: the database does not have one schema.
        sqlalchemy.exc.SQLAlchemyError: the file is not a database.
    """
    if not inspect(connection).get_table_names():
        _make_tables(connection)
    elif _schemas(connection) != [HEAD]:
        _upgrade(connection)


def _make_tables(connection: Connection) -> None:
    """Make all tables, or none if the process dies meanwhile."""
    if connection.dialect.name == "sqlite":  # which begins no transaction for a table, and may be shared
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        if inspect(connection).get_table_names():
            return  # another process has made them
    Base.metadata.create_all(connection)
    VERSION.create(connection)
    connection.execute(insert(LeaseRow), [{"name": name, "owner": "", "until": NEVER} for name in (WORK, IDENTIFY)])
    connection.execute(insert(GenerationRow), [{"name": name, "number": 0} for name in (SETTINGS, ANSWERS)])
    connection.execute(insert(VERSION).values(version_num=HEAD))


def _schemas(connection: Connection) -> list[str]:
    if not inspect(connection).has_table(VERSION.name):
        return []
    return list(connection.scalars(select(VERSION.c.version_num)))


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # only where it is needed
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415  # likewise

    known, schemas = known_schemas(), MigrationContext.configure(connection).get_current_heads()
    if len(schemas) > 1 or None in schemas:
        raise ValueError(schemas)
    for schema in schemas:
        if schema not in known:
            raise SchemaUnknown(schema)
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, "head")
