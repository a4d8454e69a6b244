"""The probability that a passage under headings answers the question: a logistic regression over a few features."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources

import numpy as np

from index.models import FrozenModel
from index.ranking import Ranked

MAX_LEAD = 5.0
"""Highest lead that counts of the best passage's score over the best one of another section."""


class SectionModel(FrozenModel):
    """Weights by feature: probability = 1 / (1 + exp(-(sum of weights times features + offset)))."""

    about: str
    weights: dict[str, float]
    offset: float
    threshold: float
    """Lowest probability for the verdict `answered`."""
    may_answer_threshold: float
    """The same for `may_answer`: about a sixth of questions about something else reach it (docs/quality.md)."""

    def probability(self, features: dict[str, float]) -> float:
        """The probability for these features."""
        total = self.offset + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-total))


@cache
def section_model() -> SectionModel:
    """The model of section_model.json, which `make train-sections` writes."""
    return SectionModel.model_validate_json(
        resources.files("index.answering").joinpath("section_model.json").read_text("utf-8")
    )


def section_features(ranked: Ranked, probability: float) -> dict[str, float]:
    """The features of the best passage, which is under headings; `probability` is that of the model for sentences."""
    held = {name: float(column[0]) for name, column in ranked.features.items()}
    sections = ranked.inputs.collection.sections_of(np.array(ranked.chunks, np.int32))
    behind = ranked.scores[sections != sections[0]]
    return {
        "lead": min(MAX_LEAD, float(ranked.scores[0] - behind[0])) if len(behind) else MAX_LEAD,
        "missing-most": held["missing-most-headed"],
        "heading-or-title": held["heading-or-title"],
        "heading-alike": held["heading-alike"],
        "entry": held["entry"],
        "heading-match": held["heading-or-title"] * held["heading-asked"],
        "coverage": held["coverage-family"],
        "coverage-with-headings": held["coverage-with-headings"],
        "coverage-around": held["coverage-around"],
        "sentence-probability": probability,
    }
