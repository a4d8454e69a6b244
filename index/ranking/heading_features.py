"""Features of the headings above a candidate, as numbers without unit; 0 where no heading is above it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from index.analysis.analyzer import terms
from index.analysis.exact_forms import title_terms
from index.analysis.question import WORD
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


def heading_features(inputs: RankingInput) -> dict[str, Column]:
    """How much of the question stands in the headings and the title, and how much of the heading in the question."""
    evidence, question = inputs.evidence, inputs.question
    sections = inputs.collection.sections_of(evidence.chunks)
    is_headed = sections != NO_SECTION
    idf = evidence.idf[:, None] / evidence.idf.sum()
    above, here = evidence.heading > 0, evidence.in_sentence()
    asked = question.stems
    found = np.maximum(above | here | evidence.title, np.maximum(evidence.related, evidence.heading_related))
    covered = {section: _share_asked(inputs, section, asked) for section in np.unique(sections[is_headed]).tolist()}
    likeness = {
        section: _likeness(inputs, section, asked, _terms_at(inputs, above | evidence.title, sections == section))
        for section in covered
    }
    denies = {
        section: float(share >= ASKED and _denies_otherwise(inputs, section)) for section, share in covered.items()
    }
    verbatim = {section: _share_of_words(inputs, section) for section in covered}
    return {
        "heading-verbatim": np.array([verbatim.get(section, 0.0) for section in sections.tolist()]),
        "heading-denies": np.array([denies.get(section, 0.0) for section in sections.tolist()]),
        "entry": _entries(inputs),
        "heading-alike": np.array([likeness.get(section, 0.0) for section in sections.tolist()]),
        "heading": is_headed * (idf * np.minimum(evidence.heading, 1)).sum(axis=0),
        "heading-or-title": is_headed * (idf * (above | evidence.title)).sum(axis=0),
        "heading-like": is_headed * (idf * np.maximum(above | evidence.title, evidence.heading_related)).sum(axis=0),
        "heading-asked": np.array([covered.get(section, 0.0) for section in sections.tolist()]),
        "heading-only": is_headed * (idf * ((above | evidence.title) & ~here)).sum(axis=0),
        "heading-related": is_headed * (idf * np.where(above | here, 0, evidence.heading_related)).sum(axis=0),
        "missing-most-headed": is_headed * (idf * (1 - found)).max(axis=0),
        "coverage-with-headings": is_headed * (idf * (above | here | evidence.title)).sum(axis=0),
    }


def _terms_at(inputs: RankingInput, held: npt.NDArray[np.bool_], columns: npt.NDArray[np.bool_]) -> frozenset[str]:
    """The stems of the question's terms that the first of these candidates has."""
    first = int(np.flatnonzero(columns)[0])
    question = inputs.question
    found = {term for term, is_held in zip(question.terms, held[:, first].tolist(), strict=True) if is_held}
    return frozenset(stem for token in question.tokens if token.term in found for stem in _stems_of(token.form))


def _share_asked(inputs: RankingInput, section: int, asked: frozenset[str]) -> float:
    """The share of a section's own heading that the question has."""
    own = _stems_of(inputs.collection.heading(section))
    return len(own & asked) / len(own) if own else 0.0


def _likeness(inputs: RankingInput, section: int, asked: frozenset[str], above: frozenset[str]) -> float:
    """How alike the question and a section's own heading are: 1 where they have the same terms and denial.

    `above` are terms of the headings above and the title, which the question may have, too.
    """
    own = _stems_of(inputs.collection.heading(section))
    all_terms = own | (asked - above)
    return len(own & asked) / len(all_terms) if all_terms and not _denies_otherwise(inputs, section) else 0.0


def _denies_otherwise(inputs: RankingInput, section: int) -> bool:
    """Whether one of the question and a section's own heading is negated: who may enter, who may not."""
    texts = inputs.question.text, inputs.collection.heading(section)
    return len({DENIAL.search(text) is None for text in texts}) > 1


def _share_of_words(inputs: RankingInput, section: int) -> float:
    """The share of all words of the question and a section's own heading that both have, stop words included."""
    heading = frozenset(word.lower() for word in WORD.findall(inputs.collection.heading(section)))
    return len(heading.intersection(inputs.question.words)) / max(len(heading.union(inputs.question.words)), 1)


def _entries(inputs: RankingInput) -> Column:
    """How far a table's row or a list item is the entry of what is asked about: `port` in its first cell, `port: …`."""
    evidence, collection = inputs.evidence, inputs.collection
    weights = dict(zip(inputs.question.terms, (evidence.idf / evidence.idf.sum()).tolist(), strict=True))
    found = np.zeros(len(evidence.chunks))
    for place, kind in enumerate(collection.kinds_of(evidence.chunks)):
        if kind in ENTRIES:
            text = collection.text(int(evidence.chunks[place]))
            beginning = ENTRIES[kind].match(text)
            terms_of_it = title_terms(beginning[0]) if beginning else set()
            stems = _stems_of(beginning[0]) if beginning else frozenset()
            share = len(stems & inputs.question.stems) / len(stems) if stems else 0.0
            found[place] = share * sum(weight for term, weight in weights.items() if term in terms_of_it)
    return found


@lru_cache(maxsize=4096)
def _stems_of(heading: str) -> frozenset[str]:
    return frozenset(term.term for term in terms(heading))
