"""The file of the state: its schema, what it holds, and what becomes of one that is no database."""

from __future__ import annotations

import asyncio
import datetime
import sqlite3
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, select, text

from bot.state import (
    ServerSettings,
    State,
    StateUnavailable,
    utc_now,
)
from bot.state.migrate import HEAD, VERSION, known_schemas, migrate
from bot.state.store import FILE, RETENTION
from bot.state.tables import Base
from tests.bot.state.schemas import upgrade
from tests.stored_answers import QUESTION, given


def described(connection: Connection) -> dict[str, object]:
    """The tables of a database, and what stands in those that are filled from the start.

    Columns that a migration added stand at the end, with a default for the rows that were there.
    """
    seen = inspect(connection)
    tables: dict[str, object] = {
        table: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)),
            seen.get_pk_constraint(table)["constrained_columns"],
            sorted(map(str, seen.get_foreign_keys(table))),
            sorted((index["name"] or "", index["column_names"]) for index in seen.get_indexes(table)),
        )
        for table in seen.get_table_names()
    }
    for table in ("alembic_version", "leases", "generations"):
        rows = connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608  # one of these names
        tables[f"rows of {table}"] = sorted(map(tuple, rows))
    return tables


def test_an_empty_database_gets_what_the_migrations_make(tmp_path: Path) -> None:
    made = []
    for name, make in (("new", migrate), ("old", lambda connection: upgrade(connection, "head"))):
        engine = create_engine(f"sqlite:///{tmp_path / name}")
        with engine.begin() as connection:
            make(connection)
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
            made.append(described(connection))
        engine.dispose()
    assert made[0] == made[1]


def test_a_bot_that_dies_while_it_makes_its_tables_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / FILE}")

    def make() -> None:
        with engine.begin() as connection:
            migrate(connection)

    with monkeypatch.context() as patch:
        patch.setattr("bot.state.migrate.insert", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            make()
    assert inspect(engine).get_table_names() == []
    make()
    with engine.connect() as connection:
        assert list(connection.scalars(select(VERSION))) == [HEAD]
    assert HEAD in known_schemas()
    engine.dispose()


def test_a_new_state_needs_no_alembic(tmp_path: Path) -> None:
    program = """
import asyncio, sys
from pathlib import Path
from bot.state import State
async def open_and_close():
    await (await State.open(Path(sys.argv[1]))).close()
asyncio.run(open_and_close())
asyncio.run(open_and_close())
print("alembic" in sys.modules)
"""
    told = subprocess.check_output([sys.executable, "-c", program, tmp_path], text=True)  # noqa: S603  # this Python
    assert told.split() == ["False"]


async def test_settings_from_before_a_migration_are_kept(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / FILE}")
    with engine.begin() as connection:
        upgrade(connection, "0001")
        connection.execute(text("INSERT INTO servers (id, threads, private) VALUES (1, 1, 0)"))
        connection.execute(text("INSERT INTO channels (id, kind, server) VALUES (5, 'unasked', 1)"))
    engine.dispose()
    state = await State.open(tmp_path)
    assert state.server_settings(1) == ServerSettings(threads=True, unasked=frozenset({5}))
    await state.close()


async def test_a_users_name_and_id_are_nowhere_in_the_file(state: State, tmp_path: Path) -> None:
    await state.store_answer(given(state, user=123456789012345678))
    await state.close()
    assert b"123456789012345678" not in (tmp_path / FILE).read_bytes()


async def test_what_is_written_is_on_the_disk_when_it_is_said_so_however_many_write(
    state: State, tmp_path: Path
) -> None:
    for number in range(20):
        await asyncio.gather(
            state.store_answer(given(state, f"a{number}")), state.store_answer(given(state, f"b{number}"))
        )
        with sqlite3.connect(tmp_path / FILE) as other:
            assert other.execute("SELECT count(*) FROM answers").fetchone() == (2 * number + 2,)


async def test_a_file_that_is_no_database_is_set_aside_and_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_bytes(b"rubbish " * 1000)
    state = await State.open(tmp_path)
    await state.update_server_settings(1, threads=True)
    await state.close()
    [aside] = await asyncio.to_thread(lambda: list(tmp_path.glob(f"{FILE}.damaged-*")))
    assert aside.read_bytes().startswith(b"rubbish")
    assert aside.name in caplog.text


async def test_what_was_set_aside_is_not_kept_longer_either(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"rubbish " * 1000)
    state = await State.open(tmp_path)
    aside = await asyncio.to_thread(lambda: next(tmp_path.glob(f"{FILE}.damaged-*")))
    old = tmp_path / f"{FILE}.damaged-{utc_now() - RETENTION - datetime.timedelta(minutes=1):%Y%m%dT%H%M%S}-wal"
    old.write_bytes(b"a question")
    await state.delete_expired()
    assert aside.exists()
    assert not old.exists()
    await state.delete_questions()
    assert not aside.exists()
    await state.close()


async def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateUnavailable, match="cannot be stored in"):
        await State.open(tmp_path / "file")


async def test_a_database_that_breaks_says_so_without_the_question(state: State, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute("DROP TABLE feedback")
        base.execute("DROP TABLE answers")
    base.close()
    with pytest.raises(StateUnavailable) as broken:
        await state.store_answer(given(state))
    assert QUESTION not in str(broken.value)
    with pytest.raises(StateUnavailable):
        await state.find_answer("one")
