"""BM25 scoring: rank-bm25's BM25Plus over postings in numpy arrays instead of a dict per chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Plus

from index.bm25 import kernels
from index.bm25.candidate_source import ChunkFilter, MaskFilter, Scores
from index.bm25.postings import Ids, Mask, Postings, concatenate_postings, postings_arrays, postings_from_arrays
from index.errors import SnapshotDamaged
from index.storage.mapped_arrays import read_checksummed, write_checksummed

K1, B, DELTA = 1.2, 0.5, 1.0
PROBE = "probe"
MAX_ABSENT_TERMS = 50_000
"""Terms cached as absent from all chunks: those of the thesaurus are looked up again and again."""
GROWTH = 4
"""A part is merged with the ones after it once they are together more than a quarter as long."""


class PostingsView(NamedTuple):
    """Postings, and which of their chunks are deleted."""

    postings: Postings
    deleted: Mask | None = None
    """True for each deleted chunk; None where none is deleted."""
    deleted_counts: Mapping[int, int] = {}
    """By row: how many of the chunks with its term are deleted."""

    def without(self, chunks: npt.NDArray[np.integer]) -> PostingsView:
        """The same without these chunks; the others keep their numbers."""
        going = np.zeros(len(self.postings.lengths), np.bool_)
        going[chunks] = True
        if self.deleted is not None:
            going &= ~self.deleted
        places = np.flatnonzero(going[self.postings.chunks])
        rows, counts = np.unique(np.searchsorted(self.postings.offsets, places, "right") - 1, return_counts=True)
        deleted_counts = dict(self.deleted_counts)
        for row, count in zip(rows.tolist(), counts.tolist(), strict=True):
            deleted_counts[row] = deleted_counts.get(row, 0) + count
        return PostingsView(self.postings, going if self.deleted is None else going | self.deleted, deleted_counts)

    def compacted(self) -> Postings:
        """The postings of the chunks that are not deleted, renumbered."""
        return self.postings if self.deleted is None else self.postings.select(~self.deleted)

    def live_lengths(self) -> Ids:
        """The lengths of the chunks that are not deleted."""
        return self.postings.lengths if self.deleted is None else self.postings.lengths[~self.deleted]

    def row_of(self, term: str) -> int | None:
        """The row of a term; None where no chunk has it, deleted ones aside."""
        row = self.postings.vocabulary.row_of(term)
        return None if row is None or (self.deleted_counts and not self.count(row)) else row

    def count(self, row: int) -> int:
        """How many chunks that are not deleted have the term of a row."""
        held = int(self.postings.offsets[row + 1] - self.postings.offsets[row])
        return held - self.deleted_counts.get(row, 0)


class QueryTerm(NamedTuple):
    """A query term, and where it occurs."""

    idf: float
    rows: tuple[int | None, ...]
    """Its row in each part; None where the part does not have it."""
    all_rows: tuple[int, ...]
    """Its rows, counted across all parts."""


class Idf(Mapping[str, float]):
    """The idf of each term, computed by rank-bm25's own method on first use."""

    def __init__(self, views: Sequence[PostingsView], corpus_size: int) -> None:
        self._views = views
        self._probe = BM25Plus.__new__(BM25Plus)
        self._probe.corpus_size = corpus_size
        self._probe.idf = {}

    def __getitem__(self, term: str) -> float:
        known = self._probe.idf.get(term)
        if known is None:
            counts = ((view, view.row_of(term)) for view in self._views)
            count = sum(view.count(row) for view, row in counts if row is not None)
            if not count:
                raise KeyError(term)
            self._probe._calc_idf({term: count})  # noqa: SLF001  # rank-bm25 has no public name for it
            known = self._probe.idf[term]
        return float(known)

    def __iter__(self) -> Iterator[str]:
        held = {
            term
            for view in self._views
            for row, term in enumerate(view.postings.vocabulary)
            if not view.deleted_counts or view.count(row)
        }
        return iter(sorted(held))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Idf({dict(self)!r})"


