"""Which words of the collection answer to a word of the question: itself, its family, words of like meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.thesaurus import forms, related
from index.bm25.scorer import Bm25

FAMILY_PREFIX = 4
FAMILY_SHARE = 0.6
FAMILY_SLACK = 2
RELATED_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class Match:
    """One term of the question, and the rows of the index's vocabulary that answer to it."""

    term: str
    idf: float
    """Of the term; where no sentence holds it, of its family; where none holds that either, the highest there is."""
    rows: tuple[int, ...]
    """Of the term itself, one in each part of the index that holds it; none where no sentence does."""
    family: tuple[int, ...]
    """Of its irregular forms, and of words that begin with its stem's beginning: stole, stealth for steal."""
    related: tuple[tuple[int, float], ...]
    """Of words that the thesaurus relates to it, each with its weight in (0, 1]."""


def are_family(one: str, other: str) -> bool:
    """Whether two stems begin alike for most of their length, and differ in a short ending only."""
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    longer, shorter = max(len(one), len(other)), min(len(one), len(other))
    return shared >= FAMILY_PREFIX and shared >= FAMILY_SHARE * longer and shared >= shorter - FAMILY_SLACK


def matches_of(asked: Sequence[str], bm25: Bm25) -> tuple[Match, ...]:
    """A match for each term, in order."""
    return tuple(_match(term, bm25) for term in asked)


def _match(term: str, bm25: Bm25) -> Match:
    irregular = (row for form in forms(term) for row in bm25.rows_of(form))
    family = tuple({*_family(term, bm25), *irregular})
    near = []
    for other, weight in _nearest(term):
        rows = [row for row in bm25.rows_of(other) if row not in family]
        if rows:
            near.append([(row, weight) for row in rows])
    rows_of_it = bm25.rows_of(term)
    idf = bm25.idf_of(term) if rows_of_it or not family else bm25.idf_for(sum(map(bm25.count, family)))
    related_rows = tuple(pair for pairs in near[:RELATED_AT_MOST] for pair in pairs)
    return Match(term, idf, rows_of_it, family, related_rows)


@lru_cache(maxsize=2048)
def _nearest(term: str) -> tuple[tuple[str, float], ...]:
    """The thesaurus's words for a term, the most alike first; a number has none."""
    return () if term[:1].isdigit() else tuple(sorted(related(term).items(), key=lambda pair: (-pair[1], pair[0])))


def _family(term: str, bm25: Bm25) -> tuple[int, ...]:
    """The rows of the other stems of its family."""
    if len(term) < FAMILY_PREFIX or not term.isalpha():
        return ()
    beginning = bm25.rows_beginning_with(term[:FAMILY_PREFIX])
    return tuple(row for row, other in beginning if other != term and are_family(term, other))
