"""`verbatim doctor` says which shards no process has, and which two have."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor.finding import Level
from bot.doctor.processes import process_findings
from bot.settings import OptionalSettings
from bot.state import State
from bot.state.processes import ProcessStatus, ProcessTable
from bot.state.sqlite.inspection import inspect_database
from bot.state.store import FILE
from tests.bot.state.test_processes import process


def found(*running: ProcessStatus, count: str = "2") -> list[tuple[Level, str]]:
    settings = OptionalSettings(_env_file=None, VERBATIM_SHARD_IDS="0", VERBATIM_SHARD_COUNT=count)
    return [(finding.level, finding.text) for finding in process_findings(settings, running)]


def test_each_shard_is_to_be_that_of_one_process() -> None:
    assert found(process("one", 0), process("two", 1)) == [
        (Level.OK, "All 2 shards are those of a process that runs; processes: 2.")
    ]
    [(level, told)] = found(process("one", 0))
    assert level is Level.WARNING
    assert told.startswith("No process that runs has the shards 1 of 2")
    [(level, told)] = found(process("one", 0, 1), process("two", 1))
    assert level is Level.PROBLEM
    assert told.startswith("The shards 1 are those of process 5 on here and of process 5 on here")
    assert found() == []


async def test_the_processes_are_read_from_a_database_that_is_in_use(tmp_path: Path) -> None:
    state = await State.open(tmp_path)
    try:
        await ProcessTable(state.database).beat(process("one", 1), 10)
        assert [one.shards for one in inspect_database(tmp_path / FILE).processes] == [(1,)]
        await ProcessTable(state.database).leave("one")
        assert inspect_database(tmp_path / FILE).processes == ()
    finally:
        await state.close()


@pytest.mark.parametrize("running", [(), (process("one", 0),)])
def test_the_only_process_hears_nothing_of_shards(running: tuple[ProcessStatus, ...]) -> None:
    assert list(process_findings(OptionalSettings(_env_file=None), running)) == []
