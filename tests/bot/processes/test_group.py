"""One process among several: it stops before another one begins, whatever happens to either."""

from __future__ import annotations

import datetime
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.processes.group import BEAT_SECONDS, LEASE_SECONDS, ProcessGroup, conflict
from bot.processes.lease import Lease, Moment
from bot.state import State, StateUnavailable
from bot.state.generations import SETTINGS
from bot.state.processes import Heartbeat, ProcessStatus, ProcessTable
from tests.bot.state.test_processes import process
from tests.properties import one_in


@dataclass
class Clocks:
    """The clocks of a machine."""

    running: float = 1_000.0
    day: float = 1_800_000_000.0

    def now(self) -> Moment:
        return Moment(self.running, self.day)

    def date(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.day, datetime.UTC)

    def go_on(self, seconds: float) -> None:
        self.running += seconds
        self.day += seconds


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    opened = await State.open(tmp_path)
    yield opened
    await opened.close()


def test_a_lease_is_held_until_it_is_over_on_either_clock() -> None:
    clocks = Clocks()
    lease = Lease(clocks.now)
    assert not lease.is_held
    lease.given(clocks.now(), 10)
    clocks.go_on(9)
    assert lease.is_held
    clocks.running += 2  # the time of day was set back
    assert not lease.is_held
    lease.given(clocks.now(), 10)
    clocks.day += 3600  # the machine was suspended, or its time of day was set
    assert not lease.is_held
    lease.given(clocks.now(), 10)
    lease.lost()
    assert not lease.is_held


def test_a_lease_counts_from_before_it_was_asked_for() -> None:
    clocks = Clocks()
    lease, asked = Lease(clocks.now), clocks.now()
    clocks.go_on(11)  # stopped while it waited for the database
    lease.given(asked, 10)
    assert not lease.is_held


class Process(ProcessGroup):
    """A process of a test, which can be cut off from the database."""

    def __init__(self, state: State, name: str, shard: int, clocks: Clocks) -> None:
        self.name = name
        self.is_cut_off = False
        table = ProcessTable(state.database, clocks.date)
        super().__init__(table, lambda: process(name, shard), {}, Lease(clocks.now))

    async def try_to_beat(self) -> None:
        if not self.is_cut_off:
            await self.beat()


@pytest.mark.parametrize("seed", one_in(4, range(12)))
async def test_never_two_processes_hold_the_lease(state: State, seed: int) -> None:
    """Processes are paused, cut off, killed and stopped, and the time of day is set forward."""
    chance, clocks = random.Random(seed), Clocks()  # noqa: S311  # the same in each run
    processes = [Process(state, str(number), number, clocks) for number in range(3)]
    held: set[str] = set()
    changes = 0
    for step in range(150):
        one = chance.choice(processes)
        match chance.choice(["beat"] * 12 + ["cut off"] * 2 + ["stop", "kill", "time"]):
            case "beat":
                await one.try_to_beat()
            case "cut off":
                one.is_cut_off = not one.is_cut_off
            case "stop":
                await one.leave()
            case "kill":
                processes[processes.index(one)] = Process(state, f"{one.name}+{step}", int(one.name[0]), clocks)
            case "time":
                clocks.day += chance.choice([5.0, 60.0, 7200.0])
        clocks.go_on(chance.uniform(0, BEAT_SECONDS))
        holders = {other.name for other in processes if other.lease.is_held}
        assert len(holders) <= 1
        changes += bool(holders - held)
        held |= holders
    assert changes > 3, "the lease went from one to another"


async def test_the_lease_of_a_dead_process_is_taken_over_within_seconds(state: State) -> None:
    clocks = Clocks()
    one, two = Process(state, "one", 0, clocks), Process(state, "two", 1, clocks)
    await one.beat()
    waited = 0.0
    while not two.lease.is_held:
        clocks.go_on(BEAT_SECONDS)
        waited += BEAT_SECONDS
        await two.beat()
    assert waited <= LEASE_SECONDS + BEAT_SECONDS
    await one.beat()
    assert not one.lease.is_held


async def test_losing_the_lease_is_logged_once(state: State, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    clocks = Clocks()
    one, two = Process(state, "one", 0, clocks), Process(state, "two", 1, clocks)
    await one.beat()
    clocks.go_on(LEASE_SECONDS + 1)
    await two.beat()
    for _ in range(3):
        await one.beat()
    assert caplog.text.count("This process now does what one process does for all") == 2
    assert caplog.text.count("has lost its lease") == 1


class Unreachable(ProcessTable):
    """A table whose database does not answer."""

    async def beat(self, status: ProcessStatus, lease_seconds: float) -> Heartbeat:
        del status, lease_seconds
        message = "the server does not answer"
        raise StateUnavailable(message)

    async def may_identify(self, session: str, seconds: float) -> bool:
        return (await self.beat(process(session), seconds)).holds_lease


async def test_without_the_database_the_lease_runs_out(state: State) -> None:
    clocks = Clocks()
    lease = Lease(clocks.now)
    await ProcessGroup(ProcessTable(state.database, clocks.date), lambda: process("one"), {}, lease).beat()
    cut_off = ProcessGroup(Unreachable(state.database), lambda: process("one"), {}, lease)
    while lease.is_held:
        with pytest.raises(StateUnavailable):
            await cut_off.beat()
        clocks.go_on(BEAT_SECONDS)
    assert clocks.running <= Clocks().running + LEASE_SECONDS + BEAT_SECONDS


async def test_changes_are_passed_on_once_and_at_the_start(state: State) -> None:
    read: list[int] = []

    async def reload() -> None:
        read.append(1)

    group = ProcessGroup(ProcessTable(state.database), lambda: process("one"), {SETTINGS: reload})
    for expected in (1, 1):
        await group.poll()
        assert len(read) == expected
    await state.update_server_settings(1, threads=True)
    for expected in (2, 2):
        await group.poll()
        assert len(read) == expected


async def test_a_shard_of_two_processes_is_an_error_in_the_log(state: State, caplog: pytest.LogCaptureFixture) -> None:
    clocks = Clocks()
    one, two = Process(state, "one", 0, clocks), Process(state, "two", 0, clocks)
    for _ in range(8):
        await one.beat()
        await two.beat()
        clocks.go_on(BEAT_SECONDS)
    assert caplog.text.count("The shards 0 are those of process 5 on here and of process 5 on here") == 2
    assert "Give each shard to one process" in caplog.text


async def test_a_killed_process_is_no_conflict_of_the_one_in_its_place(
    state: State, caplog: pytest.LogCaptureFixture
) -> None:
    clocks = Clocks()
    killed, started_again = Process(state, "killed", 0, clocks), Process(state, "started again", 0, clocks)
    await killed.beat()
    for _ in range(8):
        await started_again.beat()
        clocks.go_on(BEAT_SECONDS)
    assert caplog.text == ""


def test_processes_that_count_shards_differently_do_not_fit() -> None:
    one = process("one", 0)
    assert conflict(one, process("two", 1)) is None
    told = conflict(one, process("two", 1).model_copy(update={"shard_count": 3}))
    assert told is not None
    assert told.startswith("VERBATIM_SHARD_COUNT is 2 for process 5 on here, but 3 for process 5 on here.")
