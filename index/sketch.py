"""What the ranking sees of a sentence: where its terms stand, and which times, figures and names it holds."""

from __future__ import annotations

from dataclasses import dataclass

from index.analysis import terms
from index.question import CAPITALISED, WORD, Asks, holds


@dataclass(frozen=True, slots=True)
class Sketch:
    """A sentence, taken apart. Places are `str` offsets in it; positions count its terms."""

    words: tuple[str, ...]
    """All its words, in lower case."""
    positions: dict[str, tuple[int, ...]]
    """Of each term, among the terms."""
    places: dict[str, tuple[int, ...]]
    """Of each term, in the text."""
    times: tuple[int, ...]
    """Places of points in time."""
    figures: tuple[tuple[int, str], ...]
    """Places of numbers, and the numbers."""
    names: tuple[tuple[int, str], ...]
    """Places of capitalised words, and the words in lower case; the first word is none."""
    holds: frozenset[Asks]
    """What else it holds the mark of: a reason, a place, a manner."""
    denies: bool
    leans: bool


MARKED = {Asks.REASON: "reason", Asks.PLACE: "place", Asks.MANNER: "manner"}


def sketch_of(text: str) -> Sketch:
    """The sketch of a sentence."""
    positions: dict[str, list[int]] = {}
    places: dict[str, list[int]] = {}
    for position, term in enumerate(terms(text)):
        positions.setdefault(term.term, []).append(position)
        places.setdefault(term.term, []).append(term.start)
    opening = WORD.search(text)
    first = opening.start() if opening else -1
    names = ((match.start(), match.group().lower()) for match in CAPITALISED.finditer(text))
    return Sketch(
        words=tuple(word.lower() for word in WORD.findall(text)),
        positions={term: tuple(found) for term, found in positions.items()},
        places={term: tuple(found) for term, found in places.items()},
        times=tuple(match.start() for match in holds("time").finditer(text)),
        figures=tuple((match.start(), match.group().lower()) for match in holds("figure").finditer(text)),
        names=tuple((place, name) for place, name in names if place != first),
        holds=frozenset(asks for asks, what in MARKED.items() if holds(what).search(text)),
        denies=holds("denial").search(text) is not None,
        leans=holds("leans").search(text) is not None,
    )
