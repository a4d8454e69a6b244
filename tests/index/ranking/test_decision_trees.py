from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from index.answering.answerability import answerability_model
from index.ranking import ranking_model
from index.ranking.decision_trees import Model, Tree, TreeEnsemble

FEATURES = ("a", "b", "c")


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A tree of up to eight leaves: leaves are split in turn, at random."""
    count = draw(st.integers(1, 7))
    splits: list[list[float]] = []
    open_branches: list[tuple[int, int]] = []
    for at in range(count):
        if open_branches:
            parent, side = open_branches.pop(draw(st.integers(0, len(open_branches) - 1)))
            splits[parent][side] = at
        threshold = draw(st.floats(-1, 1))
        splits.append([draw(st.integers(0, 2)), threshold, 0, 0])
        open_branches += [(at, 2), (at, 3)]
    for leaf, (parent, side) in enumerate(open_branches):
        splits[parent][side] = ~leaf
    values = st.floats(-5, 5)
    means = draw(st.lists(values, min_size=count, max_size=count))
    leaves = draw(st.lists(values, min_size=count + 1, max_size=count + 1))
    return Tree.model_validate({"splits": splits, "means": means, "leaves": leaves})


forests = st.lists(trees(), min_size=1, max_size=6).map(
    lambda made: TreeEnsemble(Model(about="made up", features=FEATURES, trees=tuple(made)))
)
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
rows: st.SearchStrategy[Matrix] = st.lists(st.tuples(*[st.floats(-1.5, 1.5)] * 3), min_size=1, max_size=5).map(np.array)


def walked(tree: Tree, row: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    at = 0
    while at >= 0:
        split = tree.splits[at]
        at = split.left if row[split.feature] <= split.threshold else split.right
    return tree.leaves[~at]


@given(forests, rows)
def test_all_trees_at_once_give_what_walking_down_each_gives(
    forest: TreeEnsemble, made: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> None:
    wanted = [sum(walked(tree, row) for tree in forest.model.trees) for row in made]
    np.testing.assert_allclose(forest.scores(made), wanted, atol=1e-9)


@given(forests, rows)
def test_what_the_features_gave_adds_up_to_the_sum(
    forest: TreeEnsemble, made: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> None:
    usual = sum(tree.means[0] for tree in forest.model.trees)
    assert usual + sum(forest.contributions(made[0]).values()) == pytest.approx(forest.scores(made[:1])[0], abs=1e-9)


@pytest.mark.parametrize(
    "splits",
    [
        [[0, 0.5, ~0, ~0]],
        [[0, 0.5, ~0, 0]],
        [[0, 0.5, ~0, ~1], [1, 0.1, ~1, ~2]],
        [[0, 0.5, 1, ~2], [1, 0.1, 0, ~1]],
        [],
    ],
)
def test_splits_that_are_no_tree_are_refused(splits: list[list[float]]) -> None:
    with pytest.raises(ValidationError):
        Tree.model_validate({"splits": splits, "means": [0] * len(splits), "leaves": [0] * (len(splits) + 1)})


@pytest.mark.parametrize("forest", [ranking_model(), answerability_model()], ids=["ranker", "judge"])
def test_the_learned_models_are_small_and_use_each_of_their_features(forest: TreeEnsemble) -> None:
    used = {split.feature for tree in forest.model.trees for split in tree.splits}
    assert used == set(range(len(forest.model.features)))
    assert 50 < len(forest.model.trees) < 2000
    assert 0 < forest.probability(-100) + 1e-9 < 0.1
    assert forest.model is not answerability_model().model or forest.model.slope > 0


SPEAKS_AGAINST = ("missing", "lacking", "replaced", "opposite", "denial-differs", "question-denies", "bettered")
SPEAKS_FOR = ("coverage", "bm25", "context", "predicate", "lead", "names-around", "of-the-kind", "window")


@given(st.data())
def test_a_word_that_is_missing_never_speaks_for_an_answer_and_one_that_is_held_never_against(
    data: st.DataObject,
) -> None:
    names = answerability_model().model.features
    row = np.array(data.draw(st.lists(st.floats(-2, 10), min_size=len(names), max_size=len(names))))
    changed = data.draw(st.sampled_from([name for name in names if name.startswith(SPEAKS_AGAINST + SPEAKS_FOR)]))
    more = row.copy()
    more[names.index(changed)] += data.draw(st.floats(0, 5))
    before, after = answerability_model().scores(np.stack([row, more]))
    assert after <= before if changed.startswith(SPEAKS_AGAINST) else after >= before
