"""A searchable, immutable collection of indexed articles; a change makes a new collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Self, overload

import numpy as np

from index.analysis.sentence_features import Sketch
from index.bm25.postings import Ids, Mask
from index.bm25.scorer import Bm25
from index.collection.segment import Leaf, Segment
from index.errors import ArticleUnknown
from index.models import Article, Entry, Passage, Quote, Sentence, Source, Span


class Bounds(NamedTuple):
    """For some chunks, the bounds of the paragraph and the article of each: [start, end) in chunk numbers."""

    paragraph_start: Ids
    paragraph_end: Ids
    article_start: Ids
    article_end: Ids


class Entries(Sequence[Entry]):
    """The indexed articles in the order of their ids, each read on access."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def __len__(self) -> int:
        return self._collection.articles

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, place: int | slice) -> Entry | tuple[Entry, ...]:
        ids = self._collection.ids
        if isinstance(place, slice):
            return tuple(self._collection.entry(article_id) for article_id in ids[place])
        return self._collection.entry(ids[place])

    def __iter__(self) -> Iterator[Entry]:
        return map(self._collection.entry, self._collection.ids)


class EntriesById(Mapping[str, Entry]):
    """The indexed articles by id."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def __getitem__(self, article_id: str) -> Entry:
        found = self._collection.find(article_id)
        if found is None:
            raise KeyError(article_id)
        return found

    def __contains__(self, article_id: object) -> bool:
        return isinstance(article_id, str) and self._collection.has(article_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._collection.ids)

    def __len__(self) -> int:
        return self._collection.articles


class Collection:
    """The articles of some segments, and a BM25 index over their body sentences.

    Chunks are numbered across all segments. Those of a deleted article keep their numbers and are never found.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Index these articles."""
        given = list(entries)
        self._hold([Leaf(Segment.of(given))] if given else [])

    @classmethod
    def of(cls, leaves: Iterable[Leaf]) -> Self:
        """The collection of these segments."""
        collection = cls()
        collection._hold(leaves)
        return collection

    def _hold(self, leaves: Iterable[Leaf]) -> None:
        self.leaves = tuple(leaves)
        self.bm25 = Bm25.of_parts(leaf.part for leaf in self.leaves)
        self._firsts: list[int] = self.bm25.firsts.tolist()
        self._only = self.leaves[0].segment if len(self.leaves) == 1 else None
        self.articles = sum(leaf.number for leaf in self.leaves)
        """Number of articles."""
        self.sentences = self.bm25.corpus_size
        """Number of chunks that are not deleted."""

    def placed(self) -> Iterator[tuple[Leaf, int]]:
        """The segment views, each with the number of its first chunk."""
        return zip(self.leaves, self._firsts, strict=False)

    @property
    def entries(self) -> Entries:
        """All indexed articles, in the order of their ids."""
        return Entries(self)

    @property
    def by_id(self) -> EntriesById:
        """All indexed articles by id."""
        return EntriesById(self)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of all articles, ascending."""
        return tuple(sorted(article_id for leaf in self.leaves for article_id, _ in leaf.ids()))

    def labels(self) -> Iterator[tuple[str, str]]:
        """The ids of all articles and their labels, without reading the articles."""
        for leaf in self.leaves:
            for article_id, number in leaf.ids():
                yield article_id, leaf.segment.label(number)

    def without(self, articles: frozenset[str]) -> Collection:
        """The collection without these articles, as if they had never been in it; nothing is analysed again."""
        return Collection.of(leaf.without(articles) for leaf in self.leaves)

    # ---- articles ----------------------------------------------------------------------------------------------------

    def has(self, article_id: str) -> bool:
        """Whether an article has this id."""
        return self._seat(article_id) is not None

    def find(self, article_id: str) -> Entry | None:
        """An indexed article; None where no article has this id."""
        found = self._seat(article_id)
        return found[0].entry(found[1]) if found else None

    def article(self, article_id: str) -> Article:
        """An article, without its sentences; ArticleUnknown where no article has this id."""
        segment, number = self._known(article_id)
        return segment.article_at(number)

    def file_of(self, article_id: str) -> str | None:
        """Name of the file that an article was read from; None where no article has this id."""
        return self.article(article_id).file if self.has(article_id) else None

    def entry(self, article_id: str) -> Entry:
        """An indexed article; ArticleUnknown where no article has this id."""
        segment, number = self._known(article_id)
        return segment.entry(number)

    def _known(self, article_id: str) -> tuple[Segment, int]:
        found = self._seat(article_id)
        if found is None:
            what = f"There is no article {article_id!r} in the index."
            raise ArticleUnknown(what, "`verbatim articles` lists all articles.")
        return found

    def _seat(self, article_id: str) -> tuple[Segment, int] | None:
        """The segment of an article, and its number there; None where no article has this id."""
        for leaf in self.leaves:
            number = leaf.article(article_id)
            if number is not None:
                return leaf.segment, number
        return None

    # ---- chunks ------------------------------------------------------------------------------------------------------

    def _home(self, chunk: int) -> tuple[Segment, int]:
        """The segment of a chunk, and its number there."""
        if self._only is not None:
            return self._only, chunk
        for leaf, first, end in zip(self.leaves, self._firsts, self._firsts[1:], strict=False):
            if chunk < end:
                return leaf.segment, chunk - first
        message = f"there is no chunk {chunk}"
        raise IndexError(message)

    def id_of(self, chunk: int) -> str:
        """The id of a chunk's article, without reading the article."""
        segment, chunk = self._home(chunk)
        return segment.id_of(int(segment.article_of[chunk]))

    def article_of(self, chunk: int) -> Article:
        """The article of a chunk, without its sentences."""
        segment, chunk = self._home(chunk)
        return segment.article_at(int(segment.article_of[chunk]))

    def sentence(self, chunk: int) -> Sentence:
        """The sentence of a chunk."""
        segment, chunk = self._home(chunk)
        return segment.entry(int(segment.article_of[chunk])).sentences[segment.place(chunk)]

    def text(self, chunk: int) -> str:
        """The text of a chunk, a slice of its article."""
        segment, chunk = self._home(chunk)
        return segment.text(chunk)

    def words(self, first: int, last: int) -> tuple[str, ...]:
        """The text of some chunks of one article, white space folded; adjacent ones form one piece."""
        segment, mine = self._home(last)
        return segment.words(mine - (last - first), mine)

    def sketch(self, chunk: int) -> Sketch:
        """The features of a chunk's sentence, cached."""
        segment, chunk = self._home(chunk)
        return segment.sketch(chunk)

    def title_terms(self, chunk: int) -> frozenset[str]:
        """The terms of the title of a chunk's article; none where no title is recorded."""
        segment, chunk = self._home(chunk)
        return segment.title_terms(int(segment.article_of[chunk]))

    def chunks(self) -> Iterator[int]:
        """The numbers of all chunks that are not deleted."""
        for leaf, first in zip(self.leaves, self._firsts, strict=False):
            gone = leaf.part.gone
            there = np.arange(leaf.segment.size) if gone is None else np.flatnonzero(~gone)
            yield from (there + first).tolist()

    def bounds_of(self, chunks: Ids) -> Bounds:
        """The bounds of some chunks."""
        if self._only is not None:
            return _bounds_in(self._only, chunks)
        bounds = Bounds(*(np.empty(len(chunks), np.int32) for _ in Bounds._fields))
        for leaf, first, end in zip(self.leaves, self._firsts, self._firsts[1:], strict=False):
            here = (chunks >= first) & (chunks < end)
            for column, mine in zip(bounds, _bounds_in(leaf.segment, chunks[here] - first), strict=True):
                column[here] = mine + first
        return bounds

    def chunks_of(self, article: str | None, *, with_url: bool) -> Mask | None:
        """True for each chunk to search, of the article with this id or of all; None where all chunks may be searched.

        `with_url` leaves out articles without a source URL. ArticleUnknown where no article has this id.
        """
        if article is None:
            return self._cited if with_url else None
        mask = np.zeros(self._firsts[-1], np.bool_)
        for leaf, first in zip(self.leaves, self._firsts, strict=False):
            number = leaf.article(article)
            if number is not None:
                start, end = leaf.segment.article_chunks[number : number + 2].tolist()
                mask[first + start : first + end] = not with_url or bool(leaf.segment.arrays["cited"][number])
                return mask
        self._known(article)
        return mask

    @cached_property
    def _cited(self) -> Mask | None:
        """True for each chunk of an article with a source URL; None where all have one."""
        if all(leaf.segment.arrays["cited"].all() for leaf in self.leaves):
            return None
        return np.concatenate([leaf.segment.arrays["cited"][leaf.segment.article_of] for leaf in self.leaves])

    # ---- passages ----------------------------------------------------------------------------------------------------

    def passage(self, chunk: int, score: float, query: frozenset[str]) -> Passage:
        """A chunk as a passage, with those of its words that match the query's terms."""
        text, held = self.text(chunk), self.sketch(chunk).spans
        words = (text[slice(*span)] for span in sorted(span for term in query for span in held.get(term, ())))
        return Passage(
            article=self.article_of(chunk),
            sentence=self.sentence(chunk),
            chunk=chunk,
            score=round(score, 6),
            matched=tuple(dict.fromkeys(words)),
        )


