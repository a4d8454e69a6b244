"""Features of the answerability model: whether the best passage answers the question, as numbers without unit."""

from __future__ import annotations

import numpy as np

from index.analysis.question import AnswerType, Question
from index.ranking import Ranked

AGREEING = 3
FEW = 5
ALONE = 3.0
"""The margin of a passage without a rival."""


def answerability_features(ranked: Ranked) -> dict[str, float]:
    """All features by name: the best passage's own, its lead over the others, and those of the question."""
    best = {name: float(column[0]) for name, column in ranked.features.items()}
    return best | _lead_features(ranked) | _question_features(ranked.inputs.question)


def _lead_features(ranked: Ranked) -> dict[str, float]:
    scores, features = ranked.scores, ranked.features

    def bettered(name: str, among: int | None = None) -> float:
        """How much another candidate exceeds the best one in this feature."""
        column = features[name]
        return float(column[:among].max() - column[0])

    return {
        "score": float(scores[0]),
        "margin": float(scores[0] - scores[1]) if len(scores) > 1 else ALONE,
        "lead": float(scores[0] - np.mean(scores[:FEW])),
        "bettered-around": bettered("coverage-around-kind", AGREEING),
        "bettered-coverage": bettered("coverage-kind-related"),
        "bettered-context": bettered("context"),
    }


def _question_features(question: Question) -> dict[str, float]:
    answer_type = {f"asks-{kind.value}": float(question.answer_type is kind) for kind in AnswerType}
    return answer_type | {
        "question-denies": float(question.is_negated),
        "question-words": float(len(question.words)),
        "question-names": float(len(question.names)),
        "question-turning": float(len(question.degree_words)),
        "question-light": float(len(question.words) - len(question.tokens)),
    }
