"""Indexed articles as arrays: their texts, metadata and sentences, and the postings of their chunks.

A segment never changes. It is built from articles or other segments, or mapped from a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached

from index.analysis.analyzer import terms
from index.analysis.sentence_features import Sketch, sketch_of
from index.bm25.postings import Ids, Mask, Postings, joined, postings_arrays, postings_in
from index.bm25.scorer import Part
from index.bm25.vocabulary import MARK, SURROGATES, Vocabulary, vocabulary_arrays, vocabulary_in
from index.collection.minhash import COMPARED, SIGNATURES, signature_arrays
from index.collection.sentence_hashes import chunks_that_say, said_arrays, said_merged
from index.models import Article, Entry, Kind, fold
from index.storage.entry_json import article_of, entry_of, record_of
from index.storage.mapped_arrays import Array, give_back, read_arrays

SKETCHES_KEPT, TITLES_KEPT = 2048, 8192
"""Cached sentence features and title terms, the most recently used."""
ENTRIES_WEIGH, SENTENCE_WEIGHS = 18_000_000, 600
"""Rough size in bytes of the cache of entries, and of one `Sentence`."""
ARTICLES_WEIGH, ARTICLE_ITSELF = 8_000_000, 2_500
"""The same of articles without their sentences, and of one article without its text."""
GIVEN_BACK_EVERY = 64
"""Reads of a text after which the pages of the texts are released."""
BYTES = np.uint8
PER_CHUNK = ("articles", "places", "paragraph_starts", "paragraph_ends", "byte_starts", "byte_ends")
PER_ARTICLE = ("cited", "sentences", "lost", SIGNATURES, COMPARED)
BLOBS = ("texts", "records", "titles", "labels")
Numbers = npt.NDArray[np.int64]


class Stored(NamedTuple):
    """The file that a segment was mapped from, and its checksum."""

    path: Path
    checksum: str


class Blobs:
    """The texts and records of a segment's articles, read from the mapped arrays each time."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays
        self._readings = 0

    def __call__(self, name: str, article: int, first: int = 0, last: int | None = None) -> str:
        """The piece of an article in the blob of this name, or bytes [first, last) of it."""
        self._readings += 1
        if self._readings % GIVEN_BACK_EVERY == 0:
            # The pages stay in the system's cache, and this process stays small.
            give_back(self._arrays["texts"])
            give_back(self._arrays["records"])
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
        byte_starts, byte_ends: place of each chunk in its article's text in UTF-8.
        article_chunks: first chunk of each article; a + 1 items.
        cited: whether an article has a source URL.
        sentences, lost: number of chunks and of lost pieces of each article.
        said_hashes, said_chunks: of the chunks' words, see `index/collection/sentence_hashes.py`.
        signatures, compared: of each article's words, see `index/collection/minhash.py`.
        texts, records, titles, labels: bytes of all articles one after another, and a + 1 offsets of where they begin.
        ids.*, id_articles, id_rows: the articles' ids, ascending, the number of each one's article, and the inverse.
        postings.*: see `Postings`.
    """

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """The segment in these arrays; KeyError where one is missing."""
        self.arrays = arrays
        self.ids = vocabulary_in("ids", arrays)
        self.postings = postings_in(arrays)
        self.article_of: Ids = arrays["articles"]
        self.article_chunks: Ids = arrays["article_chunks"]
        self._blobs = Blobs(arrays)
        # None of these refers to the segment, so that its files are closed as soon as it is not served any more.
        self.article_at = cached(LRUCache(ARTICLES_WEIGH, _length), lock=Lock())(partial(_article, self._blobs))
        self.entry = cached(LRUCache(ENTRIES_WEIGH, _weight), lock=Lock())(
            partial(_entry, self._blobs, self.article_at)
        )
        self.sketch = lru_cache(SKETCHES_KEPT)(partial(_sketch, self._blobs, arrays))
        self.title_terms = lru_cache(TITLES_KEPT)(partial(_title_terms, self._blobs))
        """The terms of an article's title; none where no title is recorded."""

    @classmethod
    def read(cls, path: Path) -> Segment:
        """Map the segment in a file; SnapshotDamaged, OSError or KeyError where it is invalid."""
        return cls(read_arrays(path))

    @classmethod
    def of(cls, entries: Sequence[Entry], postings: Postings | None = None) -> Segment:
        """Build a segment of these entries; their sentences are analysed, unless the postings are given."""
        return cls(_arrays_of(sorted(entries, key=lambda entry: entry.article.id), postings))

    @property
    def size(self) -> int:
        """Number of chunks."""
        return len(self.article_of)

    @property
    def number(self) -> int:
        """Number of articles."""
        return len(self.article_chunks) - 1

    def article(self, article_id: str) -> int | None:
        """The number of an article; None where it is not here."""
        row = self.ids.row_of(article_id)
        return None if row is None else int(self.arrays["id_articles"][row])

    def id_of(self, article: int) -> str:
        """The id of an article."""
        return self.ids[int(self.arrays["id_rows"][article])]

    def ids_of(self, gone: Mask | None) -> Iterator[tuple[str, int]]:
        """The ids of the articles that are not deleted, ascending, each with its number."""
        for article_id, number in zip(self.ids, self.arrays["id_articles"].tolist(), strict=True):
            if gone is None or not gone[number]:
                yield article_id, number

    def label(self, article: int) -> str:
        """The label of an article."""
        return self._blobs("label", article)

    def text(self, chunk: int) -> str:
        """The text of a chunk, a slice of its article."""
        return _text(self._blobs, self.arrays, chunk)

    def words(self, first: int, last: int) -> tuple[str, ...]:
        """The text of some chunks of an article, white space folded; adjacent ones form one piece."""
        return _words(self._blobs, self.arrays, first, last)

    def chunks_that_say(self, said: np.uint64) -> Ids:
        """The chunks whose words have this hash."""
        return chunks_that_say(self.arrays, said)

    def place(self, chunk: int) -> int:
        """Index of a chunk among the sentences of its entry."""
        return int(self.arrays["places"][chunk])


