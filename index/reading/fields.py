"""Check metadata values of untrusted files: each is returned as written, or None if unreliable."""

from __future__ import annotations

from collections.abc import Iterable

import regex
from pydantic import ValidationError

from index.models import checked_date, checked_url, fold

VALUE_AT_MOST = 500
"""Maximum characters of a title, a name, or several names together."""
AUTHORS_AT_MOST = 20
# Persian, Hindi and others need joiners; any other invisible character could reorder or break a line.
UNSEEN = regex.compile(r"[\p{C}\p{Zl}\p{Zp}--[\u200c\u200d]]", regex.VERSION1)
SOFT_HYPHEN = "\u00ad"


def line_of(written: object) -> str | None:
    """Return one line, white space collapsed; None if not text, empty, too long or with invisible characters."""
    line = fold(written.replace(SOFT_HYPHEN, "")) if isinstance(written, str) else ""
    return line if 0 < len(line) <= VALUE_AT_MOST and not UNSEEN.search(line) else None


def names_of(written: Iterable[str]) -> str | None:
    """Join names with commas; whole names beyond the limits are dropped."""
    joined = ""
    for name in list(dict.fromkeys(written))[:AUTHORS_AT_MOST]:
        longer = f"{joined}, {name}" if joined else name
        if len(longer) > VALUE_AT_MOST:
            break
        joined = longer
    return joined or None


def url_of(written: object) -> str | None:
    """Return an absolute URL as written, None if invalid."""
    try:
        return checked_url(written.strip()) if isinstance(written, str) else None
    except (ValueError, ValidationError):
        return None


def day_of(written: object) -> str | None:
    """Return an ISO 8601 date, with or without time, as written; None if invalid."""
    try:
        return checked_date(written.strip()) if isinstance(written, str) else None
    except ValueError:
        return None
