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


OF_A_WORK = frozenset({RecordKind.AUTHOR, RecordKind.PUBLISHED, RecordKind.PUBLISHER})


@dataclass(frozen=True, slots=True)
class RecordQuestion:
    """A question that the record answers."""

    kind: RecordKind
    about: str | None = None
    """The words that say which article is meant; None where the question says none."""
    may_be_in_articles: bool = False
    """Whether the articles may answer it, too: "what is new?" may be a heading, "the document" one of which they tell.

    Then they come first."""


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


@cache
def _article() -> regex.Pattern[str]:
    return regex.compile(conversation_patterns()["record"]["article"], FLAGS)


def _may_be_another(kind: RecordKind, said: str) -> bool:
    """Whether a question may be about a document or page of which the articles tell: it does not say "article"."""
    return kind in OF_A_WORK and _article().search(said) is None


def parse_record_question(text: str) -> RecordQuestion | None:
    """The question about the record that a text is, without what is said around it; None where it is none."""
    if len(text) > MAX_LENGTH:
        return None
    said = AROUND.sub("", " ".join(unwrap(text).split()))
    for kind, may_be_in_articles, pattern in _patterns():
        found = pattern.fullmatch(said)
        if found:
            words = found.groupdict().get("about")
            about = QUOTES.sub("", words) or None if words else None
            return RecordQuestion(kind, about, may_be_in_articles or (about is None and _may_be_another(kind, said)))
    return None
