"""PostgreSQL that goes away, comes back, or never was there; and several processes at one database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.state import (
    AuditEntry,
    Feedback,
    FeedbackReason,
    ServerSettings,
    State,
    StateUnavailable,
    StoredAnswer,
    store,
    utc_now,
)
from bot.state.postgresql import database as postgresql_database
from tests.cluster.postgres import ENCODED, PASSWORD, Postgres, free_port
from tests.stored_answers import given

pytestmark = pytest.mark.cluster
SOON = 2.5
"""Seconds in which a member is told that the state is not available."""
DEADLINE = 30.0
Fault = Callable[[Postgres], None]


async def until_it_works(work: Callable[[], Awaitable[object]]) -> None:
    """Try until the state is available; how long that takes depends on the machine."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            await work()
        except StateUnavailable:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        else:
            return


async def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def refused(work: Awaitable[object]) -> str:
    """The sentence that the state is not available, which comes soon."""
    began = time.monotonic()
    with pytest.raises(StateUnavailable) as told:
        await work
    assert time.monotonic() - began < SOON
    assert len(str(told.value).splitlines()) == 1
    assert PASSWORD not in str(told.value)
    return str(told.value)


# ---- a server that goes away -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Postgres.stop, Postgres.kill])
async def test_what_was_stored_is_there_after_a_restart_and_storing_goes_on(
    tmp_path: Path, postgres: Postgres, database: SecretStr, fault: Fault
) -> None:
    state = await State.open(tmp_path, database)
    stored: list[StoredAnswer] = []
    failed: list[StateUnavailable] = []
    enough, done = asyncio.Event(), asyncio.Event()

    async def keep_storing(writer: int) -> None:
        number = 0
        while not done.is_set():
            number += 1
            one = given(state, f"{writer}.{number}")
            try:
                await state.store_answer(one)
            except StateUnavailable as error:
                failed.append(error)
                await asyncio.sleep(0.01)
            else:
                stored.append(one)
                if len(stored) >= 50:
                    enough.set()

    writers = [asyncio.create_task(keep_storing(writer)) for writer in range(4)]
    await asyncio.wait_for(enough.wait(), DEADLINE)
    await asyncio.to_thread(fault, postgres)
    assert "refused" in await refused(state.audit_log(1))
    await asyncio.to_thread(postgres.start)
    before = len(stored)
    await until_it_works(lambda: state.store_answer(given(state, "afterwards")))
    await until(lambda: len(stored) >= before + 20)
    done.set()
    await asyncio.gather(*writers)
    assert failed, "the server was away while answers were stored"
    assert [one.id for one in stored if await state.find_answer(one.id) != one] == []
    await state.close()


async def test_a_server_that_hangs_is_told_of_soon_and_used_again_when_it_answers(
    tmp_path: Path, postgres: Postgres, database: SecretStr
) -> None:
    state = await State.open(tmp_path, database)
    await state.store_answer(given(state))
    with postgres.frozen():
        for _ in range(3):
            await asyncio.gather(
                *(refused(state.find_answer("one")) for _ in range(8)),
                *(refused(state.store_answer(given(state, f"{number}"))) for number in range(4)),
                refused(state.delete_expired()),
            )
    await until_it_works(lambda: state.store_answer(given(state, "two")))
    await until_it_works(lambda: state.find_answer("one"))
    assert await state.find_answer("one")
    await state.close()


async def test_a_server_that_hangs_within_a_transaction_is_told_of_too(
    tmp_path: Path, postgres: Postgres, database: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_database, "TRANSACTION_SECONDS", 1.0)
    state = await State.open(tmp_path, database)
    with contextlib.ExitStack() as stack:

        def work(connection: Connection) -> None:
            stack.enter_context(postgres.frozen())
            connection.exec_driver_sql("SELECT 1")

        await asyncio.gather(
            refused(state._database.write(work)), *(refused(state.store_answer(given(state))) for _ in range(3))
        )
        await refused(state.store_answer(given(state)))
    await until_it_works(lambda: state.store_answer(given(state, "two")))
    assert await state.find_answer("one") is None
    await state.close()


async def test_a_row_that_another_process_has_locked_is_not_waited_for_long(
    tmp_path: Path, postgres: Postgres, database: SecretStr
) -> None:
    state = await State.open(tmp_path, database)
    await state.store_answer(given(state))
    with postgres.admin(database.get_secret_value().rpartition("/")[2]) as other, other.transaction():
        other.execute("SELECT * FROM answers FOR UPDATE")
        assert "lock" in await refused(state.set_messages("one", [1], 2))
        assert await state.find_answer("one"), "reading waits for no lock"
    await state.set_messages("one", [1], 2)
    await state.close()


