"""The metrics of an evaluation, each with its bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
RESAMPLES = 1000
INTERVAL = (2.5, 97.5)
"""Percentiles of the resamples: 95 %."""
SEED = 0
TOP = 10
BINS = 10
COVERAGES = (50, 70, 90)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The outcomes of the questions: one element a question in each array."""

    answerable: Flags
    answered: Flags
    shown: Flags
    """Whether any quotation is shown at once, as an answer or as a possible one."""
    shown_right: Flags
    """Whether one of those is right."""
    place: npt.NDArray[np.int64]
    """Rank of the first right passage, from 0; `TOP` where none is among the first ten."""
    probability: Numbers

    def take(self, chosen: npt.NDArray[np.intp] | Flags) -> Outcomes:
        """The outcomes of some questions."""
        return Outcomes(
            answerable=self.answerable[chosen],
            answered=self.answered[chosen],
            shown=self.shown[chosen],
            shown_right=self.shown_right[chosen],
            place=self.place[chosen],
            probability=self.probability[chosen],
        )

    @property
    def right(self) -> Flags:
        """Whether the first passage answers the question."""
        first: Flags = self.answerable & (self.place == 0)
        return first

    @cached_property
    def risk_coverage(self) -> tuple[Numbers, Numbers]:
        """Coverages in (0, 1], ascending, one for each distinct probability, and the risk at each."""
        _, places, counts = np.unique(-self.probability, return_inverse=True, return_counts=True)
        covered = np.cumsum(counts)
        return covered / len(places), np.cumsum(np.bincount(places, ~self.right, len(counts))) / covered


class Figure(NamedTuple):
    """A metric and its 95 % interval; all None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


def auroc(scores: Numbers, positive: Flags) -> float | None:
    """The chance that a positive scores above a negative, ties half (Hanley & McNeil, 1982); None without both."""
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return None
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def risk_at(outcomes: Outcomes, coverage: int) -> float | None:
    """The error rate of the first passage among the `coverage` percent most probable questions.

    Of a group of equal probability, a part counts in proportion: their order in the file means nothing.
    """
    if not len(outcomes.probability):
        return None
    coverages, risks = outcomes.risk_coverage
    wrong = np.interp(coverage / 100, np.append(0, coverages), np.append(0, coverages * risks))
    return float(wrong) / (coverage / 100)


def reliability(outcomes: Outcomes) -> list[tuple[float, float, int]]:
    """For each non-empty tenth of the probabilities: their mean, the share that is right, and their number."""
    tenth = np.minimum((outcomes.probability * BINS).astype(int), BINS - 1)
    return [
        (float(outcomes.probability[inside].mean()), float(outcomes.right[inside].mean()), int(inside.sum()))
        for inside in (tenth == place for place in range(BINS))
        if inside.any()
    ]


def calibration_error(outcomes: Outcomes) -> float | None:
    """The expected calibration error over ten bins (Naeini et al., AAAI 2015)."""
    if not len(outcomes.probability):
        return None
    gaps = sum(abs(said - held) * count for said, held, count in reliability(outcomes))
    return gaps / len(outcomes.probability)


def _mean(values: Flags | Numbers) -> float | None:
    return float(values.mean()) if len(values) else None


MEASURES: dict[str, Callable[[Outcomes], float | None]] = {
    "hit@1": lambda some: _mean(some.place[some.answerable] < 1),
    "hit@3": lambda some: _mean(some.place[some.answerable] < 3),  # noqa: PLR2004  # as its name says
    "mrr@10": lambda some: _mean(np.where(some.place < TOP, 1 / (some.place + 1), 0)[some.answerable]),
    "decision_accuracy": lambda some: _mean(some.answered == some.answerable),
    "precision_of_answered": lambda some: _mean(some.answerable[some.answered]),
    "recall_of_answered": lambda some: _mean(some.answered[some.answerable]),
    "right_when_answered": lambda some: _mean(some.right[some.answered]),
    "answered_though_unanswerable": lambda some: _mean(some.answered[~some.answerable]),
    "answered_rightly": lambda some: _mean((some.answered & some.shown_right)[some.answerable]),
    "shown_rightly": lambda some: _mean(some.shown_right[some.answerable]),
    "shown": lambda some: _mean(some.shown[~some.answerable]),
    "auroc": lambda some: auroc(some.probability, some.answerable),
    **{f"risk@{share}": lambda some, share=share: risk_at(some, share) for share in COVERAGES},  # type: ignore[misc]  # binds the share of this iteration
    "brier": lambda some: _mean((some.probability - some.right) ** 2),
    "calibration_error": calibration_error,
}
MEANINGS = {
    "hit@1": "answerable: the first passage is right",
    "hit@3": "answerable: one of the first three passages is right",
    "mrr@10": "answerable: mean of 1 / rank of the first right passage among ten, 0 if there is none",
    "decision_accuracy": "all: answered where answerable, not answered where not",
    "precision_of_answered": "answered: the question is answerable",
    "recall_of_answered": "answerable: the question was answered",
    "right_when_answered": "answered: the first quotation is right",
    "answered_though_unanswerable": "not answerable: the question was answered anyway",
    "answered_rightly": "answerable: answered, and one of the quotations is right",
    "shown_rightly": "answerable: one of the quotations shown at once, as an answer or as a possible one, is right",
    "shown": "not answerable: a quotation was shown at once anyway",
    "auroc": "chance that an answerable question gets a higher probability than an unanswerable one",
    **{f"risk@{share}": f"the {share} % most probable: the first passage is not right" for share in COVERAGES},
    "brier": "mean squared difference of probability and correctness of the first passage; 0 is best",
    "calibration_error": "mean difference of probability and share of right answers, over ten bins; 0 is best",
}
"""What each metric says: of which questions, the share or the mean of what."""


def measure(outcomes: Outcomes, names: Sequence[str] = tuple(MEASURES)) -> dict[str, Figure]:
    """The metrics with their intervals, by resampling the questions (Efron, 1979); deterministic."""
    random = np.random.default_rng(SEED)
    values = {name: MEASURES[name](outcomes) for name in names}
    drawn: dict[str, list[float]] = {name: [] for name in names}
    size = len(outcomes.answerable)
    for _ in range(RESAMPLES):
        resample = outcomes.take(random.integers(size, size=size))
        for name in names:
            value = MEASURES[name](resample)
            if value is not None:
                drawn[name].append(value)
    return {name: _figure(values[name], drawn[name]) for name in names}


def _figure(value: float | None, drawn: Sequence[float]) -> Figure:
    if value is None or not drawn:
        return Figure(None, None, None)
    low, high = np.percentile(drawn, INTERVAL)
    return Figure(round(value, 4), round(float(low), 4), round(float(high), 4))
