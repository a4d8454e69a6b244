"""The scores are rank-bm25's own, however the index was grown or shrunk, and whichever kernel finds the best."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from index.bm25 import kernels
from index.bm25.candidate_source import MaskFilter
from index.bm25.kernels import numpy_kernel
from index.bm25.postings import Postings
from index.bm25.scorer import Bm25, PostingsView
from index.errors import SnapshotDamaged
from tools.parity import compare

WORDS = st.sampled_from("abcdefgh")
CHUNKS = st.lists(WORDS, max_size=12)
CORPORA = st.lists(CHUNKS, min_size=1, max_size=20).filter(any)
QUERIES = st.lists(st.sampled_from("abcdefghxyz"), max_size=8)
ANY_TERMS = st.lists(st.lists(st.text(max_size=3), max_size=5), max_size=8)


@pytest.fixture(autouse=True, params=["numpy", "numba"])
def kernel(request: pytest.FixtureRequest) -> Iterator[None]:
    best = numpy_kernel.best if request.param == "numpy" else kernels.load_numba_kernel()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "kernel_for", lambda _: best)
        yield


def reference(corpus: list[list[str]]) -> BM25Plus:
    return BM25Plus(corpus, k1=1.2, b=0.5)


def assert_alike(ours: Bm25, corpus: list[list[str]], query: list[str]) -> None:
    if not any(corpus):
        assert ours.get_scores(query).tolist() == [0.0] * len(corpus)
        return
    theirs = reference(corpus)
    np.testing.assert_allclose(ours.get_scores(query), theirs.get_scores(query), rtol=1e-9, atol=1e-12)
    every = list(range(len(corpus)))
    np.testing.assert_allclose(
        ours.get_batch_scores(query, every), theirs.get_batch_scores(query, every), rtol=1e-9, atol=1e-12
    )
    assert ours.idf == theirs.idf
    assert ours.avgdl == theirs.avgdl
    assert ours.corpus_size == theirs.corpus_size
    # Equals may stand in another order, so it is their scores that are compared.
    ranked, expected = ours.get_top_n(query, every, 3), theirs.get_top_n(query, every, 3)
    np.testing.assert_allclose(theirs.get_scores(query)[ranked], theirs.get_scores(query)[expected], rtol=1e-9)


@given(CORPORA, QUERIES, st.floats(0.1, 3), st.floats(0, 0.99), st.floats(0, 2))
def test_the_scores_are_rank_bm25s(
    corpus: list[list[str]], query: list[str], k1: float, b: float, delta: float
) -> None:
    ours, theirs = (kind(corpus, k1=k1, b=b, delta=delta) for kind in (Bm25, BM25Plus))
    np.testing.assert_allclose(ours.get_scores(query), theirs.get_scores(query), rtol=1e-9, atol=1e-12)
    assert ours.idf == theirs.idf


@given(ANY_TERMS, st.data())
def test_any_string_can_be_a_term(corpus: list[list[str]], data: st.DataObject) -> None:
    held = [term for chunk in corpus for term in chunk]
    query = data.draw(st.lists(st.sampled_from(held) if held else st.text(max_size=2), max_size=4))
    assert_alike(Bm25(corpus), corpus, query)


@given(CORPORA, QUERIES, st.integers(1, 30))
def test_top_gives_the_best_chunks_that_hold_a_term(corpus: list[list[str]], query: list[str], n: int) -> None:
    chunks, scores = Bm25(corpus).search(query, n)
    expected = reference(corpus).get_scores(query)
    holding = [chunk for chunk, terms in enumerate(corpus) if set(terms) & set(query)]
    assert len(chunks) == min(n, len(holding))
    assert set(chunks.tolist()) <= set(holding)
    np.testing.assert_allclose(scores, sorted((expected[chunk] for chunk in holding), reverse=True)[:n], rtol=1e-9)
    np.testing.assert_allclose(scores, expected[chunks], rtol=1e-9)


@given(st.lists(st.one_of(CORPORA, st.lists(st.integers(0, 40), max_size=6)), min_size=1, max_size=6), QUERIES)
def test_an_index_that_was_grown_and_shrunk_is_as_if_built_in_one_go(
    changes: list[list[object]], query: list[str]
) -> None:
    index, corpus = Bm25([]), list[list[str]]()
    for change in changes:
        if change and isinstance(change[0], int):
            going = {place for place in change if isinstance(place, int) and place < len(corpus)}
            index.discard(going)
            corpus = [chunk for place, chunk in enumerate(corpus) if place not in going]
        else:
            index.extend(change)  # type: ignore[arg-type]  # a corpus, since it holds no numbers
            corpus += change  # type: ignore[arg-type]  # likewise
        assert_alike(index, corpus, query)
    chunks, scores = index.search(query, 5)
    anew, again = Bm25(corpus).search(query, 5)
    assert chunks.tolist() == anew.tolist()
    assert scores.tolist() == again.tolist()


@example(  # the sentence of b, c and d twice, once in each part: a sum in the order of what each part has is not equal
    [[*"d"], [*"aa"], [*"aaaaaaac"], [*"aaaaaaaaac"], [*"aaaaabbccccd"]],
    [[*"aa"], [*"aaaaabbccccd"], [*"aaaab"]],
    [*"bcdd"],
    set(),
    1,
)
@given(CORPORA, CORPORA, QUERIES, st.sets(st.integers(0, 39)), st.integers(1, 8))
def test_chunks_that_are_gone_keep_their_numbers_and_are_never_found(
    one: list[list[str]], other: list[list[str]], query: list[str], going: set[int], n: int
) -> None:
    both = one + other
    parts = []
    for corpus, first in ((one, 0), (other, len(one))):
        mine = np.array([place - first for place in going if first <= place < first + len(corpus)], np.int64)
        parts.append(PostingsView(Postings.of(corpus)).without(mine[:2]).without(mine))
    index = Bm25.from_views(parts)
    left = [place for place in range(len(both)) if place not in going]
    anew = Bm25([both[place] for place in left])
    assert index.corpus_size == anew.corpus_size
    assert dict(index.idf) == dict(anew.idf)
    chunks, scores = index.search(query, n)
    expected, again = anew.search(query, n)
    assert chunks.tolist() == [left[place] for place in expected.tolist()]
    assert scores.tolist() == again.tolist()
    for term in "abcdefgh":
        assert index.chunks_of(term).tolist() == [place for place in left if term in both[place]]
        assert index.has_term(term) == anew.has_term(term)


@given(CORPORA)
def test_every_term_has_a_positive_idf_even_one_that_stands_in_all_chunks(corpus: list[list[str]]) -> None:
    assert all(idf > 0 for idf in Bm25([*corpus, ["a"]]).idf.values())


def test_a_search_within_some_chunks_finds_no_others() -> None:
    index = Bm25([["a"], ["a", "b"], ["a"]])
    index.extend([["a"], ["b"]])
    chunks, _ = index.search(["a"], 10, MaskFilter(np.array([False, True, False, True, True])))
    assert chunks.tolist() == [3, 1]


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_an_empty_collection_is_a_valid_one(corpus: list[list[str]]) -> None:
    index = Bm25(corpus)
    assert index.get_scores(["a"]).tolist() == [0.0] * len(corpus)
    assert index.get_batch_scores(["a"], [0] if corpus else []) == [0.0] * bool(corpus)
    assert index.search(["a"], 3)[0].tolist() == []
    index.discard(range(len(corpus)))
    assert (index.corpus_size, dict(index.idf)) == (0, {})
    index.extend([["a"]])
    assert index.search(["a"], 3)[0].tolist() == [0]


@pytest.mark.parametrize("ids", [[2], [-1], [0, 99]])
def test_a_chunk_that_is_not_there_cannot_be_discarded(ids: list[int]) -> None:
    index = Bm25([["a"], ["b"]])
    with pytest.raises(IndexError, match="2 chunks"):
        index.discard(ids)
    assert index.corpus_size == 2


def test_it_drops_in_for_rank_bm25_with_a_tokenizer_and_top_n() -> None:
    texts = ["the quick fox", "a lazy dog", "a quick dog"]
    index = Bm25(texts, tokenizer=str.split)
    assert index.get_top_n(["quick", "dog"], texts, n=1) == ["a quick dog"]
    index.extend(["the quickest dog"])
    assert index.get_top_n(["quickest"], [*texts, "last"], n=1) == ["last"]


def test_an_unknown_term_has_the_highest_idf() -> None:
    index = Bm25([["a"], ["a", "b"]])
    assert index.idf_of("unknown") >= max(index.idf.values())
    assert index.idf.get("unknown") is None


def test_many_small_additions_are_few_parts() -> None:
    index = Bm25([["a", "b"]] * 300)
    for number in range(200):
        index.extend([["a", str(number)]])
    assert len(index.views) <= 6
    assert_alike(index, [["a", "b"]] * 300 + [["a", str(number)] for number in range(200)], ["a", "7"])


def test_a_posting_takes_ten_bytes_at_most() -> None:
    chance = np.random.default_rng(1)
    corpus = [[str(term) for term in chance.zipf(1.3, 13) if term < 3000] for _ in range(3000)]
    postings = Bm25(corpus).views[0].postings
    assert postings.nbytes <= 10 * len(postings.chunks)


def test_a_saved_index_is_mapped_and_gives_the_same(tmp_path: Path) -> None:
    index = Bm25([["a", "b"], ["b", "c"]], k1=1.5, b=0.7, delta=0.5)
    index.extend([["c"]])
    index.save(tmp_path / "index")
    again = Bm25.open(tmp_path / "index")
    assert again.get_scores(["b", "c"]).tolist() == index.get_scores(["b", "c"]).tolist()
    assert not again.views[0].postings.chunks.flags.writeable
    whole = (tmp_path / "index").read_bytes()
    for place in range(0, len(whole), 97):
        (tmp_path / "other").write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(SnapshotDamaged):
            Bm25.open(tmp_path / "other")


def test_a_thousand_sentences_score_as_rank_bm25_through_build_extend_and_discard() -> None:
    assert compare(1_000, 25, 7) < 1e-9