async def test_a_transaction_that_the_server_rolls_back_because_of_another_runs_again(
    tmp_path: Path, postgres: Postgres, database: SecretStr
) -> None:
    """Two processes that lock two rows in the opposite order: the server ends one of the transactions."""
    states = [await State.open(tmp_path, database) for _ in range(2)]
    await states[0].store_answer(given(states[0], "a", question="kept"))
    await states[0].store_answer(given(states[0], "b", question="kept"))
    both = asyncio.Barrier(2)
    loop = asyncio.get_running_loop()
    attempts: list[str] = []

    async def lock_both(state: State, first: str, second: str) -> None:
        def work(connection: Connection) -> None:
            attempts.append(first)
            for name in (first, second):
                connection.exec_driver_sql("UPDATE answers SET question = 'told' WHERE id = %s", (name,))
                if name == first and attempts.count(first) == 1:
                    asyncio.run_coroutine_threadsafe(both.wait(), loop).result(DEADLINE)
                    # The server looks for deadlocks after a second, by then the other one waits too.
                    connection.exec_driver_sql("SET LOCAL lock_timeout = '20s'")

        await state._database.write(work)

    await asyncio.gather(lock_both(states[0], "a", "b"), lock_both(states[1], "b", "a"))
    assert len(attempts) == 3
    assert postgres.query(database, "SELECT count(*) FROM answers WHERE question = 'told'") == [(2,)]
    for state in states:
        await state.close()


async def test_a_server_that_cannot_be_written_any_more_is_left_for_one_that_can(
    tmp_path: Path, postgres: Postgres, database: SecretStr
) -> None:
    """As after a failover: the open connections lead to the server that only reads now."""
    await (await State.open(tmp_path, database)).close()
    postgres.query(database, "ALTER ROLE verbatim SET default_transaction_read_only = on")
    try:
        state = await State.open(tmp_path, database)
        assert "read-only" in await refused(state.store_answer(given(state)))
    finally:
        postgres.query(database, "ALTER ROLE verbatim RESET default_transaction_read_only")
    await until_it_works(lambda: state.store_answer(given(state)))
    assert await state.find_answer("one")
    await state.close()


# ---- a server that is not there at the start -------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_database, "START_PATIENCE", 0.0)


@pytest.mark.usefixtures("impatient")
async def test_a_server_that_is_not_there_is_told_in_a_sentence_without_the_password(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = SecretStr(f"postgresql+psycopg://verbatim:{ENCODED}@127.0.0.1:{free_port()}/state")
    with pytest.raises(StateUnavailable, match=r"'127\.0\.0\.1:\d+/state' cannot be reached \(.*refused") as told:
        await State.open(tmp_path, url)
    for secret in (PASSWORD, ENCODED):
        assert secret not in str(told.value) + repr(told.value.__cause__) + caplog.text
    assert list(await asyncio.to_thread(lambda: [*tmp_path.iterdir()])) == [], "no file is used in its place"


@pytest.mark.usefixtures("impatient")
async def test_what_is_wrong_with_a_database_is_told(tmp_path: Path, postgres: Postgres, database: SecretStr) -> None:
    written = database.get_secret_value()

    async def told(url: str) -> str:
        with pytest.raises(StateUnavailable) as refused:
            await State.open(tmp_path, SecretStr(url))
        assert len(str(refused.value).splitlines()) == 1
        for secret in (PASSWORD, ENCODED, "wrong word"):
            assert secret not in str(refused.value)
        return str(refused.value)

    assert "password authentication failed" in await told(written.replace(ENCODED, "wrong word"))
    assert "cannot be reached" in await told(written.replace("/test_", "/missing_"))
    assert "cannot be used (invalid connection option" in await told(f"{written}?sslmod=require")
    postgres.query(database, "REVOKE SELECT ON answers FROM verbatim")
    assert "lacks a right" in await told(written)
    postgres.query(database, "GRANT SELECT ON answers TO verbatim")
    [(schema,)] = postgres.query(database, "SELECT version_num FROM alembic_version")
    postgres.query(database, "UPDATE alembic_version SET version_num = '0099'")
    assert "has the schema '0099', which this version does not know" in await told(written)
    postgres.query(database, "UPDATE alembic_version SET version_num = %s", schema)
    postgres.query(database, "DROP TABLE feedback")
    assert "is damaged" in await told(written)


@pytest.mark.usefixtures("impatient")
async def test_a_database_that_has_lost_its_key_is_not_used(
    tmp_path: Path, postgres: Postgres, database: SecretStr
) -> None:
    state = await State.open(tmp_path, database)
    await state.store_answer(given(state))
    await state.close()
    postgres.query(database, "DELETE FROM keys")
    with pytest.raises(StateUnavailable, match=r"is damaged \(its key is lost\)\. Restore your backup"):
        await State.open(tmp_path, database)
    assert postgres.query(database, "SELECT count(*) FROM answers") == [(1,)]


async def test_a_server_that_starts_with_the_bot_is_waited_for(
    tmp_path: Path, postgres: Postgres, database: SecretStr, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread(postgres.stop)
    opening = asyncio.create_task(State.open(tmp_path, database))
    with caplog.at_level(logging.WARNING):
        await until(lambda: "cannot be reached yet" in caplog.text)
    await asyncio.to_thread(postgres.start)
    state = await opening
    await state.store_answer(given(state))
    await state.close()


# ---- several processes -----------------------------------------------------------------------------------------------


async def test_processes_that_start_at_once_make_the_tables_and_the_key_once(
    postgres: Postgres, empty_database: SecretStr
) -> None:
    environment = {**os.environ, "VERBATIM_DATABASE": empty_database.get_secret_value()}
    writers = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.cluster.writer", str(number), "50"),
            cwd=Path(__file__).parents[2],
            env=environment,
            stdout=asyncio.subprocess.PIPE,
        )
        for number in range(1, 4)
    ]
    said = await asyncio.gather(*(writer.communicate() for writer in writers))
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert len({output for output, _ in said}) == 1, "they have the same key"
    assert postgres.query(empty_database, "SELECT count(*) FROM keys") == [(1,)]
    assert postgres.query(empty_database, "SELECT count(*) FROM alembic_version") == [(1,)]
    assert postgres.query(empty_database, "SELECT count(*) FROM answers") == [(150,)]
    assert postgres.query(empty_database, "SELECT sum(user_seconds) FROM servers") == [(3 * 49,)]


