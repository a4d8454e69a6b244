"""Marks at the beginning or end of lines, in any format: of questions, answers and list items."""

from __future__ import annotations

import regex

ASKED = r"[?？؟][\"'”’)\]]*"
ASKS = regex.compile(ASKED + r"\W{0,5}$")
QUESTION_MARK = regex.compile(r"(?:Q|Question|Frage)\s*\d{0,3}\s*[:.)]\s*", regex.IGNORECASE)
ANSWER_MARK = regex.compile(r"(?:A|Answer|Antwort)\s*\d{0,3}\s*[:.)]\s+(?=\S)", regex.IGNORECASE)
BULLET = regex.compile(r"[-–—•◦▪‣·●○■□*+]\s+(?=\S)")
NUMBERED = regex.compile(r"(?P<number>\d{1,3})[.)]\s+(?=\S)")


def item_mark(line: str) -> regex.Match[str] | None:
    """The bullet or number that a line begins with."""
    return BULLET.match(line) or NUMBERED.match(line)
