"""What a look at the database finds. Nothing is written: a bot may use it meanwhile, and no data may change."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from pydantic import Field

from bot.state.migrate import HEAD, known_schemas
from bot.state.processes import ProcessStatus
from index.models import FrozenModel


class Condition(StrEnum):
    """What a look at the database finds."""

    MISSING = "missing"
    WHOLE = "whole"
    OLDER = "older"
    """Empty, or of an earlier version; the next start upgrades it."""
    NEWER = "newer"
    LOCKED = "locked"
    UNREADABLE = "unreadable"
    """For a reason outside of the file."""
    DAMAGED = "damaged"


class Inspection(FrozenModel):
    """The condition of the database, and the channels that servers have named."""

    condition: Condition
    detail: str = ""
    """An unknown schema, or the reason why it cannot be read."""
    unasked: dict[int, frozenset[int]] = Field(default_factory=dict)
    """By server, the channels in which the bot answers without a mention."""
    allowed: dict[int, frozenset[int]] = Field(default_factory=dict)
    """By server, the channels in which it may answer."""
    processes: tuple[ProcessStatus, ...] = ()
    """The processes that run, where several share the shards."""


def condition_of(schemas: Collection[str]) -> tuple[Condition, str]:
    """Return the condition of a database with these schemas, and the one that is not known."""
    if list(schemas) == [HEAD]:
        return Condition.WHOLE, ""
    known = known_schemas()
    unknown = next((schema for schema in schemas if schema not in known), None)
    return (Condition.OLDER, "") if unknown is None else (Condition.NEWER, unknown)
