"""One deadline for all that a question waits for: searches in the cluster, and articles from its store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SECONDS = 2.0
"""For which a question may wait for the cluster, all requests together."""
WRITER_SECONDS = 7 * 24 * 3600.0
"""The same for a writer, and for `verbatim cluster verify`."""
LONGEST = 120.0
"""For which one of its requests is waited."""
SHORTEST = 0.05
"""Seconds that a request gets, also where others have used the time up."""


class _Budget:
    def __init__(self, seconds: float) -> None:
        self.left = seconds


_budget: ContextVar[_Budget | None] = ContextVar("_budget", default=None)


@contextmanager
def one_deadline(seconds: float = SECONDS) -> Iterator[None]:
    """Everything within waits for so long together. Time in which this process works itself does not count."""
    token = _budget.set(_Budget(seconds))
    try:
        yield
    finally:
        _budget.reset(token)


@contextmanager
def waiting() -> Iterator[float]:
    """Around what is waited for; yields until when, by `time.monotonic`. Outside `one_deadline` it has its own."""
    budget, began = _budget.get() or _Budget(SECONDS), time.monotonic()
    try:
        yield began + min(budget.left, LONGEST)
    finally:
        budget.left = max(0.0, budget.left - (time.monotonic() - began))
