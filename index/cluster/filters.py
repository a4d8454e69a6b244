"""Filters as OpenSearch understands them: by article, by language, by what a sentence has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.bm25.candidate_source import ChunkFilter
from index.bm25.postings import Ids, Mask
from index.cluster.documents import NUMBER, TERMS, token_of
from index.cluster.generation import Generation

MAX_VALUES = 10_000
"""Terms, or ranges, of a filter; OpenSearch takes 65,536 terms."""


@dataclass(frozen=True)
class OneOf:
    """Chunks that have one of these terms, or are in one of these ranges [start, end)."""

    terms: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]

    def clause(self) -> dict[str, Any]:
        """The clause of a query."""
        near = [{"range": {NUMBER: {"gte": start, "lt": end}}} for start, end in self.ranges[:MAX_VALUES]]
        tokens = [token_of(term) for term in self.terms[:MAX_VALUES]]
        return {"bool": {"should": [*near, {"terms": {TERMS: tokens}}], "minimum_should_match": 1}}

    def in_ranges(self, chunks: Ids) -> Mask:
        """Whether each of these chunks is in one of the ranges."""
        found = np.zeros(len(chunks), np.bool_)
        for start, end in self.ranges:
            found |= (chunks >= start) & (chunks < end)
        return found


@dataclass(frozen=True)
class FilterSource:
    """What filters of a collection look up."""

    generation: Generation
    have_terms: Callable[[tuple[str, ...], Ids], Mask]
    """Whether each of these chunks has one of these terms."""
    count: Callable[[ChunkFilter], int]
    """Asks OpenSearch how many chunks a filter has."""


class ClusterFilter(ChunkFilter):
    """A filter that OpenSearch applies: clauses on articles, and on what a sentence has or where it stands."""

    def __init__(
        self,
        source: FilterSource,
        articles: Mask | None = None,
        article_clauses: tuple[dict[str, Any], ...] = (),
        all_of: tuple[OneOf, ...] = (),
    ) -> None:
        """`articles` is True for each article of the generation that `article_clauses` let through; None for all."""
        self._source = source
        self._articles = articles
        self._article_clauses = article_clauses
        self._all_of = all_of

    def clauses(self) -> list[dict[str, Any]]:
        """The clauses of a query; all of them must hold."""
        return [*self._article_clauses, *(one.clause() for one in self._all_of)]

    def contains(self, chunks: Ids) -> Mask:
        """Whether each of these chunks may be found."""
        places = self._source.generation.places_of(chunks)
        found: Mask = places >= 0
        if self._articles is not None:
            found &= self._articles[places]
        for one in self._all_of:
            here = one.in_ranges(chunks)
            if one.terms:
                here |= self._source.have_terms(one.terms, chunks)
            found &= here
        return found

    def count(self) -> int:
        """How many chunks may be found."""
        if self._all_of:
            [one, *more] = self._all_of
            if not more and not one.terms and self._articles is None:
                return sum(end - start for start, end in one.ranges)
            return self._source.count(self)
        counts = self._source.generation.chunk_counts
        return int((counts if self._articles is None else counts[self._articles]).sum(dtype=np.int64))

    def sample(self, number: int) -> Ids:
        """About so many of them, ascending, from all of the collection."""
        if self._all_of:
            ranges = [np.arange(start, end, dtype=np.int32) for one in self._all_of for start, end in one.ranges]
            there = np.concatenate([np.empty(0, np.int32), *ranges])
            return there[:: max(1, len(there) // number)]
        return self._source.generation.sample(number, self._articles)

    def __and__(self, other: ChunkFilter) -> ClusterFilter:
        """Those that may be found by both; the other one is of the same collection."""
        if not isinstance(other, ClusterFilter):
            message = "filters of two kinds cannot be joined"
            raise TypeError(message)
        masks = [one for one in (self._articles, other._articles) if one is not None]
        return ClusterFilter(
            self._source,
            np.logical_and.reduce(masks) if masks else None,
            self._article_clauses + other._article_clauses,
            self._all_of + other._all_of,
        )