def _text(blobs: Blobs, arrays: Mapping[str, Array], chunk: int) -> str:
    first, last = int(arrays["byte_starts"][chunk]), int(arrays["byte_ends"][chunk])
    return blobs("text", int(arrays["articles"][chunk]), first, last)


def _words(blobs: Blobs, arrays: Mapping[str, Array], first: int, last: int) -> tuple[str, ...]:
    pieces = [_text(blobs, arrays, first)]
    for chunk in range(first + 1, last + 1):
        gap = int(arrays["byte_ends"][chunk - 1]), int(arrays["byte_starts"][chunk])
        between = blobs("text", int(arrays["articles"][chunk]), *gap)
        if between.strip():
            pieces.append(_text(blobs, arrays, chunk))
        else:
            pieces[-1] += between + _text(blobs, arrays, chunk)
    return tuple(map(fold, pieces))


def _article(blobs: Blobs, article: int) -> Article:
    return article_of(blobs("record", article), blobs("text", article))


def _entry(blobs: Blobs, article_at: Callable[[int], Article], article: int) -> Entry:
    return entry_of(blobs("record", article), article_at(article))


def _length(article: Article) -> int:
    return ARTICLE_ITSELF + len(article.text)


def _weight(entry: Entry) -> int:
    return len(entry.article.text) + SENTENCE_WEIGHS * (len(entry.sentences) + len(entry.exclusions))


def _sketch(blobs: Blobs, arrays: Mapping[str, Array], chunk: int) -> Sketch:
    return sketch_of(_text(blobs, arrays, chunk))


def _title_terms(blobs: Blobs, article: int) -> frozenset[str]:
    joint = blobs("title", article)
    return frozenset(joint.split(MARK)) if joint else frozenset()


def _starts(sizes: Iterable[int]) -> Numbers:
    return np.cumsum(np.fromiter((0, *sizes), np.int64), dtype=np.int64)


def _blob_of(name: str, pieces: Sequence[bytes]) -> dict[str, Array]:
    return {f"{name}s": np.frombuffer(b"".join(pieces), BYTES), f"{name}_starts": _starts(map(len, pieces))}


