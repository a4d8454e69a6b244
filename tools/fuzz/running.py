"""Fuzz one target for a time, with a time limit for every example."""

from __future__ import annotations

import signal
import sys
import time
import traceback
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from hypothesis import HealthCheck, Phase, given, settings

from .targets import TARGETS, end

EXAMPLE_SECONDS = 20.0
"""Limit for one example: more is a hang."""
AT_A_TIME = 200
"""Examples between two checks of the clock."""
MAX_FAILURES = 20


class Hang(BaseException):
    """An example exceeds the time limit. A BaseException, so that no reader takes it for a damaged file."""


class Done(NamedTuple):
    """The result of fuzzing: the failures include the input that causes them."""

    examples: int
    seconds: float
    failures: tuple[str, ...]


def run(name: str, seconds: float, at_a_time: int = AT_A_TIME) -> Done:
    """Try new examples until time is up; at least one batch."""
    target = TARGETS[name]
    began = time.monotonic()
    examples = 0
    latest: Any = None
    failures: dict[str, str] = {}

    @settings(
        max_examples=at_a_time,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(target.given)
    def some(example: Any) -> None:  # noqa: ANN401  # the target's own type
        nonlocal examples, latest
        examples, latest = examples + 1, example
        signal.setitimer(signal.ITIMER_REAL, EXAMPLE_SECONDS)
        try:
            target.check(example)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    before = signal.signal(signal.SIGALRM, _hang)
    try:
        while (not examples or time.monotonic() - began < seconds) and len(failures) < MAX_FAILURES:
            try:
                some()
            except (Exception, Hang) as error:  # noqa: BLE001  # each is a finding
                place = traceback.extract_tb(error.__traceback__)[-1]
                key = f"{type(error).__name__} at {place.filename}:{place.lineno}"
                if key not in failures:
                    failures[key] = f"{name}: {key}: {str(error)[:500]}\n  given: {latest!r}"
                    sys.stderr.write(f"{failures[key]}\n")
    finally:
        signal.signal(signal.SIGALRM, before)
        end()
    return Done(examples, time.monotonic() - began, tuple(failures.values()))


def _hang(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Hang
