"""How long members wait between their questions."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.policy import cooldowns
from bot.policy.cooldowns import BURST, MAX_PRESS_SECONDS, PRESSES, Cooldowns, OnCooldown

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
