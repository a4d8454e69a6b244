"""Check metadata values of untrusted files: each is returned as written, or None if unreliable."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import regex
from pydantic import ValidationError

from index.models import collapse_whitespace, validate_date, validate_language, validate_url

MAX_VALUE_LENGTH = 500
"""Maximum characters of a title, a name, or several names together."""
MAX_AUTHORS = 20
# Persian, Hindi and others need joiners; any other invisible character could reorder or break a line.
UNSEEN = regex.compile(r"[\p{C}\p{Zl}\p{Zp}--[\u200c\u200d]]", regex.VERSION1)
SOFT_HYPHEN = "\u00ad"
ORDINAL = regex.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
DAY_NAME = regex.compile(r"^(?:\p{L}+day|mon|tue|wed|thu|fri|sat|sun)\b[.,]*\s+", regex.IGNORECASE)
CLOCK = regex.compile(r"[\s,|@–-]+(?:at\s+)?\d{1,2}[:.]\d{2}.*$")
# Only months in words and the year first: 04/05/2026 is one day in London and another in Boston.
DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%B %d, %Y",
    "%B %d %Y",
    "%d %B %Y",
    "%d %B, %Y",
    "%b %d, %Y",
    "%b %d %Y",
    "%d %b %Y",
)


def clean_line(value: object) -> str | None:
    """Return one line, white space collapsed; None if not text, empty, too long or with invisible characters."""
    line = collapse_whitespace(value.replace(SOFT_HYPHEN, "")) if isinstance(value, str) else ""
    return line if 0 < len(line) <= MAX_VALUE_LENGTH and not UNSEEN.search(line) else None


def join_names(written: Iterable[str]) -> str | None:
    """Join names with commas; whole names beyond the limits are dropped."""
    joined = ""
    for name in list(dict.fromkeys(written))[:MAX_AUTHORS]:
        longer = f"{joined}, {name}" if joined else name
        if len(longer) > MAX_VALUE_LENGTH:
            break
        joined = longer
    return joined or None


def clean_url(value: object) -> str | None:
    """Return an absolute URL as written, None if invalid."""
    try:
        return validate_url(value.strip()) if isinstance(value, str) else None
    except (ValueError, ValidationError):
        return None


def clean_date(value: object) -> str | None:
    """Return an ISO 8601 date, with or without time, as written; None if invalid."""
    try:
        return validate_date(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None


def clean_language(value: object) -> str | None:
    """Return the code of a language's tag, None if invalid."""
    try:
        return validate_language(value) if isinstance(value, str) else None
    except ValueError:
        return None


def day_in_words(written: str) -> str | None:
    """Return the ISO date of a day with its month in words or the year first; None if it is ambiguous or no date.

    A time and a zone after it are left out: "2024-05-01 10:00:00 +0200" is the day 2024-05-01.
    """
    plain = CLOCK.sub("", DAY_NAME.sub("", ORDINAL.sub("", written))).strip(" .,")
    for form in DATE_FORMATS:
        try:
            return datetime.datetime.strptime(plain, form).replace(tzinfo=datetime.UTC).date().isoformat()
        except ValueError:
            continue
    return None
