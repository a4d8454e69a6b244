"""Train trees with LightGBM, and write them as the JSON that `index.ranking.decision_trees` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from index.ranking.decision_trees import MAX_LEAVES, Model, Tree
from index.ranking.features import Column
from tools.training.examples import Example, Setting

Matrix = npt.NDArray[np.float64]
COMMON: dict[str, Any] = {
    "subsample": 0.8,
    "subsample_freq": 1,
    "reg_lambda": 5.0,
    "deterministic": True,
    "force_row_wise": True,
    "n_jobs": 2,
    "verbose": -1,
}
RANKER: dict[str, Any] = {
    "n_estimators": 400,
    "num_leaves": MAX_LEAVES,
    "learning_rate": 0.05,
    "min_child_samples": 80,
    "colsample_bytree": 0.5,
}
RANKER_TOP = 5
SUPPORT: dict[str, Any] = {
    "n_estimators": 300,
    "num_leaves": MAX_LEAVES,
    "learning_rate": 0.05,
    "min_child_samples": 80,
    "colsample_bytree": 0.4,
}
REPEATS = 3
"""Models of so many random samples are averaged: from one sample to another, a rate of few questions moves by half."""
SETTING_WEIGHTS = {
    Setting.WHOLE: 1.0,
    Setting.SMALL: 1.0,
    Setting.REMOVED: 2.0,
    Setting.SMALL_REMOVED: 2.0,
    Setting.LEFT_OUT: 2.5,
    Setting.SMALL_LEFT_OUT: 2.5,
    Setting.REWORDED: 1.0,
}
OWN_WORDS = 0.1
"""Weight in the decision of questions by people who had not read the article, beside the others: they share so little
with their answers that much of them would teach it to accept what is only about the same topic."""
MIX = {"answerable": 0.6, "near": 0.2, "left out": 0.2}
"""The mix of questions that the probability assumes: most have an answer in the articles; of the rest, half are near
misses and half are about something else."""
RISING = (
    "answer-clause",
    "bm25",
    "clause-coverage",
    "context",
    "coverage",
    "covers-context",
    "lead",
    "meaning",
    "names-around",
    "names-here",
    "of-the-kind",
    "pairs",
    "predicate",
    "window",
)
FALLING = (
    "behind",
    "bettered",
    "denial-differs",
    "lacking",
    "missing",
    "opposite",
    "other-year",
    "question-denies",
    "replaced",
)
"""Prefixes of features with a monotone constraint, up or down, on the decision: whatever the training questions have in
common, a word that is missing or replaced never counts for an answer."""
NOT_FOR_THE_DECISION = (
    "rank",
    "heading",
    "entry",
    "coverage-with-headings",
    "missing-most-headed",
    "align",
    "behind-align",
)
"""Prefixes of features that the decision is not learned from: the first order, what only documentation has, and the
alignment, which made it answer fewer questions in the articles' own words (docs/quality.md)."""
DIGITS = 5


