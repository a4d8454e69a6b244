"""`verbatim state copy`: all of the state moves to PostgreSQL and back, or nothing does."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.monitoring.healthcheck import write_heartbeat
from bot.state import AuditEntry, BotThread, Feedback, State, StoredAnswer, utc_now
from bot.state.store import FILE
from bot.state.tables import Base
from tests.cluster.postgres import ENCODED, PASSWORD, Postgres
from tests.stored_answers import given

pytestmark = pytest.mark.cluster
TABLES = [table.name for table in Base.metadata.sorted_tables]


async def fill(state: State) -> list[StoredAnswer]:
    """Store something of every kind; more answers than are copied at once."""
    answers = [given(state, f"answer {number}", user=number % 7, messages=(number,)) for number in range(600)]
    for one in answers:
        await state.store_answer(one)
    await state.update_server_settings(1, threads=True, answered_tag="done", unasked=frozenset({5, 6}))
    await state.update_server_settings(2, user_seconds=5, allowed=frozenset({9}))
    await state.store_feedback(Feedback(answer_id="answer 1", rater="r", good=False, at=utc_now()))
    await state.store_thread(BotThread(thread=9, article="dam", asker="r", at=utc_now()))
    for action in ("add", "edit", "remove"):
        await state.add_audit_entry(AuditEntry(at=utc_now(), user=1, server=None, action=action, details="ü “dam”"))
    await state.set_command_fingerprint(0, "f" * 64)
    return answers


async def seen(state: State, answers: list[StoredAnswer]) -> list[Any]:
    """All that is stored, as the bot reads it."""
    return [
        state.pseudonym(3),
        [state.server_settings(server) for server in (1, 2, 3)],
        [await state.find_answer(one.id) for one in answers],
        await state.feedback_on("answer 1"),
        await state.find_thread(9),
        await state.audit_log(9),
        await state.command_fingerprints(),
    ]


def copy(folder: Path, url: SecretStr | None, *options: str) -> tuple[int, str, str]:
    """Run the command as an operator does; returns exit code, output and errors, none of which has the password."""
    environment = {**os.environ, "VERBATIM_DATA": str(folder)}
    if url is not None:
        environment["VERBATIM_DATABASE"] = url.get_secret_value()
    program = [str(Path(sys.executable).with_name("verbatim")), "state", "copy", *options]
    done = subprocess.run(program, env=environment, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # this program
    for secret in (PASSWORD, ENCODED, "p@ss", "p%40ss"):
        assert secret not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


async def test_all_that_is_stored_moves_to_postgresql_and_back(
    folder: Path, empty_database: SecretStr, caplog: pytest.LogCaptureFixture
) -> None:
    state = await State.open(folder)
    answers = await fill(state)
    before = await seen(state, answers)
    await state.close()
    code, output, errors = await asyncio.to_thread(copy, folder, empty_database)
    assert (code, errors) == (0, "")
    assert "answers: 600" in output.splitlines()
    assert "channels: 3" in output.splitlines()
    assert f"{FILE}' is not used while VERBATIM_DATABASE is set." in output
    with caplog.at_level(logging.WARNING):
        moved = await State.open(folder, empty_database)
    assert f"{FILE}' is not used, since VERBATIM_DATABASE is set, and may hold questions." in caplog.text
    assert await seen(moved, answers) == before
    await moved.add_audit_entry(AuditEntry(at=utc_now(), user=1, server=None, action="new", details=""))
    assert [one.action for one in await moved.audit_log(9)] == ["new", "remove", "edit", "add"]
    after = await seen(moved, answers)
    await moved.close()
    (folder / FILE).unlink()
    code, output, errors = await asyncio.to_thread(copy, folder, empty_database, "--to-sqlite")
    assert (code, errors) == (0, "")
    assert "answers: 600" in output.splitlines()
    back = await State.open(folder)
    assert await seen(back, answers) == after
    await back.add_audit_entry(AuditEntry(at=utc_now(), user=1, server=None, action="newer", details=""))
    assert len(await back.audit_log(9)) == 5
    await back.close()


async def test_a_database_that_holds_something_is_left_alone(
    folder: Path, postgres: Postgres, database: SecretStr
) -> None:
    state = await State.open(folder)
    await state.store_answer(given(state))
    await state.close()
    moved = await State.open(folder, database)
    await moved.update_server_settings(1, threads=True)
    kept = moved.pseudonym(1)
    await moved.close()
    for options in ((), ("--to-sqlite",)):
        code, output, errors = await asyncio.to_thread(copy, folder, database, *options)
        assert (code, output) == (2, "")
        assert "is not empty: it has rows in" in errors
    assert postgres.query(database, "SELECT count(*) FROM answers") == [(0,)]
    again = await State.open(folder, database)
    assert again.pseudonym(1) == kept
    await again.close()


async def test_nothing_is_copied_while_a_bot_runs(folder: Path, database: SecretStr) -> None:
    state = await State.open(folder)
    await state.store_answer(given(state))
    await state.close()
    write_heartbeat(folder)
    code, _, errors = await asyncio.to_thread(copy, folder, database)
    assert code == 2
    assert "A bot runs on the data folder" in errors
    (folder / "heartbeat").unlink()
    running = await State.open(folder, database)
    code, _, errors = await asyncio.to_thread(copy, folder, database)
    assert code == 2
    assert "other connections use '127.0.0.1:" in errors
    await running.close()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE answers SET content = '{\"quotes\": ['", "a row of the table answers is damaged"),
        ("UPDATE answers SET channel = 'zebra'", "a row of the table answers cannot be stored there"),
        ("UPDATE audit SET at = 'zebra'", "a row of the table audit is damaged"),
    ],
)
async def test_a_row_that_cannot_be_copied_keeps_all_from_being_copied(
    folder: Path, postgres: Postgres, database: SecretStr, damage: str, told: str
) -> None:
    state = await State.open(folder)
    await state.store_answer(given(state))
    await state.add_audit_entry(AuditEntry(at=utc_now(), user=1, server=None, action="add", details=""))
    await state.close()
    with closing(sqlite3.connect(folder / FILE)) as base, base:
        base.execute(damage)
    code, output, errors = await asyncio.to_thread(copy, folder, database)
    assert (code, output) == (2, "")
    assert told in errors
    assert "zebra" not in errors
    assert postgres.query(database, "SELECT (SELECT count(*) FROM answers), (SELECT count(*) FROM audit)") == [(0, 0)]
    assert [name for name in os.listdir(folder) if "damaged" in name] == []  # noqa: PTH208  # asynchronous


async def test_without_a_file_or_a_setting_the_command_says_what_is_missing(folder: Path, database: SecretStr) -> None:
    for url, told in (
        (database, "There is no database"),
        (None, "VERBATIM_DATABASE is not set."),
        (SecretStr("mysql://verbatim:p%40ss@host/db"), "The setting VERBATIM_DATABASE must be postgresql+psycopg://"),
    ):
        code, output, errors = await asyncio.to_thread(copy, folder, url)
        assert (code, output) == (2, "")
        assert told in errors
