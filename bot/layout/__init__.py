"""Rendering of messages from the four kinds of parts: quotation, metadata, user's words, fixed sentence."""

from bot.layout.answers import (
    Asker,
    answer_shown,
    context_shown,
    help_shown,
    more_shown,
    passages_shown,
    privacy_shown,
    said,
)
from bot.layout.articles import article_shown, articles_shown
from bot.layout.pages import Shown
from bot.layout.reports import audit_shown, failure_shown, gaps_shown, history_shown, report_shown, status_shown
from bot.layout.settings import settings_shown

__all__ = [
    "Asker",
    "Shown",
    "answer_shown",
    "article_shown",
    "articles_shown",
    "audit_shown",
    "context_shown",
    "failure_shown",
    "gaps_shown",
    "help_shown",
    "history_shown",
    "more_shown",
    "passages_shown",
    "privacy_shown",
    "report_shown",
    "said",
    "settings_shown",
    "status_shown",
]
