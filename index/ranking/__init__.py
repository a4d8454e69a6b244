"""Rank sentences for a question: BM25 finds the candidates, a small model of decision trees orders them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from index.analysis.exact_forms import form_of, is_exact
from index.analysis.question import Question
from index.bm25.candidate_source import ChunkFilter
from index.bm25.postings import Ids
from index.collection.collection import Collection
from index.collection.deduplication import unique_quotations
from index.ranking.alignment import alignment_features
from index.ranking.candidates import collect_candidates, gather_evidence
from index.ranking.decision_trees import TreeEnsemble
from index.ranking.features import Column, RankingInput, features_of, shortlist_scores
from index.ranking.heading_features import heading_features
from index.ranking.meaning_features import meaning_features
from index.ranking.names import is_derived, names_like, resolve_names
from index.ranking.query_expansion import expand_query

SCORE_DIGITS = 9
"""Decimals to which scores are rounded, so that scores equal by the formula are equal."""
SHORTLIST_SIZE = 25
"""Candidates that the model ranks."""
HEADING_MATCH, HEADING_ONLY, HEADING_RELATED = 6.0, 4.0, 4.0
HEADING_VERBATIM, ENTRY = 3.0, 3.0
"""What is added to the model's score: for a heading that is the question, for what only the headings say, for words
there that are related to the question's, for a heading in its very words, and for a row or item that is its entry.

The best of a few values each on three collections of documentation (docs/quality.md)."""
DEFINES = 3.0
"""What is added for the first sentence of an article that says what something is, where nothing else is asked."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates in their final order, best first; each array and each feature has one item per candidate."""

    inputs: RankingInput
    chunks: tuple[int, ...]
    scores: Column
    """The model's sums, with what cosines add; only their differences mean something."""
    features: dict[str, Column]

    def take(self, order: npt.NDArray[np.intp]) -> Ranked:
        """The candidates at these places, in this order."""
        evidence, inputs = self.inputs.evidence.take(order), self.inputs
        return Ranked(
            inputs=RankingInput(inputs.question, evidence, inputs.collection, inputs.in_collection),
            chunks=tuple(evidence.chunks.tolist()),
            scores=self.scores[order],
            features={name: column[order] for name, column in self.features.items()},
        )


@cache
def ranking_model() -> TreeEnsemble:
    """The ranking model: ranker.json, which `make train` writes."""
    return TreeEnsemble.from_json(resources.files("index.ranking").joinpath("ranker.json").read_text("utf-8"))


def shortlist(collection: Collection, question: Question, within: ChunkFilter | None = None) -> RankingInput | None:
    """The best candidates by BM25 in context and coverage, best first; None where there are none."""
    question = resolve_names(question, collection.bm25)
    matches = expand_query(question, collection.bm25, collection.headings)
    chunks = collect_candidates(collection, matches, within)
    if not len(chunks):
        return None
    evidence = gather_evidence(collection, matches, chunks)
    order = best_distinct(collection, chunks, np.round(shortlist_scores(question, evidence), SCORE_DIGITS))
    seen = np.array([match.is_in_collection for match in matches])
    return RankingInput(question, evidence.take(order), collection, seen)


def best_distinct(collection: Collection, chunks: Ids, scores: Column) -> npt.NDArray[np.intp]:
    """Indices of the best, best first, without those that are quoted in the same words as a better one.

    Ties are ordered by article and place in it, no matter when each was indexed.
    """
    looked_at = SHORTLIST_SIZE
    while True:
        last = np.sort(scores)[-looked_at:][0]
        places = np.flatnonzero(scores >= last)
        keys = [
            (-score, collection.id_of(chunk), chunk)
            for score, chunk in zip(scores[places].tolist(), chunks[places].tolist(), strict=True)
        ]
        best = places[sorted(range(len(keys)), key=keys.__getitem__)[:looked_at]]
        first = list(unique_quotations(collection, chunks[best].tolist()))[:SHORTLIST_SIZE]
        if len(first) == SHORTLIST_SIZE or looked_at >= len(chunks):
            found: npt.NDArray[np.intp] = best[first]
            return found
        looked_at *= 2


def rank(collection: Collection, question: Question, within: ChunkFilter | None = None) -> Ranked | None:
    """The at most `SHORTLIST_SIZE` best candidates for a question; None where no sentence has any of its terms.

    `within` says which chunks may be found; None for all. Where all that is asked is what is said of a topic,
    candidates without a word of it are left out, if there are others.
    """
    inputs = shortlist(collection, question, within)
    if inputs is None:
        return None
    ranked = order_by_model(ranking_model(), inputs, features_of_candidates(inputs))
    kept = np.array([not _is_about_other_name(ranked, place) for place in range(len(ranked.chunks))])
    if question.is_about_topic:
        held = kept & ranked.inputs.evidence.in_sentence_or_heading().any(axis=0)
        kept = held if held.any() else kept
    return ranked.take(np.flatnonzero(kept)) if kept.any() else None


def features_of_candidates(inputs: RankingInput) -> dict[str, Column]:
    """All features by name, one number a candidate."""
    return features_of(inputs) | heading_features(inputs) | meaning_features(inputs) | alignment_features(inputs)


def _is_about_other_name(ranked: Ranked, place: int) -> bool:
    """Whether a candidate lacks a name of the question and has another one that begins like it: Nigeria for Niger."""
    inputs = ranked.inputs
    for row, term in enumerate(inputs.question.terms):
        if is_exact(term) and not inputs.evidence.own[row, place]:
            form = form_of(term)
            features = inputs.collection.sentence_features(ranked.chunks[place])
            others = [other for other, _ in names_like(form, features)]
            if others and not any(is_derived(form, other) for other in others):
                return True
    return False


def order_by_model(ensemble: TreeEnsemble, inputs: RankingInput, features: dict[str, Column]) -> Ranked:
    """The candidates in the order of a model."""
    scores = ensemble.scores(ensemble.feature_matrix(features))
    scores = scores + HEADING_MATCH * features["heading-like"] * features["heading-asked"]
    scores = scores + HEADING_ONLY * features["heading-only"] + HEADING_RELATED * features["heading-related"]
    scores = scores + HEADING_VERBATIM * features["heading-verbatim"] + ENTRY * features["entry"]
    scores = scores + DEFINES * features["defines"]
    return Ranked(inputs, tuple(inputs.evidence.chunks.tolist()), scores, features).take(
        np.argsort(-scores, kind="stable")
    )
