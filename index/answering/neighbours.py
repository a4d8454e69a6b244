"""The sentence beside a passage that completes it, and is quoted with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from index.collection.back_references import refers_back
from index.collection.collection import Collection
from index.collection.deduplication import quotation_start, spans_of
from index.models import SentenceKind
from index.ranking import Ranked
from index.ranking.features import has_answer_type

NEARLY_AS_HIGH = 2.0
"""A neighbour that does not refer back to the passage scores at most this much below it."""
MAX_COMPLETED = 700
"""Most characters of a passage that is quoted with its neighbour."""
LEADS_UP = (":", "?")
"""Ends of a sentence that leads up to another one, and completes none."""


def completing_neighbour(ranked: Ranked, place: int) -> int | None:
    """The chunk directly before or after a candidate that is quoted with it; None where neither completes it.

    It has what the candidate lacks, a term of the question or the type of answer asked for; and it refers back to the
    candidate, or is ranked nearly as high.
    """
    scores = dict(zip(ranked.chunks, ranked.scores.tolist(), strict=True))
    chunk = ranked.chunks[place]

    def is_near(other: int) -> bool:
        return scores.get(other, -np.inf) >= scores[chunk] - NEARLY_AS_HIGH or _refers_to(ranked, other, chunk)

    found = [other for other in _beside(ranked.inputs.collection, chunk) if is_near(other)]
    completing = [other for other in found if _has_what_is_lacking(ranked, place, other)]
    return max(completing, key=lambda other: scores.get(other, -np.inf), default=None)


def _beside(collection: Collection, chunk: int) -> Iterator[int]:
    """The sentences directly before and after one that make one slice with it, and not too long a one.

    None for a sentence that is quoted with those before it anyway.
    """
    if quotation_start(collection, chunk) < chunk:
        return
    bounds = collection.bounds_of(np.array([chunk], np.int32))
    start, end = collection.section_range(chunk) or (int(bounds.article_start[0]), int(bounds.article_end[0]))
    for other in (chunk - 1, chunk + 1):
        if start <= other < end and not collection.text(other).endswith(LEADS_UP):
            spans = spans_of(collection, min(other, chunk), max(other, chunk))
            is_prose = collection.sentence(other).kind is SentenceKind.BODY
            if is_prose and len(spans) == 1 and spans[0].end - spans[0].start <= MAX_COMPLETED:
                yield other


def _refers_to(ranked: Ranked, other: int, chunk: int) -> bool:
    return other > chunk and refers_back(ranked.inputs.collection.sentence_features(other))


def _has_what_is_lacking(ranked: Ranked, place: int, other: int) -> bool:
    """Whether a neighbour has a term that the candidate lacks, or alone has the type of answer asked for."""
    evidence, question, chunk = ranked.inputs.evidence, ranked.inputs.question, ranked.chunks[place]
    beside = (evidence.after if other > chunk else evidence.before)[:, place]
    if (beside & ~evidence.in_sentence()[:, place]).any():
        return True
    here, there = (ranked.inputs.collection.sentence_features(one) for one in (chunk, other))
    return has_answer_type(question, there, {}) > has_answer_type(question, here, {})
