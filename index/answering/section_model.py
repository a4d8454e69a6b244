"""The probability that a passage under headings answers the question: a logistic regression over a few features."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources

from index.models import FrozenModel
from index.ranking import Ranked


class SectionModel(FrozenModel):
    """Weights by feature: probability = 1 / (1 + exp(-(sum of weights times features + offset)))."""

    about: str
    weights: dict[str, float]
    offset: float
    threshold: float
    """Lowest probability for the verdict `answered`."""

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
    """The features of the best passage; `probability` is that of the model for sentences."""
    held = {name: float(column[0]) for name, column in ranked.features.items()}
    return {
        "heading-or-title": held["heading-or-title"],
        "heading-match": held["heading-or-title"] * held["heading-asked"],
        "coverage": held["coverage-family"],
        "coverage-with-headings": held["coverage-with-headings"],
        "coverage-around": held["coverage-around"],
        "sentence-probability": probability,
    }
