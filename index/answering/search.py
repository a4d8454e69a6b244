"""Search: the best sentences for some terms, each with the articles that have it."""

from __future__ import annotations

from collections.abc import Sequence

from index.analysis.analyzer import Term
from index.bm25.postings import Mask
from index.collection.collection import Collection, quote
from index.collection.deduplication import SEARCHED_AT_MOST, _sayers, with_sources
from index.models import Quote, fold


def search(collection: Collection, asked: Sequence[Term], limit: int, within: Mask | None) -> tuple[Quote, ...]:
    """The at most `limit` best sentences for the terms, best first, each with the articles that have it.

    Equal sentences have equal scores: the article whose id comes first is named first.
    """
    query, wanted = [term.term for term in asked], limit
    while True:
        chunks, scores = collection.bm25.top(query, wanted, within)
        best: dict[str, tuple[int, float]] = {}
        for chunk, score in zip(chunks.tolist(), scores.tolist(), strict=True):
            best.setdefault(fold(collection.text(chunk)), (chunk, score))
        if len(best) >= limit or len(chunks) < wanted or wanted >= SEARCHED_AT_MOST * limit:
            break
        wanted *= 2
    return tuple(
        _found(collection, chunk, score, frozenset(query), within) for chunk, score in [*best.values()][:limit]
    )


def _found(collection: Collection, chunk: int, score: float, query: frozenset[str], within: Mask | None) -> Quote:
    words = collection.words(chunk, chunk)
    chunks, _ = _sayers(collection, collection.text(chunk), within)
    chunk = next((other for other in chunks if collection.words(other, other) == words), chunk)
    return with_sources(quote(collection.passage(chunk, score, query)), collection, (chunk, chunk), within)
