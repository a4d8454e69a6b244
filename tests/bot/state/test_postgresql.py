"""The bot on a PostgreSQL server: what members see of it when it is there, and when it is not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import create_engine, select

from bot.i18n.messages import Message
from bot.state import State, StateUnavailable, postgresql
from bot.state.migrate import HEAD, VERSION
from bot.state.postgresql.connections import database_name
from bot.state.tables import Base, LeaseRow
from index.storage.postgresql import database_url
from tests.bot.reading import read
from tests.bot.scene import Scene, free_port
from tests.bot.state.schemas import upgrade
from tests.cluster.postgres import ENCODED, PASSWORD, Postgres
from tests.discord_server import ServerMessage, buttons

QUESTION = "Who is the White House science and technology chief?"
CHIEF = "Michael Kratsios"
BROKEN = [Message.STATE_BROKEN.value]
SOON = 5.0


@pytest.fixture
async def connected(scene: Scene, database: SecretStr) -> AsyncIterator[Scene]:
    """The bot with its state in the database."""
    scene.process = await scene.start(VERBATIM_DATABASE=database.get_secret_value())
    await scene.server.ready()
    yield scene
    process = scene.process
    process.terminate()
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert scene.server.violations == []
    assert process.returncode == 0, said.decode()
    for unwanted in (PASSWORD, ENCODED, "Traceback"):
        assert unwanted not in said.decode()
    assert not (scene.data / "state.sqlite3").exists()


async def ask(scene: Scene, text: str = QUESTION) -> ServerMessage:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {text}")
    async with asyncio.timeout(SOON):
        found = await scene.server.reply_to(question)
    assert CHIEF in "".join(read(found))
    await scene.server.settle()
    return found


def of_the_state(message: ServerMessage) -> list[str]:
    """The buttons that need the state: all that open no page."""
    return [label for label, _ in buttons(message) if not label.startswith("Open")]


@pytest.mark.cluster
@pytest.mark.parametrize("schema", [None, "0001", "0005"])
async def test_a_new_database_and_an_older_one_get_the_tables_that_the_code_knows(
    tmp_path: Path, empty_database: SecretStr, schema: str | None
) -> None:
    engine = create_engine(database_url(empty_database.get_secret_value()))
    if schema is not None:
        with engine.begin() as connection:
            upgrade(connection, schema)
    await (await State.open(tmp_path, empty_database)).close()
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert list(connection.scalars(select(VERSION))) == [HEAD]
        assert sorted(connection.scalars(select(LeaseRow.name))) == ["identify", "work"]
    engine.dispose()


@pytest.mark.cluster
async def test_while_the_server_is_away_questions_are_answered_and_what_needs_it_says_so(
    connected: Scene, postgres: Postgres, database: SecretStr
) -> None:
    scene = connected
    found = await ask(scene)
    assert of_the_state(found)
    made = await scene.server.click(scene.alice, found, "👍")
    await made.answered()
    assert postgres.query(database, "SELECT good FROM feedback") == [(True,)]
    await asyncio.to_thread(postgres.stop)
    assert of_the_state(await ask(scene, f"{QUESTION} Now?")) == []
    for label in ("Context", "More", "👍"):
        made = await scene.server.click(scene.alice, found, label)
        async with asyncio.timeout(SOON):
            await made.answered()
        assert read(made.messages[0]) == BROKEN
    made = await scene.server.slash(scene.alice, scene.general, "privacy", delete=True)
    await made.answered()
    assert read(made.messages[0]) == BROKEN
    await asyncio.to_thread(postgres.start)
    assert of_the_state(await ask(scene, f"{QUESTION} And now?"))
    made = await scene.server.slash(scene.alice, scene.general, "privacy", delete=True)
    await made.answered()
    assert "I deleted everything" in "".join(read(made.messages[0]))
    assert postgres.query(database, "SELECT count(*) FROM answers") == [(0,)]


@pytest.mark.cluster
async def test_settings_and_buttons_are_the_same_after_a_restart(
    connected: Scene, postgres: Postgres, database: SecretStr
) -> None:
    scene = connected
    found = await ask(scene)
    made = await scene.server.slash(scene.guild.owner, scene.general, "channels set", threads=True, answered_tag="a\0b")
    await made.answered()
    await scene.restart(VERBATIM_DATABASE=database.get_secret_value())
    made = await scene.server.click(scene.alice, found, "Context")
    await made.answered()
    assert CHIEF in "".join(read(made.messages[0]))
    assert postgres.query(database, "SELECT threads FROM servers") == [(True,)]


@pytest.mark.cluster
async def test_the_bot_ends_with_a_sentence_where_there_is_no_server(scene: Scene) -> None:
    url = f"postgresql+psycopg://verbatim:{ENCODED}@127.0.0.1:{free_port()}/state"
    code, said = await scene.fails(VERBATIM_DATABASE=url)
    assert code == 2
    assert "cannot be reached (" in said.splitlines()[-1]
    assert said.splitlines()[-1].endswith("Check VERBATIM_DATABASE, and that the server runs.")
    for unwanted in (PASSWORD, ENCODED, "Traceback"):
        assert unwanted not in said


async def test_without_the_driver_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("connections", "database"):
        monkeypatch.delitem(sys.modules, f"{postgresql.__name__}.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StateUnavailable, match=r"its driver is not installed\. Run `make cluster`\.$"):
        await State.open(tmp_path, SecretStr("postgresql+psycopg://verbatim:secret@host/state"))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://verbatim:secret@host/state", "host/state"),
        ("postgresql+psycopg://verbatim:secret@host:5433/state?password=secret", "host:5433/state"),
        ("postgresql+psycopg:///state?host=/run/postgresql", "/run/postgresql/state"),
        ("postgresql+psycopg://verbatim:secret@/state?host=a,b", "a,b/state"),
        ("postgresql+psycopg://verbatim:secret@/state?host=a&host=b", "a,b/state"),
    ],
)
def test_a_database_is_named_without_its_password(url: str, name: str) -> None:
    assert database_name(database_url(url)) == name
