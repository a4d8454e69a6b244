"""Split a question of two parts: "Who founded the library and when?", "What is it, and who made it?".

Only an "and" before a question word divides. Each part is a slice of the question and a query to search for it: a
bare "and when?" is asked with the other part's words, and so is one with a pronoun.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from index.models import Span

MAX_LENGTH = 300
"""Characters of a question up to which it is split."""
_WORD = r"(?:who|whom|whose|what|which|when|where|why|how\s+(?:many|much|long|old|far|often|big|large|tall|high)|how)"
_PREPOSITION = r"(?:(?:in|on|at|by|from|to|for|with|of|since|until)\s+)?"
OPENING = regex.compile(rf"\W*(?:and\s+|so\s+|but\s+)?{_PREPOSITION}(?P<word>{_WORD})\b", regex.IGNORECASE)
"""The question word that a part begins with."""
DIVISION = regex.compile(rf"(?:\s*[,;]\s*|\s+)and\s+(?={_PREPOSITION}{_WORD}\b)", regex.IGNORECASE)
BARE = regex.compile(rf"\W*(?:and\s+)?(?P<query>{_PREPOSITION}{_WORD})\W*", regex.IGNORECASE)
"""A part that is nothing but its question word."""
REFERS_BACK = regex.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|there|this|that|these|those)\b", regex.IGNORECASE
)
ASKS = regex.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b", regex.IGNORECASE
)
CLAUSE = regex.compile(r"\b(?:that|who|whom|whose|which|where|when)\b", regex.IGNORECASE)
MAX_NOUN = 2
"""Words after *what* or *which* that may only name the kind of answer: in which city and what year …"""


class QuestionPart(NamedTuple):
    """A part of a question: its span of the text, and the query that asks for it alone."""

    span: Span
    query: str


def question_parts(text: str) -> tuple[QuestionPart, ...]:
    """The two parts of a question; none where it has one part, or more than two."""
    divisions = list(DIVISION.finditer(text)) if len(text) <= MAX_LENGTH else []
    opening = OPENING.match(text)
    if len(divisions) != 1 or opening is None:
        return ()
    start = divisions[0].end()
    first, second = text[: divisions[0].start()], text[start:].rstrip(" ?!.")
    asked = OPENING.match(second)
    rest = first[opening.end() :].strip(" ,;")
    if asked is None or _is_joined(opening["word"], rest) or (CLAUSE.search(rest) and not BARE.fullmatch(second)):
        return ()
    if BARE.fullmatch(first):
        queries = f"{first.strip()} {second[asked.end() :].strip()}", second
    elif BARE.fullmatch(second) or REFERS_BACK.search(second):
        queries = first, f"{rest} {second}" if BARE.fullmatch(second) else f"{second} {rest}"
    else:
        queries = first, second
    spans = Span(0, len(first)), Span(start, start + len(second))
    return tuple(map(QuestionPart, spans, queries))


def _is_joined(word: str, rest: str) -> bool:
    """Whether the first part only names a kind of answer, so that what is said of it is in the second part."""
    return word.lower() in {"what", "which"} and 0 < len(rest.split()) <= MAX_NOUN and not ASKS.search(rest)
