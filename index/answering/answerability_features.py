"""Features of the answerability model: whether a candidate answers the question, as numbers without unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from index.analysis.question import AnswerType, Question
from index.answering.encoder import Encoder
from index.answering.wording_features import wording_features
from index.ranking import Ranked
from index.ranking.features import Column

FEW = 5
ALONE = 3.0
"""The lead of a candidate without a rival."""
BETTERED = (
    "context",
    "coverage-kind",
    "coverage-kind-related",
    "coverage-around-kind",
    "of-the-kind",
    "pairs",
    "predicate",
    "window",
)
"""Features in which other candidates may be better."""
REORDERED = 5
"""Candidates whose cosines with the question count for the order, where there is an encoder."""
COSINE_WEIGHT = 4.0
"""What a cosine adds to the ranking's score: the best of five values on folds (docs/quality.md)."""


def answerability_features(ranked: Ranked, count: int) -> dict[str, Column]:
    """All features of the first `count` candidates: their own, their lead over the others, and the question's."""
    own = {name: column[:count] for name, column in ranked.features.items()}
    count = min(count, len(ranked.chunks))
    return own | wording_features(ranked, count) | _lead_features(ranked, count) | _question_features(ranked, count)


def order_by_meaning(
    ranked: Ranked, count: int, encoder: Encoder, weight: float = COSINE_WEIGHT
) -> tuple[Ranked, dict[str, Column]]:
    """The candidates with the first few ordered by their cosines, too, and the semantic features of the first `count`.

    The features are the cosine of the question with the candidate, and how far that is behind the highest. A cosine
    adds `weight` times itself to the score; candidates behind the first few get what the lowest of theirs adds.
    """
    collection, question = ranked.inputs.collection, ranked.inputs.question
    cosines = encoder.cosines(question.text, [collection.text(chunk) for chunk in ranked.chunks[:REORDERED]])
    scores = ranked.scores + weight * cosines.min()
    scores[:REORDERED] = ranked.scores[:REORDERED] + weight * cosines
    order = np.argsort(-scores, kind="stable")
    behind = cosines.max() - cosines
    first = order[:count]
    return replace(ranked, scores=scores).take(order), {"semantic": cosines[first], "semantic-behind": behind[first]}


def _lead_features(ranked: Ranked, count: int) -> dict[str, Column]:
    """How far each is ahead of others. The scores themselves are none: only those of one question are comparable."""
    scores = ranked.scores
    first, second = float(scores[0]), float(scores[1]) if len(scores) > 1 else float(scores[0]) - ALONE
    places = np.arange(count, dtype=np.float64)
    own = scores[:count]
    bettered = {f"bettered-{name}": ranked.features[name].max() - ranked.features[name][:count] for name in BETTERED}
    return bettered | {
        "place": places,
        "lead": own - np.where(places == 0, second, first),
        "lead-over-few": own - np.mean(scores[:FEW]),
    }


def _question_features(ranked: Ranked, count: int) -> dict[str, Column]:
    return {name: np.full(count, value) for name, value in _of_question(ranked.inputs.question).items()}


def _of_question(question: Question) -> dict[str, float]:
    answer_type = {f"asks-{kind.value}": float(question.answer_type is kind) for kind in AnswerType}
    return answer_type | {
        "question-denies": float(question.is_negated),
        "question-words": float(len(question.words)),
        "question-turning": float(len(question.degree_words)),
    }
