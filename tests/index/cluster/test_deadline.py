"""All that a question waits for has one deadline."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from index.cluster import deadline
from index.cluster.deadline import SECONDS, one_deadline, waiting


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that a test moves."""
    made = SimpleNamespace(now=100.0)
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: made.now))
    return made


def test_what_is_waited_for_within_one_deadline_shares_it(clock: SimpleNamespace) -> None:
    with one_deadline():
        with waiting() as until:
            assert until == 100 + SECONDS
            clock.now = 100.5
        clock.now = 200.0  # what the process works itself does not count
        with waiting() as until:
            assert until == 200 + SECONDS - 0.5
            clock.now = 300.0
        with waiting() as until:
            assert until == 300.0
    with one_deadline(), waiting() as until:
        assert until == 300 + SECONDS, "the next question has its own"


def test_what_fails_has_been_waited_for_too(clock: SimpleNamespace) -> None:
    def fail() -> None:
        with waiting():
            clock.now += 1
            raise ValueError

    with one_deadline():
        with pytest.raises(ValueError, match=r"^$"):
            fail()
        with waiting() as until:
            assert until == clock.now + SECONDS - 1


def test_what_stands_alone_has_its_own(clock: SimpleNamespace) -> None:
    for _ in range(2):
        with waiting() as until:
            assert until == clock.now + SECONDS
            clock.now += 1
