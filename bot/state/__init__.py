"""Persistent state: server settings, answers with buttons, feedback, threads, the audit log."""

from bot.state.models import (
    ALLOWED,
    UNASKED,
    Given,
    Logged,
    Opened,
    Place,
    Rating,
    ServerSettings,
    SourcePlace,
    Suggested,
    Why,
)
from bot.state.store import State, StateBroken

__all__ = [
    "ALLOWED",
    "UNASKED",
    "Given",
    "Logged",
    "Opened",
    "Place",
    "Rating",
    "ServerSettings",
    "SourcePlace",
    "State",
    "StateBroken",
    "Suggested",
    "Why",
]
