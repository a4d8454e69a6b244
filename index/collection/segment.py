"""Indexed articles as arrays: their texts, metadata and sentences, and the postings of their chunks.

A segment never changes. It is built from articles or other segments, or mapped from a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import groupby, pairwise
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached

from index.analysis.exact_forms import index_terms, title_terms
from index.analysis.sentence_features import SentenceFeatures, sentence_features
from index.bm25.postings import (
    Ids,
    Mask,
    Postings,
    concatenate_postings,
    encode_postings,
    postings_arrays,
    postings_from_arrays,
)
from index.bm25.scorer import PostingsView
from index.bm25.vocabulary import SEPARATOR, SURROGATES, Vocabulary, vocabulary_arrays, vocabulary_from_arrays
from index.collection.minhash import COMPARED, SIGNATURES, signature_arrays
from index.collection.sections import sections_of
from index.collection.sentence_hashes import (
    chunks_with_hash,
    hash_arrays,
    merge_hash_arrays,
    said_by_chunk,
    sorted_hashes,
)
from index.models import NOT_EVIDENCE, Article, IndexedArticle, SentenceKind, Span, collapse_whitespace
from index.storage.entry_json import article_from_json, entry_from_json, entry_to_json, published_from_json
from index.storage.mapped_arrays import Array, read_arrays, release_pages

FEATURES_CACHE_SIZE, TITLES_CACHE_SIZE = 2048, 8192
"""Cached sentence features and title terms, the most recently used."""
ENTRY_CACHE_BYTES, SENTENCE_BYTES = 18_000_000, 600
"""Rough size in bytes of the cache of entries, and of one `Sentence`."""
ARTICLE_CACHE_BYTES, ARTICLE_OVERHEAD = 8_000_000, 2_500
"""The same of articles without their sentences, and of one article without its text."""
RELEASE_PAGES_EVERY = 64
"""Reads of a text after which the pages of the texts are released."""
BYTES = np.uint8
PER_CHUNK = (
    "articles",
    "places",
    "paragraph_starts",
    "paragraph_ends",
    "byte_starts",
    "byte_ends",
    "kinds",
)
KINDS = tuple(SentenceKind)
NO_SECTION = -1
HEADINGS = "headings"
PER_SECTION = ("section_articles", "section_starts", "section_ends")
PER_ARTICLE = ("cited", "languages", "sentences", "lost", SIGNATURES, COMPARED)
BLOBS = ("texts", "records", "titles", "labels", "files")
Numbers = npt.NDArray[np.int64]


class SegmentFile(NamedTuple):
    """The file that a segment was mapped from, and its checksum."""

    path: Path
    checksum: str


class TextBlobs:
    """The texts and records of a segment's articles, read from the mapped arrays each time."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays
        self._readings = 0

    def __call__(self, name: str, article: int, first: int = 0, last: int | None = None) -> str:
        """The piece of an article in the blob of this name, or bytes [first, last) of it."""
        self._readings += 1
        if self._readings % RELEASE_PAGES_EVERY == 0:
            # The pages stay in the system's cache, and this process stays small.
            release_pages(self._arrays["texts"])
            release_pages(self._arrays["records"])
        starts = self._arrays[f"{name}_starts"]
        start, end = int(starts[article]), int(starts[article + 1])
        piece = self._arrays[f"{name}s"].data[start + first : end if last is None else start + last]
        return str(piece, "utf-8", SURROGATES)


