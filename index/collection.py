"""A collection: the entries of all articles, made searchable. It never changes; another one takes its place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis import Term, terms
from index.article import Entry, Kind, Passage, Quote, Sentence, Span
from index.bm25 import Bm25, Ids, Postings, kept_of
from index.errors import ArticleUnknown
from index.sketch import sketch_of

SKETCHES = 8192


class Bounds(NamedTuple):
    """For each chunk, where its paragraph and its article begin and end: [start, end) in chunk numbers."""

    paragraph_start: Ids
    paragraph_end: Ids
    article_start: Ids
    article_end: Ids


class Collection:
    """All entries in the order of their ids, and a BM25 index over their body sentences."""

    def __init__(self, entries: Iterable[Entry], postings: Postings | None = None) -> None:
        """Make the entries searchable; given the postings of the same entries, nothing is analysed again."""
        self.entries = tuple(sorted(entries, key=lambda entry: entry.article.id))
        self.by_id = {entry.article.id: entry for entry in self.entries}
        self.chunks = tuple(
            (entry, place)
            for entry in self.entries
            for place, sentence in enumerate(entry.sentences)
            if sentence.kind is Kind.BODY
        )
        if postings is None:
            self.bm25 = Bm25([term.term for term in terms(self.text(chunk))] for chunk in range(len(self.chunks)))
        else:
            self.bm25 = Bm25.from_postings(postings)

        self.bounds = Bounds(
            *_runs([(entry.article.id, entry.sentences[place].paragraph) for entry, place in self.chunks]),
            *_runs([entry.article.id for entry, _ in self.chunks]),
        )
        self.sketch = lru_cache(maxsize=SKETCHES)(lambda chunk: sketch_of(self.text(chunk)))
        """What the ranking sees of a chunk; the latest are kept."""

    def without(self, articles: frozenset[str]) -> Collection:
        """The same without these articles, as if they had never been in it; nothing is analysed again."""
        kept = np.fromiter((entry.article.id not in articles for entry, _ in self.chunks), np.bool_, len(self.chunks))
        return Collection(
            (entry for entry in self.entries if entry.article.id not in articles), kept_of(self.bm25.postings, kept)
        )

    @cached_property
    def title_terms(self) -> dict[str, frozenset[str]]:
        """The terms of each article's title, by its id; none where no title is recorded."""
        return {
            entry.article.id: frozenset(term.term for term in terms(entry.article.title.value))
            if entry.article.title
            else frozenset()
            for entry in self.entries
        }

    def sentence(self, chunk: int) -> Sentence:
        """The sentence that is this chunk of the index."""
        entry, place = self.chunks[chunk]
        return entry.sentences[place]

    def text(self, chunk: int) -> str:
        """The words of a chunk, a slice of its article."""
        entry, place = self.chunks[chunk]
        return entry.article.text[slice(*entry.sentences[place].span)]

    def entry(self, article: str) -> Entry:
        """The entry of an article; ArticleUnknown where there is none of this id."""
        try:
            return self.by_id[article]
        except KeyError:
            what = f"There is no article {article!r} in the index."
            raise ArticleUnknown(what, "`verbatim articles` lists those there are.") from None

    def chunks_of(self, article: str | None, *, with_url: bool) -> npt.NDArray[np.bool_] | None:
        """True for each chunk of this article, or of any, that may be found; None where all may.

        Args:
            article: id of the only article to look in.
            with_url: whether articles without a source URL stay out.
        """
        if article is None and not with_url:
            return None
        wanted = self.entry(article) if article is not None else None
        return np.fromiter(
            (
                (wanted is None or entry is wanted) and (entry.article.url is not None or not with_url)
                for entry, _ in self.chunks
            ),
            np.bool_,
            len(self.chunks),
        )

    def search(self, asked: Sequence[Term], limit: int, within: npt.NDArray[np.bool_] | None = None) -> list[Passage]:
        """The at most `limit` best passages for the terms, best first."""
        query = [term.term for term in asked]
        chunks, scores = self.bm25.top(query, limit, within)
        return [
            self.passage(chunk, score, frozenset(query))
            for chunk, score in zip(chunks.tolist(), scores.tolist(), strict=True)
        ]

    def passage(self, chunk: int, score: float, query: frozenset[str]) -> Passage:
        """A chunk as a passage; it tells which of its words are among the query's terms."""
        entry, text, held = self.chunks[chunk][0], self.text(chunk), self.sketch(chunk).spans
        words = (text[slice(*span)] for span in sorted(span for term in query for span in held.get(term, ())))
        return Passage(
            article=entry.article,
            sentence=self.sentence(chunk),
            chunk=chunk,
            score=round(score, 6),
            matched=tuple(dict.fromkeys(words)),
        )


def _runs(keys: Sequence[Hashable]) -> tuple[Ids, Ids]:
    """For each place, [start, end) of the run of equal keys that it stands in."""
    starts, ends = np.zeros(len(keys), np.int32), np.zeros(len(keys), np.int32)
    start = 0
    for place in range(1, len(keys) + 1):
        if place == len(keys) or keys[place] != keys[start]:
            starts[start:place], ends[start:place] = start, place
            start = place
    return starts, ends


def quote(passage: Passage) -> Quote:
    """The passage as it is shown."""
    return Quote(article=passage.article, spans=(passage.sentence.span,), score=passage.score, matched=passage.matched)


def quote_in_context(quoted: Quote, entry: Entry, before: int = 1, after: int = 1) -> Quote:
    """The quotation with the quotable sentences around it: one span where they stand side by side, else several."""
    body = [sentence.span for sentence in entry.sentences if sentence.kind is Kind.BODY]
    inside = [place for place, span in enumerate(body) if any(a <= span.start < b for a, b in quoted.spans)]
    around = body[max(0, inside[0] - before) : inside[-1] + after + 1]
    return quoted.model_copy(update={"spans": side_by_side(entry.article.text, around)})


def side_by_side(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, those with nothing but white space between them as one."""
    merged: list[Span] = []
    for span in spans:
        if merged and not text[merged[-1].end : span.start].strip():
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return tuple(merged)
