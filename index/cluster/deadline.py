"""One deadline for all that a question waits for: searches in the cluster, and articles from its store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SECONDS = 2.0
"""For which a question may wait for the cluster, all requests together."""


class _Budget:
    def __init__(self) -> None:
        self.left = SECONDS


_budget: ContextVar[_Budget | None] = ContextVar("_budget", default=None)


@contextmanager
def one_deadline() -> Iterator[None]:
    """Everything within waits for `SECONDS` together. Time in which this process works itself does not count."""
    token = _budget.set(_Budget())
    try:
        yield
    finally:
        _budget.reset(token)


@contextmanager
def waiting() -> Iterator[float]:
    """Around what is waited for; yields until when, by `time.monotonic`. Outside `one_deadline` it has its own."""
    budget, began = _budget.get() or _Budget(), time.monotonic()
    try:
        yield began + budget.left
    finally:
        budget.left = max(0.0, budget.left - (time.monotonic() - began))