def _arrays_of(entries: Sequence[Entry], postings: Postings | None) -> dict[str, Array]:
    rows: list[tuple[int, ...]] = []
    for number, entry in enumerate(entries):
        rows += _chunk_rows(number, entry, len(rows))
    columns = np.array(rows, np.int32).reshape(-1, len(PER_CHUNK))
    body = [len(entry.body) for entry in entries]
    said = [list(_words_of(entry)) for entry in entries]
    if postings is None:
        postings = Postings.of([[term.term for term in terms(words)] for sentences in said for words in sentences])
    ids = Vocabulary.of_sorted([entry.article.id for entry in entries])
    return {
        **{name: np.ascontiguousarray(columns[:, place]) for place, name in enumerate(PER_CHUNK)},
        "article_chunks": _starts(body).astype(np.int32),
        "cited": np.array([entry.article.url is not None for entry in entries], np.bool_),
        "sentences": np.array(body, np.int32),
        "lost": np.array([len(entry.lost) for entry in entries], np.int32),
        **said_arrays(words for sentences in said for words in sentences),
        **signature_arrays(said),
        **_blob_of("text", [entry.article.text.encode("utf-8", SURROGATES) for entry in entries]),
        **_blob_of("record", [record_of(entry).encode("utf-8", SURROGATES) for entry in entries]),
        **_blob_of("title", [_title_of(entry).encode("utf-8", SURROGATES) for entry in entries]),
        **_blob_of("label", [entry.article.label.encode("utf-8", SURROGATES) for entry in entries]),
        **vocabulary_arrays("ids", ids),
        "id_articles": np.arange(len(entries), dtype=np.int32),
        "id_rows": np.arange(len(entries), dtype=np.int32),
        **postings_arrays(postings),
    }


def _words_of(entry: Entry) -> Iterator[str]:
    return (entry.article.text[slice(*sentence.span)] for sentence in entry.body)


def _title_of(entry: Entry) -> str:
    title = entry.article.title
    return MARK.join(sorted({term.term for term in terms(title.value)})) if title else ""


def _chunk_rows(number: int, entry: Entry, first: int) -> Iterator[tuple[int, ...]]:
    """A row of `PER_CHUNK` for each chunk of an entry; the first chunk has the number `first`."""
    text = entry.article.text
    body = [(place, one) for place, one in enumerate(entry.sentences) if one.kind is Kind.BODY]
    at = byte = 0
    start = first
    for _, paragraph in groupby(body, key=lambda pair: pair[1].paragraph):
        together = list(paragraph)
        for place, sentence in together:
            byte += len(text[at : sentence.span.start].encode("utf-8", SURROGATES))
            end = byte + len(text[slice(*sentence.span)].encode("utf-8", SURROGATES))
            yield number, place, start, start + len(together), byte, end
            at, byte = sentence.span.end, end
        start += len(together)


class Leaf:
    """View of a segment without its deleted articles."""

    def __init__(
        self, segment: Segment, gone: Mask | None = None, part: Part | None = None, stored: Stored | None = None
    ) -> None:
        """`gone` is True for each deleted article; `part` has the same for its chunks."""
        self.segment = segment
        self.stored = stored
        self.gone = gone
        self.part = Part(segment.postings) if part is None else part

    def article(self, article_id: str) -> int | None:
        """The number of an article; None where it is not here or deleted."""
        number = self.segment.article(article_id)
        return None if number is None or (self.gone is not None and self.gone[number]) else number

    def ids(self) -> Iterator[tuple[str, int]]:
        """The ids of its articles, ascending, each with its number."""
        return self.segment.ids_of(self.gone)

    def total(self, name: str) -> int:
        """Sum over its articles of one of the arrays of counts per article."""
        counts = self.segment.arrays[name]
        return int((counts if self.gone is None else counts[~self.gone]).sum(dtype=np.int64))

    @property
    def number(self) -> int:
        """Number of articles that are not deleted."""
        return self.segment.number - (0 if self.gone is None else int(self.gone.sum()))

    @property
    def size(self) -> int:
        """Number of chunks that are not deleted."""
        return self.segment.size - (0 if self.part.gone is None else int(self.part.gone.sum()))

    def without(self, article_ids: Iterable[str]) -> Leaf:
        """The view without these articles; itself, where it has none of them."""
        going = [number for article_id in article_ids if (number := self.article(article_id)) is not None]
        if not going:
            return self
        gone = np.zeros(self.segment.number, np.bool_) if self.gone is None else self.gone.copy()
        gone[going] = True
        newly = np.zeros(self.segment.number, np.bool_)
        newly[going] = True
        chunks = np.flatnonzero(newly[self.segment.article_of])
        return Leaf(self.segment, gone, self.part.without(chunks) if len(chunks) else self.part, self.stored)