async def test_processes_that_write_at_once_lose_nothing_of_each_other(tmp_path: Path, database: SecretStr) -> None:
    one, two = states = [await State.open(tmp_path, database) for _ in range(2)]
    await one.store_answer(given(one))

    async def everything(state: State, number: int) -> None:
        for turn in range(20):
            name = f"{number}.{turn}"
            await state.store_answer(given(state, name, follows="one"))
            await state.set_messages(name, [turn], 2)
            await state.follow_instead("one", "two")
            await state.store_feedback(
                Feedback(answer_id="one", rater="r", good=False, reason=FeedbackReason.OTHER, at=utc_now())
            )
            await state.set_command_fingerprint(7, name)
            await state.update_server_settings(1, **({"threads": True} if number else {"unsure": True}))
            await state.add_audit_entry(AuditEntry(at=utc_now(), user=1, server=1, action="edit", details=name))
            await state.add_refusal(3, None, "admin add")
            if turn % 5 == 0:
                await state.delete_expired()
                await state.delete_answers_to(5)

    await asyncio.gather(*(everything(state, number) for number, state in enumerate(states)))
    found = [await one.find_answer(f"{number}.{turn}") for number in range(2) for turn in range(20)]
    assert [answer and (answer.messages, answer.follows) for answer in found] == [
        ((turn,), "two") for _ in range(2) for turn in range(20)
    ]
    assert len(await one.feedback_on("one")) == 1
    assert (await two.update_server_settings(1)) == ServerSettings(threads=True, unsure=True)
    assert sorted(entry.action for entry in await two.audit_log(99)) == ["edit"] * 40 + ["refused"]
    for state in states:
        await state.close()


async def test_attempts_without_right_stay_limited_however_many_processes_note_them(
    tmp_path: Path, database: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MAX_REFUSALS", 10)
    states = [await State.open(tmp_path, database) for _ in range(3)]
    await asyncio.gather(*(state.add_refusal(user, None, "admin") for user in range(20) for state in states))
    assert len(await states[0].audit_log(99)) == 10
    for state in states:
        await state.close()


async def test_a_members_data_goes_also_where_another_process_stores_meanwhile(
    tmp_path: Path, postgres: Postgres, database: SecretStr
) -> None:
    one, two = states = [await State.open(tmp_path, database) for _ in range(2)]
    for number in range(50):
        await one.store_answer(given(one, f"mine {number}", user=7))
        await one.store_answer(given(one, f"other {number}", user=8))
    rate = (
        two.store_feedback(Feedback(answer_id=f"mine {number}", rater="r", good=True, at=utc_now()))
        for number in range(50)
    )
    rated = await asyncio.gather(one.delete_user_data(7), *rate, return_exceptions=True)
    assert rated[0] == 50
    assert {type(result) for result in rated[1:]} <= {type(None), StateUnavailable}, "an answer may be gone"
    assert postgres.query(database, "SELECT count(*) FROM answers") == [(50,)]
    assert postgres.query(database, "SELECT count(*) FROM feedback") == [(0,)]
    for state in states:
        await state.close()


# ---- secrets ---------------------------------------------------------------------------------------------------------


async def test_no_error_holds_a_question_or_the_password(tmp_path: Path, database: SecretStr) -> None:
    state = await State.open(tmp_path, database)
    secret = given(state, question="Who hid the treasure?")
    await state.store_answer(secret)
    with pytest.raises(StateUnavailable) as told:
        await state.store_answer(secret)
    cause = told.value.__cause__
    assert isinstance(cause, DBAPIError)
    for text in (str(told.value), repr(told.value), str(cause.orig)):
        assert "treasure" not in text
        assert PASSWORD not in text
    assert str(told.value) == "UniqueViolation"
    assert "treasure" not in str(cause)
    assert PASSWORD not in repr(state._database._engine)  # type: ignore[attr-defined]
    await state.close()
