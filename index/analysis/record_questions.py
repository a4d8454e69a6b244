"""Questions about the collection or the program itself, which the record answers and not the articles' text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import regex

from index.analysis.conversation import FLAGS, MAX_LENGTH, conversation_patterns, unwrap

AROUND = regex.compile(r"^[\s\p{P}\p{C}]+|[\s\p{P}\p{C}]+$")
QUOTES = regex.compile(r"^[\s\p{Pi}\p{Pf}\"'„]+|[\s\p{Pi}\p{Pf}\"'„]+$")


class RecordKind(StrEnum):
    """What a question about the record asks for; the metadata fields are named as those of `Article`."""

    LIST = "list"
    COUNT = "count"
    HELP = "help"
    LATEST = "latest"
    AUTHOR = "author"
    PUBLISHED = "published"
    PUBLISHER = "publisher"
    URL = "url"


@dataclass(frozen=True, slots=True)
class RecordQuestion:
    """A question that the record answers."""

    kind: RecordKind
    about: str | None = None
    """The words that say which article is meant; None where the question says none."""
    may_be_in_articles: bool = False
    """Whether the articles may answer it, too: "what is new?" may be a heading. Then they come first."""


@cache
def _patterns() -> tuple[tuple[RecordKind, bool, regex.Pattern[str]], ...]:
    record = conversation_patterns()["record"]
    return tuple(
        (
            RecordKind(one["name"]),
            one.get("may-be-in-articles", False),
            regex.compile(f"{record['define']}(?:{one['pattern']})", FLAGS),
        )
        for one in record["kind"]
    )


def parse_record_question(text: str) -> RecordQuestion | None:
    """The question about the record that a text is, without what is said around it; None where it is none."""
    if len(text) > MAX_LENGTH:
        return None
    said = AROUND.sub("", " ".join(unwrap(text).split()))
    for kind, may_be_in_articles, pattern in _patterns():
        found = pattern.fullmatch(said)
        if found:
            about = found.groupdict().get("about")
            return RecordQuestion(kind, QUOTES.sub("", about) or None if about else None, may_be_in_articles)
    return None