class Segment:
    """Some articles and their chunks by number, and the postings of these chunks.

    The arrays, for a articles and n chunks:
        articles: article of each chunk.
        places: index of each chunk among its entry's sentences.
        paragraph_starts, paragraph_ends: of each chunk the first chunk of its paragraph, and the first after it.
        kinds: number of each chunk's kind in `KINDS`.
        byte_starts, byte_ends: place of each chunk in its article's text in UTF-8.
        sections: number of each chunk's section; NO_SECTION where no heading is above it.
        article_chunks: first chunk of each article; a + 1 items.
        section_articles, section_starts, section_ends: of each section its article, its first chunk and its end.
        row_chunks, row_labels: chunks that are rows below a header, ascending, and that header's words.
        cited: whether an article has a source URL.
        languages: the language of each article, see `packed`.
        sentences, lost: number of chunks and of lost pieces of each article.
        said_hashes, said_chunks: of the chunks' words, see `index/collection/sentence_hashes.py`.
        signatures, compared: of each article's words, see `index/collection/minhash.py`.
        texts, records, titles, labels, files: bytes of all articles one after another, and a + 1 offsets of where they
            begin.
        ids.*, id_articles, id_rows: the articles' ids, ascending, the number of each one's article, and the inverse.
        postings.*: see `Postings`; headings.*: the same of the headings above each section.
        paths: the headings above each section, as such bytes.
    """

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """The segment in these arrays; KeyError where one is missing."""
        if "languages" not in arrays:  # written before articles had one
            arrays = {**arrays, "languages": np.zeros(len(arrays["cited"]), np.uint32)}
        self.arrays = arrays
        self.ids = vocabulary_from_arrays("ids", arrays)
        self.postings = postings_from_arrays(arrays)
        self.headings = postings_from_arrays(arrays, HEADINGS)
        self.article_of: Ids = arrays["articles"]
        self.article_chunks: Ids = arrays["article_chunks"]
        self._blobs = TextBlobs(arrays)
        # None of these refers to the segment, so that its files are closed as soon as it is not served any more.
        self.article_at = cached(LRUCache(ARTICLE_CACHE_BYTES, _article_size), lock=Lock())(
            partial(_article, self._blobs)
        )
        self.entry = cached(LRUCache(ENTRY_CACHE_BYTES, _entry_size), lock=Lock())(
            partial(_entry, self._blobs, self.article_at)
        )
        self.sentence_features = lru_cache(FEATURES_CACHE_SIZE)(partial(_sentence_features, self._blobs, arrays))
        self.title_terms = lru_cache(TITLES_CACHE_SIZE)(partial(_title_terms, self._blobs))
        """The terms of an article's title; none where no title is recorded."""

    @classmethod
    def read(cls, path: Path) -> Segment:
        """Map the segment in a file; SnapshotDamaged, OSError or KeyError where it is invalid."""
        return cls(read_arrays(path))

    @classmethod
    def of(cls, entries: Sequence[IndexedArticle], postings: Postings | None = None) -> Segment:
        """Build a segment of these entries; their sentences are analysed, unless the postings are given."""
        return cls(_arrays_of(sorted(entries, key=lambda entry: entry.article.id), postings))

    @property
    def chunk_count(self) -> int:
        """Number of chunks."""
        return len(self.article_of)

    @property
    def article_count(self) -> int:
        """Number of articles."""
        return len(self.article_chunks) - 1

    def article_number(self, article_id: str) -> int | None:
        """The number of an article; None where it is not here."""
        row = self.ids.row_of(article_id)
        return None if row is None else int(self.arrays["id_articles"][row])

    def id_of(self, article: int) -> str:
        """The id of an article."""
        return self.ids[int(self.arrays["id_rows"][article])]

    def ids_of(self, deleted: Mask | None) -> Iterator[tuple[str, int]]:
        """The ids of the articles that are not deleted, ascending, each with its number."""
        for article_id, number in zip(self.ids, self.arrays["id_articles"].tolist(), strict=True):
            if deleted is None or not deleted[number]:
                yield article_id, number

    def label(self, article: int) -> str:
        """The label of an article."""
        return self._blobs("label", article)

    def title(self, article: int) -> str:
        """The terms of an article's title, joined by `SEPARATOR`."""
        return self._blobs("title", article)

    def file_name(self, article: int) -> str:
        """The path of an article's file in the seeds folder."""
        return self._blobs("file", article)

    def published(self, article: int) -> str | None:
        """The publication date of an article as recorded, without reading its text."""
        return published_from_json(self._blobs("record", article))

    def heading_path(self, section: int) -> tuple[str, ...]:
        """The headings above a section, from the outermost in."""
        return tuple(self._blobs("path", section).split(SEPARATOR))

    def text(self, chunk: int) -> str:
        """The text of a chunk, a slice of its article."""
        return _text(self._blobs, self.arrays, chunk)

    def language(self, article: int) -> str:
        """The code of an article's language; empty where none is recorded."""
        return _language(self.arrays, article)

    def words(self, first: int, last: int) -> tuple[str, ...]:
        """The text of some chunks of an article, white space folded; adjacent ones form one piece."""
        return _words(self._blobs, self.arrays, first, last)

    def chunks_with_hash(self, said: np.uint64) -> Ids:
        """The chunks whose words have this hash."""
        return chunks_with_hash(self.arrays, said)

    def place(self, chunk: int) -> int:
        """Index of a chunk among the sentences of its entry."""
        return int(self.arrays["places"][chunk])


