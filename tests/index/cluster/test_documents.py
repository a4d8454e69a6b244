"""The documents of an article say what its postings say."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cluster.documents import (
    ARTICLE,
    FOREVER,
    FROM,
    LANGUAGE,
    LENGTH,
    MAX_TOKEN,
    NUMBER,
    SAID,
    TERMS,
    UNTIL,
    heading_documents,
    sentence_documents,
    token_of,
)
from index.cluster.generation import ArticleRow
from index.collection.segment import Segment, split_segment
from index.collection.sentence_hashes import hash_of

from .made import entries

LETTERS = 255
"""More than this many letters in one token are cut by the analyzer."""


def test_a_document_has_the_terms_of_its_sentence() -> None:
    for segment in split_segment(Segment.of(entries())):
        row = ArticleRow.of(segment, "0" * 64, 100, 40)
        made = list(sentence_documents(segment, row, 9))
        assert [one[NUMBER] for one in made] == list(range(100, 100 + segment.chunk_count))
        postings = segment.postings
        for chunk, document in enumerate(made):
            held = Counter(
                {
                    token_of(term): int(postings.pairs[postings.codes[place], 0])
                    for number, term in enumerate(postings.vocabulary)
                    for place in range(postings.offsets[number], postings.offsets[number + 1])
                    if postings.chunks[place] == chunk
                }
            )
            assert Counter(document[TERMS].split()) == held
            assert document[LENGTH] == postings.lengths[chunk]
            assert document[SAID] == f"{int(hash_of(segment.text(chunk))):016x}"
            assert (document[ARTICLE], document[FROM], document[UNTIL]) == (segment.id_of(0), 9, FOREVER)
            assert document[LANGUAGE] == ("de" if segment.id_of(0) == "muehle" else "en")


def test_each_section_has_a_document() -> None:
    [fares] = [one for one in split_segment(Segment.of(entries())) if one.id_of(0) == "fares"]
    made = list(heading_documents(fares, ArticleRow.of(fares, "0" * 64, 100, 40), 1))
    assert [one[NUMBER] for one in made] == list(range(40, 40 + len(fares.headings.lengths)))
    assert "pay" in made[0][TERMS].split() + made[1][TERMS].split()


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_a_term_is_one_token_of_the_analyzer(term: str) -> None:
    token = token_of(term)
    assert len(token.split()) == bool(token)
    assert len(token) <= LETTERS
    token.encode("utf-8")
    assert token == term or token.startswith("\u241f")


def test_terms_that_differ_are_tokens_that_differ() -> None:
    terms = ["a", "a b", "a  b", "x" * MAX_TOKEN, "x" * (MAX_TOKEN + 1), "x" * (MAX_TOKEN + 2), "\ud800", "\udfff"]
    assert len({token_of(term) for term in terms}) == len(terms)


@pytest.mark.parametrize("term", ["dam", "=ann/A", "de:mühle", "日本"])
def test_an_ordinary_term_is_written_as_it_is(term: str) -> None:
    assert token_of(term) == term
