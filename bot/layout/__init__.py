"""Rendering of messages from the four kinds of parts: quotation, metadata, user's words, fixed sentence."""

from bot.layout.answers import (
    Asker,
    render_answer,
    render_context,
    render_help,
    render_message,
    render_more,
    render_passages,
    render_privacy,
)
from bot.layout.articles import render_article, render_articles
from bot.layout.gaps import render_gaps
from bot.layout.pages import RenderedMessages
from bot.layout.records import render_record
from bot.layout.reports import (
    render_audit_log,
    render_failure,
    render_report,
    render_snapshots,
    render_status,
)
from bot.layout.settings import render_settings
from bot.layout.sources import render_sources

__all__ = [
    "Asker",
    "RenderedMessages",
    "render_answer",
    "render_article",
    "render_articles",
    "render_audit_log",
    "render_context",
    "render_failure",
    "render_gaps",
    "render_help",
    "render_message",
    "render_more",
    "render_passages",
    "render_privacy",
    "render_record",
    "render_report",
    "render_settings",
    "render_snapshots",
    "render_sources",
    "render_status",
]