def _text(blobs: TextBlobs, arrays: Mapping[str, Array], chunk: int) -> str:
    first, last = int(arrays["byte_starts"][chunk]), int(arrays["byte_ends"][chunk])
    return blobs("text", int(arrays["articles"][chunk]), first, last)


def _words(blobs: TextBlobs, arrays: Mapping[str, Array], first: int, last: int) -> tuple[str, ...]:
    pieces = [_text(blobs, arrays, first)]
    for chunk in range(first + 1, last + 1):
        gap = int(arrays["byte_ends"][chunk - 1]), int(arrays["byte_starts"][chunk])
        between = blobs("text", int(arrays["articles"][chunk]), *gap)
        if between.strip():
            pieces.append(_text(blobs, arrays, chunk))
        else:
            pieces[-1] += between + _text(blobs, arrays, chunk)
    return tuple(map(collapse_whitespace, pieces))


def _article(blobs: TextBlobs, article: int) -> Article:
    return article_from_json(blobs("record", article), blobs("text", article))


def _entry(blobs: TextBlobs, article_at: Callable[[int], Article], article: int) -> IndexedArticle:
    return entry_from_json(blobs("record", article), article_at(article))


def _article_size(article: Article) -> int:
    return ARTICLE_OVERHEAD + len(article.text)


def _entry_size(entry: IndexedArticle) -> int:
    return len(entry.article.text) + SENTENCE_BYTES * (len(entry.sentences) + len(entry.exclusions))


def packed(language: str) -> int:
    """The code of a language as a number; 0 where it is empty."""
    return int.from_bytes(language.encode("ascii"))


def unpacked(number: int) -> str:
    """The code of a language that `packed` has made a number of."""
    return number.to_bytes(4).lstrip(b"\0").decode("ascii")


def _language(arrays: Mapping[str, Array], article: int) -> str:
    return unpacked(int(arrays["languages"][article]))


def _sentence_features(blobs: TextBlobs, arrays: Mapping[str, Array], chunk: int) -> SentenceFeatures:
    language = _language(arrays, int(arrays["articles"][chunk]))
    return sentence_features(_text(blobs, arrays, chunk), _labels_of(blobs, arrays, chunk), language)


def _labels_of(blobs: TextBlobs, arrays: Mapping[str, Array], chunk: int) -> str:
    """The header of the table that a chunk is a row of; empty for the others."""
    rows = arrays["row_chunks"]
    place = int(np.searchsorted(rows, chunk))
    return blobs("row_label", place) if place < len(rows) and rows[place] == chunk else ""


def _title_terms(blobs: TextBlobs, article: int) -> frozenset[str]:
    joint = blobs("title", article)
    return frozenset(joint.split(SEPARATOR)) if joint else frozenset()


def _offsets(sizes: Iterable[int]) -> Numbers:
    return np.cumsum(np.fromiter((0, *sizes), np.int64), dtype=np.int64)


def _blob_of(name: str, pieces: Sequence[bytes]) -> dict[str, Array]:
    return {f"{name}s": np.frombuffer(b"".join(pieces), BYTES), f"{name}_starts": _offsets(map(len, pieces))}


