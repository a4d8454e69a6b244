"""Candidates for a question, and where its terms are in and around each: from the postings alone, without text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from index.analysis.exact_forms import is_exact
from index.bm25.candidate_source import ChunkFilter, PostingsReader
from index.bm25.postings import Ids
from index.collection.collection import Collection, SearchAhead
from index.collection.deduplication import limit_duplicates
from index.collection.segment import NO_SECTION
from index.ranking.query_expansion import ExpandedTerm

MAX_BY_BM25 = 50
"""Candidates by BM25 over the question's own terms."""
MAX_BY_RELATED = 30
"""Further candidates by terms of similar meaning."""
NEIGHBOURS = 2
"""Sentences before and after a candidate that are candidates too."""
RELATED_POSTINGS = 20_000
"""Postings of related terms that may always be searched, however few the question's own are."""
MAX_SECTIONS, MAX_OF_SECTION = 10, 40
"""Sections whose headings match best, and how many chunks of each are candidates."""
FAMILY_WEIGHT = 0.8
RELATED_WEIGHT = 0.5
Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Term matches as matrices, with a row per question term and a column per candidate."""

    chunks: Ids
    idf: npt.NDArray[np.float64]
    own: Matrix
    """BM25 weight of the term in the sentence for an idf of 1; 0 where the sentence lacks it."""
    family: Mask
    """Whether the sentence has a word of the term's family."""
    related: Matrix
    """The highest weight of a related word in the sentence."""
    before: Mask
    """Whether the sentence before has the term or its family; likewise below."""
    after: Mask
    paragraph: Matrix
    """How many other sentences of the paragraph do."""
    article: Matrix
    """How many other sentences of the article do."""
    title: Mask
    heading: Matrix
    """BM25 weight of the term in the headings above, for an idf of 1; less where they only have its family."""
    heading_related: Matrix
    """The highest weight of a related word in the headings above."""

    def in_sentence(self) -> Mask:
        """Whether the sentence itself has the term or its family."""
        return (self.own > 0) | self.family

    def in_sentence_or_heading(self) -> Mask:
        """Whether the sentence itself or a heading above it has the term or its family."""
        return self.in_sentence() | (self.heading > 0)

    def anywhere_near(self) -> Mask:
        """Whether an adjacent sentence, the paragraph, a heading or the title has the term or its family."""
        return self.before | self.after | (self.paragraph > 0) | self.title | (self.heading > 0)

    def with_idf(self, idf: npt.NDArray[np.float64]) -> Evidence:
        """The same with other weights of the terms."""
        return replace(self, idf=idf)

    def take(self, order: npt.NDArray[np.intp]) -> Evidence:
        """The same for these columns, in this order."""
        return Evidence(
            chunks=self.chunks[order],
            idf=self.idf,
            own=self.own[:, order],
            family=self.family[:, order],
            related=self.related[:, order],
            before=self.before[:, order],
            after=self.after[:, order],
            paragraph=self.paragraph[:, order],
            article=self.article[:, order],
            title=self.title[:, order],
            heading=self.heading[:, order],
            heading_related=self.heading_related[:, order],
        )


def collect_candidates(collection: Collection, matches: Sequence[ExpandedTerm], within: ChunkFilter | None) -> Ids:
    """Candidate chunks, ascending: the best by BM25, the best by similar meaning, and their neighbours."""
    own, like, above = _own_rows(matches), _related_rows(collection, matches), _heading_rows(matches)
    collection.search_ahead(
        [
            SearchAhead(collection.bm25, own, MAX_BY_BM25, within),
            SearchAhead(collection.bm25, like, MAX_BY_RELATED, within),
            SearchAhead(collection.headings, above, MAX_SECTIONS, None),
        ]
    )
    best = _best(collection, own, MAX_BY_BM25, within)
    found = np.unique(np.concatenate([best, _best(collection, like, MAX_BY_RELATED, within)]))
    under = _under_headings(collection, above)
    near = (found[:, None] + np.arange(-NEIGHBOURS, NEIGHBOURS + 1)).ravel()
    home = np.repeat(found, 2 * NEIGHBOURS + 1)
    bounds = collection.bounds_of(home)
    inside = (near >= bounds.article_start) & (near < bounds.article_end)
    chunks = np.unique(np.concatenate([near[inside], under])).astype(np.int32)
    return chunks if within is None else chunks[within.contains(chunks)]


def _best(collection: Collection, rows: Mapping[int, float], number: int, within: ChunkFilter | None) -> Ids:
    """The best chunks for the terms of these rows, each with its weight; few of those with the same words."""
    return limit_duplicates(
        collection, lambda wanted: collection.bm25.search_weighted(rows, wanted, within), number, within
    )


def _own_rows(matches: Sequence[ExpandedTerm]) -> dict[int, float]:
    """The rows of the question's own terms, each with its weight."""
    rows: dict[int, float] = {}
    for match in matches:
        for row, share in match.weighted_rows():
            rows[row] = rows.get(row, 0.0) + share * match.idf
    return rows


def _related_rows(collection: Collection, matches: Sequence[ExpandedTerm]) -> dict[int, float]:
    """The rows of families and related words, each with its weight: the heaviest, within a budget of postings."""
    bm25 = collection.bm25
    rows = [(FAMILY_WEIGHT, match.idf, row) for match in matches for row in match.family]
    rows += [(RELATED_WEIGHT * weight, match.idf, row) for match in matches for row, weight in match.related]
    own = sum(bm25.count(row) for match in matches for row in match.rows)
    budget = max(RELATED_POSTINGS, own)
    chosen: dict[int, float] = {}
    for weight, idf, row in sorted(rows, reverse=True):
        budget -= bm25.count(row)
        if budget < 0:
            break
        chosen[row] = chosen.get(row, 0.0) + weight * idf
    return chosen


