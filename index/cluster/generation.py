"""A generation of a cluster's collection: which articles it has, and how many sentences have which term.

It is one file of arrays, and all that a process keeps of the whole collection.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from index.bm25.postings import Ids, Mask
from index.bm25.vocabulary import SEPARATOR, SURROGATES, Vocabulary, vocabulary_arrays, vocabulary_from_arrays
from index.collection.segment import Segment
from index.errors import SnapshotDamaged
from index.storage.mapped_arrays import Array, arrays_from_bytes, arrays_to_bytes

FORMAT = 1
CHECKSUM_BYTES = 16
SENTENCES, HEADINGS = "sentences", "headings"
KINDS_OF_DOCUMENTS = (SENTENCES, HEADINGS)
Counts = npt.NDArray[np.int64]
NUMBERS = {"first_chunks": np.int32, "chunk_counts": np.int32, "first_sections": np.int32, "section_counts": np.int32}
FACTS = {"languages": np.uint32, "cited": np.bool_, "lost": np.int32}
TEXTS = ("titles", "labels", "files", "dates")
MAX_NUMBER = 2**31 - 1
"""Sentences are numbered by 32 bits, and no number is used twice: after so many the collection is written anew."""


class ArticleRow(NamedTuple):
    """An article as a generation lists it."""

    id: str
    blob: str
    """The SHA-256 under which the store has its segment."""
    first_chunk: int
    chunks: int
    first_section: int
    sections: int
    language: int
    """As `index.collection.segment.packed` writes it."""
    cited: bool
    """Whether a source URL is recorded."""
    lost: int
    """Pieces of sentences that are cut by an exclusion."""
    title: str
    """The terms of its title, joined by `SEPARATOR`."""
    label: str
    file: str
    date: str
    """As recorded; empty where it is not."""

    @classmethod
    def of(cls, segment: Segment, blob: str, first_chunk: int, first_section: int) -> ArticleRow:
        """The only article of a segment, with these numbers."""
        return cls(
            id=segment.id_of(0),
            blob=blob,
            first_chunk=first_chunk,
            chunks=segment.chunk_count,
            first_section=first_section,
            sections=len(segment.headings.lengths),
            language=int(segment.arrays["languages"][0]),
            cited=bool(segment.arrays["cited"][0]),
            lost=int(segment.arrays["lost"][0]),
            title=segment.title(0),
            label=segment.label(0),
            file=segment.file_name(0),
            date=segment.published(0) or "",
        )

    @property
    def version(self) -> tuple[str, str]:
        """What tells the article and its content."""
        return self.id, self.blob


class TermCounts(NamedTuple):
    """How many documents of a kind have each term, how many there are, and their lengths together."""

    vocabulary: Vocabulary
    counts: Counts
    documents: int
    length: int

    @property
    def average_length(self) -> float:
        """The average length of a document; 0 where there is none."""
        return self.length / self.documents if self.documents else 0.0


class CountChanges:
    """What the articles that come and go add to the counts of a collection."""

    def __init__(self) -> None:
        self._terms: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS_OF_DOCUMENTS}
        self._documents: Counter[str] = Counter()
        self._lengths: Counter[str] = Counter()

    def add(self, segment: Segment, sign: int = 1) -> None:
        """Add a segment, or with the sign -1 take it away."""
        for kind, postings in ((SENTENCES, segment.postings), (HEADINGS, segment.headings)):
            terms = self._terms[kind]
            for term, count in zip(postings.vocabulary, postings.counts().tolist(), strict=True):
                terms[term] += sign * count
            self._documents[kind] += sign * len(postings.lengths)
            self._lengths[kind] += sign * int(postings.lengths.sum())

    def applied_to(self, kind: str, before: TermCounts) -> TermCounts:
        """The counts of one kind of documents with these changes."""
        counts = dict(zip(before.vocabulary, before.counts.tolist(), strict=True))
        for term, number in self._terms[kind].items():
            counts[term] = counts.get(term, 0) + number
        terms = sorted(term for term, number in counts.items() if number > 0)
        held = np.fromiter((counts[term] for term in terms), np.int64, len(terms))
        documents, length = before.documents + self._documents[kind], before.length + self._lengths[kind]
        return TermCounts(Vocabulary.of_sorted(terms), held, documents, length)


class Generation:
    """What one generation has: its articles in the order of their chunks, and the counts of its terms."""

    def __init__(self, number: int, arrays: Mapping[str, Array]) -> None:
        """The generation in these arrays; KeyError where one is missing."""
        self.number = number
        self.arrays = arrays
        self.ids = vocabulary_from_arrays("ids", arrays)
        self.first_chunks: Ids = arrays["first_chunks"]
        self.chunk_counts: Ids = arrays["chunk_counts"]
        self.sentences, self.headings = (_term_counts(kind, arrays) for kind in KINDS_OF_DOCUMENTS)
        self.next_chunk, self.next_section = arrays["next"].tolist()
        self.manifest = arrays["manifest"].tobytes()
        """A description of this generation, in JSON, for people."""
        self.file_states = arrays["states"].tobytes()
        """The lines of the states of the files; see `index.corpus.file_states`."""

    @classmethod
    def read(cls, number: int, content: bytes) -> Generation:
        """The generation in a file; SnapshotDamaged where it is none."""
        payload, checksum = content[:-CHECKSUM_BYTES], content[-CHECKSUM_BYTES:]
        try:
            if xxhash.xxh3_128_digest(payload) != checksum:
                payload = b""
            arrays = arrays_from_bytes(payload)
            found = cls(number, arrays) if arrays["format"].tolist() == [FORMAT] else None
        except (ValueError, KeyError, TypeError, IndexError):
            found = None
        if found is None:
            problem = f"The generation {number} of the cluster cannot be read."
            raise SnapshotDamaged(problem, "Run `verbatim cluster reindex`, or roll back.")
        return found

    @classmethod
    def empty(cls) -> Generation:
        """A generation without articles, before the first one."""
        none = TermCounts(Vocabulary.of(()), np.empty(0, np.int64), 0, 0)
        return cls.of(0, (), none, none, next_chunk=0, next_section=0)

    @classmethod
    def of(  # noqa: PLR0913  # all that a generation is made of
        cls,
        number: int,
        articles: Iterable[ArticleRow],
        sentences: TermCounts,
        headings: TermCounts,
        *,
        next_chunk: int,
        next_section: int,
        manifest: bytes = b"{}",
        file_states: bytes = b"",
    ) -> Generation:
        """The generation of these articles."""
        rows = sorted(articles, key=lambda row: row.first_chunk)
        names = sorted(range(len(rows)), key=lambda place: rows[place].id)
        at = np.array(names, np.int32)
        back = np.empty_like(at)
        back[at] = np.arange(len(at), dtype=np.int32)
        columns = list(zip(*rows, strict=True)) or [()] * len(ArticleRow._fields)
        _, blobs, *numbers, language, cited, lost, title, label, file, date = columns
        arrays = {
            "format": np.array([FORMAT]),
            **vocabulary_arrays("ids", Vocabulary.of_sorted([rows[place].id for place in names])),
            "id_articles": at,
            "id_rows": back,
            "blobs": np.frombuffer(b"".join(map(bytes.fromhex, blobs)), np.uint8).reshape(-1, 32),
            **{name: np.array(column, kind) for (name, kind), column in zip(NUMBERS.items(), numbers, strict=True)},
            **{
                name: np.array(column, kind)
                for (name, kind), column in zip(FACTS.items(), (language, cited, lost), strict=True)
            },
            "next": np.array([next_chunk, next_section], np.int64),
            "manifest": np.frombuffer(manifest, np.uint8),
            "states": np.frombuffer(file_states, np.uint8),
        }
        for name, texts in zip(TEXTS, (title, label, file, date), strict=True):
            arrays |= _texts(name, texts)
        for kind, counts in zip(KINDS_OF_DOCUMENTS, (sentences, headings), strict=True):
            arrays |= {
                **vocabulary_arrays(kind, counts.vocabulary),
                f"{kind}.counts": counts.counts,
                f"{kind}.totals": np.array([counts.documents, counts.length], np.int64),
            }
        return cls(number, arrays)

    def to_bytes(self) -> bytes:
        """The file of this generation."""
        payload = arrays_to_bytes(self.arrays)
        return payload + xxhash.xxh3_128_digest(payload)

    @property
    def articles(self) -> int:
        """Number of articles."""
        return len(self.first_chunks)

    def place_of(self, article_id: str) -> int | None:
        """The place of an article; None where none has this id."""
        row = self.ids.row_of(article_id)
        return None if row is None else int(self.arrays["id_articles"][row])

    def places_of(self, chunks: Ids) -> npt.NDArray[np.intp]:
        """The place of the article of each of these chunks; -1 for a chunk that this generation does not have."""
        places = np.searchsorted(self.first_chunks, chunks, "right") - 1
        inside = places >= 0
        inside[inside] &= chunks[inside] - self.first_chunks[places[inside]] < self.chunk_counts[places[inside]]
        return np.where(inside, places, -1)

    def place_of_chunk(self, chunk: int) -> int | None:
        """The place of the article of a chunk; None where this generation does not have it."""
        place = bisect_right(self._firsts, chunk) - 1
        return place if place >= 0 and chunk < self._firsts[place] + int(self.chunk_counts[place]) else None

    @cached_property
    def _firsts(self) -> array[int]:
        """`first_chunks`, as `bisect` is fast with them."""
        return array("i", self.first_chunks.tobytes())

    def id_at(self, place: int) -> str:
        """The id of an article."""
        return self.ids[int(self.arrays["id_rows"][place])]

    def blob_at(self, place: int) -> str:
        """The name of an article in the store."""
        return str(self.arrays["blobs"][place].tobytes().hex())

    def text_at(self, name: str, place: int) -> str:
        """One of `TEXTS` of an article."""
        starts = self.arrays[f"{name}.starts"]
        piece = self.arrays[name].data[int(starts[place]) : int(starts[place + 1])]
        return str(piece, "utf-8", SURROGATES)

    def title_terms_at(self, place: int) -> frozenset[str]:
        """The terms of an article's title."""
        joint = self.text_at("titles", place)
        return frozenset(joint.split(SEPARATOR)) if joint else frozenset()

    def row_at(self, place: int) -> ArticleRow:
        """An article with all that is listed of it."""
        first_chunk, chunks, first_section, sections = (int(self.arrays[name][place]) for name in NUMBERS)
        title, label, file, date = (self.text_at(name, place) for name in TEXTS)
        return ArticleRow(
            id=self.id_at(place),
            blob=self.blob_at(place),
            first_chunk=first_chunk,
            chunks=chunks,
            first_section=first_section,
            sections=sections,
            language=int(self.arrays["languages"][place]),
            cited=bool(self.arrays["cited"][place]),
            lost=int(self.arrays["lost"][place]),
            title=title,
            label=label,
            file=file,
            date=date,
        )

    def rows(self) -> Iterator[ArticleRow]:
        """All articles, in the order of their chunks."""
        return map(self.row_at, range(self.articles))

    @cached_property
    def ranks(self) -> Counts:
        """How many chunks the articles before each have, and at the end how many there are."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.chunk_counts, dtype=np.int64)])

    def sample(self, number: int, articles: Mask | None = None) -> Ids:
        """About so many chunks, ascending, from all of these articles."""
        kept = np.arange(self.articles) if articles is None else np.flatnonzero(articles)
        ranks = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.chunk_counts[kept], dtype=np.int64)])
        wanted = np.arange(0, ranks[-1], max(1, int(ranks[-1]) // number))
        places = np.searchsorted(ranks, wanted, "right") - 1
        found: Ids = (self.first_chunks[kept[places]] + wanted - ranks[places]).astype(np.int32)
        return np.sort(found)


def _term_counts(kind: str, arrays: Mapping[str, Array]) -> TermCounts:
    documents, length = arrays[f"{kind}.totals"].tolist()
    return TermCounts(vocabulary_from_arrays(kind, arrays), arrays[f"{kind}.counts"], documents, length)


def _texts(name: str, texts: Sequence[str]) -> dict[str, Array]:
    pieces = [text.encode("utf-8", SURROGATES) for text in texts]
    starts = np.cumsum(np.fromiter((0, *map(len, pieces)), np.int64), dtype=np.int64)
    return {name: np.frombuffer(b"".join(pieces), np.uint8), f"{name}.starts": starts}
