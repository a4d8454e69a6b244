"""A searchable, immutable collection of indexed articles; a change makes a new collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import pairwise
from typing import NamedTuple, Self, overload

import numpy as np

from index.analysis.languages import analyzed_as
from index.analysis.sentence_features import SentenceFeatures
from index.bm25.candidate_source import CandidateSource, ChunkFilter, MaskFilter, PostingsReader
from index.bm25.postings import Ids, Mask
from index.bm25.scorer import Bm25
from index.collection.segment import KINDS, NO_SECTION, Segment, SegmentView, unpacked
from index.collection.sentence_hashes import hash_of
from index.errors import ArticleUnknown
from index.models import Article, IndexedArticle, Passage, Quote, Sentence, SentenceKind, Source, Span, folder_of


class Bounds(NamedTuple):
    """For some chunks, the bounds of the paragraph and the article of each: [start, end) in chunk numbers."""

    paragraph_start: Ids
    paragraph_end: Ids
    article_start: Ids
    article_end: Ids


class ArticleLabel(NamedTuple):
    """What an article is called."""

    id: str
    label: str
    folder: str
    """As `Article.folder`."""


class SearchAhead(NamedTuple):
    """A search that follows: see `CandidateSource.search_weighted`."""

    source: CandidateSource
    rows: Mapping[int, float]
    number: int
    within: ChunkFilter | None


class IndexedArticles(Sequence[IndexedArticle]):
    """The indexed articles, each read on access: those at the top, then folder by folder, in the order of their ids."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def __len__(self) -> int:
        return self._collection.articles

    @overload
    def __getitem__(self, place: int) -> IndexedArticle: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[IndexedArticle, ...]: ...
    def __getitem__(self, place: int | slice) -> IndexedArticle | tuple[IndexedArticle, ...]:
        ids = self._collection.ids_by_folder
        if isinstance(place, slice):
            return tuple(self._collection.entry(article_id) for article_id in ids[place])
        return self._collection.entry(ids[place])

    def __iter__(self) -> Iterator[IndexedArticle]:
        return map(self._collection.entry, self._collection.ids_by_folder)


