"""How long members wait between their questions."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.policy import cooldowns
from bot.policy.cooldowns import ALONE_SECONDS, BURST, MAX_PRESS_SECONDS, PRESSES, Cooldowns, OnCooldown
from bot.state import StateUnavailable
from bot.state.members import QuestionCount

YEAR = 365 * 86_400.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The seconds since the start, and the time of day."""
    shown = SimpleNamespace(running=1.0, day=1_800_000_000.0)
    monkeypatch.setattr(cooldowns, "time", SimpleNamespace(monotonic=lambda: shown.running, time=lambda: shown.day))
    return shown


async def refused(waiting: Cooldowns) -> OnCooldown | None:
    try:
        await waiting.check(7, 3, None, 0)
    except OnCooldown as error:
        return error
    return None


@pytest.mark.parametrize("change", [0.0, -YEAR, YEAR])
async def test_a_member_waits_as_long_whatever_the_time_of_day_is_set_to(clock: SimpleNamespace, change: float) -> None:
    waiting = Cooldowns()
    assert [await refused(waiting) for _ in range(BURST)] == [None] * BURST
    clock.day += change
    clock.running += 1
    first, second = await refused(waiting), await refused(waiting)
    assert first and second
    assert (first.is_first, second.is_first) == (True, False)
    assert first.until == clock.day + 3 * BURST - 1
    clock.running += 3 * BURST
    assert await refused(waiting) is None


@pytest.mark.parametrize("seconds", [1, 3, 3600])
async def test_buttons_have_a_cool_down_of_their_own(clock: SimpleNamespace, seconds: int) -> None:
    waiting = Cooldowns()

    def presses() -> int:
        """How many presses are taken now."""
        for taken in range(10 * PRESSES):
            try:
                waiting.check_press(7, seconds)
            except OnCooldown as error:
                assert 0 < error.until - clock.day <= BURST * MAX_PRESS_SECONDS
                return taken
        return 10 * PRESSES

    for _ in range(BURST):
        await waiting.check(7, seconds, None, 0)
    assert [presses(), presses()] == [PRESSES, 0]
    clock.running += BURST * MAX_PRESS_SECONDS + 1
    assert presses() == PRESSES
    assert await refused(waiting) is None, "presses do not count as questions"


def test_without_a_cool_down_buttons_have_none_either() -> None:
    waiting = Cooldowns()
    for _ in range(10 * PRESSES):
        waiting.check_press(7, 0)


class Counter:
    """Counts for all processes, as the database does, or does not."""

    def __init__(self) -> None:
        self.number = 0
        self.is_away = False

    async def count(self, user: int, seconds: int, period: int) -> QuestionCount:
        assert (user, seconds, period) == (7, 3, 9)
        if self.is_away:
            message = "it is locked"
            raise StateUnavailable(message)
        self.number += 1
        return QuestionCount(self.number, 4.0)


async def test_of_several_processes_each_counts_what_the_others_were_asked(clock: SimpleNamespace) -> None:
    counter = Counter()
    here, there = Cooldowns(counter.count), Cooldowns(counter.count)
    assert [await refused(waiting) for waiting in (here, there, here)] == [None] * BURST
    first, second = await refused(there), await refused(here)
    assert first and second
    assert (first.is_first, second.is_first) == (True, False)
    assert first.until == clock.day + 4


async def test_without_the_database_a_process_counts_alone_for_some_seconds(clock: SimpleNamespace) -> None:
    counter = Counter()
    counter.is_away = True
    waiting = Cooldowns(counter.count)
    assert [await refused(waiting) for _ in range(BURST)] == [None] * BURST
    assert await refused(waiting)
    counter.is_away = False
    assert await refused(waiting), "the database is not asked yet"
    clock.running += ALONE_SECONDS
    assert await refused(waiting) is None
    assert counter.number == 1
