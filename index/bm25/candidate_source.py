"""What finds candidates, and what describes them: postings in this process, or a search server's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.bm25.postings import Ids, Mask

Scores = npt.NDArray[np.float64]


class ChunkFilter(ABC):
    """Which chunks may be found."""

    @abstractmethod
    def contains(self, chunks: Ids) -> Mask:
        """Whether each of these chunks may be found."""

    @abstractmethod
    def count(self) -> int:
        """How many chunks may be found."""

    @abstractmethod
    def sample(self, number: int) -> Ids:
        """About so many of them, ascending, from all of the collection."""

    @abstractmethod
    def __and__(self, other: ChunkFilter) -> ChunkFilter:
        """Those that may be found by both."""

    def any(self) -> bool:
        """Whether any chunk may be found."""
        return self.count() > 0


class MaskFilter(ChunkFilter):
    """A filter as a mask: True for each chunk that may be found."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask

    def contains(self, chunks: Ids) -> Mask:
        """Whether each of these chunks may be found."""
        found: Mask = self.mask[chunks]
        return found

    def count(self) -> int:
        """How many chunks may be found; deleted ones count."""
        return int(self.mask.sum())

    def sample(self, number: int) -> Ids:
        """About so many of them, ascending, from all of the collection."""
        there: Ids = np.flatnonzero(self.mask).astype(np.int32)
        return there[:: max(1, len(there) // number)]

    def __and__(self, other: ChunkFilter) -> MaskFilter:
        """Those that may be found by both; the other filter is a mask, too."""
        if not isinstance(other, MaskFilter):
            message = "filters of two kinds cannot be joined"
            raise TypeError(message)
        return MaskFilter(self.mask & other.mask)


class CandidateSource(Protocol):
    """An index that finds chunks by their terms; its statistics are those of the whole collection.

    A row is the number of a term. One term may have several rows, one for each part of the index.
    """

    corpus_size: int
    """Number of chunks."""

    def rows_of(self, term: str) -> tuple[int, ...]:
        """The rows of a term; empty where no chunk has it."""

    def has_term(self, term: str) -> bool:
        """Whether any chunk has the term."""

    def rows_with_prefix(self, prefix: str) -> Iterator[tuple[int, str]]:
        """The rows of the terms with this prefix, and the terms."""

    def count(self, row: int) -> int:
        """How many chunks have the term of this row."""

    def frequency(self, term: str) -> int:
        """How many chunks have the term."""

    def idf_of(self, term: str) -> float:
        """The term's idf; a term that no chunk has gets the highest possible, as if one chunk had it."""

    def idf_for(self, chunks: int) -> float:
        """The idf of a term that this many chunks have."""

    def search(self, query: Sequence[str], n: int, within: ChunkFilter | None = None) -> tuple[Ids, Scores]:
        """The at most n best chunks that have a term of the query, best first, and their scores; ties by chunk number.

        `within` says which chunks may be found; None for all.
        """

    def search_weighted(
        self, rows: Mapping[int, float], n: int, within: ChunkFilter | None = None
    ) -> tuple[Ids, Scores]:
        """Like `search`, for the terms of these rows, each with a weight in place of its idf; without delta."""


class PostingsReader(Protocol):
    """The postings of some chunks: which of them has which term, and what that adds to a score."""

    def weights_at(self, row: int, chunks: Ids) -> Scores:
        """What the term of a row adds to the score of each of these chunks for an idf of 1; 0 where it is missing."""

    def contains_row(self, row: int, chunks: Ids) -> Mask:
        """Whether each of these chunks has the term of a row."""

    def counts_in_ranges(self, row: int, starts: Ids, ends: Ids) -> npt.NDArray[np.intp]:
        """How many chunks of each range [start, end) have the term of a row."""