def _arrays_of(entries: Sequence[IndexedArticle], postings: Postings | None) -> dict[str, Array]:
    rows: list[tuple[int, ...]] = []
    sections: list[_SectionRow] = []
    for number, entry in enumerate(entries):
        sections += _section_rows(number, entry, len(rows))
        rows += _chunk_rows(number, entry, len(rows))
    columns = np.array(rows, np.int32).reshape(-1, len(PER_CHUNK))
    body = [len(entry.body_sentences) for entry in entries]
    said = [list(_words_of(entry)) for entry in entries]
    labels = dict(_row_labels(entries))
    if postings is None:
        words = (
            (text, entry.article.language_code) for entry, texts in zip(entries, said, strict=True) for text in texts
        )
        found = [index_terms(text, labels.get(chunk, ""), code) for chunk, (text, code) in enumerate(words)]
        postings = Postings.of([terms for terms, _ in found], [stems for _, stems in found])
    ids = Vocabulary.of_sorted([entry.article.id for entry in entries])
    return {
        **{name: np.ascontiguousarray(columns[:, place]) for place, name in enumerate(PER_CHUNK)},
        "article_chunks": _offsets(body).astype(np.int32),
        "cited": np.array([entry.article.url is not None for entry in entries], np.bool_),
        "languages": np.array([packed(entry.article.language_code) for entry in entries], np.uint32),
        "sentences": np.array(body, np.int32),
        "lost": np.array([len(entry.fragments) for entry in entries], np.int32),
        **hash_arrays(words for sentences in said for words in sentences),
        **signature_arrays(said),
        **_blob_of("text", [entry.article.text.encode("utf-8", SURROGATES) for entry in entries]),
        **_blob_of("record", [entry_to_json(entry).encode("utf-8", SURROGATES) for entry in entries]),
        **_blob_of("title", [_title_of(entry).encode("utf-8", SURROGATES) for entry in entries]),
        **_blob_of("label", [entry.article.label.encode("utf-8", SURROGATES) for entry in entries]),
        **_blob_of("file", [entry.article.file.encode("utf-8", SURROGATES) for entry in entries]),
        **vocabulary_arrays("ids", ids),
        "id_articles": np.arange(len(entries), dtype=np.int32),
        "id_rows": np.arange(len(entries), dtype=np.int32),
        **postings_arrays(postings),
        **_section_arrays(sections, len(rows)),
        "row_chunks": np.array(list(labels), np.int32),
        **_blob_of("row_label", [label.encode("utf-8", SURROGATES) for label in labels.values()]),
    }


def _row_labels(entries: Iterable[IndexedArticle]) -> Iterator[tuple[int, str]]:
    """Yield the number of each chunk that is a row below a header, and the words of that header."""
    chunk = 0
    for entry in entries:
        labels = {block.span: block.labels for block in entry.blocks if block.labels}
        for sentence in entry.body_sentences:
            if sentence.span in labels:
                yield chunk, " ".join(entry.article.text[slice(*span)] for span in labels[sentence.span])
            chunk += 1


class _SectionRow(NamedTuple):
    article: int
    start: int
    end: int
    heading_terms: tuple[str, ...]
    path: tuple[str, ...]


def _section_arrays(rows: Sequence[_SectionRow], chunks: int) -> dict[str, Array]:
    section_of = np.full(chunks, NO_SECTION, np.int32)
    for number, row in enumerate(rows):
        section_of[row.start : row.end] = number
    return {
        "sections": section_of,
        "section_articles": np.array([row.article for row in rows], np.int32),
        "section_starts": np.array([row.start for row in rows], np.int32),
        "section_ends": np.array([row.end for row in rows], np.int32),
        **postings_arrays(Postings.of([row.heading_terms for row in rows]), HEADINGS),
        **_blob_of("path", [SEPARATOR.join(row.path).encode("utf-8", SURROGATES) for row in rows]),
    }


def _heading_terms(text: str, path: Iterable[Span], language: str) -> tuple[str, ...]:
    return tuple(sorted(term for heading in path for term in title_terms(text[slice(*heading)], language)))


