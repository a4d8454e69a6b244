"""A collection in a cluster: OpenSearch finds the chunks, and the articles that they are in are read from the store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import NamedTuple

import numpy as np
from cachetools import LRUCache

from index.analysis.languages import analyzed_as
from index.bm25.candidate_source import ChunkFilter, PostingsReader
from index.bm25.postings import Ids, Mask
from index.cluster.address import Json
from index.cluster.articles import ArticleCache, LoadedArticle
from index.cluster.candidates import ArticlePostings, ClusterCandidates, Excerpt
from index.cluster.client import Client
from index.cluster.documents import ARTICLE, CITED, LANGUAGE, NUMBER, SAID, TERMS, token_of
from index.cluster.filters import MAX_VALUES, ClusterFilter, FilterSource, OneOf
from index.cluster.generation import HEADINGS, SENTENCES, Generation
from index.collection.collection import ArticleLabel, Bounds, Collection, SearchAhead
from index.collection.segment import NO_SECTION, Segment, unpacked
from index.collection.sentence_hashes import hash_of
from index.models import folder_of

MAX_SAID = 1024
"""Sentences whose copies are remembered, the most recently asked for."""


class _Copies(NamedTuple):
    """The chunks with a sentence, and the number of their articles."""

    chunks: tuple[int, ...]
    articles: int


class ClusterCollection(Collection):
    """One generation of a cluster's collection. It never changes, and holds no article but those used last.

    A search raises `ClusterUnavailable` where the cluster does not answer in time.
    """

    def __init__(self, client: Client, prefix: str, generation: Generation, articles: ArticleCache) -> None:
        """The collection of this generation, whose indices have names with this prefix."""
        super().__init__()
        self.generation = generation
        self.articles = generation.articles
        self.sentences = generation.sentences.documents
        self._client = client
        self._cache = articles
        self._sentences, self._titles_above = (
            ClusterCandidates(client, f"{prefix}-{kind}", generation.number, counts)
            for kind, counts in ((SENTENCES, generation.sentences), (HEADINGS, generation.headings))
        )
        self._said: LRUCache[str, _Copies] = LRUCache(MAX_SAID)
        self._lock = Lock()
        self._filter_source = FilterSource(generation, self._have_terms, self._count)

    # ---- searches ----------------------------------------------------------------------------------------------------

    @property
    def bm25(self) -> ClusterCandidates:
        """The index over the sentences."""
        return self._sentences

    @property
    def headings(self) -> ClusterCandidates:
        """The index over the headings of the sections."""
        return self._titles_above

    def search_ahead(self, searches: Iterable[SearchAhead]) -> None:
        """Send the requests of these searches, which follow, all at once."""
        asked = [
            (source, body)
            for source, rows, number, within in searches
            if isinstance(source, ClusterCandidates) and (body := source.body_ahead(rows, number, within))
        ]
        if asked:
            answers = self._client.search([(source.index, body) for source, body in asked])
            for (source, body), answer in zip(asked, answers, strict=True):
                source.keep_ahead(body, answer)

    def forget_searches(self) -> None:
        """Forget what was searched for."""
        self._sentences.forget()
        self._titles_above.forget()

    def postings_near(self, chunks: Ids) -> PostingsReader:
        """The postings of the articles that these chunks are in."""
        places, loaded = self._load(chunks)
        parts = [
            ArticlePostings(self._first(place), article.segment.postings, article.rows)
            for place, article in zip(places, loaded, strict=True)
        ]
        return Excerpt(parts, self.generation.sentences)

    def heading_postings_near(self, chunks: Ids) -> PostingsReader:
        """The postings of the headings in the articles that these chunks are in."""
        places, loaded = self._load(chunks)
        parts = sorted(
            ArticlePostings(self._first_section(place), article.segment.headings, article.heading_rows)
            for place, article in zip(places, loaded, strict=True)
            if article.segment.headings.lengths.size
        )
        return Excerpt(parts, self.generation.headings)

    def chunks_with(self, groups: Iterable[Sequence[str]], limit: int) -> Ids:
        """The first `limit` chunks that have a term of each of these groups, ascending."""
        wanted = [{"terms": {TERMS: list(map(token_of, group))}} for group in groups]
        query = {"bool": {"filter": [*self._sentences.filters(None), *wanted]}}
        return np.array([one[NUMBER] for one in self._sentences.numbers(query, limit)], np.int32)

    def count_with(self, terms: Iterable[str], within: ChunkFilter | None) -> int:
        """How many chunks that may be found have one of these terms."""
        one_of = {"terms": {TERMS: list(map(token_of, terms))}}
        return self._sentences.count_matching({"bool": {"filter": [*self._sentences.filters(within), one_of]}})

    def articles_with(self, terms: Iterable[str]) -> frozenset[str]:
        """The ids of the articles that have one of these terms in their sentences; of very many, some."""
        one_of = {"terms": {TERMS: list(map(token_of, terms))}}
        query = {"bool": {"filter": [*self._sentences.filters(None), one_of]}}
        return frozenset(self._sentences.values(query, ARTICLE, MAX_VALUES))

    def chunks_saying(self, words: str, within: ChunkFilter | None, limit: int) -> tuple[list[int], int]:
        """The chunks with the hash of these words, and in how many articles they are.

        At most `limit` chunks, by the ids of their articles.
        """
        body = self._saying(words, within, limit)
        with self._lock:
            known = self._said.get(json.dumps(body))
        if known is None:
            [answer] = self._client.search([(self._sentences.index, body)])
            known = self._keep_said(body, answer)
        return list(known.chunks), known.articles

    def copies_ahead(self, chunks: Iterable[int], within: ChunkFilter | None, limit: int) -> None:
        """Ask for the copies of all these chunks at once."""
        texts = dict.fromkeys(self.sentence_features(chunk).text for chunk in chunks)
        bodies = [body for text in texts if json.dumps(body := self._saying(text, within, limit)) not in self._said]
        if bodies:
            answers = self._client.search([(self._sentences.index, body) for body in bodies])
            for body, answer in zip(bodies, answers, strict=True):
                self._keep_said(body, answer)

    def _saying(self, words: str, within: ChunkFilter | None, limit: int) -> Json:
        """The request for the chunks with the hash of these words."""
        said = {"term": {SAID: f"{int(hash_of(words)):016x}"}}
        query = {"bool": {"filter": [*self._sentences.filters(within), said]}}
        sort = [{ARTICLE: "asc"}, {NUMBER: "asc"}]
        return {"query": query, "size": limit, "sort": sort, "_source": [ARTICLE, NUMBER], "track_total_hits": False}

    def _keep_said(self, body: Json, answer: Json) -> _Copies:
        found = [hit["_source"] for hit in answer["hits"]["hits"]]
        articles = {one[ARTICLE] for one in found}
        if len(found) == body["size"]:
            articles = set(self._sentences.values(body["query"], ARTICLE, MAX_VALUES))
        kept = _Copies(tuple(one[NUMBER] for one in found), len(articles))
        with self._lock:
            self._said[json.dumps(body)] = kept
        return kept

    def sample(self, number: int) -> Ids:
        """About so many chunks, ascending, from all of the collection."""
        return self.generation.sample(number)

    # ---- filters -----------------------------------------------------------------------------------------------------

    def filter_of(self, article: str | None, *, with_url: bool) -> ChunkFilter | None:
        """The chunks of the article with this id, or of all; None where all chunks may be found."""
        cited = self.generation.arrays["cited"] if with_url else None
        if article is None:
            if cited is None or cited.all():
                return None
            return ClusterFilter(self._filter_source, cited, ({"term": {CITED: True}},))
        bounds = self.article_bounds(article)
        place = self.generation.place_of(article)
        inside = () if cited is not None and not cited[place] else (bounds,)
        return ClusterFilter(self._filter_source, all_of=(OneOf((), inside),))

    def filter_by(self, terms: Iterable[str], ranges: Iterable[tuple[int, int]] = ()) -> ChunkFilter:
        """The chunks that have one of these terms, and those in these ranges [start, end)."""
        return ClusterFilter(self._filter_source, all_of=(OneOf(tuple(terms), tuple(ranges)),))

    def filter_of_language(self, code: str) -> ChunkFilter | None:
        """The chunks of articles that are analysed in this language; None where all are."""
        if list(self.languages) == [code]:
            return None
        return ClusterFilter(self._filter_source, self._language_masks[code], ({"term": {LANGUAGE: code}},))

    @cached_property
    def languages(self) -> Mapping[str, int]:
        """How many articles are in each language that has an analyzer, most first; all others are read as English."""
        counts: Counter[str] = Counter()
        numbers = np.unique(self.generation.arrays["languages"], return_counts=True)
        for number, count in zip(*numbers, strict=True):
            counts[analyzed_as(unpacked(int(number)))] += int(count)
        return dict(counts.most_common())

    @cached_property
    def _language_masks(self) -> dict[str, Mask]:
        """For each language, which articles are analysed in it."""
        languages = self.generation.arrays["languages"]
        read_as = {number: analyzed_as(unpacked(number)) for number in np.unique(languages).tolist()}
        return {
            code: np.isin(languages, [number for number, mine in read_as.items() if mine == code])
            for code in self.languages
        }

    def _have_terms(self, terms: tuple[str, ...], chunks: Ids) -> Mask:
        excerpt = self.postings_near(chunks)
        found = np.zeros(len(chunks), np.bool_)
        for term in terms:
            for row in self._sentences.rows_of(term):
                found |= excerpt.contains_row(row, chunks)
        return found

    def _count(self, within: ChunkFilter) -> int:
        return self._sentences.count_matching({"bool": {"filter": self._sentences.filters(within)}})

    # ---- articles ----------------------------------------------------------------------------------------------------

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of all articles, ascending."""
        return tuple(self.generation.ids)

    def labels(self) -> Iterator[ArticleLabel]:
        """What all articles are called, without reading them."""
        of = self.generation
        for place in range(of.articles):
            yield ArticleLabel(of.id_at(place), of.text_at("labels", place), folder_of(of.text_at("files", place)))

    @cached_property
    def dates(self) -> dict[str, str]:
        """The publication date of each article that has a recorded one, by id, as recorded."""
        of = self.generation
        dated = ((of.id_at(place), of.text_at("dates", place)) for place in range(of.articles))
        return {article_id: date for article_id, date in dated if date}

    def ids_with_title_terms(self, terms: frozenset[str]) -> Iterator[str]:
        """The ids of the articles whose recorded title has all of these terms."""
        of = self.generation
        return (of.id_at(place) for place in range(of.articles) if terms <= of.title_terms_at(place))

    def contains(self, article_id: str) -> bool:
        """Whether an article has this id."""
        return self.generation.place_of(article_id) is not None

    def article_bounds(self, article: str) -> tuple[int, int]:
        """The chunks [start, end) of an article; ArticleUnknown where no article has this id."""
        place = self.generation.place_of(article)
        if place is None:
            raise self._unknown(article)
        first = self._first(place)
        return first, first + int(self.generation.chunk_counts[place])

    def _locate_article(self, article_id: str) -> tuple[Segment, int] | None:
        place = self.generation.place_of(article_id)
        return None if place is None else (self._article_at(place).segment, 0)

    # ---- chunks ------------------------------------------------------------------------------------------------------

    def _first(self, place: int) -> int:
        return int(self.generation.first_chunks[place])

    def _first_section(self, place: int) -> int:
        return int(self.generation.arrays["first_sections"][place])

    def _article_at(self, place: int) -> LoadedArticle:
        return self._cache.get([self.generation.blob_at(place)])[0]

    def _load(self, chunks: Ids) -> tuple[list[int], list[LoadedArticle]]:
        """The places of the articles of these chunks, ascending, and the articles."""
        places = [place for place in np.unique(self.generation.places_of(chunks)).tolist() if place >= 0]
        return places, self._cache.get([self.generation.blob_at(place) for place in places])

    def _locate_chunk(self, chunk: int) -> tuple[Segment, int]:
        place = self.generation.place_of_chunk(chunk)
        if place is None:
            message = f"there is no chunk {chunk}"
            raise IndexError(message)
        return self._article_at(place).segment, chunk - self._first(place)

    def chunks(self) -> Iterator[int]:
        """The numbers of all chunks."""
        of = self.generation
        for first, count in zip(of.first_chunks.tolist(), of.chunk_counts.tolist(), strict=True):
            yield from range(first, first + count)

    def bounds_of(self, chunks: Ids) -> Bounds:
        """The bounds of some chunks."""
        bounds = Bounds(*(np.empty(len(chunks), np.int32) for _ in Bounds._fields))
        home = self.generation.places_of(chunks)
        for place, article in zip(*self._load(chunks), strict=True):
            here, first = home == place, np.int32(self._first(place))
            mine = chunks[here] - first
            bounds.paragraph_start[here] = article.segment.arrays["paragraph_starts"][mine] + first
            bounds.paragraph_end[here] = article.segment.arrays["paragraph_ends"][mine] + first
            bounds.article_start[here] = first
            bounds.article_end[here] = first + self.generation.chunk_counts[place]
        return bounds

    def sections_of(self, chunks: Ids) -> Ids:
        """The section of each of these chunks; NO_SECTION where no heading is above it."""
        sections = np.full(len(chunks), NO_SECTION, np.int32)
        home = self.generation.places_of(chunks)
        for place, article in zip(*self._load(chunks), strict=True):
            here = home == place
            mine = article.segment.arrays["sections"][chunks[here] - np.int32(self._first(place))]
            sections[here] = np.where(mine == NO_SECTION, NO_SECTION, mine + self._first_section(place))
        return sections

    def section_bounds(self, section: int) -> tuple[int, int]:
        """The chunks [start, end) of a section."""
        place, mine = self._locate_section(section)
        first, arrays = self._first(place), self._article_at(place).segment.arrays
        return first + int(arrays["section_starts"][mine]), first + int(arrays["section_ends"][mine])

    def heading(self, section: int) -> str:
        """The text of a section's own heading."""
        place, mine = self._locate_section(section)
        return self._article_at(place).segment.heading_path(mine)[-1]

    def _locate_section(self, section: int) -> tuple[int, int]:
        """The place of a section's article, and the section's number there."""
        order, firsts = self._sections_in_order
        place = int(order[np.searchsorted(firsts, section, "right") - 1])
        return place, section - self._first_section(place)

    @cached_property
    def _sections_in_order(self) -> tuple[Ids, Ids]:
        """The places of the articles that have sections, in the order of these, and the first section of each."""
        firsts, counts = self.generation.arrays["first_sections"], self.generation.arrays["section_counts"]
        there = np.flatnonzero(counts)
        order = there[np.argsort(firsts[there], kind="stable")].astype(np.int32)
        return order, firsts[order]
