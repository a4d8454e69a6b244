"""Search: the best sentences for some terms, each with the articles that have it."""

from __future__ import annotations

from collections.abc import Sequence

from index.analysis.analyzer import Term
from index.answering.quoting import introduces, quote_passage
from index.bm25.candidate_source import ChunkFilter
from index.collection.collection import Collection, quote_of
from index.collection.deduplication import MAX_CHUNKS_EXAMINED, MAX_SEARCHES, with_sources
from index.models import Quote, SentenceKind, collapse_whitespace


def search(
    collection: Collection, query_terms: Sequence[Term], limit: int, within: ChunkFilter | None
) -> tuple[Quote, ...]:
    """The at most `limit` best sentences for the terms, best first, each with the articles that have it.

    Equal sentences have equal scores: the article whose id comes first is named first.
    """
    query, wanted = [term.term for term in query_terms], limit
    while True:
        chunks, scores = collection.bm25.search(query, wanted, within)
        best: dict[str, tuple[int, float]] = {}
        for chunk, score in zip(chunks.tolist(), scores.tolist(), strict=True):
            best.setdefault(collapse_whitespace(collection.text(chunk)), (chunk, score))
        if len(best) >= limit or len(chunks) < wanted or wanted >= MAX_SEARCHES * limit:
            break
        wanted *= 2
    return tuple(
        _to_quote(collection, chunk, score, frozenset(query), within) for chunk, score in [*best.values()][:limit]
    )


def _to_quote(
    collection: Collection, chunk: int, score: float, query: frozenset[str], within: ChunkFilter | None
) -> Quote:
    words = collection.words(chunk, chunk)
    chunks, _ = collection.chunks_saying(collection.text(chunk), within, MAX_CHUNKS_EXAMINED)
    chunk = next((other for other in chunks if collection.words(other, other) == words), chunk)
    passage = collection.passage(chunk, score, query)
    if passage.sentence.kind is not SentenceKind.BODY or introduces(passage, collection):
        return quote_passage(passage, collection, within)
    return with_sources(quote_of(passage, collection.entry(passage.article.id)), collection, (chunk, chunk), within)
