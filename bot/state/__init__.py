"""What must outlive a restart: settings of servers, what buttons refer to, feedback, and who changed what."""

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
