"""Features of the answerability model: whether the best passage answers the question, as numbers without unit."""

from __future__ import annotations

import numpy as np

from index.analysis.question import Asks, Question
from index.ranking import Ranked

AGREEING = 3
FEW = 5
ALONE = 3.0
"""The margin of a passage without a rival."""


def signals_of(ranked: Ranked) -> dict[str, float]:
    """All features by name: the best passage's own, its lead over the others, and those of the question."""
    best = {name: float(column[0]) for name, column in ranked.features.items()}
    return best | _against_the_others(ranked) | _of_the_question(ranked.asked.question)


def _against_the_others(ranked: Ranked) -> dict[str, float]:
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


def _of_the_question(question: Question) -> dict[str, float]:
    asks = {f"asks-{kind.value}": float(question.asks is kind) for kind in Asks}
    return asks | {
        "question-denies": float(question.denies),
        "question-words": float(len(question.words)),
        "question-names": float(len(question.names)),
        "question-turning": float(len(question.turning)),
        "question-light": float(len(question.words) - len(question.found)),
    }
