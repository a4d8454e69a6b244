"""Query expansion: the words of the collection that match a term: itself, its family, related words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.thesaurus import forms, related
from index.bm25.scorer import Bm25

FAMILY_PREFIX = 4
FAMILY_SHARE = 0.6
FAMILY_SLACK = 2
MAX_RELATED_WORDS = 40


@dataclass(frozen=True, slots=True)
class ExpandedTerm:
    """A question term, and the rows of the index's vocabulary that match it."""

    term: str
    idf: float
    """Of the term; where no sentence has it, of its family; where none has that either, the highest possible."""
    rows: tuple[int, ...]
    """Of the term itself, one per part of the index that has it; empty where no sentence does."""
    family: tuple[int, ...]
    """Of its irregular forms, and of words with the same stem prefix: stole, stealth for steal."""
    related: tuple[tuple[int, float], ...]
    """Of words that the thesaurus relates to it, each with its weight in (0, 1]."""


def are_family(one: str, other: str) -> bool:
    """Whether two stems share a prefix of most of their length, and differ only in a short ending."""
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    longer, shorter = max(len(one), len(other)), min(len(one), len(other))
    return shared >= FAMILY_PREFIX and shared >= FAMILY_SHARE * longer and shared >= shorter - FAMILY_SLACK


def expand_query(terms: Sequence[str], bm25: Bm25) -> tuple[ExpandedTerm, ...]:
    """A match for each term, in order."""
    return tuple(_expand_term(term, bm25) for term in terms)


def _expand_term(term: str, bm25: Bm25) -> ExpandedTerm:
    irregular = (row for form in forms(term) for row in bm25.rows_of(form))
    family = tuple({*_family_rows(term, bm25), *irregular})
    near = []
    for other, weight in _related_terms(term):
        rows = [row for row in bm25.rows_of(other) if row not in family]
        if rows:
            near.append([(row, weight) for row in rows])
    rows_of_it = bm25.rows_of(term)
    idf = bm25.idf_of(term) if rows_of_it or not family else bm25.idf_for(sum(map(bm25.count, family)))
    related_rows = tuple(pair for pairs in near[:MAX_RELATED_WORDS] for pair in pairs)
    return ExpandedTerm(term, idf, rows_of_it, family, related_rows)


@lru_cache(maxsize=2048)
def _related_terms(term: str) -> tuple[tuple[str, float], ...]:
    """The thesaurus's words for a term, highest weight first; none for a number."""
    return () if term[:1].isdigit() else tuple(sorted(related(term).items(), key=lambda pair: (-pair[1], pair[0])))


def _family_rows(term: str, bm25: Bm25) -> tuple[int, ...]:
    if len(term) < FAMILY_PREFIX or not term.isalpha():
        return ()
    beginning = bm25.rows_with_prefix(term[:FAMILY_PREFIX])
    return tuple(row for row, other in beginning if other != term and are_family(term, other))