def _words_of(entry: IndexedArticle) -> Iterator[str]:
    return (entry.article.text[slice(*sentence.span)] for sentence in entry.body_sentences)


def _title_of(entry: IndexedArticle) -> str:
    title = entry.article.title
    return SEPARATOR.join(sorted(title_terms(title.value, entry.article.language_code))) if title else ""


def _chunk_rows(number: int, entry: IndexedArticle, first: int) -> Iterator[tuple[int, ...]]:
    """A row of `PER_CHUNK` for each chunk of an entry; the first chunk has the number `first`."""
    text = entry.article.text
    body = [(place, one) for place, one in enumerate(entry.sentences) if one.kind not in NOT_EVIDENCE]
    at = byte = 0
    start = first
    for _, paragraph in groupby(body, key=lambda pair: pair[1].paragraph):
        together = list(paragraph)
        for place, sentence in together:
            byte += len(text[at : sentence.span.start].encode("utf-8", SURROGATES))
            end = byte + len(text[slice(*sentence.span)].encode("utf-8", SURROGATES))
            yield number, place, start, start + len(together), byte, end, KINDS.index(sentence.kind)
            at, byte = sentence.span.end, end
        start += len(together)


def _section_rows(number: int, entry: IndexedArticle, first: int) -> Iterator[_SectionRow]:
    """A row for each section of an entry that has headings and chunks; the first chunk has the number `first`."""
    text = entry.article.text
    for section in sections_of(entry):
        if section.path and section.start < section.end:
            path = tuple(collapse_whitespace(text[slice(*heading)]) for heading in section.path)
            terms = _heading_terms(text, section.path, entry.article.language_code)
            yield _SectionRow(number, first + section.start, first + section.end, terms, path)


class SegmentView:
    """View of a segment without its deleted articles."""

    def __init__(
        self,
        segment: Segment,
        deleted: Mask | None = None,
        postings: PostingsView | None = None,
        file: SegmentFile | None = None,
    ) -> None:
        """`deleted` is True for each deleted article; `postings` has the same for its chunks."""
        self.segment = segment
        self.file = file
        self.deleted = deleted
        self.postings = PostingsView(segment.postings) if postings is None else postings
        self.headings = PostingsView(segment.headings)
        if deleted is not None and len(sections := np.flatnonzero(deleted[segment.arrays["section_articles"]])):
            self.headings = self.headings.without(sections)

    def article_number(self, article_id: str) -> int | None:
        """The number of an article; None where it is not here or deleted."""
        number = self.segment.article_number(article_id)
        return None if number is None or (self.deleted is not None and self.deleted[number]) else number

    def ids(self) -> Iterator[tuple[str, int]]:
        """The ids of its articles, ascending, each with its number."""
        return self.segment.ids_of(self.deleted)

    def sum_of(self, name: str) -> int:
        """Sum over its articles of one of the arrays of counts per article."""
        counts = self.segment.arrays[name]
        return int((counts if self.deleted is None else counts[~self.deleted]).sum(dtype=np.int64))

    @property
    def article_count(self) -> int:
        """Number of articles that are not deleted."""
        return self.segment.article_count - (0 if self.deleted is None else int(self.deleted.sum()))

    @property
    def chunk_count(self) -> int:
        """Number of chunks that are not deleted."""
        return self.segment.chunk_count - (0 if self.postings.deleted is None else int(self.postings.deleted.sum()))

    def without(self, article_ids: Iterable[str]) -> SegmentView:
        """The view without these articles; itself, where it has none of them."""
        going = [number for article_id in article_ids if (number := self.article_number(article_id)) is not None]
        if not going:
            return self
        deleted = np.zeros(self.segment.article_count, np.bool_) if self.deleted is None else self.deleted.copy()
        deleted[going] = True
        newly = np.zeros(self.segment.article_count, np.bool_)
        newly[going] = True
        chunks = np.flatnonzero(newly[self.segment.article_of])
        return SegmentView(
            self.segment, deleted, self.postings.without(chunks) if len(chunks) else self.postings, self.file
        )


