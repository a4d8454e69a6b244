"""What a process knows of the lease that lets it do what one process does for all."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple


class LeaseLost(Exception):
    """Another process may do the work now."""


class Moment(NamedTuple):
    """A moment on both clocks of this machine."""

    running: float
    """In seconds; does not stop while the process is stopped, and is never set."""
    day: float
    """The time of day in seconds: that of SQLite's leases, and it goes on while the machine is suspended."""


def this_moment() -> Moment:
    """Return the present moment."""
    return Moment(time.monotonic(), time.time())


class Lease:
    """What a process knows of its lease.

    It holds the lease for as long as the database has given it, counted from before it has asked; so it stops before
    the database lets another one begin, also if it was stopped meanwhile or the database cannot be reached. The time is
    over as soon as it is over on either clock. Threads may look at it.
    """

    def __init__(self, clock: Callable[[], Moment] = this_moment) -> None:
        self._clock = clock
        self._until: Moment | None = None

    def given(self, asked: Moment, seconds: float) -> None:
        """Hold the lease for some seconds from the moment in which it was asked for."""
        self._until = Moment(asked.running + seconds, asked.day + seconds)

    def lost(self) -> None:
        """Hold it no longer."""
        self._until = None

    def now(self) -> Moment:
        """Return the present moment on its clocks."""
        return self._clock()

    @property
    def is_held(self) -> bool:
        """Whether this process may do what only one may."""
        until, now = self._until, self._clock()
        return until is not None and now.running < until.running and now.day < until.day
