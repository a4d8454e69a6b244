"""Features of the headings above a candidate, as numbers without unit; 0 where no heading is above it."""

from __future__ import annotations

import numpy as np

from index.collection.segment import NO_SECTION
from index.ranking.features import Column, RankingInput


def heading_features(inputs: RankingInput) -> dict[str, Column]:
    """How much of the question stands in the headings and the title, and how much of the heading in the question."""
    evidence, question = inputs.evidence, inputs.question
    sections = inputs.collection.sections_of(evidence.chunks)
    is_headed = sections != NO_SECTION
    idf = evidence.idf[:, None] / evidence.idf.sum()
    above, here = evidence.heading > 0, evidence.in_sentence()
    asked = question.stems
    covered = {section: _share_asked(inputs, section, asked) for section in np.unique(sections[is_headed]).tolist()}
    return {
        "heading": is_headed * (idf * np.minimum(evidence.heading, 1)).sum(axis=0),
        "heading-or-title": is_headed * (idf * (above | evidence.title)).sum(axis=0),
        "heading-like": is_headed * (idf * np.maximum(above | evidence.title, evidence.heading_related)).sum(axis=0),
        "heading-asked": np.array([covered.get(section, 0.0) for section in sections.tolist()]),
        "heading-only": is_headed * (idf * (above & ~here)).sum(axis=0),
        "heading-related": is_headed * (idf * np.where(above | here, 0, evidence.heading_related)).sum(axis=0),
        "coverage-with-headings": is_headed * (idf * (above | here | evidence.title)).sum(axis=0),
    }


def _share_asked(inputs: RankingInput, section: int, asked: frozenset[str]) -> float:
    """The share of a section's own heading that the question has."""
    own = inputs.collection.heading_terms(section)
    return len(own & asked) / len(own) if own else 0.0
