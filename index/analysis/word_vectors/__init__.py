"""Vectors of English words: the sum of a text's points about where an encoder of sentences puts the text.

So texts of like meaning have a cosine near 1, in whatever words. `python -m tools.word_vectors` makes the two files:
`words.txt` has a stem a line, the commonest first, so that few pages of the table are looked at; `vectors.npy` has a
row of signed bytes for each, of which only directions and ratios of lengths are used. The first line is empty and its
row zero: every text is given this row, so that none is without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from index.analysis.analyzer import WORD, normalise, stem

Rows = npt.NDArray[np.intp]
Vectors = npt.NDArray[np.float32]


class _Vocabulary(NamedTuple):
    """The stems of the table by their hashes: strings would take ten times the memory."""

    hashes: npt.NDArray[np.uint64]
    """Ascending."""
    rows: Rows


def stems_of(text: str) -> Iterator[str]:
    """The stems of a text's words, stop words included: *when* and *who* have a meaning, too."""
    return (stem(normalise(found.group())) for found in WORD.finditer(text))


def rows_of(stems: Iterable[str]) -> Rows:
    """The rows of these stems in the table, each once, ascending, after the zero row; unknown stems are left out."""
    vocabulary = _vocabulary()
    hashes = _hashes(("", *stems))
    indices = np.minimum(np.searchsorted(vocabulary.hashes, hashes), len(vocabulary.hashes) - 1)
    return np.unique(vocabulary.rows[indices[vocabulary.hashes[indices] == hashes]])


@lru_cache(maxsize=512)
def rows_of_text(text: str) -> Rows:
    """The rows of a text's words, after the zero row; kept, for titles and questions are looked up often."""
    return rows_of(stems_of(text))


def vectors_at(rows: Rows) -> Vectors:
    """The vectors at these rows: an array of shape (number of rows, 256)."""
    vectors: Vectors = _table()[rows].astype(np.float32)
    return vectors


def unit(vectors: Vectors) -> Vectors:
    """Vectors of length one in these directions; zero stays zero."""
    units: Vectors = vectors / lengths(vectors)
    return units


def lengths(vectors: Vectors) -> Vectors:
    """The lengths of vectors of shape (…, 256), above zero, of shape (…, 1)."""
    squares = np.einsum("...d,...d->...", vectors, vectors)
    found: Vectors = np.maximum(np.sqrt(squares)[..., None], np.finfo(np.float32).tiny)
    return found


def _hashes(stems: Iterable[str]) -> npt.NDArray[np.uint64]:
    return np.array([xxhash.xxh3_64_intdigest(stem.encode()) for stem in stems], np.uint64)


@cache
def _vocabulary() -> _Vocabulary:
    words = resources.files("index.analysis.word_vectors").joinpath("words.txt").read_text("utf-8")
    hashes = _hashes(words.split("\n")[:-1])
    rows = np.argsort(hashes)
    return _Vocabulary(hashes[rows], rows)


@cache
def _table() -> npt.NDArray[np.int8]:
    """vectors.npy, mapped: only the pages that are looked at take memory."""
    with resources.as_file(resources.files("index.analysis.word_vectors") / "vectors.npy") as path:
        table: npt.NDArray[np.int8] = np.load(path, mmap_mode="r", allow_pickle=False)
    return table
