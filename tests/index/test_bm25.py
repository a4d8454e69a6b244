import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from index.bm25 import Bm25

WORDS = st.sampled_from("abcdefgh")
CORPORA = st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=20).filter(any)
QUERIES = st.lists(st.sampled_from("abcdefghxyz"), max_size=8)


@given(CORPORA, QUERIES, st.floats(0.1, 3), st.floats(0, 0.99), st.floats(0, 2))
def test_the_scores_are_rank_bm25s(
    corpus: list[list[str]], query: list[str], k1: float, b: float, delta: float
) -> None:
    ours, theirs = (kind(corpus, k1=k1, b=b, delta=delta) for kind in (Bm25, BM25Plus))
    np.testing.assert_allclose(ours.get_scores(query), theirs.get_scores(query), rtol=1e-9, atol=1e-12)
    every = list(range(len(corpus)))
    np.testing.assert_allclose(
        ours.get_batch_scores(query, every), theirs.get_batch_scores(query, every), rtol=1e-9, atol=1e-12
    )
    assert ours.idf == theirs.idf


@given(CORPORA, QUERIES, st.integers(1, 30))
def test_top_gives_the_best_chunks_that_hold_a_term(corpus: list[list[str]], query: list[str], n: int) -> None:
    chunks, scores = Bm25(corpus).top(query, n)
    expected = BM25Plus(corpus, k1=1.2, b=0.5).get_scores(query)
    holding = [chunk for chunk, terms in enumerate(corpus) if set(terms) & set(query)]
    assert len(chunks) == min(n, len(holding))
    assert set(chunks.tolist()) <= set(holding)
    np.testing.assert_allclose(scores, sorted((expected[chunk] for chunk in holding), reverse=True)[:n], rtol=1e-9)
    np.testing.assert_allclose(scores, expected[chunks], rtol=1e-9)


@given(CORPORA)
def test_every_term_has_a_positive_idf_even_one_that_stands_in_all_chunks(corpus: list[list[str]]) -> None:
    assert all(idf > 0 for idf in Bm25([*corpus, ["a"]]).idf.values())


def test_a_search_within_some_chunks_finds_no_others() -> None:
    index = Bm25([["a"], ["a", "b"], ["a"]])
    chunks, _ = index.top(["a"], 10, np.array([False, True, False]))
    assert chunks.tolist() == [1]


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_an_empty_collection_is_a_valid_one(corpus: list[list[str]]) -> None:
    index = Bm25(corpus)
    assert index.get_scores(["a"]).tolist() == [0.0] * len(corpus)
    assert index.top(["a"], 3)[0].tolist() == []


def test_it_drops_in_for_rank_bm25_with_a_tokenizer_and_top_n() -> None:
    texts = ["the quick fox", "a lazy dog", "a quick dog"]
    index = Bm25(texts, tokenizer=str.split)
    assert index.get_top_n(["quick", "dog"], texts, n=1) == ["a quick dog"]


def test_an_unknown_term_has_the_highest_idf() -> None:
    index = Bm25([["a"], ["a", "b"]])
    assert index.idf_of("unknown") >= max(index.idf.values())
