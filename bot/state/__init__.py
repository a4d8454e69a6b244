"""Persistent state: server settings, answers with buttons, feedback, threads, the audit log."""

from bot.state.database import StateUnavailable, utc_now
from bot.state.models import (
    ALLOWED,
    MAX_TAG_LENGTH,
    REFUSED,
    UNASKED,
    AuditEntry,
    BotThread,
    Feedback,
    FeedbackReason,
    QuoteReference,
    ServerSettings,
    SourceReference,
    StoredAnswer,
    SuggestionReference,
)
from bot.state.store import Change, State

__all__ = [
    "ALLOWED",
    "MAX_TAG_LENGTH",
    "REFUSED",
    "UNASKED",
    "AuditEntry",
    "BotThread",
    "Change",
    "Feedback",
    "FeedbackReason",
    "QuoteReference",
    "ServerSettings",
    "SourceReference",
    "State",
    "StateUnavailable",
    "StoredAnswer",
    "SuggestionReference",
    "utc_now",
]