def merge_views(views: Sequence[SegmentView]) -> Segment:
    """Merge the articles of several views into one segment; nothing is analysed again."""
    kept = [np.ones(view.segment.article_count, np.bool_) if view.deleted is None else ~view.deleted for view in views]
    parts = [view.segment.arrays for view in views]
    chunks = [some[arrays["articles"]] for some, arrays in zip(kept, parts, strict=True)]
    together: dict[str, Array] = {}
    numbers: list[npt.NDArray[np.integer]] = []
    first_chunk = first_article = 0
    first_section = 0
    columns: dict[str, list[Array]] = {name: [] for name in (*PER_CHUNK, "sections", *PER_SECTION, "row_chunks")}
    for some, mine, arrays in zip(kept, chunks, parts, strict=True):
        articles = np.cumsum(some, dtype=np.int32) - np.int32(1) + np.int32(first_article)
        moved = np.cumsum(np.append(np.False_, mine), dtype=np.int32) + np.int32(first_chunk)
        numbers.append(moved)
        columns["articles"].append(articles[arrays["articles"][mine]])
        for name in ("paragraph_starts", "paragraph_ends"):
            columns[name].append(moved[arrays[name][mine]])
        for name in ("places", "byte_starts", "byte_ends", "kinds"):
            columns[name].append(arrays[name][mine])
        there = some[arrays["section_articles"]]
        columns["section_articles"].append(articles[arrays["section_articles"][there]])
        for name in ("section_starts", "section_ends"):
            columns[name].append(moved[arrays[name][there]])
        columns["row_chunks"].append(moved[arrays["row_chunks"][mine[arrays["row_chunks"]]]])
        # The last item stands for NO_SECTION, which is -1.
        renumbered = np.append(np.cumsum(there, dtype=np.int32) - np.int32(1) + np.int32(first_section), NO_SECTION)
        columns["sections"].append(renumbered[arrays["sections"][mine]].astype(np.int32))
        first_section += int(there.sum())
        first_chunk += int(mine.sum())
        first_article += int(some.sum())
    together |= {name: np.concatenate(some) for name, some in columns.items()}
    together |= merge_hash_arrays(parts, chunks, numbers)
    for name in PER_ARTICLE:
        together[name] = np.concatenate([arrays[name][some] for some, arrays in zip(kept, parts, strict=True)])
    together["article_chunks"] = _offsets(together["sentences"].tolist()).astype(np.int32)
    for name in BLOBS:
        together |= _merge_blobs(name.removesuffix("s"), kept, parts)
    sections = [some[arrays["section_articles"]] for some, arrays in zip(kept, parts, strict=True)]
    rows = [mine[arrays["row_chunks"]] for mine, arrays in zip(chunks, parts, strict=True)]
    together |= _merge_blobs("row_label", rows, parts)
    together |= _merge_blobs("path", sections, parts)
    together |= _merge_ids(views)
    together |= postings_arrays(concatenate_postings([view.headings.compacted() for view in views]), HEADINGS)
    return Segment(together | postings_arrays(concatenate_postings([view.postings.compacted() for view in views])))


