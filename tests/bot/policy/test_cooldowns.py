"""How long members wait between their questions."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.policy import cooldowns
from bot.policy.cooldowns import BURST, Cooldowns, OnCooldown

YEAR = 365 * 86_400.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The seconds since the start, and the time of day."""
    shown = SimpleNamespace(running=1.0, day=1_800_000_000.0)
    monkeypatch.setattr(cooldowns, "time", SimpleNamespace(monotonic=lambda: shown.running, time=lambda: shown.day))
    return shown


def refused(waiting: Cooldowns) -> OnCooldown | None:
    try:
        waiting.check(7, 3, None, 0)
    except OnCooldown as error:
        return error
    return None


@pytest.mark.parametrize("change", [0.0, -YEAR, YEAR])
def test_a_member_waits_as_long_whatever_the_time_of_day_is_set_to(clock: SimpleNamespace, change: float) -> None:
    waiting = Cooldowns()
    assert [refused(waiting) for _ in range(BURST)] == [None] * BURST
    clock.day += change
    clock.running += 1
    first, second = refused(waiting), refused(waiting)
    assert first and second
    assert (first.is_first, second.is_first) == (True, False)
    assert first.until == clock.day + 3 * BURST - 1
    clock.running += 3 * BURST
    assert refused(waiting) is None
