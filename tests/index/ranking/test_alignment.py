"""The words of an answer are near those that ask for it, by what was learned."""

from __future__ import annotations

import numpy as np
import pytest

from index.analysis.question import parse_question
from index.analysis.word_vectors import rows_of, rows_of_text, vectors_at
from index.collection.collection import Collection
from index.ranking import shortlist
from index.ranking.alignment import (
    DIMENSIONS,
    NAMES,
    TITLE_WORD,
    Words,
    align,
    alignment_features,
    alignment_model,
    project,
)
from index.ranking.features import RankingInput
from tests.index.reading.test_documents import entry_of

from .test_meaning_features import NEWS


@pytest.fixture(scope="module")
def collection() -> Collection:
    return Collection([entry_of("harbour.txt", NEWS)])


def asked(collection: Collection, question: str) -> RankingInput:
    found = shortlist(collection, parse_question(question))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("How much money will the new harbour need?", "The work"),
        ("Who is worried about losing work at the harbour?", "Fishermen of"),
        ("When do they want to fix the harbour?", "Mayor Greta"),
    ],
)
def test_the_sentence_that_answers_in_other_words_aligns_best(
    collection: Collection, question: str, begins: str
) -> None:
    found = asked(collection, question)
    behind = alignment_features(found)["behind-alignment"]
    assert collection.text(int(found.evidence.chunks[behind.argmin()])).startswith(begins)
    assert behind.min() == 0


def test_features_lie_where_they_must_and_no_known_word_aligns_with_nothing(collection: Collection) -> None:
    for question in ("What is the price of the harbour?", "Harbour of Lanby", "Xqzzt harbour"):
        for name, column in alignment_features(asked(collection, question)).items():
            assert (column >= (-1 if name == "aligned-sum" else 0)).all(), name
            assert (column <= 1 + 1e-6).all() or name == "behind-alignment", name
    assert all((column == 0).all() for column in alignment_features(asked(collection, "Xqzzt")).values())


def test_a_word_of_the_title_counts_less_than_the_same_word_of_a_sentence(collection: Collection) -> None:
    words = Words.of(asked(collection, "Who is the mayor of Lanby?"))
    found = align(alignment_model(), words, vectors_at(words.question), vectors_at(words.rows))
    assert found.importance.sum() == pytest.approx(1)
    harbour = rows_of(["harbour"])[-1]
    places = words.rows[words.words] == harbour
    in_title, in_sentence = places & words.in_title, places & ~words.in_title
    assert in_title.any()
    assert in_sentence.any()
    sentences = found.similarities[:, in_sentence][:, :1]
    assert found.similarities[:, in_title] == pytest.approx(
        np.repeat(TITLE_WORD * sentences, in_title.sum(), axis=1), abs=1e-6
    )


def test_each_candidate_has_its_own_words_and_those_of_the_title(collection: Collection) -> None:
    found = asked(collection, "the harbour")
    words = Words.of(found)
    assert len(words.starts) == len(found.evidence.chunks)
    for start, end, chunk in zip(
        words.starts, [*words.starts[1:], len(words.words)], found.evidence.chunks.tolist(), strict=True
    ):
        rows, in_title = words.rows[words.words[start:end]], words.in_title[start:end]
        assert rows[~in_title].tolist() == collection.sentence_features(chunk).vector_rows.tolist()
        assert rows[in_title].tolist() == rows_of_text("The harbour of Lanby").tolist()


def test_vectors_are_projected_in_blocks_as_they_would_be_at_once() -> None:
    chance = np.random.default_rng(0)
    projection = chance.standard_normal((DIMENSIONS, 256)).astype(np.float32)
    for count in (1, 15, 16, 17, 40):
        vectors = chance.standard_normal((count, 256)).astype(np.float32)
        assert project(vectors, projection) == pytest.approx(vectors @ projection.T, abs=1e-3)


def test_the_model_has_the_shape_that_its_docstring_gives() -> None:
    model = alignment_model()
    assert model.question.shape == model.article.shape == (DIMENSIONS, 256)
    assert (model.importance.shape, model.weights.shape) == ((256,), (2,))
    assert all(np.isfinite(part).all() for part in model)
    assert len(NAMES) == len(set(NAMES))
