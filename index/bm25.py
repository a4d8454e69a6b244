"""The ranking: rank-bm25's BM25Plus over postings in numpy arrays instead of a dict for every chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Plus

Scores = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int32]
PROBE = "probe"


class Postings(NamedTuple):
    """An index as arrays: the postings of `vocabulary[i]` stand at `offsets[i]:offsets[i + 1]`, chunks ascending."""

    vocabulary: tuple[str, ...]
    offsets: npt.NDArray[np.int64]
    chunks: Ids
    frequencies: Ids
    lengths: Ids
    """Terms in each chunk."""


def kept_of(postings: Postings, kept: npt.NDArray[np.bool_]) -> Postings:
    """The postings of the chunks that are kept, numbered anew in their order; terms that none of them holds go."""
    held = kept[postings.chunks]
    ends = np.concatenate([[0], np.cumsum(held)])[postings.offsets]
    rows = np.flatnonzero(np.diff(ends))
    return Postings(
        tuple(postings.vocabulary[row] for row in rows.tolist()),
        np.append(ends[rows], ends[-1]).astype(np.int64),
        (np.cumsum(kept, dtype=np.int32) - 1).astype(np.int32)[postings.chunks[held]],
        postings.frequencies[held],
        postings.lengths[kept],
    )


class Bm25(BM25Plus):  # type: ignore[misc]  # rank-bm25 ships no types
    """BM25+ (Lv & Zhai, CIKM 2011, as in Trotman et al., ADCS 2014, table 1), to rank-bm25's own figures.

    Of rank-bm25's three variants Plus is the one that fits collections of every size. Okapi's idf,
    log((N - df + 0.5) / (df + 0.5)), is zero or negative for a term in half of the chunks, which with two articles is
    the normal case for the very terms they are about; rank-bm25 then puts a quarter of the average idf in its place,
    which can rank a rare term below a common one. Plus has idf log((N + 1) / df): positive for every term, falling
    with df, and for large N as good as Lucene's. L has a sound idf too, but its shifted term frequency makes a second
    mention weigh less than the length of the sentence does. rank-bm25 gives Plus's delta to every chunk, whether it
    holds the term or not, so delta moves all scores of a query alike and the order is that of plain BM25.
    k1 and b are lower than rank-bm25's defaults: a sentence rarely repeats a term, and its length says little.

    The idf is rank-bm25's method itself. So is the formula: `get_scores` of a probe, one chunk for each pair of
    frequency and length that occurs, gives the weight of each posting.

    The empty collection is valid, and every query finds nothing in it; rank-bm25 divides by zero there. A query's
    unknown terms add nothing, its repeated terms count each time, as in rank-bm25.
    """

    def __init__(
        self,
        corpus: Iterable[Sequence[str]],
        tokenizer: Callable[[str], list[str]] | None = None,
        k1: float = 1.2,
        b: float = 0.5,
        delta: float = 1,
    ) -> None:
        """Index the corpus: the terms of each chunk, or its text where a tokenizer is given."""
        if tokenizer is not None:
            corpus = [tokenizer(str(text)) for text in corpus]
        super().__init__(corpus, None, k1, b, delta)

    @classmethod
    def from_postings(cls, postings: Postings, k1: float = 1.2, b: float = 0.5, delta: float = 1) -> Self:
        """The index that these arrays were taken from."""
        index = cls((), k1=k1, b=b, delta=delta)
        index._calc_idf(index._hold(postings))
        return index

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        lists: dict[str, list[tuple[int, int]]] = {}
        lengths = []
        for chunk, terms in enumerate(corpus):
            lengths.append(len(terms))
            for term, frequency in Counter(terms).items():
                lists.setdefault(term, []).append((chunk, frequency))
        vocabulary = tuple(sorted(lists))
        pairs = np.array([pair for term in vocabulary for pair in lists[term]], np.int32).reshape(-1, 2)
        return self._hold(
            Postings(
                vocabulary,
                np.cumsum([0, *(len(lists[term]) for term in vocabulary)], dtype=np.int64),
                pairs[:, 0].copy(),
                pairs[:, 1].copy(),
                np.array(lengths, np.int32),
            )
        )

    def _hold(self, postings: Postings) -> dict[str, int]:
        """Take the postings in, and return the number of chunks that hold each term."""
        self.postings = postings
        self.corpus_size = len(postings.lengths)
        self.doc_len = postings.lengths
        self.avgdl = float(postings.lengths.mean()) if self.corpus_size else 0.0
        self._rows = {term: row for row, term in enumerate(postings.vocabulary)}
        self._weights = self._posting_weights()
        return dict(zip(postings.vocabulary, np.diff(postings.offsets).tolist(), strict=True))

    def _posting_weights(self) -> Scores:
        """What each posting adds to its chunk's score for an idf of 1, over what a chunk without the term gets."""
        lengths = self.postings.lengths[self.postings.chunks]
        pairs, places = np.unique(np.stack([self.postings.frequencies, lengths]), axis=1, return_inverse=True)
        probe = BM25Plus.__new__(BM25Plus)
        probe.k1, probe.b, probe.delta, probe.avgdl, probe.idf = self.k1, self.b, self.delta, self.avgdl, {PROBE: 1.0}
        probe.corpus_size, probe.doc_len = pairs.shape[1], pairs[1]
        probe.doc_freqs = [{PROBE: frequency} for frequency in pairs[0].tolist()]
        weights: Scores = probe.get_scores([PROBE])[places.reshape(-1)] - self.delta
        return weights

    def row_of(self, term: str) -> int | None:
        """The term's place in the vocabulary; None where no chunk holds it."""
        return self._rows.get(term)

    def count(self, row: int) -> int:
        """How many chunks hold the term of this row."""
        return int(self.postings.offsets[row + 1] - self.postings.offsets[row])

    def postings_of(self, row: int) -> tuple[Ids, Scores]:
        """The chunks that hold the term of this row, ascending, and what it adds to each score for an idf of 1."""
        held = slice(self.postings.offsets[row], self.postings.offsets[row + 1])
        return self.postings.chunks[held], self._weights[held]

    def idf_of(self, term: str) -> float:
        """The term's idf; a term that no chunk holds has the highest that a term can have, as if one chunk did."""
        if term in self.idf:
            return float(self.idf[term])
        return self.idf_for(1)

    def idf_for(self, chunks: int) -> float:
        """The idf of a term that this many chunks hold, by the formula of rank-bm25's BM25Plus."""
        return float(np.log((self.corpus_size + 1) / chunks))

    def get_scores(self, query: Sequence[str]) -> Scores:
        """One score a chunk, as rank-bm25's."""
        scores = np.full(self.corpus_size, self.floor(query))
        for start, end, idf in self._known(query):
            scores[self.postings.chunks[start:end]] += idf * self._weights[start:end]
        return scores

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """The scores of these chunks; IndexError where there is no such chunk."""
        return [float(score) for score in self.get_scores(query)[np.asarray(doc_ids, np.intp)]]

    def top(self, query: Sequence[str], n: int, within: npt.NDArray[np.bool_] | None = None) -> tuple[Ids, Scores]:
        """The at most n best chunks that hold a term of the query, best first, and their scores; equals by chunk id.

        Args:
            query: terms.
            n: how many at most.
            within: True for each chunk that may be found; all, where it is None.
        """
        spans = self._known(query)
        if not spans or n < 1:
            return np.empty(0, np.int32), np.empty(0)
        touched = np.unique(np.concatenate([self.postings.chunks[start:end] for start, end, _ in spans]))
        if within is not None:
            touched = touched[within[touched]]
        scores = self.get_scores(query)[touched]
        best = np.lexsort((touched, -scores))[:n]
        return touched[best], scores[best]

    def _known(self, query: Sequence[str]) -> list[tuple[int, int, float]]:
        rows = [(self._rows[term], self.idf[term]) for term in query if term in self._rows]
        offsets = self.postings.offsets
        return [(int(offsets[row]), int(offsets[row + 1]), idf) for row, idf in rows]

    def floor(self, query: Sequence[str]) -> float:
        """What a chunk scores that holds none of the terms: delta's share, the same for every chunk."""
        return float(sum(self.idf.get(term, 0.0) for term in query) * self.delta)
