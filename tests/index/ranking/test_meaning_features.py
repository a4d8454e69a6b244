"""A sentence that answers in other words than the question's is found by its meaning."""

from __future__ import annotations

import numpy as np
import pytest

from index.analysis.question import parse_question
from index.collection.collection import Collection
from index.ranking import shortlist
from index.ranking.meaning_features import meaning_features
from tests.index.reading.test_documents import entry_of

NEWS = """The harbour of Lanby

The harbour of Lanby is the oldest of the coast.

Mayor Greta Holm wants the quay to be rebuilt next spring.

The work on it will cost forty million crowns.

Fishermen of the harbour fear for their jobs.

Xqzzt qqxzt.
"""


@pytest.fixture(scope="module")
def collection() -> Collection:
    return Collection([entry_of("harbour.txt", NEWS)])


def features(collection: Collection, question: str) -> dict[str, dict[str, float]]:
    """By feature, its value for the beginning of each candidate."""
    found = shortlist(collection, parse_question(question))
    assert found is not None
    begins = [" ".join(collection.text(chunk).split()[:2]) for chunk in found.evidence.chunks.tolist()]
    return {name: dict(zip(begins, column.tolist(), strict=True)) for name, column in meaning_features(found).items()}


def test_the_sentence_that_answers_in_other_words_is_nearest(collection: Collection) -> None:
    price = features(collection, "How much money will be spent on the harbour?")
    assert max(price["meaning"], key=price["meaning"].__getitem__) == "The work"
    worried = features(collection, "Who is worried about losing work at the harbour?")
    assert max(worried["meaning"], key=worried["meaning"].__getitem__) == "Fishermen of"
    assert worried["meaning-lacking"]["Fishermen of"] > worried["meaning-lacking"]["Mayor Greta"]


def test_shares_and_cosines_lie_where_they_must(collection: Collection) -> None:
    for question in ("What is the price of the harbour?", "Harbour of Lanby", "Xqzzt harbour"):
        found = features(collection, question)
        for name, values in found.items():
            column = np.array(list(values.values()))
            assert (column >= (0 if name.startswith("behind") else -1)).all(), name
            assert (column <= 1 + 1e-6).all() or name.startswith("behind"), name
        for name in ("meaning", "meaning-titled"):
            assert min(found[f"behind-{name}"].values()) == 0.0
        for name in ("meaning-words", "meaning-lacking"):
            assert all(0 <= share <= 1 + 1e-6 for share in found[name].values()), name


def test_no_other_word_stands_for_a_name_and_unknown_words_are_far_from_all(collection: Collection) -> None:
    lacking = features(collection, "Who is Mayor Oslo of the harbour?")["meaning-lacking"]
    assert lacking["Fishermen of"] == pytest.approx(
        features(collection, "Who is Mayor Bergen of the harbour?")["meaning-lacking"]["Fishermen of"]
    )
    assert features(collection, "Xqzzt")["meaning"]["Xqzzt qqxzt."] == 0.0
