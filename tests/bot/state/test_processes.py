"""What several processes share: who runs, the lease, what has changed, members' questions and languages."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, delete, select, update

from bot.state import State, utc_now
from bot.state.generations import ANSWERS, SETTINGS
from bot.state.members import SharedMembers
from bot.state.processes import ProcessStatus, ProcessTable, shared_shards
from bot.state.store import RETENTION
from bot.state.tables import LanguageRow, LeaseRow, ProcessRow, QuestionCountRow
from tests.stored_answers import given

from .conftest import Place

LEASE = 10.0
TIMES = (LeaseRow.until, ProcessRow.seen, QuestionCountRow.at, LanguageRow.at)


@pytest.fixture
async def other(place: Place, state: State) -> AsyncIterator[State]:
    """The state as another process has it open."""
    assert state
    opened = await place.open()
    yield opened
    await opened.close()


def process(name: str, *shards: int) -> ProcessStatus:
    return ProcessStatus(
        id=name,
        host="here",
        pid=5,
        shards=shards or (0,),
        shard_count=2,
        version="1",
        servers=1,
        snapshot=None,
        damaged=False,
        ready=True,
        started=utc_now(),
    )


async def later(state: State, seconds: float) -> None:
    """Let time pass: all that is dated becomes older."""

    def age(connection: Connection) -> None:
        for column in TIMES:
            for at in connection.scalars(select(column).distinct()).all():
                earlier = at - datetime.timedelta(seconds=seconds)
                connection.execute(update(column.class_).where(column == at).values({column.key: earlier}))

    await state.database.write(age)


async def test_one_process_has_the_lease_until_it_does_not_renew_it(state: State, other: State) -> None:
    one, two = ProcessTable(state.database), ProcessTable(other.database)
    assert (await one.beat(process("one"), LEASE)).holds_lease
    assert not (await two.beat(process("two"), LEASE)).holds_lease
    await later(state, LEASE - 2)
    assert (await one.beat(process("one"), LEASE)).holds_lease
    await later(state, LEASE - 2)
    assert not (await two.beat(process("two"), LEASE)).holds_lease
    await later(state, 3)
    assert (await two.beat(process("two"), LEASE)).holds_lease
    assert not (await one.beat(process("one"), LEASE)).holds_lease


async def test_a_process_that_stops_leaves_the_lease_to_others_at_once(state: State, other: State) -> None:
    one, two = ProcessTable(state.database), ProcessTable(other.database)
    await one.beat(process("one"), LEASE)
    assert not (await two.beat(process("two"), LEASE)).holds_lease
    await two.leave("three")
    assert not (await two.beat(process("two"), LEASE)).holds_lease
    await one.leave("one")
    assert (await two.beat(process("two"), LEASE)).holds_lease
    assert [found.id for found in await one.running()] == ["two"]


async def test_of_many_that_ask_at_once_one_gets_the_lease(state: State, other: State) -> None:
    tables = [ProcessTable(state.database), ProcessTable(other.database)]
    for _ in range(5):
        beats = await asyncio.gather(*(tables[n % 2].beat(process(f"{n}"), LEASE) for n in range(20)))
        holders = [n for n, beat in enumerate(beats) if beat.holds_lease]
        assert len(holders) == 1
        await later(state, LEASE + 1)


async def test_a_lost_lease_is_made_again(state: State) -> None:
    table = ProcessTable(state.database)
    await state.database.write(lambda connection: connection.execute(delete(LeaseRow)))
    await table.beat(process("one"), LEASE)
    assert (await table.beat(process("one"), LEASE)).holds_lease


async def test_who_says_nothing_is_not_listed_and_goes(state: State, other: State) -> None:
    one, two = ProcessTable(state.database), ProcessTable(other.database)
    await one.beat(process("one", 1), LEASE)
    beat = await two.beat(process("two", 0), LEASE)
    assert [found.id for found in beat.others] == ["one"]
    assert [found.id for found in await one.running()] == ["two", "one"], "by their shards"
    await later(state, 20)
    assert await one.running() == ()
    await later(state, 50)
    await one.beat(process("one", 1), LEASE)
    rows = await state.database.read(lambda connection: connection.scalars(select(ProcessRow.id)).all())
    assert rows == ["one"]


def test_shards_that_two_processes_have() -> None:
    assert shared_shards(process("one", 0, 1, 2), process("two", 1, 2, 3)) == (1, 2)
    assert shared_shards(process("one", 0), process("two", 1)) == ()


async def test_sessions_are_opened_one_after_the_other(state: State, other: State) -> None:
    one, two = ProcessTable(state.database), ProcessTable(other.database)
    assert await one.may_identify("a", 5)
    assert not await two.may_identify("b", 5)
    await later(state, 6)
    assert await two.may_identify("b", 5)
    assert (await one.beat(process("one"), LEASE)).holds_lease, "that is another lease"


async def test_settings_that_one_process_changes_the_other_reads(state: State, other: State) -> None:
    table = ProcessTable(other.database)
    before = await table.generations()
    await state.update_server_settings(1, threads=True)
    assert not other.server_settings(1).threads
    after = await table.generations()
    assert after == {**before, SETTINGS: before[SETTINGS] + 1}
    await other.reload_server_settings()
    assert other.server_settings(1).threads


async def test_deleted_questions_are_told_and_nothing_is_told_of_none(state: State) -> None:
    table = ProcessTable(state.database)
    before = await table.generations()
    await state.delete_user_data(7)
    assert await table.generations() == before
    await state.store_answer(given(state))
    await state.delete_user_data(7)
    assert await table.generations() == {**before, ANSWERS: before[ANSWERS] + 1}


async def test_questions_are_counted_for_all_processes(state: State, other: State) -> None:
    one, two = SharedMembers(state.database), SharedMembers(other.database)
    counts = await asyncio.gather(*((one, two)[n % 2].count_question("alice", 3, 9) for n in range(20)))
    assert sorted(count.number for count in counts) == list(range(1, 21))
    assert all(0 < count.seconds_left <= 9 for count in counts)
    assert (await one.count_question("bob", 3, 9)).number == 1
    assert (await one.count_question("alice", 5, 15)).number == 1, "another server's cool-down"
    await later(state, 8)
    assert (await two.count_question("alice", 3, 9)).number == 21
    await later(state, 2)
    again = await two.count_question("alice", 3, 9)
    assert (again.number, round(again.seconds_left)) == (1, 9)


async def test_a_language_is_known_to_all_until_it_is_deleted(state: State, other: State) -> None:
    one, two = SharedMembers(state.database), SharedMembers(other.database)
    alice = state.pseudonym(7)
    assert await two.language(alice) is None
    await one.set_language(alice, "de")
    assert await two.language(alice) == "de"
    await two.set_language(alice, "en")
    assert await one.language(alice) == "en"
    await state.delete_user_data(7)
    assert await two.language(alice) is None


async def test_languages_and_counts_are_not_kept_longer_than_needed(state: State) -> None:
    members = SharedMembers(state.database)
    await members.set_language("alice", "de")
    await members.count_question("alice", 3, 9)
    await state.delete_expired()
    assert await members.language("alice") == "de"
    await later(state, RETENTION.total_seconds() + 60)
    await state.delete_expired()
    assert await members.language("alice") is None
    counts = await state.database.read(lambda connection: connection.scalars(select(QuestionCountRow.number)).all())
    assert counts == []
