"""The documents of a cluster's indices: one for each sentence, and one for each section with headings.

A document is never deleted while a kept generation has it: it says from which generation on it is found, and until
which one. Its id is its number, and no number is used twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import numpy as np

from index.analysis.languages import analyzed_as
from index.bm25.postings import Postings
from index.bm25.scorer import K1, B
from index.bm25.vocabulary import SURROGATES
from index.cluster.generation import ArticleRow
from index.collection.segment import Segment, unpacked
from index.collection.sentence_hashes import said_by_chunk

Document = dict[str, Any]
TERMS, LENGTH, NUMBER, ARTICLE, FROM, UNTIL, SAID, LANGUAGE, CITED = (
    "terms",
    "length",
    "number",
    "article",
    "from",
    "until",
    "said",
    "language",
    "cited",
)
"""The fields of a document."""
STORE = "store"
"""What the mapping of an index says of the store that it belongs to."""
FOREVER = 2**62
"""The `until` of what no generation has removed."""
MAX_TOKEN = 200
"""Bytes of a term that is written as it is; the analyzer cuts at 255 letters."""
HASHED = "\u241f"
"""Before the hash of a term that is too long, or that has white space: nothing is analysed so."""


def index_body(shards: int, replicas: int, store: str) -> dict[str, Any]:
    """The settings and the mapping of an index that belongs to a store, for its creation."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "refresh_interval": -1,  # the writer refreshes before it publishes
            "similarity": {"default": {"type": "BM25", "k1": K1, "b": B}},
        },
        "mappings": {
            "_meta": {STORE: store},
            "dynamic": "strict",
            "properties": {
                TERMS: {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
                LENGTH: {"type": "integer", "index": False, "doc_values": False},
                NUMBER: {"type": "integer"},
                ARTICLE: {"type": "keyword"},
                FROM: {"type": "long"},
                UNTIL: {"type": "long"},
                SAID: {"type": "keyword", "doc_values": False},
                LANGUAGE: {"type": "keyword", "doc_values": False},
                CITED: {"type": "boolean", "doc_values": False},
            },
        },
    }


def alive_in(generation: int) -> list[dict[str, Any]]:
    """The clauses that the documents of a generation fulfil."""
    return [{"range": {FROM: {"lte": generation}}}, {"range": {UNTIL: {"gt": generation}}}]


def token_of(term: str) -> str:
    """A term as one token of the analyzer."""
    encoded = term.encode("utf-8", SURROGATES)
    if len(encoded) <= MAX_TOKEN and encoded.decode("utf-8", "replace") == term and not any(map(str.isspace, term)):
        return term
    return HASHED + hashlib.sha256(encoded).hexdigest()


def sentence_documents(segment: Segment, row: ArticleRow, generation: int) -> Iterator[Document]:
    """The documents of an article's sentences."""
    said = said_by_chunk(segment.arrays, segment.chunk_count)
    for document, words in zip(
        _documents(segment.postings, row, row.first_chunk, generation), said.tolist(), strict=True
    ):
        yield {**document, SAID: f"{words:016x}"}


def heading_documents(segment: Segment, row: ArticleRow, generation: int) -> Iterator[Document]:
    """The documents of an article's sections."""
    return _documents(segment.headings, row, row.first_section, generation)


def _documents(postings: Postings, row: ArticleRow, first: int, generation: int) -> Iterator[Document]:
    held: list[list[str]] = [[] for _ in postings.lengths]
    tokens = [token_of(term) for term in postings.vocabulary]
    frequencies = postings.pairs[postings.codes, 0].tolist()
    rows = np.repeat(np.arange(len(tokens)), postings.counts()).tolist()
    for place, number, frequency in zip(rows, postings.chunks.tolist(), frequencies, strict=True):
        held[number] += repeat(tokens[place], frequency)
    known = {
        ARTICLE: row.id,
        FROM: generation,
        UNTIL: FOREVER,
        LANGUAGE: analyzed_as(unpacked(row.language)),
        CITED: row.cited,
    }
    for number, (terms, length) in enumerate(zip(held, postings.lengths.tolist(), strict=True)):
        yield {**known, NUMBER: first + number, TERMS: " ".join(terms), LENGTH: length}