def _bounds_in(segment: Segment, chunks: Ids) -> Bounds:
    articles = segment.article_of[chunks]
    return Bounds(
        segment.arrays["paragraph_starts"][chunks],
        segment.arrays["paragraph_ends"][chunks],
        segment.article_chunks[articles],
        segment.article_chunks[articles + 1],
    )


def quote(passage: Passage) -> Quote:
    """The passage as a quotation."""
    return Quote(article=passage.article, spans=(passage.sentence.span,), score=passage.score, matched=passage.matched)


def quote_in_context(quoted: Quote, entries: Mapping[str, Entry], before: int = 1, after: int = 1) -> Quote:
    """The quotation with the quotable sentences around it, merged into one span where they are adjacent.

    Of its other sources, those stay that have the same sentences around it. KeyError where an article is deleted.
    """
    wider = quoted.at(*_in_context(quoted, entries[quoted.article.id], before, after))
    others = (
        Source(article=source.article, spans=_in_context(source, entries[source.article.id], before, after))
        for source in quoted.also
    )
    return wider.model_copy(update={"also": tuple(other for other in others if other.pieces == wider.pieces)})


def _in_context(source: Source, entry: Entry, before: int, after: int) -> tuple[Span, ...]:
    body = [sentence.span for sentence in entry.body]
    inside = [place for place, span in enumerate(body) if any(a <= span.start < b for a, b in source.spans)]
    around = body[max(0, inside[0] - before) : inside[-1] + after + 1]
    return side_by_side(entry.article.text, around)


def around(quoted: Quote, entry: Entry, reach: int) -> tuple[Quote | None, Quote | None]:
    """Up to `reach` quotable sentences before the quotation, and after it; None where there are none."""
    body = [sentence.span for sentence in entry.body]
    before = [span for span in body if span.end <= quoted.spans[0].start][-reach:]
    after = [span for span in body if span.start >= quoted.spans[-1].end][:reach]
    found = (side_by_side(entry.article.text, spans) for spans in (before, after))
    article, score = quoted.article, quoted.score
    first, last = (Quote(article=article, spans=spans, score=score) if spans else None for spans in found)
    return first, last


def side_by_side(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, merged where only white space is between them."""
    merged: list[Span] = []
    for span in spans:
        if merged and not text[merged[-1].end : span.start].strip():
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return tuple(merged)
