"""Candidates from OpenSearch: it proposes more than are wanted, and they are scored anew, exactly.

Lucene rounds the lengths of sentences, so its order is nearly ours. What it proposes is scored by the formula of
`index.bm25.scorer` with the statistics of the generation; more is asked for where others may be better.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.bm25.candidate_source import ChunkFilter, Scores
from index.bm25.postings import Ids, Mask, Postings
from index.bm25.scorer import DELTA, idf_of_count, pair_weights
from index.cluster.address import Json
from index.cluster.client import Client
from index.cluster.documents import LENGTH, NUMBER, TERMS, alive_in, token_of
from index.cluster.filters import ClusterFilter
from index.cluster.generation import TermCounts

FEWEST, MORE, MOST = 200, 4, 1000
"""Documents that are asked for at least, for each that is wanted, and at most."""
MAX_TERMS = 1000
"""Terms of a search; OpenSearch takes 1,024."""
MAX_AHEAD = 32


class Hits(NamedTuple):
    """What OpenSearch proposes for a search."""

    numbers: Ids
    terms: list[Counter[str]]
    """Of each document the terms of the search, and how often it has each."""
    lengths: Ids
    scores: Scores
    """Lucene's."""


class ClusterCandidates:
    """The index over a collection's sentences, or over its headings, in OpenSearch; a `CandidateSource`."""

    def __init__(self, client: Client, index: str, generation: int, counts: TermCounts) -> None:
        self._client = client
        self.index = index
        self._generation = generation
        self.counts = counts
        self.corpus_size = counts.documents
        self._ahead: LRUCache[str, Json] = LRUCache(MAX_AHEAD)
        self._lock = Lock()

    # ---- statistics --------------------------------------------------------------------------------------------------

    def rows_of(self, term: str) -> tuple[int, ...]:
        """The row of a term; empty where no document has it."""
        row = self.counts.vocabulary.row_of(term)
        return () if row is None else (row,)

    def has_term(self, term: str) -> bool:
        """Whether any document has the term."""
        return self.counts.vocabulary.row_of(term) is not None

    def rows_with_prefix(self, prefix: str) -> Iterator[tuple[int, str]]:
        """The rows of the terms with this prefix, and the terms."""
        rows = self.counts.vocabulary.rows_with_prefix(prefix)
        return zip(rows, self.counts.vocabulary[rows.start : rows.stop], strict=True)

    def count(self, row: int) -> int:
        """How many documents have the term of this row."""
        return int(self.counts.counts[row])

    def frequency(self, term: str) -> int:
        """How many documents have the term."""
        return sum(map(self.count, self.rows_of(term)))

    def idf_for(self, chunks: int) -> float:
        """The idf of a term that this many documents have."""
        return idf_of_count(chunks, self.corpus_size)

    def idf_of(self, term: str) -> float:
        """The term's idf; a term that no document has gets the highest possible."""
        return self.idf_for(self.frequency(term) or 1)

    # ---- searches ----------------------------------------------------------------------------------------------------

    def search(self, query: Sequence[str], n: int, within: ChunkFilter | None = None) -> tuple[Ids, Scores]:
        """The at most n best documents that have a term of the query, best first, and their scores; ties by number."""
        weights: dict[int, float] = {}
        for term in query:
            for row in self.rows_of(term):
                weights[row] = weights.get(row, 0.0) + self.idf_for(self.count(row))
        numbers, scores = self.search_weighted(weights, n, within)
        return numbers, scores + DELTA * sum(weights.values())

    def search_weighted(
        self, rows: Mapping[int, float], n: int, within: ChunkFilter | None = None
    ) -> tuple[Ids, Scores]:
        """Like `search`, for the terms of these rows, each with a weight in place of its idf; without delta."""
        rows = _heaviest(rows)
        if not rows or n < 1:
            return np.empty(0, np.int32), np.empty(0)
        wanted = _first_size(n)
        while True:
            hits = self._propose(rows, wanted, within)
            scores = self._exact_scores(rows, hits)
            order = np.lexsort((hits.numbers, -scores))[:n]
            if len(hits.numbers) < wanted or wanted >= MOST or _is_settled(hits, scores, order, n):
                return hits.numbers[order], scores[order]
            wanted = max(n, min(MORE * wanted, MOST))

    def body_ahead(self, rows: Mapping[int, float], n: int, within: ChunkFilter | None) -> Json | None:
        """The request that `search_weighted` begins with; None where it sends none."""
        rows = _heaviest(rows)
        return self._body(rows, _first_size(n), within) if rows and n > 0 else None

    def keep_ahead(self, body: Json, answer: Json) -> None:
        """Keep the answer to a request for the search that follows."""
        with self._lock:
            self._ahead[json.dumps(body)] = answer

    def forget(self) -> None:
        """Forget requests that were sent ahead, and no search followed."""
        with self._lock:
            self._ahead.clear()

    def filters(self, within: ChunkFilter | None) -> list[Json]:
        """The clauses that a document of this generation, and of this filter, fulfils."""
        return alive_in(self._generation) + (within.clauses() if isinstance(within, ClusterFilter) else [])

    def numbers(self, query: Json, size: int, sort: list[Any] | None = None) -> list[Json]:
        """The sources of the first documents of a query, by their numbers unless it says otherwise."""
        body = {"query": query, "size": size, "sort": sort or [{NUMBER: "asc"}], "track_total_hits": False}
        [answer] = self._client.search([(self.index, body)])
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    def count_matching(self, query: Json) -> int:
        """How many documents match a query."""
        return self._client.count(self.index, query)

    def values(self, query: Json, field: str, size: int) -> list[str]:
        """The distinct values of a field among the documents that match."""
        body = {"query": query, "size": 0, "aggs": {"values": {"terms": {"field": field, "size": size}}}}
        [answer] = self._client.search([(self.index, body)])
        return [bucket["key"] for bucket in answer["aggregations"]["values"]["buckets"]]

    def _body(self, rows: Mapping[int, float], size: int, within: ChunkFilter | None) -> Json:
        any_of = [
            {"term": {TERMS: {"value": token_of(self.counts.vocabulary[row]), "boost": self._boost(row, weight)}}}
            for row, weight in rows.items()
        ]
        query = {"bool": {"filter": self.filters(within), "should": any_of, "minimum_should_match": 1}}
        source, sort = [NUMBER, TERMS, LENGTH], ["_score", {NUMBER: "asc"}]
        return {"query": query, "size": size, "_source": source, "sort": sort, "track_total_hits": False}

    def _boost(self, row: int, weight: float) -> float:
        """The boost by which Lucene's score has our weight in place of its own idf."""
        documents, held = self.corpus_size, self.count(row)
        return weight / math.log1p((documents - held + 0.5) / (held + 0.5))

    def _propose(self, rows: Mapping[int, float], size: int, within: ChunkFilter | None) -> Hits:
        body = self._body(rows, size, within)
        with self._lock:
            answer = self._ahead.pop(json.dumps(body), None)
        if answer is None:
            [answer] = self._client.search([(self.index, body)])
        found = answer["hits"]["hits"]
        asked = {token_of(self.counts.vocabulary[row]) for row in rows}
        sources = [hit["_source"] for hit in found]
        return Hits(
            np.array([one[NUMBER] for one in sources], np.int32),
            [Counter(token for token in one[TERMS].split() if token in asked) for one in sources],
            np.array([one[LENGTH] for one in sources], np.int32),
            np.array([hit["sort"][0] for hit in found], np.float64),
        )

    def _exact_scores(self, rows: Mapping[int, float], hits: Hits) -> Scores:
        tokens = [token_of(self.counts.vocabulary[row]) for row in rows]
        frequencies = np.array([[terms.get(token, 0) for token in tokens] for terms in hits.terms], np.int32)
        frequencies = frequencies.reshape(len(hits.numbers), len(tokens))
        places, terms = np.nonzero(frequencies)
        pairs = np.stack([frequencies[places, terms], hits.lengths[places]], axis=1)
        distinct, back = np.unique(pairs, axis=0, return_inverse=True)
        weights = np.zeros(frequencies.shape)
        weights[places, terms] = pair_weights(distinct, self.counts.average_length)[back.ravel()]
        scores = np.zeros(len(hits.numbers))
        for place, weight in enumerate(rows.values()):  # term by term, so that equal sentences get equal sums
            scores += weight * weights[:, place]
        return scores


