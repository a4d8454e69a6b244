"""What the ranking sees of a sentence: where its terms stand, and which times, figures and names it holds."""

from __future__ import annotations

from dataclasses import dataclass

from index.analysis import terms
from index.article import Span
from index.question import CAPITALISED, WORD, Asks, holds


@dataclass(frozen=True, slots=True)
class Sketch:
    """A sentence, taken apart. Spans and places are `str` offsets in it; positions count its terms."""

    words: tuple[str, ...]
    """All its words, in lower case."""
    word_positions: dict[str, tuple[int, ...]]
    """Of each word, among the words."""
    positions: dict[str, tuple[int, ...]]
    """Of each term, among the terms."""
    spans: dict[str, tuple[Span, ...]]
    """Of each term, in the text."""
    times: tuple[int, ...]
    """Places of points in time."""
    figures: tuple[tuple[int, str], ...]
    """Places of numbers, and the numbers."""
    names: tuple[tuple[int, str], ...]
    """Places of capitalised words, and the words in lower case; the first word is none, nor are months and days."""
    people: tuple[tuple[int, str], ...]
    """Places of people and groups that have no name, and their words in lower case."""
    holds: frozenset[Asks]
    """What else it holds the mark of: a reason, a saying, a place, a manner."""
    denies: bool
    leans: bool


MARKED = {Asks.REASON: "reason", Asks.SAYING: "saying", Asks.PLACE: "place", Asks.MANNER: "manner"}


def sketch_of(text: str) -> Sketch:
    """The sketch of a sentence."""
    positions: dict[str, list[int]] = {}
    spans: dict[str, list[Span]] = {}
    for position, term in enumerate(terms(text)):
        positions.setdefault(term.term, []).append(position)
        spans.setdefault(term.term, []).append(Span(term.start, term.end))
    words = tuple(word.lower() for word in WORD.findall(text))
    word_positions: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        word_positions.setdefault(word, []).append(position)
    opening = WORD.search(text)
    first = opening.start() if opening else -1
    times = [match.span() for match in holds("time").finditer(text)]
    names = ((match.start(), match.group().lower()) for match in CAPITALISED.finditer(text))
    return Sketch(
        words=words,
        word_positions={word: tuple(found) for word, found in word_positions.items()},
        positions={term: tuple(found) for term, found in positions.items()},
        spans={term: tuple(found) for term, found in spans.items()},
        times=tuple(start for start, _ in times),
        figures=tuple((match.start(), match.group().lower()) for match in holds("figure").finditer(text)),
        names=tuple(
            (place, name)
            for place, name in names
            if place != first and not any(start <= place < end for start, end in times)
        ),
        people=tuple((match.start(), match.group().lower()) for match in holds("person").finditer(text)),
        holds=frozenset(asks for asks, what in MARKED.items() if holds(what).search(text)),
        denies=holds("denial").search(text) is not None,
        leans=holds("leans").search(text) is not None,
    )
