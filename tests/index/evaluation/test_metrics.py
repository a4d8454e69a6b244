from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation.metrics import MEANINGS, MEASURES, TOP, Outcomes, auroc, calibration_error, measure, risk_at


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5, 0.7, 1.0]), st.booleans()), max_size=30))
def test_auroc_is_the_chance_that_a_positive_scores_above_a_negative(made: list[tuple[float, bool]]) -> None:
    scores, positive = np.array([score for score, _ in made]), np.array([label for _, label in made], np.bool_)
    pairs = [(good, bad) for good in scores[positive] for bad in scores[~positive]]
    if not pairs:
        assert auroc(scores, positive) is None
    else:
        wins = sum((good > bad) + (good == bad) / 2 for good, bad in pairs)
        assert auroc(scores, positive) == pytest.approx(wins / len(pairs))


FOUR = Outcomes(
    answerable=np.array([True, True, True, False]),
    answered=np.array([True, False, True, True]),
    shown=np.array([True, True, True, True]),
    shown_right=np.array([True, True, False, False]),
    place=np.array([0, 2, TOP, TOP]),
    probability=np.array([0.9, 0.2, 0.6, 0.7]),
)


def test_figures_of_four_questions_are_those_worked_out_by_hand() -> None:
    figures = {name: figure.value for name, figure in measure(FOUR).items()}
    assert figures["hit@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["hit@3"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["mrr@10"] == pytest.approx((1 + 1 / 3) / 3, abs=1e-4)
    assert figures["decision_accuracy"] == 0.5
    assert figures["precision_of_answered"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["recall_of_answered"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["right_when_answered"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["answered_though_unanswerable"] == 1
    assert figures["answered_rightly"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["shown_rightly"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["shown"] == 1
    assert figures["auroc"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["brier"] == pytest.approx((0.01 + 0.04 + 0.36 + 0.49) / 4)
    assert risk_at(FOUR, 50) == 0.5
    assert calibration_error(FOUR) == pytest.approx((0.1 + 0.2 + 0.6 + 0.7) / 4)


def test_the_order_of_equally_probable_questions_in_the_file_moves_no_risk() -> None:
    equal = replace(FOUR, probability=np.full(4, 0.5))
    assert [risk_at(equal, coverage) for coverage in (50, 70, 90)] == pytest.approx([0.75] * 3)
    some_equal = replace(FOUR, probability=np.array([0.5, 0.5, 0.9, 0.1]))
    assert risk_at(some_equal, 50) == pytest.approx((1 + 1 / 2) / 2)
    for order in ([3, 2, 1, 0], [1, 0, 2, 3], [2, 3, 0, 1]):
        assert risk_at(some_equal.take(np.array(order)), 50) == risk_at(some_equal, 50)


def test_every_figure_says_what_it_means() -> None:
    assert list(MEANINGS) == list(MEASURES)


def test_an_interval_holds_its_figure_and_is_the_same_at_every_run() -> None:
    figures = measure(FOUR)
    assert figures == measure(FOUR)
    for figure in figures.values():
        assert figure.value is None or (figure.low or 0) <= figure.value <= (figure.high or 0)


def test_a_figure_that_is_not_defined_is_not_invented() -> None:
    none_unanswerable = FOUR.take(FOUR.answerable)
    assert measure(none_unanswerable)["auroc"] == (None, None, None)
    assert measure(none_unanswerable)["answered_though_unanswerable"].value is None