def merged(leaves: Sequence[Leaf]) -> Segment:
    """Merge the articles of several views into one segment; nothing is analysed again."""
    kept = [np.ones(leaf.segment.number, np.bool_) if leaf.gone is None else ~leaf.gone for leaf in leaves]
    parts = [leaf.segment.arrays for leaf in leaves]
    chunks = [some[arrays["articles"]] for some, arrays in zip(kept, parts, strict=True)]
    together: dict[str, Array] = {}
    numbers: list[npt.NDArray[np.integer]] = []
    first_chunk = first_article = 0
    columns: dict[str, list[Array]] = {name: [] for name in PER_CHUNK}
    for some, mine, arrays in zip(kept, chunks, parts, strict=True):
        articles = np.cumsum(some, dtype=np.int32) - np.int32(1) + np.int32(first_article)
        moved = np.cumsum(np.append(np.False_, mine), dtype=np.int32) + np.int32(first_chunk)
        numbers.append(moved)
        columns["articles"].append(articles[arrays["articles"][mine]])
        for name in ("paragraph_starts", "paragraph_ends"):
            columns[name].append(moved[arrays[name][mine]])
        for name in ("places", "byte_starts", "byte_ends"):
            columns[name].append(arrays[name][mine])
        first_chunk += int(mine.sum())
        first_article += int(some.sum())
    together |= {name: np.concatenate(some) for name, some in columns.items()}
    together |= said_merged(parts, chunks, numbers)
    for name in PER_ARTICLE:
        together[name] = np.concatenate([arrays[name][some] for some, arrays in zip(kept, parts, strict=True)])
    together["article_chunks"] = _starts(together["sentences"].tolist()).astype(np.int32)
    for name in BLOBS:
        together |= _blobs_merged(name.removesuffix("s"), kept, parts)
    together |= _ids_merged(leaves)
    return Segment(together | postings_arrays(joined([leaf.part.whole() for leaf in leaves])))


def _blobs_merged(name: str, kept: Sequence[Mask], parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    pieces, sizes = [], []
    for some, arrays in zip(kept, parts, strict=True):
        own = np.diff(arrays[f"{name}_starts"])
        blob = arrays[f"{name}s"]
        pieces.append(blob if some.all() else blob[np.repeat(some, own)])
        sizes.append(own[some])
    starts = np.cumsum(np.concatenate([np.zeros(1, np.int64), *sizes]), dtype=np.int64)
    return {f"{name}s": np.concatenate(pieces), f"{name}_starts": starts}


def _ids_merged(leaves: Sequence[Leaf]) -> dict[str, Array]:
    numbered: list[tuple[str, int]] = []
    for leaf in leaves:
        moved = np.arange(leaf.segment.number) if leaf.gone is None else np.cumsum(~leaf.gone) - 1
        first = len(numbered)
        numbered += [(article_id, first + int(moved[number])) for article_id, number in leaf.ids()]
    numbered.sort()
    ids = Vocabulary.of_sorted([article_id for article_id, _ in numbered])
    articles = np.array([number for _, number in numbered], np.int32)
    rows = np.empty_like(articles)
    rows[articles] = np.arange(len(articles), dtype=np.int32)
    return vocabulary_arrays("ids", ids) | {"id_articles": articles, "id_rows": rows}