class Bm25(BM25Plus):  # type: ignore[misc]  # rank-bm25 ships no types
    """BM25+ (Lv & Zhai, CIKM 2011, as in Trotman et al., ADCS 2014, table 1), with the same scores as rank-bm25.

    Of rank-bm25's variants, Plus fits collections of every size. Okapi's idf, log((N - df + 0.5) / (df + 0.5)), is zero
    or negative for a term in half of the chunks, as is normal with two articles for the very terms they are about.
    rank-bm25 replaces it by a quarter of the average idf, which can rank a rare term below a common one. Plus's idf,
    log((N + 1) / df), is positive, falls with df, and for large N is as good as Lucene's. L also has a sound idf, but
    its shifted term frequency makes a second mention weigh less than the sentence's length. rank-bm25 gives Plus's
    delta to every chunk, whether it has the term or not, so the order is that of plain BM25. k1 and b are lower than
    rank-bm25's defaults: a sentence rarely repeats a term, and its length says little.

    The idf is rank-bm25's own method. So is the formula: `get_scores` of a probe with one chunk per (frequency, length)
    pair gives the weight of each posting.

    The chunks are in one or more parts, one after another; a change rewrites only the parts that it touches. An empty
    collection is valid and finds nothing, where rank-bm25 divides by zero. Unknown terms of a query add nothing, and
    repeated terms count each time, as in rank-bm25.
    """

    def __init__(
        self,
        corpus: Iterable[Sequence[str]],
        tokenizer: Callable[[str], list[str]] | None = None,
        k1: float = K1,
        b: float = B,
        delta: float = DELTA,
    ) -> None:
        """Index the corpus: the terms of each chunk, or its text where a tokenizer is given."""
        if tokenizer is not None:
            corpus = [tokenizer(str(text)) for text in corpus]
        super().__init__(corpus, None, k1, b, delta)
        self.tokenizer = tokenizer

    @classmethod
    def from_views(cls, views: Iterable[PostingsView], k1: float = K1, b: float = B, delta: float = DELTA) -> Self:
        """The index over these parts. Their deleted chunks keep their numbers and are never found."""
        index = cls((), k1=k1, b=b, delta=delta)
        index._set_views(views)
        return index

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        postings = Postings.of(corpus)
        self._set_views([PostingsView(postings)] if len(postings.lengths) else [])
        return {}  # `Idf` computes the idf of a term on first use

    def _set_views(self, views: Iterable[PostingsView]) -> None:
        """Use these parts: compute their statistics, and the weight of each pair of frequency and length."""
        self.views = tuple(views)
        lengths = [view.postings.lengths for view in self.views]
        self.doc_len = lengths[0] if len(lengths) == 1 else np.concatenate([np.empty(0, np.int32), *lengths])
        self.first_chunks = np.cumsum([0, *map(len, lengths)])
        """The number of each part's first chunk, and the number of all chunks."""
        self.first_rows = np.cumsum([0, *(len(view.postings.vocabulary) for view in self.views)])
        there = [view.live_lengths() for view in self.views]
        self.corpus_size = sum(map(len, there))
        total = sum(int(some.sum(dtype=np.int64)) for some in there)
        self.avgdl = total / self.corpus_size if self.corpus_size else 0.0
        self.live = (
            None
            if len(there) == 0 or self.corpus_size == len(self.doc_len)
            else np.concatenate(
                [
                    np.ones(len(view.postings.lengths), np.bool_) if view.deleted is None else ~view.deleted
                    for view in self.views
                ]
            )
        )
        """True for each chunk that is not deleted; None where none is deleted."""
        self.best = kernels.kernel_for(sum(len(view.postings.chunks) for view in self.views))
        self.idf = Idf(self.views, self.corpus_size)
        self._weights = tuple(pair_weights(view.postings.pairs, self.avgdl, self.k1, self.b) for view in self.views)
        self._query_terms: dict[str, QueryTerm] = {}
        self._absent: set[str] = set()

    # ---- terms and their postings ------------------------------------------------------------------------------------

    def rows_of(self, term: str) -> tuple[int, ...]:
        """The rows of a term, one per part that has it; empty where no chunk does. Rows count across all parts."""
        held = self._query_terms.get(term) or self._look_up(term)
        return () if held is None else held.all_rows

    def has_term(self, term: str) -> bool:
        """Whether any chunk has the term."""
        return bool(self.rows_of(term))

    def rows_with_prefix(self, prefix: str) -> Iterator[tuple[int, str]]:
        """The rows of the terms with this prefix, and the terms."""
        for first, view in zip(self.first_rows.tolist(), self.views, strict=False):
            rows = view.postings.vocabulary.rows_with_prefix(prefix)
            terms = view.postings.vocabulary[rows.start : rows.stop]
            for row, term in zip(rows, terms, strict=True):
                if not view.deleted_counts or view.count(row):
                    yield first + row, term

    def _locate_row(self, row: int) -> tuple[int, int]:
        """The part of a row, and its row there."""
        if row < self.first_rows[1]:
            return 0, row
        place = int(np.searchsorted(self.first_rows, row, "right")) - 1
        return place, row - int(self.first_rows[place])

    def count(self, row: int) -> int:
        """How many chunks have the term of this row."""
        place, row = self._locate_row(row)
        return self.views[place].count(row)

    def frequency(self, term: str) -> int:
        """How many chunks have the term, in all parts."""
        return sum(map(self.count, self.rows_of(term)))

    def _postings_slice(self, row: int) -> tuple[int, slice]:
        """The part of a row, and the slice of its postings there."""
        place, row = self._locate_row(row)
        offsets = self.views[place].postings.offsets
        return place, slice(offsets[row], offsets[row + 1])

    def postings_of(self, row: int) -> tuple[Ids, Scores]:
        """The chunks of this row's part that have its term, ascending, and what it adds to each score for an idf of 1.

        Deleted chunks are included, as in the methods below down to `counts_in_ranges`.
        """
        place, held = self._postings_slice(row)
        postings = self.views[place].postings
        chunks = postings.chunks[held]
        return chunks + np.int32(self.first_chunks[place]) if place else chunks, self._weights[place][
            postings.codes[held]
        ]

    def weights_at(self, row: int, chunks: Ids) -> Scores:
        """What the term of a row adds to the score of each of these chunks for an idf of 1; 0 where it is missing."""
        place, held = self._postings_slice(row)
        postings = self.views[place].postings
        ids = postings.chunks[held]
        wanted = chunks - np.int32(self.first_chunks[place])
        places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
        return np.where(ids[places] == wanted, self._weights[place][postings.codes[held][places]], 0.0)

    def contains_row(self, row: int, chunks: Ids) -> Mask:
        """Whether each of these chunks has the term of a row."""
        place, held = self._postings_slice(row)
        ids = self.views[place].postings.chunks[held]
        wanted = chunks - np.int32(self.first_chunks[place])
        found: Mask = ids[np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)] == wanted
        return found

    def counts_in_ranges(self, row: int, starts: Ids, ends: Ids) -> npt.NDArray[np.intp]:
        """How many chunks of each range [start, end) have the term of a row."""
        place, held = self._postings_slice(row)
        ids, first = self.views[place].postings.chunks[held], np.int32(self.first_chunks[place])
        return np.searchsorted(ids, ends - first) - np.searchsorted(ids, starts - first)

    def chunks_of(self, term: str) -> Ids:
        """The chunks that have the term, ascending, without deleted ones."""
        held = []
        for row in self.rows_of(term):
            place, _ = self._locate_row(row)
            chunks, deleted = self.postings_of(row)[0], self.views[place].deleted
            held.append(chunks if deleted is None else chunks[~deleted[chunks - int(self.first_chunks[place])]])
        return np.concatenate([np.empty(0, np.int32), *held])

    def idf_of(self, term: str) -> float:
        """The term's idf; a term that no chunk has gets the highest possible, as if one chunk had it."""
        known = self.idf.get(term)
        return self.idf_for(1) if known is None else known

    def idf_for(self, chunks: int) -> float:
        """The idf of a term that this many chunks have, by the formula of rank-bm25's BM25Plus."""
        return idf_of_count(chunks, self.corpus_size)

    # ---- scores ------------------------------------------------------------------------------------------------------

    def get_scores(self, query: Sequence[str]) -> Scores:
        """One score per chunk, in the order of the chunks, as in rank-bm25."""
        scores = np.full(int(self.first_chunks[-1]), self.baseline_score(query))
        for term, asked in self._weighted_terms(query).items():
            for row in self.rows_of(term):
                chunks, weights = self.postings_of(row)
                scores[chunks] += asked.idf * weights
        return scores

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """The scores of these chunks; IndexError where one does not exist."""
        wanted = np.asarray(doc_ids, np.int64)
        number = int(self.first_chunks[-1])
        if len(wanted) and not -number <= wanted.min() <= wanted.max() < number:
            message = f"there are {number} chunks"
            raise IndexError(message)
        wanted %= max(number, 1)
        scores = np.full(len(wanted), self.baseline_score(query))
        for term, asked in self._weighted_terms(query).items():
            for row in self.rows_of(term):
                chunks, weights = self.postings_of(row)
                places = np.minimum(np.searchsorted(chunks, wanted), len(chunks) - 1)
                scores += np.where(chunks[places] == wanted, asked.idf * weights[places], 0.0)
        return [float(score) for score in scores]

    def search(self, query: Sequence[str], n: int, within: ChunkFilter | None = None) -> tuple[Ids, Scores]:
        """The at most n best chunks that have a term of the query, best first, and their scores; ties by chunk number.

        `within` says which chunks may be found; None for all.
        """
        weighed = self._weighted_terms(query)
        asked = [
            [(row, held.idf) for held in weighed.values() if (row := held.rows[place]) is not None]
            for place in range(len(self.views))
        ]
        chunks, scores = self._best_of(asked, n, _mask_of(within))
        return chunks, scores + self.delta * sum([held.idf for held in weighed.values()])

    def search_weighted(
        self, rows: Mapping[int, float], n: int, within: ChunkFilter | None = None
    ) -> tuple[Ids, Scores]:
        """Like `search`, for the terms of these rows, each with a weight in place of its idf; without delta."""
        asked: list[list[tuple[int, float]]] = [[] for _ in self.views]
        for row, weight in rows.items():
            place, mine = self._locate_row(row)
            asked[place].append((mine, weight))
        return self._best_of(asked, n, _mask_of(within))

    def _best_of(self, asked: Sequence[Sequence[tuple[int, float]]], n: int, within: Mask | None) -> tuple[Ids, Scores]:
        """The best chunks of all parts, for the (row, weight) pairs of each part."""
        found: tuple[Ids, Scores] = np.empty(0, np.int32), np.empty(0)
        if n < 1:
            return found
        for place, view in enumerate(self.views):
            if not asked[place]:
                continue
            enough = float(found[1][n - 1]) if len(found[1]) >= n else 0.0
            rows, weights = [row for row, _ in asked[place]], [weight for _, weight in asked[place]]
            allowed = self._allowed_in_view(place, view, within)
            chunks, scores = self.best(view.postings, self._weights[place], rows, weights, n, allowed, enough)
            if place:
                chunks = np.concatenate([found[0], chunks + np.int32(self.first_chunks[place])])
                scores = np.concatenate([found[1], scores])
                order = np.lexsort((chunks, -scores))[:n]
                chunks, scores = chunks[order], scores[order]
            found = chunks, scores
        return found

    def _allowed_in_view(self, place: int, view: PostingsView, within: Mask | None) -> Mask | None:
        if within is None:
            return None if view.deleted is None else ~view.deleted
        mine = within[self.first_chunks[place] : self.first_chunks[place + 1]]
        return np.array(mine) if view.deleted is None else mine & ~view.deleted

    def _weighted_terms(self, query: Sequence[str]) -> dict[str, QueryTerm]:
        """The query's terms that some chunk has; each idf is multiplied by the term's frequency in the query."""
        weighed: dict[str, QueryTerm] = {}
        known = self._query_terms
        for term in query:
            held = known.get(term) or self._look_up(term)
            if held is not None:
                again = weighed.get(term)
                weighed[term] = held if again is None else held._replace(idf=again.idf + held.idf)
        return weighed

    def _look_up(self, term: str) -> QueryTerm | None:
        if term in self._absent:
            return None
        rows = tuple([view.row_of(term) for view in self.views])
        firsts = zip(self.first_rows.tolist(), rows, strict=False)
        all_rows = tuple([first + row for first, row in firsts if row is not None])
        if all_rows:
            self._query_terms[term] = held = QueryTerm(self.idf[term], rows, all_rows)
            return held
        if len(self._absent) >= MAX_ABSENT_TERMS:  # queries cannot fill the memory
            self._absent.clear()
        self._absent.add(term)
        return None

    def baseline_score(self, query: Sequence[str]) -> float:
        """The score of a chunk with none of the terms: delta's share, the same for every chunk."""
        return float(sum(self.idf.get(term, 0.0) for term in query) * self.delta)

    # ---- on disk -----------------------------------------------------------------------------------------------------

    def save(self, path: Path) -> None:
        """Write the index to a file, atomically and durably, replacing it; OSError where that fails."""
        whole = concatenate_postings([view.compacted() for view in self.views]) if self.views else Postings.of(())
        write_checksummed(path, postings_arrays(whole) | {"formula": np.array([self.k1, self.b, self.delta])})

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map a file that `save` wrote; SnapshotDamaged where it is altered or no index, OSError where unreadable."""
        arrays = read_checksummed(path)
        try:
            k1, b, delta = arrays["formula"].tolist()
            return cls.from_views([PostingsView(postings_from_arrays(arrays))], k1, b, delta)
        except (KeyError, ValueError) as error:
            problem = f"{path.name} is not an index."
            raise SnapshotDamaged(problem, "Run `verbatim reindex`.") from error

    # ---- change ------------------------------------------------------------------------------------------------------

    def extend(self, corpus: Iterable[Sequence[str]]) -> None:
        """Append chunks: terms, or texts where the index was made with a tokenizer."""
        if self.tokenizer is not None:
            corpus = [self.tokenizer(str(text)) for text in corpus]
        added = Postings.of(corpus)
        if not len(added.lengths):
            return
        views = [*self.views]
        together, size = [added], len(added.lengths)
        while views and len(views[-1].postings.lengths) < GROWTH * size:
            together.insert(0, views.pop().compacted())
            size += len(together[0].lengths)
        self._set_views([*views, PostingsView(concatenate_postings(together))])

    def discard(self, ids: Iterable[int]) -> None:
        """Delete chunks; later ones move up, as if these had never been there. IndexError where one does not exist."""
        going = np.unique(np.fromiter(ids, np.int64))
        number = int(self.first_chunks[-1])
        if len(going) and not 0 <= going[0] <= going[-1] < number:
            message = f"there are {number} chunks"
            raise IndexError(message)
        kept = np.ones(number, np.bool_)
        kept[going] = False
        views = []
        for place, view in enumerate(self.views):
            mine = kept[self.first_chunks[place] : self.first_chunks[place + 1]]
            if mine.all():
                views.append(view)
            elif mine.any():
                views.append(PostingsView(view.postings.select(mine)))
        self._set_views(views)


def pair_weights(pairs: npt.NDArray[np.int32], average_length: float, k1: float = K1, b: float = B) -> Scores:
    """What a posting of each (frequency, length) adds to a score for an idf of 1, by rank-bm25's own method.

    It is what the chunk gets beyond one without the term.
    """
    if not average_length:  # no chunk has a term
        return np.zeros(len(pairs))
    probe = BM25Plus.__new__(BM25Plus)
    probe.k1, probe.b, probe.delta, probe.avgdl, probe.idf = k1, b, 0.0, average_length, {PROBE: 1.0}
    probe.corpus_size, probe.doc_len = len(pairs), pairs[:, 1]
    probe.doc_freqs = [{PROBE: frequency} for frequency in pairs[:, 0].tolist()]
    weights: Scores = probe.get_scores([PROBE])
    return weights


def idf_of_count(chunks: int, corpus_size: int) -> float:
    """The idf of a term that so many chunks of a collection have, by the formula of rank-bm25's BM25Plus."""
    return float(np.log((corpus_size + 1) / chunks))


def _mask_of(within: ChunkFilter | None) -> Mask | None:
    if within is None:
        return None
    if isinstance(within, MaskFilter):
        return within.mask
    message = "postings in this process are filtered by a mask"
    raise TypeError(message)
