"""Features of the headings above a candidate, as numbers without unit; 0 where no heading is above it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import regex

from index.analysis.analyzer import terms
from index.analysis.exact_forms import title_terms
from index.analysis.question import WORD, Question
from index.collection.segment import NO_SECTION
from index.models import SentenceKind
from index.ranking.features import Column, RankingInput

ENTRIES = {
    SentenceKind.TABLE_ROW: regex.compile(r"[^\n]{1,100}"),
    SentenceKind.LIST_ITEM: regex.compile(r"[^\n:–—=(]{1,60}?(?=\s*[:–—=(]|\s-\s|\s(?:is|are|if|means|sets)\b)"),
}
"""The beginning of a chunk that may name what the rest explains."""
ASKED = 0.5
"""Share of a heading that the question has where it matters that one of them is negated."""
DENIAL = regex.compile(r"\b(?:not|never|no|without|cannot)\b|n['’]t\b", regex.IGNORECASE)


class _Comparison(NamedTuple):
    """How a section's own heading compares with the question."""

    asked: float
    """The share of the heading's terms that the question has."""
    alike: float
    """1 where they have the same terms, but for those that stand above it, and the same denial."""
    denies: float
    """Whether one of them is negated, though the question has much of the heading: who may enter, who may not."""
    verbatim: float
    """The share of all words of both that both have, stop words included."""


NOT_HEADED = _Comparison(0.0, 0.0, 0.0, 0.0)


def heading_features(inputs: RankingInput) -> dict[str, Column]:
    """How much of the question stands in the headings and the title, and how much of the heading in the question."""
    evidence, question, collection = inputs.evidence, inputs.question, inputs.collection
    sections = collection.sections_of(evidence.chunks)
    is_headed = sections != NO_SECTION
    idf = evidence.idf[:, None] / evidence.idf.sum()
    above, here = (evidence.heading > 0) | evidence.title, evidence.in_sentence()
    found = np.maximum(above | here, np.maximum(evidence.related, evidence.heading_related))
    numbers, firsts, places = np.unique(sections, return_index=True, return_inverse=True)
    compared = [
        NOT_HEADED
        if section == NO_SECTION
        else _compared(question, collection.heading(section), _stems_held(question, above[:, first]))
        for section, first in zip(numbers.tolist(), firsts.tolist(), strict=True)
    ]
    asked, alike, denies, verbatim = np.array(compared)[places].T
    return {
        "heading-verbatim": verbatim,
        "heading-denies": denies,
        "entry": _entries(inputs),
        "heading-alike": alike,
        "heading-or-title": is_headed * (idf * above).sum(axis=0),
        "heading-like": is_headed * (idf * np.maximum(above, evidence.heading_related)).sum(axis=0),
        "heading-asked": asked,
        "heading-only": is_headed * (idf * (above & ~here)).sum(axis=0),
        "heading-related": is_headed
        * (idf * np.where((evidence.heading > 0) | here, 0, evidence.heading_related)).sum(axis=0),
        "missing-most-headed": is_headed * (idf * (1 - found)).max(axis=0),
        "coverage-with-headings": is_headed * (idf * (above | here)).sum(axis=0),
    }


def _stems_held(question: Question, held: npt.NDArray[np.bool_]) -> frozenset[str]:
    """The stems of the terms of the question that are held."""
    found = {term for term, is_held in zip(question.terms, held.tolist(), strict=True) if is_held}
    return frozenset(stem for token in question.tokens if token.term in found for stem in _stems_of(token.form))


def _compared(question: Question, heading: str, above: frozenset[str]) -> _Comparison:
    """Compare a heading with the question; `above` are stems that the headings above it or the title have."""
    own, words = _stems_of(heading), frozenset(word.lower() for word in WORD.findall(heading))
    shared, all_terms = len(own & question.stems), own | (question.stems - above)
    asked = shared / len(own) if own else 0.0
    is_denied = (DENIAL.search(heading) is None) != (DENIAL.search(question.text) is None)
    alike = shared / len(all_terms) if all_terms and not is_denied else 0.0
    verbatim = len(words.intersection(question.words)) / max(len(words.union(question.words)), 1)
    return _Comparison(asked, alike, float(is_denied and asked >= ASKED), verbatim)


def _entries(inputs: RankingInput) -> Column:
    """How far a table's row or a list item is the entry of what is asked about: `port` in its first cell, `port: …`."""
    evidence, question, collection = inputs.evidence, inputs.question, inputs.collection
    weights = dict(zip(question.terms, (evidence.idf / evidence.idf.sum()).tolist(), strict=True))
    found = np.zeros(len(evidence.chunks))
    for place, kind in enumerate(collection.kinds_of(evidence.chunks)):
        text = collection.text(int(evidence.chunks[place])) if kind in ENTRIES else ""
        beginning = ENTRIES[kind].match(text) if text else None
        stems = _stems_of(beginning[0]) if beginning else frozenset()
        if beginning and stems:
            held = title_terms(beginning[0])
            share = len(stems & question.stems) / len(stems)
            found[place] = share * sum(weight for term, weight in weights.items() if term in held)
    return found


@lru_cache(maxsize=4096)
def _stems_of(heading: str) -> frozenset[str]:
    return frozenset(term.term for term in terms(heading))
