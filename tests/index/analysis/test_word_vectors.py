"""Vectors of words: texts of like meaning are near each other, and unknown words count for nothing."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest

from index.analysis.word_vectors import rows_of, stems_of, vectors_at


def vector(text: str) -> np.ndarray:
    total = vectors_at(rows_of(stems_of(text))).sum(axis=0)
    return np.asarray(total / np.linalg.norm(total))


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("How much did they pay for it?", "The price was forty million pounds.", "The ship was built in Glasgow."),
        ("When does the shop shut?", "The store closes at nine in the evening.", "The store sells bread and milk."),
        ("Who is the boss of the firm?", "Its chief executive is a lawyer.", "The company makes shoes."),
        ("Is he hurt?", "The striker has a knee injury.", "The striker signed a contract."),
    ],
)
def test_an_answer_in_other_words_is_nearer_than_a_sentence_about_something_else(
    question: str, answer: str, other: str
) -> None:
    assert vector(question) @ vector(answer) > vector(question) @ vector(other) + 0.05


def test_stop_words_have_a_meaning_too() -> None:
    assert list(stems_of("Who's on first?")) == ["who", "on", "first"]
    years = vector("It was founded in the spring of 1884.")
    assert vector("when") @ years > vector("who") @ years


def test_unknown_words_have_no_row_and_every_text_has_the_zero_row_first() -> None:
    assert rows_of(stems_of("")).tolist() == rows_of(stems_of("qwxzv qwxzvu")).tolist() == [0]
    rows = rows_of(stems_of("A boat is a boat, qwxzv."))
    assert rows.tolist() == sorted(set(rows.tolist()))
    assert len(rows) == 1 + len({"a", "boat", "is"})
    assert not vectors_at(np.array([0])).any()


def test_each_stem_has_a_row_of_its_own() -> None:
    words = resources.files("index.analysis.word_vectors").joinpath("words.txt").read_text("utf-8").split("\n")[:-1]
    rows = [rows_of((word,))[-1] for word in words]
    assert rows == list(range(len(words)))
    assert vectors_at(np.array(rows)).shape == (len(words), 256)
