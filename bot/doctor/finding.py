"""What a check finds."""

from __future__ import annotations

from enum import StrEnum

from index.models import FrozenModel


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    WARNING = "warning"
    """The bot runs, but not all of it works as meant."""
    PROBLEM = "problem"
    """The bot does not start, or cannot answer."""


class Finding(FrozenModel):
    """The result of a check, in a line that also says what to do."""

    level: Level
    text: str


def ok(text: str) -> Finding:
    """Return the finding that all is well."""
    return Finding(level=Level.OK, text=text)


def warning(text: str) -> Finding:
    """Return a finding that is no obstacle."""
    return Finding(level=Level.WARNING, text=text)


def problem(text: str) -> Finding:
    """Return a finding that must be set right."""
    return Finding(level=Level.PROBLEM, text=text)