class IndexedArticlesById(Mapping[str, IndexedArticle]):
    """The indexed articles by id."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def __getitem__(self, article_id: str) -> IndexedArticle:
        found = self._collection.find(article_id)
        if found is None:
            raise KeyError(article_id)
        return found

    def __contains__(self, article_id: object) -> bool:
        return isinstance(article_id, str) and self._collection.contains(article_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._collection.ids)

    def __len__(self) -> int:
        return self._collection.articles


class Collection:
    """The articles of some segments, and a BM25 index over their body sentences.

    Chunks are numbered across all segments. Those of a deleted article keep their numbers and are never found.
    """

    def __init__(self, entries: Iterable[IndexedArticle] = ()) -> None:
        """Index these articles."""
        given = list(entries)
        self._set_views([SegmentView(Segment.of(given))] if given else [])

    @classmethod
    def from_views(cls, views: Iterable[SegmentView]) -> Self:
        """The collection of these segments."""
        collection = cls()
        collection._set_views(views)
        return collection

    def _set_views(self, views: Iterable[SegmentView]) -> None:
        self.views = tuple(views)
        self.postings = Bm25.from_views(view.postings for view in self.views)
        self._headings = Bm25.from_views(view.headings for view in self.views)
        self._firsts: list[int] = self.postings.first_chunks.tolist()
        self._only = self.views[0].segment if len(self.views) == 1 else None
        self.articles = sum(view.article_count for view in self.views)
        """Number of articles."""
        self.sentences = self.postings.corpus_size
        """Number of chunks that are not deleted."""

    @property
    def bm25(self) -> CandidateSource:
        """The index over the sentences."""
        return self.postings

    @property
    def headings(self) -> CandidateSource:
        """The index over the headings of the sections; its documents are sections, not chunks."""
        return self._headings

    def search_ahead(self, searches: Iterable[SearchAhead]) -> None:
        """Be told the searches that follow; a collection whose index is elsewhere sends them all at once."""

    def forget_searches(self) -> None:
        """Forget what was searched for, where a collection keeps that for a moment."""

    def copies_ahead(self, chunks: Iterable[int], within: ChunkFilter | None, limit: int) -> None:
        """Be told the chunks of which `chunks_saying` will be asked; see `search_ahead`."""

    def postings_near(self, chunks: Ids) -> PostingsReader:  # noqa: ARG002  # another collection reads only some articles
        """The postings of the articles that these chunks are in."""
        return self.postings

    def heading_postings_near(self, chunks: Ids) -> PostingsReader:  # noqa: ARG002  # as above
        """The postings of the headings in the articles that these chunks are in."""
        return self._headings

    def chunks_with(self, groups: Iterable[Sequence[str]], limit: int) -> Ids:
        """The first `limit` chunks that have a term of each of these groups, ascending."""
        held = [np.concatenate([np.empty(0, np.int32), *map(self.postings.chunks_of, group)]) for group in groups]
        found: Ids = reduce(np.intersect1d, held)
        return np.unique(found)[:limit]

    def count_with(self, terms: Iterable[str], within: ChunkFilter | None) -> int:
        """How many chunks that may be found have one of these terms."""
        held = np.unique(np.concatenate([np.empty(0, np.int32), *map(self.postings.chunks_of, terms)]))
        return len(held) if within is None else int(within.contains(held).sum())

    def articles_with(self, terms: Iterable[str]) -> frozenset[str]:
        """The ids of the articles that have one of these terms in their sentences."""
        return frozenset(self.id_of(chunk) for term in terms for chunk in self.postings.chunks_of(term).tolist())

    def sample(self, number: int) -> Ids:
        """About so many chunks, ascending, from all of the collection."""
        there = np.fromiter(self.chunks(), np.int32, self.sentences)
        return there[:: max(1, len(there) // number)]

    def chunks_saying(self, words: str, within: ChunkFilter | None, limit: int) -> tuple[list[int], int]:
        """The chunks with the hash of these words, and in how many articles they are.

        At most `limit` chunks, by the ids of their articles.
        """
        said = hash_of(words)
        found = [(view, first, view.segment.chunks_with_hash(said)) for view, first in self._views_with_offsets()]
        if sum(len(chunks) for _, _, chunks in found) == 1:
            return [first + int(chunk) for _, first, chunks in found for chunk in chunks], 1
        articles = 0
        looked_at: list[tuple[str, int]] = []
        for view, first, chunks in found:
            there = _live_chunks(view, chunks, first, within)
            numbers = view.segment.article_of[there]
            articles += len(np.unique(numbers))
            # Rows of ids are in the order of the ids.
            order = np.lexsort((there, view.segment.arrays["id_rows"][numbers]))[:limit]
            looked_at += ((self.id_of(first + chunk), first + chunk) for chunk in there[order].tolist())
        return [chunk for _, chunk in sorted(looked_at)[:limit]], articles

    def _views_with_offsets(self) -> Iterator[tuple[SegmentView, int]]:
        """The segment views, each with the number of its first chunk."""
        return zip(self.views, self._firsts, strict=False)

    @property
    def entries(self) -> IndexedArticles:
        """All indexed articles, those at the top first."""
        return IndexedArticles(self)

    @property
    def by_id(self) -> IndexedArticlesById:
        """All indexed articles by id."""
        return IndexedArticlesById(self)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of all articles, ascending."""
        return tuple(sorted(article_id for view in self.views for article_id, _ in view.ids()))

    @cached_property
    def ids_by_folder(self) -> tuple[str, ...]:
        """The ids of all articles: those at the top, then folder by folder, ascending."""
        return tuple(one.id for one in sorted(self.labels(), key=lambda one: (one.folder.split("/"), one.id)))

    def labels(self) -> Iterator[ArticleLabel]:
        """What all articles are called, without reading them."""
        for view in self.views:
            for article_id, number in view.ids():
                folder = folder_of(view.segment.file_name(number))
                yield ArticleLabel(article_id, view.segment.label(number), folder)

    @cached_property
    def dates(self) -> dict[str, str]:
        """The publication date of each article that has a recorded one, by id, as recorded."""
        found = (
            (article_id, view.segment.published(number)) for view in self.views for article_id, number in view.ids()
        )
        return {article_id: date for article_id, date in found if date is not None}

    def ids_with_title_terms(self, terms: frozenset[str]) -> Iterator[str]:
        """The ids of the articles whose recorded title has all of these terms."""
        for view in self.views:
            for article_id, number in view.ids():
                if terms <= view.segment.title_terms(number):
                    yield article_id

    def without(self, articles: frozenset[str]) -> Collection:
        """The collection without these articles, as if they had never been in it; nothing is analysed again."""
        return Collection.from_views(view.without(articles) for view in self.views)

    # ---- articles ----------------------------------------------------------------------------------------------------

    def contains(self, article_id: str) -> bool:
        """Whether an article has this id."""
        return self._locate_article(article_id) is not None

    def find(self, article_id: str) -> IndexedArticle | None:
        """An indexed article; None where no article has this id."""
        found = self._locate_article(article_id)
        return found[0].entry(found[1]) if found else None

    def article(self, article_id: str) -> Article:
        """An article, without its sentences; ArticleUnknown where no article has this id."""
        segment, number = self._locate_known_article(article_id)
        return segment.article_at(number)

    def entry(self, article_id: str) -> IndexedArticle:
        """An indexed article; ArticleUnknown where no article has this id."""
        segment, number = self._locate_known_article(article_id)
        return segment.entry(number)

    def _locate_known_article(self, article_id: str) -> tuple[Segment, int]:
        found = self._locate_article(article_id)
        if found is None:
            raise self._unknown(article_id)
        return found

    @staticmethod
    def _unknown(article_id: str) -> ArticleUnknown:
        problem = f"There is no article {article_id!r} in the index."
        return ArticleUnknown(problem, "`verbatim articles` lists all articles.")

    def _locate_article(self, article_id: str) -> tuple[Segment, int] | None:
        """The segment of an article, and its number there; None where no article has this id."""
        for view in self.views:
            number = view.article_number(article_id)
            if number is not None:
                return view.segment, number
        return None

    # ---- chunks ------------------------------------------------------------------------------------------------------

    def _locate_chunk(self, chunk: int) -> tuple[Segment, int]:
        """The segment of a chunk, and its number there."""
        if self._only is not None:
            return self._only, chunk
        for view, first, end in zip(self.views, self._firsts, self._firsts[1:], strict=False):
            if chunk < end:
                return view.segment, chunk - first
        message = f"there is no chunk {chunk}"
        raise IndexError(message)

    def id_of(self, chunk: int) -> str:
        """The id of a chunk's article, without reading the article."""
        segment, chunk = self._locate_chunk(chunk)
        return segment.id_of(int(segment.article_of[chunk]))

    def article_of(self, chunk: int) -> Article:
        """The article of a chunk, without its sentences."""
        segment, chunk = self._locate_chunk(chunk)
        return segment.article_at(int(segment.article_of[chunk]))

    def sentence(self, chunk: int) -> Sentence:
        """The sentence of a chunk."""
        segment, chunk = self._locate_chunk(chunk)
        return segment.entry(int(segment.article_of[chunk])).sentences[segment.place(chunk)]

    def text(self, chunk: int) -> str:
        """The text of a chunk, a slice of its article."""
        segment, chunk = self._locate_chunk(chunk)
        return segment.text(chunk)

    def words(self, first: int, last: int) -> tuple[str, ...]:
        """The text of some chunks of one article, white space folded; adjacent ones form one piece."""
        segment, mine = self._locate_chunk(last)
        return segment.words(mine - (last - first), mine)

    def sentence_features(self, chunk: int) -> SentenceFeatures:
        """The features of a chunk's sentence, cached."""
        segment, chunk = self._locate_chunk(chunk)
        return segment.sentence_features(chunk)

    def title_terms(self, chunk: int) -> frozenset[str]:
        """The terms of the title of a chunk's article; none where no title is recorded."""
        segment, chunk = self._locate_chunk(chunk)
        return segment.title_terms(int(segment.article_of[chunk]))

    def chunks(self) -> Iterator[int]:
        """The numbers of all chunks that are not deleted."""
        for view, first in zip(self.views, self._firsts, strict=False):
            deleted = view.postings.deleted
            there = np.arange(view.segment.chunk_count) if deleted is None else np.flatnonzero(~deleted)
            yield from (there + first).tolist()

    def bounds_of(self, chunks: Ids) -> Bounds:
        """The bounds of some chunks."""
        if self._only is not None:
            return _bounds_in(self._only, chunks)
        bounds = Bounds(*(np.empty(len(chunks), np.int32) for _ in Bounds._fields))
        for view, first, end in zip(self.views, self._firsts, self._firsts[1:], strict=False):
            here = (chunks >= first) & (chunks < end)
            for column, mine in zip(bounds, _bounds_in(view.segment, chunks[here] - first), strict=True):
                column[here] = mine + first
        return bounds

    def kinds_of(self, chunks: Ids) -> list[SentenceKind]:
        """The kind of each of these chunks."""
        parts = (self._locate_chunk(chunk) for chunk in chunks.tolist())
        return [KINDS[int(segment.arrays["kinds"][number])] for segment, number in parts]

    def sections_of(self, chunks: Ids) -> Ids:
        """The section of each of these chunks; NO_SECTION where no heading is above it."""
        sections = np.full(len(chunks), NO_SECTION, np.int32)
        for view, first, end, first_section in zip(
            self.views, self._firsts, self._firsts[1:], self._headings.first_chunks.tolist(), strict=False
        ):
            here = (chunks >= first) & (chunks < end)
            mine = view.segment.arrays["sections"][chunks[here] - first]
            sections[here] = np.where(mine == NO_SECTION, NO_SECTION, mine + first_section)
        return sections

    def section_bounds(self, section: int) -> tuple[int, int]:
        """The chunks [start, end) of a section."""
        place, mine = self._locate_section(section)
        first, arrays = self._firsts[place], self.views[place].segment.arrays
        return first + int(arrays["section_starts"][mine]), first + int(arrays["section_ends"][mine])

    def heading(self, section: int) -> str:
        """The text of a section's own heading."""
        place, mine = self._locate_section(section)
        return self.views[place].segment.heading_path(mine)[-1]

    def _locate_section(self, section: int) -> tuple[int, int]:
        """The place of a section's view, and the section's number there."""
        firsts = self._headings.first_chunks
        place = int(np.searchsorted(firsts, section, "right")) - 1
        return place, section - int(firsts[place])

    def section_range(self, chunk: int) -> tuple[int, int] | None:
        """The chunks [start, end) of a chunk's section; None where no heading is above it."""
        section = int(self.sections_of(np.array([chunk], np.int32))[0])
        return None if section == NO_SECTION else self.section_bounds(section)

    def filter_of(self, article: str | None, *, with_url: bool) -> ChunkFilter | None:
        """The chunks of the article with this id, or of all; None where all chunks may be found.

        `with_url` leaves out articles without a source URL. ArticleUnknown where no article has this id.
        """
        if article is None:
            return self._with_url if with_url else None
        start, end = self.article_bounds(article)
        segment, number = self._locate_known_article(article)
        mask = np.zeros(self._firsts[-1], np.bool_)
        mask[start:end] = not with_url or bool(segment.arrays["cited"][number])
        return MaskFilter(mask)

    def filter_by(self, terms: Iterable[str], ranges: Iterable[tuple[int, int]] = ()) -> ChunkFilter:
        """The chunks that have one of these terms, and those in these ranges [start, end)."""
        mask = np.zeros(self._firsts[-1], np.bool_)
        for term in terms:
            mask[self.postings.chunks_of(term)] = True
        for start, end in ranges:
            mask[start:end] = True
        return MaskFilter(mask)

    def article_bounds(self, article: str) -> tuple[int, int]:
        """The chunks [start, end) of an article; ArticleUnknown where no article has this id."""
        segment, number = self._locate_known_article(article)
        first = next(first for view, first in self._views_with_offsets() if view.segment is segment)
        start, end = segment.article_chunks[number : number + 2].tolist()
        return first + start, first + end

    @cached_property
    def _with_url(self) -> ChunkFilter | None:
        """The chunks of articles with a source URL; None where all have one."""
        if all(view.segment.arrays["cited"].all() for view in self.views):
            return None
        masks = [view.segment.arrays["cited"][view.segment.article_of] for view in self.views]
        return MaskFilter(np.concatenate(masks))

    @cached_property
    def languages(self) -> Mapping[str, int]:
        """How many articles are in each language that has an analyzer, most first; all others are read as English."""
        return dict(languages_of(self.views).most_common())

    def filter_of_language(self, code: str) -> ChunkFilter | None:
        """The chunks of articles that are analysed in this language; None where all are."""
        return None if list(self.languages) == [code] else self._language_filters[code]

    @cached_property
    def _language_filters(self) -> dict[str, ChunkFilter]:
        """`filter_of_language` of each language that there is."""
        masks: dict[str, list[Mask]] = {code: [] for code in self.languages}
        for view in self.views:
            languages = view.segment.arrays["languages"]
            read_as = {number: analyzed_as(unpacked(number)) for number in np.unique(languages).tolist()}
            for code, parts in masks.items():
                numbers = [number for number, mine in read_as.items() if mine == code]
                parts.append(np.isin(languages, numbers)[view.segment.article_of])
        return {code: MaskFilter(np.concatenate(parts)) for code, parts in masks.items()}

    # ---- passages ----------------------------------------------------------------------------------------------------

    def passage(self, chunk: int, score: float, query: frozenset[str]) -> Passage:
        """A chunk as a passage, with those of its words that match the query's terms."""
        text, held = self.text(chunk), self.sentence_features(chunk).spans
        words = (text[slice(*span)] for span in sorted(span for term in query for span in held.get(term, ())))
        return Passage(
            article=self.article_of(chunk),
            sentence=self.sentence(chunk),
            chunk=chunk,
            score=round(score, 6),
            matched=tuple(dict.fromkeys(words)),
        )