def _heaviest(rows: Mapping[int, float]) -> Mapping[int, float]:
    if len(rows) <= MAX_TERMS:
        return rows
    return dict(sorted(rows.items(), key=lambda pair: -pair[1])[:MAX_TERMS])


def _first_size(n: int) -> int:
    return max(n, min(max(FEWEST, MORE * n), MOST))


def _is_settled(hits: Hits, scores: Scores, order: npt.NDArray[np.intp], n: int) -> bool:
    """Whether no document that was not proposed can be among the n best, if Lucene errs no more than in these."""
    if len(order) < n:
        return False
    furthest = float((scores / np.maximum(hits.scores, 1e-12)).max())
    return float(hits.scores.min()) * furthest < float(scores[order[-1]])


class ArticlePostings(NamedTuple):
    """The postings of one article's sentences, or of its headings."""

    first: int
    """The number of its first document."""
    postings: Postings
    rows: Mapping[str, int]
    """The row of each term."""


class Excerpt:
    """The postings of some articles, with the rows and statistics of the whole collection; a `PostingsReader`."""

    def __init__(self, articles: Sequence[ArticlePostings], counts: TermCounts) -> None:
        """`articles` are in the order of their documents."""
        self._articles = articles
        self._counts = counts
        pairs = [article.postings.pairs for article in articles]
        every = pair_weights(np.concatenate([np.empty((0, 2), np.int32), *pairs]), counts.average_length)
        self._weights = np.split(every, np.cumsum([len(some) for some in pairs])[:-1]) if pairs else []
        self._known: dict[int, tuple[Ids, Scores]] = {}

    def _postings_of(self, row: int) -> tuple[Ids, Scores]:
        """The documents that have the term of a row, ascending, and what it adds to the score of each."""
        known = self._known.get(row)
        if known is None:
            term = self._counts.vocabulary[row]
            chunks: list[Ids] = [np.empty(0, np.int32)]
            weights: list[Scores] = [np.empty(0)]
            for article, mine in zip(self._articles, self._weights, strict=True):
                here = article.rows.get(term)
                if here is not None:
                    held = slice(article.postings.offsets[here], article.postings.offsets[here + 1])
                    chunks.append(article.postings.chunks[held] + np.int32(article.first))
                    weights.append(mine[article.postings.codes[held]])
            self._known[row] = known = np.concatenate(chunks), np.concatenate(weights)
        return known

    def weights_at(self, row: int, chunks: Ids) -> Scores:
        """What the term of a row adds to the score of each of these documents for an idf of 1; 0 where missing."""
        held, weights = self._postings_of(row)
        if not len(held):
            return np.zeros(len(chunks))
        places = np.minimum(np.searchsorted(held, chunks), len(held) - 1)
        return np.where(held[places] == chunks, weights[places], 0.0)

    def contains_row(self, row: int, chunks: Ids) -> Mask:
        """Whether each of these documents has the term of a row."""
        held = self._postings_of(row)[0]
        if not len(held):
            return np.zeros(len(chunks), np.bool_)
        found: Mask = held[np.minimum(np.searchsorted(held, chunks), len(held) - 1)] == chunks
        return found

    def counts_in_ranges(self, row: int, starts: Ids, ends: Ids) -> npt.NDArray[np.intp]:
        """How many documents of each range [start, end) have the term of a row."""
        held = self._postings_of(row)[0]
        return np.searchsorted(held, ends) - np.searchsorted(held, starts)
