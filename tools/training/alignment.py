"""Learn the alignment of questions with sentences: gradient descent on the softmax over each question's candidates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.analysis.word_vectors import Rows, Vectors, lengths, unit, vectors_at
from index.ranking.alignment import DIMENSIONS, AlignmentModel, Words, align, project

EPOCHS, BATCH = 2, 256
RATE = 0.01
"""Adam's step at the start; it falls to zero with the steps."""
MOMENTUM, SQUARES, EPSILON = 0.9, 0.999, 1e-8
"""Adam's other settings (Kingma and Ba, 2015)."""
START_WEIGHTS = (10.0, 4.0)
LENGTH = 60.0
"""What vectors are divided by before the importance of words is learned from them."""


def learn_alignment(
    words: Sequence[Words], right: Sequence[npt.NDArray[np.bool_]], weights: npt.NDArray[np.float64]
) -> AlignmentModel:
    """The model that gives right candidates the highest scores; each item is a question's. Reproducible."""
    chance = np.random.default_rng(0)
    width = vectors_at(np.array([0])).shape[1]
    start = np.linalg.qr(chance.standard_normal((width, DIMENSIONS)))[0].T.astype(np.float32)
    first = AlignmentModel(start, start, np.zeros(width, np.float32), np.array(START_WEIGHTS, np.float32))
    values = [value.copy() for value in first]
    means, squares = ([np.zeros_like(value) for value in first] for _ in range(2))
    orders = [chance.permutation(len(words)) for _ in range(EPOCHS)]
    batches = [order[begin : begin + BATCH] for order in orders for begin in range(0, len(words), BATCH)]
    for step, batch in enumerate(batches):
        model, shares = AlignmentModel(*values), weights[batch] / weights[batch].sum()
        parts = [gradient_of(model, words[place], right[place]) for place in batch.tolist()]
        for field, slopes in enumerate(zip(*parts, strict=True)):
            slope = sum((share * part for share, part in zip(shares, slopes, strict=True)), np.zeros_like(means[field]))
            means[field] += (1 - MOMENTUM) * (slope - means[field])
            squares[field] += (1 - SQUARES) * (slope * slope - squares[field])
            scale = np.sqrt(squares[field] / (1 - SQUARES ** (step + 1))) + EPSILON
            rate = RATE * (1 - step / len(batches)) / (1 - MOMENTUM ** (step + 1))
            values[field] -= (rate * means[field] / scale).astype(np.float32)
    return AlignmentModel(*values)._replace(importance=values[2] / np.float32(LENGTH))


def _vectors(rows: Rows) -> Vectors:
    return vectors_at(rows) / np.float32(LENGTH)


def loss_of(model: AlignmentModel, words: Words, right: npt.NDArray[np.bool_]) -> float:
    """The negative logarithm of the softmax of the scores, its mean over the right candidates.

    The importance is one for vectors divided by `LENGTH`, here and in `gradient_of`.
    """
    asked, vectors = _vectors(words.question), _vectors(words.rows)
    scores = align(model, words, asked, vectors).scores
    return float(np.logaddexp.reduce(scores) - scores[right].mean())


def gradient_of(model: AlignmentModel, words: Words, right: npt.NDArray[np.bool_]) -> list[Vectors]:
    """The gradient of `loss_of`, a part for each field of the model."""
    asked, vectors = _vectors(words.question), _vectors(words.rows)
    found = align(model, words, asked, vectors)
    likely = np.exp(found.scores - found.scores.max())
    slopes = (likely / likely.sum() - right / right.sum()).astype(np.float32)
    of_question, projected = project(asked, model.question), project(vectors, model.article)
    # Through the importance of the question's words.
    aligned = found.nearest @ slopes * model.weights[0]
    importance = asked.T @ (found.importance * (aligned - found.importance @ aligned))
    # Through the cosine of each word of the question with the nearest of each candidate's.
    homes = np.repeat(np.arange(len(words.starts)), words.sizes())
    is_nearest = found.similarities == found.nearest[:, homes]
    each = is_nearest * (model.weights[0] * found.importance[:, None] * slopes[homes] * words.factors())
    by_row = np.zeros((len(words.question), len(words.rows)), np.float32)
    np.add.at(by_row.T, words.words, each.T)
    to_question = _through_unit(of_question, by_row @ unit(projected))
    to_rows = _through_unit(projected, by_row.T @ unit(of_question))
    # Through the cosine of the sums.
    sum_weights = words.sum_weights()
    sums = np.add.reduceat(sum_weights[:, None] * projected[words.words], words.starts)
    whole = of_question.sum(axis=0)
    to_sums = _through_unit(sums, model.weights[1] * slopes[:, None] * unit(whole))
    to_question = to_question + _through_unit(whole, model.weights[1] * slopes @ unit(sums))
    np.add.at(to_rows, words.words, sum_weights[:, None] * to_sums[homes])
    weights = np.array([found.importance @ found.nearest @ slopes, found.cosines @ slopes], np.float32)
    return [to_question.T @ asked, to_rows.T @ vectors, importance, weights]


def _through_unit(vectors: Vectors, gradient: Vectors) -> Vectors:
    """The gradient by vectors, given that by their unit vectors."""
    units = unit(vectors)
    across = gradient - np.einsum("...d,...d->...", gradient, units)[..., None] * units
    passed: Vectors = np.where(vectors.any(axis=-1, keepdims=True), across / lengths(vectors), 0)
    return passed


def save_alignment(model: AlignmentModel, path: Path) -> None:
    """Write the model as half-precision arrays."""
    np.savez(path, **{name: value.astype(np.float16) for name, value in model._asdict().items()})