def languages_of(views: Iterable[SegmentView]) -> Counter[str]:
    """How many articles of these views are analysed in each language."""
    counts: Counter[str] = Counter()
    for view in views:
        there = view.segment.arrays["languages"]
        kept = there if view.deleted is None else there[~view.deleted]
        for number, count in zip(*np.unique(kept, return_counts=True), strict=True):
            counts[analyzed_as(unpacked(int(number)))] += int(count)
    return counts


def _bounds_in(segment: Segment, chunks: Ids) -> Bounds:
    articles = segment.article_of[chunks]
    return Bounds(
        segment.arrays["paragraph_starts"][chunks],
        segment.arrays["paragraph_ends"][chunks],
        segment.article_chunks[articles],
        segment.article_chunks[articles + 1],
    )


def _live_chunks(view: SegmentView, found: Ids, first: int, within: ChunkFilter | None) -> Ids:
    """Those of some chunks of a segment view that are not deleted and may be found."""
    if view.postings.deleted is not None:
        found = found[~view.postings.deleted[found]]
    return found if within is None else found[within.contains(first + found)]


def quote_of(passage: Passage, entry: IndexedArticle, sentences: Sequence[Sentence] = ()) -> Quote:
    """The passage as a quotation, or these sentences of its article in its place."""
    spans = merge_sentences(passage.article.text, sentences or (passage.sentence,))
    return Quote.of(Source.of_entry(entry, spans), passage.score, passage.matched)


def merge_sentences(text: str, sentences: Sequence[Sentence]) -> tuple[Span, ...]:
    """The spans of sentences in order, merged where only white space is between them.

    List items, rows and code are merged with nothing else, so that each stands on a line of its own.
    """
    merged: list[Span] = []
    for before, sentence in pairwise((None, *sentences)):
        if before is not None and sentence is not None and _is_one_piece(text, before, sentence):
            merged[-1] = Span(merged[-1].start, sentence.span.end)
        elif sentence is not None:
            merged.append(sentence.span)
    return tuple(merged)


def _is_one_piece(text: str, one: Sentence, following: Sentence) -> bool:
    between = text[one.span.end : following.span.start]
    are_prose = one.kind is following.kind is SentenceKind.BODY
    return not between.strip() and (are_prose or "\n" not in between)
