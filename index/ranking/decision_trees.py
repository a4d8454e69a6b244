"""A sum of small decision trees over named features: read from JSON, evaluated in numpy, explained by feature.

All trees are evaluated at once with QuickScorer's bit vectors (Lucchese et al., SIGIR 2015): each failed test masks
the leaves to its left, and the leftmost remaining leaf is the tree's result.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from index.models import FrozenModel

MAX_LEAVES = 8
ALL_LEAVES = (1 << MAX_LEAVES) - 1


class Split(NamedTuple):
    """A test: feature ≤ threshold goes left, else right. A negative branch is a leaf, with index ~branch."""

    feature: int
    threshold: float
    left: int
    right: int


class Tree(FrozenModel):
    """One tree: its splits, the root first, the mean of each split's samples, and the leaves' values."""

    splits: Annotated[tuple[Split, ...], Field(min_length=1, max_length=MAX_LEAVES - 1)]
    means: tuple[float, ...]
    leaves: tuple[float, ...]

    @model_validator(mode="after")
    def _check_structure(self) -> Self:
        branches = sorted(branch for split in self.splits for branch in (split.left, split.right))
        wanted = sorted([*range(1, len(self.splits)), *(~leaf for leaf in range(len(self.splits) + 1))])
        ahead = all(branch < 0 or branch > at for at, split in enumerate(self.splits) for branch in split[2:])
        if (
            branches != wanted
            or not ahead
            or (len(self.means), len(self.leaves)) != (len(self.splits), len(self.splits) + 1)
        ):
            message = "each split but the first, and each leaf, hangs on exactly one split before it"
            raise ValueError(message)
        return self

    def leaves_below(self, branch: int) -> tuple[int, ...]:
        """Indices of the leaves under a branch, from left to right."""
        if branch < 0:
            return (~branch,)
        split = self.splits[branch]
        return self.leaves_below(split.left) + self.leaves_below(split.right)


class Model(FrozenModel):
    """Trees over features, and their calibration: probability = 1 / (1 + exp(-(slope · sum + offset)))."""

    about: str
    features: tuple[str, ...]
    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.5
    trees: tuple[Tree, ...]


class TreeEnsemble:
    """A model as arrays, with a column per tree and a row per split."""

    def __init__(self, model: Model) -> None:
        self.model = model
        shape = (MAX_LEAVES - 1, len(model.trees))
        self._features = np.zeros(shape, np.intp)
        self._thresholds = np.full(shape, np.inf)  # a missing split never fails
        self._kept = np.full(shape, ALL_LEAVES, np.uint8)
        self._values = np.zeros((len(model.trees), MAX_LEAVES))
        for column, tree in enumerate(model.trees):
            order = tree.leaves_below(0)
            self._values[column, : len(order)] = [tree.leaves[leaf] for leaf in order]
            for row, split in enumerate(tree.splits):
                self._features[row, column] = split.feature
                self._thresholds[row, column] = split.threshold
                struck = sum(1 << order.index(leaf) for leaf in tree.leaves_below(split.left))
                self._kept[row, column] = ALL_LEAVES & ~struck

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Parse a model from JSON; ValidationError where it is invalid."""
        return cls(Model.model_validate(json.loads(text)))

    def feature_matrix(self, made: Mapping[str, npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
        """The model's features, a row per candidate and a column per feature; KeyError where one is missing."""
        return np.stack([made[name] for name in self.model.features], axis=1)

    def scores(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The sum of all trees for each row."""
        fails = rows[:, self._features] > self._thresholds
        left = np.bitwise_and.reduce(np.where(fails, self._kept, np.uint8(ALL_LEAVES)), axis=1)
        leaf = LOWEST_BIT[left]
        total: npt.NDArray[np.float64] = self._values[np.arange(len(self._values)), leaf].sum(1)
        return total

    def probability(self, score: float) -> float:
        """The calibrated probability of a sum, in [0, 1]."""
        return float(1 / (1 + np.exp(-(self.model.slope * score + self.model.offset))))

    def contributions(self, row: npt.NDArray[np.float64]) -> dict[str, float]:
        """Each feature's contribution to the sum, on the way from the trees' means to their leaves (Saabas, 2014)."""
        moved = dict.fromkeys(self.model.features, 0.0)
        for tree in self.model.trees:
            for feature, change in _value_changes(tree, row):
                moved[self.model.features[feature]] += change
        return moved


LOWEST_BIT = np.array([0] + [(place & -place).bit_length() - 1 for place in range(1, ALL_LEAVES + 1)], np.intp)


def _value_changes(tree: Tree, row: npt.NDArray[np.float64]) -> Iterator[tuple[int, float]]:
    at, mean = 0, tree.means[0]
    while at >= 0:
        split = tree.splits[at]
        at = split.left if row[split.feature] <= split.threshold else split.right
        now = tree.means[at] if at >= 0 else tree.leaves[~at]
        yield split.feature, now - mean
        mean = now