def split_segment(segment: Segment) -> Iterator[Segment]:
    """A segment of each article of a segment, in their order; nothing is analysed again."""
    arrays = segment.arrays
    bodies = _postings_by_document(segment.postings, segment.article_chunks)
    sections = np.searchsorted(arrays["section_articles"], np.arange(segment.article_count + 1))
    headings = _postings_by_document(segment.headings, sections)
    said = said_by_chunk(arrays, segment.chunk_count)
    for article, (postings, above) in enumerate(zip(bodies, headings, strict=True)):
        first, end = segment.article_chunks[article : article + 2].tolist()
        first_section, last_section = sections[article : article + 2].tolist()
        mine, own = slice(first, end), slice(first_section, last_section)
        inside = arrays["sections"][mine]
        rows = slice(*np.searchsorted(arrays["row_chunks"], [first, end]).tolist())
        yield Segment(
            {
                **{name: arrays[name][mine] for name in ("places", "byte_starts", "byte_ends", "kinds")},
                "articles": np.zeros(end - first, np.int32),
                "paragraph_starts": arrays["paragraph_starts"][mine] - np.int32(first),
                "paragraph_ends": arrays["paragraph_ends"][mine] - np.int32(first),
                "sections": np.where(inside == NO_SECTION, NO_SECTION, inside - first_section).astype(np.int32),
                "article_chunks": np.array([0, end - first], np.int32),
                "section_articles": np.zeros(last_section - first_section, np.int32),
                "section_starts": arrays["section_starts"][own] - np.int32(first),
                "section_ends": arrays["section_ends"][own] - np.int32(first),
                "row_chunks": arrays["row_chunks"][rows] - np.int32(first),
                **{name: arrays[name][article : article + 1] for name in PER_ARTICLE},
                **sorted_hashes(said[mine]),
                **{k: v for name in BLOBS for k, v in _slice_blob(name, arrays, slice(article, article + 1)).items()},
                **_slice_blob("row_labels", arrays, rows),
                **_slice_blob("paths", arrays, own),
                **vocabulary_arrays("ids", Vocabulary.of_sorted([segment.id_of(article)])),
                "id_articles": np.zeros(1, np.int32),
                "id_rows": np.zeros(1, np.int32),
                **postings_arrays(postings),
                **postings_arrays(above, HEADINGS),
            }
        )


def _postings_by_document(postings: Postings, ends: npt.NDArray[np.integer]) -> Iterator[Postings]:
    """The postings of runs of documents, each numbered from 0; a run begins where the one before ends."""
    vocabulary = list(postings.vocabulary)
    rows = np.repeat(np.arange(len(vocabulary), dtype=np.int32), postings.counts())
    runs = np.searchsorted(ends, postings.chunks, "right") - 1
    order = np.argsort(runs, kind="stable")  # within a run still by row, then by document
    places = np.searchsorted(runs[order], np.arange(len(ends)))
    for run, (first, last) in enumerate(pairwise(places.tolist())):
        mine = order[first:last]
        held, counts = np.unique(rows[mine], return_counts=True)
        start, end = int(ends[run]), int(ends[run + 1])
        yield encode_postings(
            Vocabulary.of_sorted([vocabulary[row] for row in held.tolist()]),
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            postings.chunks[mine] - np.int32(start),
            postings.pairs[postings.codes[mine], 0],
            postings.lengths[start:end],
        )


def _slice_blob(name: str, arrays: Mapping[str, Array], inside: slice) -> dict[str, Array]:
    starts = arrays[f"{name.removesuffix('s')}_starts"][inside.start : inside.stop + 1]
    return {
        name: arrays[name][int(starts[0]) : int(starts[-1])],
        f"{name.removesuffix('s')}_starts": starts - starts[0],
    }


def _merge_blobs(name: str, kept: Sequence[Mask], parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    pieces, sizes = [], []
    for some, arrays in zip(kept, parts, strict=True):
        own = np.diff(arrays[f"{name}_starts"])
        blob = arrays[f"{name}s"]
        pieces.append(blob if some.all() else blob[np.repeat(some, own)])
        sizes.append(own[some])
    starts = np.cumsum(np.concatenate([np.zeros(1, np.int64), *sizes]), dtype=np.int64)
    return {f"{name}s": np.concatenate(pieces), f"{name}_starts": starts}


def _merge_ids(views: Sequence[SegmentView]) -> dict[str, Array]:
    numbered: list[tuple[str, int]] = []
    for view in views:
        moved = np.arange(view.segment.article_count) if view.deleted is None else np.cumsum(~view.deleted) - 1
        first = len(numbered)
        numbered += [(article_id, first + int(moved[number])) for article_id, number in view.ids()]
    numbered.sort()
    ids = Vocabulary.of_sorted([article_id for article_id, _ in numbered])
    articles = np.array([number for _, number in numbered], np.int32)
    rows = np.empty_like(articles)
    rows[articles] = np.arange(len(articles), dtype=np.int32)
    return vocabulary_arrays("ids", ids) | {"id_articles": articles, "id_rows": rows}
