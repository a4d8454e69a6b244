"""The gradient is that of the loss, and what is learned ranks the sentences that answer first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index.analysis.word_vectors import vectors_at
from index.ranking.alignment import DIMENSIONS, AlignmentModel, Words, align
from tools.training import alignment
from tools.training.alignment import START_WEIGHTS, gradient_of, learn_alignment, loss_of, save_alignment
from tools.training.examples import Example

from .test_examples import made

STEP = 1e-4


@pytest.fixture(scope="module")
def useful() -> list[Example]:
    return [example for example in made() if example.right.any() and not example.right.all()]


def random_model() -> AlignmentModel:
    """In double precision: the differences are small."""
    chance = np.random.default_rng(1)
    question, article, importance = (
        (chance.standard_normal(shape) / 16).astype(np.float32)
        for shape in ((DIMENSIONS, 256), (DIMENSIONS, 256), (256,))
    )
    single = AlignmentModel(question, article, importance, np.array([10, 4], np.float32))
    return AlignmentModel._make(np.asarray(part, np.float64) for part in single)


def shifted(model: AlignmentModel, field: str, at: tuple[int, ...], step: float) -> AlignmentModel:
    values: npt.NDArray[np.float32] = getattr(model, field).copy()
    values[at] += step
    return model._replace(**{field: values})


@pytest.mark.parametrize("field", AlignmentModel._fields)
def test_the_gradient_is_the_slope_of_the_loss(useful: list[Example], field: str) -> None:
    model, chance = random_model(), np.random.default_rng(2)
    words, right = Words.of(useful[0].asked), useful[0].right
    gradient = dict(zip(AlignmentModel._fields, gradient_of(model, words, right), strict=True))[field]
    assert np.abs(gradient).max() > 0
    for _ in range(5):
        at = tuple(int(chance.integers(size)) for size in gradient.shape)
        higher, lower = (loss_of(shifted(model, field, at, step), words, right) for step in (STEP, -STEP))
        assert gradient[at] == pytest.approx((higher - lower) / (2 * STEP), abs=1e-5)


def test_what_is_learned_fits_better_than_the_start_ranks_the_answers_first_and_is_the_same_again(
    useful: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, right = [Words.of(example.asked) for example in useful], [example.right for example in useful]

    def learned(rate: float) -> AlignmentModel:
        monkeypatch.setattr(alignment, "RATE", rate)
        return learn_alignment(words, right, np.ones(len(useful)))

    def loss(model: AlignmentModel) -> float:
        scaled = model._replace(importance=model.importance * np.float32(alignment.LENGTH))
        return float(np.mean([loss_of(scaled, one, answers) for one, answers in zip(words, right, strict=True)]))

    start, model, again = learned(0.0), learned(0.01), learned(0.01)
    assert (start.weights == START_WEIGHTS).all()
    assert loss(model) < loss(start) / 2
    for one, answers in zip(words, right, strict=True):
        scores = align(model, one, vectors_at(one.question), vectors_at(one.rows)).scores
        assert answers[scores.argmax()]
    assert all((one == other).all() for one, other in zip(model, again, strict=True))
    save_alignment(model, tmp_path / "alignment.npz")
    with np.load(tmp_path / "alignment.npz", allow_pickle=False) as arrays:
        assert sorted(arrays) == sorted(AlignmentModel._fields)