def weights_of(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Weights of the examples: a small question set counts by the square root of its share."""
    sizes: dict[str, int] = {}
    for example in examples:
        sizes[example.source] = sizes.get(example.source, 0) + (example.setting is Setting.WHOLE)
    largest = max(sizes.values())
    return np.array(
        [SETTING_WEIGHTS[example.setting] * np.sqrt(largest / sizes[example.source]) for example in examples]
    )


def decision_weights_of(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """The weights of the examples where the decision is learned."""
    shares: Column = np.array([OWN_WORDS if example.in_own_words else 1.0 for example in examples])
    return weights_of(examples) * shares


def mixed(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Weights that give the examples the mix of questions that the probability assumes."""
    kinds = np.array([_kind(example) for example in examples])
    weights = decision_weights_of(examples)
    for kind, share in MIX.items():
        weights[kinds == kind] *= share / weights[kinds == kind].sum()
    return weights


def _kind(example: Example) -> str:
    if example.answerable:
        return "answerable"
    return "left out" if example.setting in {Setting.LEFT_OUT, Setting.SMALL_LEFT_OUT} else "near"


def learn_ranker(examples: Sequence[Example], features: Sequence[str]) -> Model:
    """Trees that rank the right candidate first: LambdaMART over the candidates of each question that has one."""
    useful = [example for example in examples if example.right.any() and not example.right.all()]
    weights = weights_of(useful)
    rows = np.concatenate([_matrix(example.features, features) for example in useful])
    right = np.concatenate([example.right for example in useful]).astype(int)
    sizes = [len(example.right) for example in useful]
    each = np.repeat(weights, sizes)
    boosters = [
        lightgbm.LGBMRanker(**RANKER, **COMMON, random_state=seed, lambdarank_truncation_level=RANKER_TOP).fit(
            rows, right, group=sizes, sample_weight=each
        )
        for seed in range(REPEATS)
    ]
    return _mean(boosters, features, "Orders candidates: the larger the sum of the trees, the likelier the answer.")


def learn_support(
    signals: Sequence[Mapping[str, Column]], right: Sequence[npt.NDArray[np.bool_]], weights: Column
) -> Model:
    """Trees that separate right candidates from others; their sum is not calibrated yet.

    Each item has the features of the best candidates of a question, which of these are right, and its weight.
    """
    names = [name for name in signals[0] if not name.startswith(NOT_FOR_THE_DECISION)]
    rows = np.concatenate([_matrix(found, names) for found in signals])
    each = np.concatenate([np.full(len(found), weight) for found, weight in zip(right, weights, strict=True)])
    labels = np.concatenate(right).astype(int)
    constraints = [_direction(name) for name in names]
    boosters = [
        lightgbm.LGBMClassifier(**SUPPORT, **COMMON, random_state=seed, monotone_constraints=constraints).fit(
            rows, labels, sample_weight=each
        )
        for seed in range(REPEATS)
    ]
    return _mean(boosters, names, "Decides whether a candidate answers the question.")


def _direction(name: str) -> int:
    return 1 if name.startswith(RISING) else -1 if name.startswith(FALLING) else 0


def calibrated(model: Model, sums: Column, right: npt.NDArray[np.bool_], weights: Column, threshold: float) -> Model:
    """The model with slope and offset that turn its sums into probabilities of being right (Platt, 1999)."""
    fitted = LogisticRegression(C=1e6).fit(sums[:, None], right, sample_weight=weights)
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return model.model_copy(
        update={"slope": round(slope, DIGITS), "offset": round(offset, DIGITS), "threshold": threshold}
    )


def _matrix(made: Mapping[str, Column], features: Iterable[str]) -> Matrix:
    return np.stack([made[name] for name in features], axis=1)


def _mean(boosters: Sequence[lightgbm.LGBMModel], features: Sequence[str], about: str) -> Model:
    """The model whose sum is the mean of theirs."""
    used = sorted({int(column) for one in boosters for column in one.booster_.feature_importance().nonzero()[0]})
    columns = {feature: column for column, feature in enumerate(used)}
    roots = [tree["tree_structure"] for one in boosters for tree in one.booster_.dump_model()["tree_info"]]
    return Model(
        about=about,
        features=tuple(features[feature] for feature in used),
        trees=tuple(_tree(root, columns, len(boosters)) for root in roots if "split_feature" in root),
    )


def _tree(root: Mapping[str, Any], columns: Mapping[int, int], share: int) -> Tree:
    """The tree with its values divided by `share`."""
    splits: list[list[Any]] = []
    means: list[float] = []
    leaves: list[float] = []

    def walk(node: Mapping[str, Any]) -> int:
        if "split_feature" not in node:
            leaves.append(_short(node["leaf_value"] / share))
            return ~(len(leaves) - 1)
        at = len(splits)
        splits.append([columns[node["split_feature"]], _short(node["threshold"]), 0, 0])
        means.append(_short(node["internal_value"] / share))
        splits[at][2] = walk(node["left_child"])
        splits[at][3] = walk(node["right_child"])
        return at

    walk(root)
    return Tree.model_validate({"splits": splits, "means": means, "leaves": leaves})


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def written(model: Model) -> str:
    """The model as JSON, one tree a line."""
    head = model.model_dump(exclude={"trees"})
    lines = [json.dumps(tree.model_dump(mode="json"), separators=(",", ":")) for tree in model.trees]
    opening = json.dumps(head, indent=1, ensure_ascii=False).rstrip("}\n")
    return opening + ',\n "trees": [\n' + ",\n".join(lines) + "\n ]\n}\n"
