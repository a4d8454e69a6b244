"""A vocabulary in arrays is a sorted list of strings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.bm25.vocabulary import Vocabulary, vocabulary_arrays, vocabulary_from_arrays

ANY = st.text(st.characters(), max_size=5)
STRINGS = st.sets(ANY, max_size=20)


@given(STRINGS, ANY)
def test_it_is_a_sorted_list_of_its_strings(strings: set[str], other: str) -> None:
    vocabulary, expected = Vocabulary.of(strings), sorted(strings)
    assert list(vocabulary) == expected
    assert [vocabulary[row] for row in range(-len(expected), len(expected))] == expected * 2
    assert vocabulary[1:4] == expected[1:4]
    assert vocabulary[::2] == expected[::2]
    for string in (*strings, other):
        row = vocabulary.row_of(string)
        assert row == (expected.index(string) if string in strings else None)
        assert (string in vocabulary) == (string in strings)


@given(STRINGS, ANY.filter(lambda beginning: "\U0010ffff" not in beginning))
def test_the_strings_that_begin_alike_stand_together(strings: set[str], beginning: str) -> None:
    vocabulary = Vocabulary.of(string for string in strings if "\U0010ffff" not in string)
    rows = vocabulary.rows_with_prefix(beginning)
    assert vocabulary[rows.start : rows.stop] == [string for string in vocabulary if string.startswith(beginning)]


@given(STRINGS)
def test_it_is_the_same_after_it_was_kept_as_arrays(strings: set[str]) -> None:
    vocabulary = Vocabulary.of(strings)
    again = vocabulary_from_arrays("terms", vocabulary_arrays("terms", vocabulary))
    assert list(again) == list(vocabulary)
    assert all(again.row_of(string) == row for row, string in enumerate(vocabulary))


def test_what_is_asked_for_and_not_there_takes_no_memory() -> None:
    vocabulary = Vocabulary.of(["a", "b"])
    for number in range(1000):
        assert vocabulary.row_of(f"no {number}") is None
    assert len(vocabulary._rows) == 0
