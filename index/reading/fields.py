"""Values of facts of record as strangers write them: each as it is written, or None where it cannot be relied on."""

from __future__ import annotations

from collections.abc import Iterable

import regex
from pydantic import ValidationError

from index.models import checked_date, checked_url, fold

VALUE_AT_MOST = 500
"""Characters of a title, a name, or several names together."""
AUTHORS_AT_MOST = 20
# Joiners spell words in Persian, Hindi and more; every other sign that cannot be seen could turn or break a line.
UNSEEN = regex.compile(r"[\p{C}\p{Zl}\p{Zp}--[\u200c\u200d]]", regex.VERSION1)
SOFT_HYPHEN = "\u00ad"


def line_of(written: object) -> str | None:
    """A line of text, white space folded; None for what is none, is too long, or holds what cannot be seen."""
    line = fold(written.replace(SOFT_HYPHEN, "")) if isinstance(written, str) else ""
    return line if 0 < len(line) <= VALUE_AT_MOST and not UNSEEN.search(line) else None


def names_of(written: Iterable[str]) -> str | None:
    """Names with commas between, each whole: those that would be too much are left out."""
    joined = ""
    for name in list(dict.fromkeys(written))[:AUTHORS_AT_MOST]:
        longer = f"{joined}, {name}" if joined else name
        if len(longer) > VALUE_AT_MOST:
            break
        joined = longer
    return joined or None


def url_of(written: object) -> str | None:
    """An absolute URL, exactly as it is written."""
    try:
        return checked_url(written.strip()) if isinstance(written, str) else None
    except (ValueError, ValidationError):
        return None


def day_of(written: object) -> str | None:
    """An ISO 8601 date or moment, as it is written."""
    try:
        return checked_date(written.strip()) if isinstance(written, str) else None
    except ValueError:
        return None
