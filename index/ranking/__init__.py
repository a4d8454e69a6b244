"""Rank sentences for a question: BM25 finds the candidates, a small model of decision trees orders them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from index.analysis.question import Question
from index.bm25.postings import Ids
from index.collection.collection import Collection
from index.collection.deduplication import apart
from index.ranking.candidates import candidates, gather
from index.ranking.decision_trees import Forest
from index.ranking.features import Asked, Column, context_scores, features_of
from index.ranking.query_expansion import matches_of

EQUAL = 9
"""Decimals to which scores are rounded, so that scores equal by the formula are equal."""
SHORT = 25
"""Candidates that the model ranks."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates in their final order, best first; each array and each feature has one item per candidate."""

    asked: Asked
    chunks: tuple[int, ...]
    scores: Column
    """The model's sums; only their differences mean something."""
    features: dict[str, Column]


@cache
def ranker() -> Forest:
    """The ranking model: ranker.json, which `make train` writes."""
    return Forest.read(resources.files("index.ranking").joinpath("ranker.json").read_text("utf-8"))


def shortlist(collection: Collection, question: Question, within: npt.NDArray[np.bool_] | None = None) -> Asked | None:
    """The best candidates by BM25 in context, best first; None where there are none."""
    matches = matches_of(question.asked, collection.bm25)
    chunks = candidates(collection, matches, within)
    if not len(chunks):
        return None
    evidence = gather(collection, matches, chunks)
    order = _best(collection, chunks, np.round(context_scores(evidence), EQUAL))
    seen = np.array([bool(match.rows or match.family) for match in matches])
    return Asked(question, evidence.take(order), collection, seen)


def _best(collection: Collection, chunks: Ids, scores: Column) -> npt.NDArray[np.intp]:
    """Indices of the best, best first, without those that are quoted in the same words as a better one.

    Ties are ordered by article and place in it, no matter when each was indexed.
    """
    looked_at = SHORT
    while True:
        last = np.sort(scores)[-looked_at:][0]
        places = np.flatnonzero(scores >= last)
        keys = [
            (-score, collection.id_of(chunk), chunk)
            for score, chunk in zip(scores[places].tolist(), chunks[places].tolist(), strict=True)
        ]
        best = places[sorted(range(len(keys)), key=keys.__getitem__)[:looked_at]]
        first = list(apart(collection, chunks[best].tolist()))[:SHORT]
        if len(first) == SHORT or looked_at >= len(chunks):
            found: npt.NDArray[np.intp] = best[first]
            return found
        looked_at *= 2


def rank(collection: Collection, question: Question, within: npt.NDArray[np.bool_] | None = None) -> Ranked | None:
    """The at most `SHORT` best candidates for a question; None where no sentence has any of its terms.

    `within` is True for each chunk to search; None for all.
    """
    asked = shortlist(collection, question, within)
    if asked is None:
        return None
    return ranked_by(ranker(), asked, features_of(asked))


def ranked_by(forest: Forest, asked: Asked, made: dict[str, Column]) -> Ranked:
    """The candidates in the order of a model."""
    scores = forest.scores(forest.columns(made))
    order = np.argsort(-scores, kind="stable")
    return Ranked(
        asked=Asked(asked.question, asked.evidence.take(order), asked.collection, asked.seen),
        chunks=tuple(asked.evidence.chunks[order].tolist()),
        scores=scores[order],
        features={name: column[order] for name, column in made.items()},
    )