def _heading_rows(matches: Sequence[ExpandedTerm]) -> dict[int, float]:
    """The rows of the index over the headings, each with its weight."""
    rows = {row: match.idf for match in matches for row in match.heading_rows}
    rows |= {row: FAMILY_WEIGHT * match.idf for match in matches for row in match.heading_family}
    for match in matches:
        for row, weight in match.heading_related:
            rows.setdefault(row, RELATED_WEIGHT * weight * match.idf)
    return rows


def _under_headings(collection: Collection, rows: Mapping[int, float]) -> Ids:
    """The first chunks of the sections whose headings have most of the question."""
    found = [np.empty(0, np.int64)]
    for section in collection.headings.search_weighted(rows, MAX_SECTIONS)[0].tolist() if rows else ():
        start, end = collection.section_bounds(section)
        found.append(np.arange(start, min(end, start + MAX_OF_SECTION)))
    return np.concatenate(found).astype(np.int32)


def gather_evidence(collection: Collection, matches: Sequence[ExpandedTerm], chunks: Ids) -> Evidence:
    """The evidence for these chunks, which are ascending."""
    bm25, bounds = collection.postings_near(chunks), collection.bounds_of(chunks)
    shape = (len(matches), len(chunks))
    own, related = np.zeros(shape), np.zeros(shape)
    family, before, after, title = (np.zeros(shape, np.bool_) for _ in range(4))
    paragraph, article = np.zeros(shape), np.zeros(shape)
    starts, ends = bounds.article_start, bounds.article_end
    first, last = chunks - 1 >= starts, chunks + 1 < ends
    titles = [collection.title_terms(chunk) for chunk in chunks.tolist()]
    for place, match in enumerate(matches):
        for row in match.rows:
            own[place] += bm25.weights_at(row, chunks)
        for words in match.equivalents:
            np.maximum(own[place], _weights_of_all(words, chunks, bm25), out=own[place])
        for row in match.family:
            family[place] |= bm25.contains_row(row, chunks)
        for row, weight in match.related:
            np.maximum(related[place], weight * bm25.contains_row(row, chunks), out=related[place])
        for row in match.rows if is_exact(match.term) else (*match.rows, *match.family):
            before[place] |= bm25.contains_row(row, chunks - 1) & first
            after[place] |= bm25.contains_row(row, chunks + 1) & last
            paragraph[place] += bm25.counts_in_ranges(row, bounds.paragraph_start, bounds.paragraph_end)
            article[place] += bm25.counts_in_ranges(row, starts, ends)
        for words in match.equivalents:
            before[place] |= (_weights_of_all(words, chunks - 1, bm25) > 0) & first
            after[place] |= (_weights_of_all(words, chunks + 1, bm25) > 0) & last
            paragraph[place] += _counts_of_all(words, bounds.paragraph_start, bounds.paragraph_end, bm25)
            article[place] += _counts_of_all(words, starts, ends, bm25)
        inside = own[place] > 0
        paragraph[place] = np.maximum(paragraph[place] - inside, 0)
        article[place] = np.maximum(article[place] - inside, 0)
        title[place] = [match.term in terms for terms in titles]
        for wanted in match.in_title:
            title[place] |= [wanted <= terms for terms in titles]
    idf = np.array([match.idf for match in matches])
    headings = _in_headings(collection, matches, chunks)
    return Evidence(chunks, idf, own, family, related, before, after, paragraph, article, title, *headings)


def _weights_of_all(words: Sequence[Sequence[int]], chunks: Ids, bm25: PostingsReader) -> npt.NDArray[np.float64]:
    """For each chunk that has all of these words, the lowest of their weights; 0 for the others."""
    none = np.zeros(len(chunks))
    lowest: npt.NDArray[np.float64] = np.min(
        [sum((bm25.weights_at(row, chunks) for row in rows), none) for rows in words], 0
    )
    return lowest


def _counts_of_all(
    words: Sequence[Sequence[int]], starts: Ids, ends: Ids, bm25: PostingsReader
) -> npt.NDArray[np.intp]:
    """How many chunks of each range may have all of these words: as many as have the rarest."""
    none = np.zeros(len(starts), np.intp)
    fewest: npt.NDArray[np.intp] = np.min(
        [sum((bm25.counts_in_ranges(row, starts, ends) for row in rows), none) for rows in words], 0
    )
    return fewest


def _in_headings(collection: Collection, matches: Sequence[ExpandedTerm], chunks: Ids) -> tuple[Matrix, Matrix]:
    """`Evidence.heading` and `Evidence.heading_related` of these chunks."""
    held, related = np.zeros((len(matches), len(chunks))), np.zeros((len(matches), len(chunks)))
    sections = collection.sections_of(chunks)
    places = np.flatnonzero(sections != NO_SECTION)
    if not len(places):
        return held, related
    headings, inside = collection.heading_postings_near(chunks), sections[places]
    for number, match in enumerate(matches):
        for row in match.heading_rows:
            held[number, places] += headings.weights_at(row, inside)
        for row in match.heading_family:
            weights = FAMILY_WEIGHT * headings.weights_at(row, inside)
            held[number, places] = np.maximum(held[number, places], weights)
        for row, weight in match.heading_related:
            there = weight * headings.contains_row(row, inside)
            related[number, places] = np.maximum(related[number, places], there)
    return held, related
