"""Postings as arrays: which chunks have which terms how often, at six bytes per posting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.bm25.vocabulary import Vocabulary, vocabulary_arrays, vocabulary_from_arrays

Ids = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Keys = npt.NDArray[Any]
MANY_PAIRS = 2**16
CHUNK_BITS = 32
BLOCK = 2**16
DENSE = 2**22
"""Keys up to which a lookup table of all of them is built."""


class Postings(NamedTuple):
    """An inverted index as arrays. The postings of term i are at `offsets[i]:offsets[i + 1]`, chunks ascending.

    What a posting adds to a score depends only on its term, its frequency and the length of its chunk. A posting stores
    the code of its (frequency, length) pair, of which a few hundred occur. When the collection changes, only the
    weights of the pairs are computed again.
    """

    vocabulary: Vocabulary
    offsets: npt.NDArray[np.int64]
    chunks: Ids
    codes: Codes
    """The code of each posting's pair."""
    pairs: npt.NDArray[np.int32]
    """(frequency, length) of each code, two columns; ascending."""
    peaks: Codes
    """For each term, the code of its highest frequency and shortest chunk: no posting of it weighs more."""
    lengths: Ids
    """Length of each chunk for its score: the number of its terms, or of some of them."""

    @property
    def nbytes(self) -> int:
        """Bytes of the postings: chunks and codes."""
        return self.chunks.nbytes + self.codes.nbytes

    def counts(self) -> npt.NDArray[np.int64]:
        """Number of chunks that have each term."""
        return np.diff(self.offsets)

    @classmethod
    def of(cls, corpus: Iterable[Sequence[str]], lengths: Sequence[int] | None = None) -> Postings:
        """The postings of tokenised text, given as the terms of each chunk.

        `lengths` has the length of each chunk for its score, where that is not the number of its terms.
        """
        corpus = corpus if isinstance(corpus, list | tuple) else list(corpus)
        sizes = np.fromiter(map(len, corpus), np.int32, len(corpus))
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        total = int(sizes.sum(dtype=np.int64))
        said = np.fromiter(map(numbers.__getitem__, chain.from_iterable(corpus)), np.int32, total)
        strings = list(numbers)
        order = sorted(range(len(strings)), key=strings.__getitem__)
        rows = np.empty(len(strings), np.int64)
        rows[order] = np.arange(len(strings))
        keys = np.empty(total, np.int64)
        ends = np.cumsum(sizes, dtype=np.int64)
        for first in range(0, len(sizes), BLOCK):
            mine = sizes[first : first + BLOCK]
            end = int(ends[first + len(mine) - 1])
            some = slice(end - int(mine.sum(dtype=np.int64)), end)
            np.left_shift(rows[said[some]], CHUNK_BITS, out=keys[some])
            keys[some] |= np.repeat(np.arange(first, first + len(mine), dtype=np.int32), mine)
        keys.sort()
        keys, frequencies = _count_keys(keys)
        offsets = np.searchsorted(keys, np.arange(len(strings) + 1) << CHUNK_BITS).astype(np.int64)
        chunks = keys.astype(np.int32)  # the lower half
        counted = sizes if lengths is None else np.array(lengths, np.int32)
        return encode_postings(
            Vocabulary.of_sorted([strings[place] for place in order]), offsets, chunks, frequencies, counted
        )

    def select(self, mask: Mask) -> Postings:
        """The postings of the kept chunks, renumbered in order, without terms that none of them has."""
        held = mask[self.chunks]
        ends = np.concatenate([[0], np.cumsum(held)])[self.offsets]
        rows = np.flatnonzero(np.diff(ends))
        strings = list(self.vocabulary)
        numbers = np.cumsum(mask, dtype=np.int32) - np.int32(1)
        return encode_postings(
            self.vocabulary if len(rows) == len(strings) else Vocabulary.of_sorted([strings[row] for row in rows]),
            np.append(ends[rows], ends[-1]).astype(np.int64),
            numbers[self.chunks[held]],
            self.pairs[self.codes[held], 0],
            self.lengths[mask],
        )


def postings_arrays(postings: Postings, name: str = "postings") -> dict[str, npt.NDArray[Any]]:
    """The arrays of postings, as stored in a file: each with this name before its own."""
    rest = {f"{name}.{field}": array for field, array in zip(Postings._fields[1:], postings[1:], strict=True)}
    return vocabulary_arrays(_vocabulary_name(name), postings.vocabulary) | rest


def postings_from_arrays(arrays: Mapping[str, npt.NDArray[Any]], name: str = "postings") -> Postings:
    """The postings in these arrays; KeyError where one is missing."""
    rest: Any = (arrays[f"{name}.{field}"] for field in Postings._fields[1:])
    return Postings(vocabulary_from_arrays(_vocabulary_name(name), arrays), *rest)


def _vocabulary_name(name: str) -> str:
    return "vocabulary" if name == "postings" else f"{name}.vocabulary"


def concatenate_postings(parts: Sequence[Postings]) -> Postings:
    """Concatenate the postings of several collections: their chunks one after another."""
    if len(parts) == 1:
        return parts[0]
    held = [list(part.vocabulary) for part in parts]
    strings = sorted(set().union(*held))
    number = {string: row for row, string in enumerate(strings)}
    rows = [np.fromiter(map(number.__getitem__, terms), np.int64, len(terms)) for terms in held]
    counts = np.zeros(len(strings), np.int64)
    for part, mine in zip(parts, rows, strict=True):
        counts[mine] += part.counts()
    offsets = np.concatenate([[0], np.cumsum(counts)])
    chunks = np.empty(int(offsets[-1]), np.int32)
    frequencies = np.empty(int(offsets[-1]), np.int32)
    free, first = offsets[:-1].copy(), 0
    for part, mine in zip(parts, rows, strict=True):
        places = np.repeat(free[mine] - part.offsets[:-1], part.counts()) + np.arange(len(part.chunks))
        chunks[places] = part.chunks + np.int32(first)
        frequencies[places] = part.pairs[part.codes, 0]
        free[mine] += part.counts()
        first += len(part.lengths)
    lengths = np.concatenate([part.lengths for part in parts])
    return encode_postings(Vocabulary.of_sorted(strings), offsets, chunks, frequencies, lengths)


def _count_keys(keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Ids]:
    """Distinct keys of a sorted array, which is overwritten, and their counts; in blocks: big allocations are slow."""
    firsts = np.empty(len(keys) + 1, np.int32)
    number, before = 0, -1  # keys are not negative
    for start in range(0, len(keys), BLOCK):
        block = keys[start : start + BLOCK].copy()
        new = np.not_equal(block, np.concatenate([[before], block[:-1]]))
        before = block[-1]
        places = np.flatnonzero(new)
        firsts[number : number + len(places)] = places + start
        keys[number : number + len(places)] = block[places]
        number += len(places)
    firsts[number] = len(keys)
    return keys[:number], np.diff(firsts[: number + 1])


def encode_postings(
    vocabulary: Vocabulary, offsets: npt.NDArray[np.int64], chunks: Ids, frequencies: Ids, lengths: Ids
) -> Postings:
    """The postings with the code of each one's pair."""
    size = int(lengths.max(initial=0)) + 1
    highest = size * (int(frequencies.max(initial=0)) + 1)
    keys: Keys = lengths[chunks].astype(np.int32 if highest < DENSE else np.int64, copy=False)
    peaks: Keys = np.empty(0, keys.dtype)
    if len(chunks):  # each term has a posting, so no run is empty
        peaks = np.maximum.reduceat(frequencies, offsets[:-1]).astype(keys.dtype) * size
        peaks += np.minimum.reduceat(keys, offsets[:-1])
    for start in range(0, len(keys), BLOCK):
        keys[start : start + BLOCK] += frequencies[start : start + BLOCK].astype(keys.dtype) * size
    occurring = _distinct_keys(keys, peaks, highest)
    kind = np.uint16 if len(occurring) <= MANY_PAIRS else np.uint32
    pairs = np.stack([occurring // size, occurring % size], axis=1).astype(np.int32)
    places = _codes_of(keys, occurring, kind), _codes_of(peaks, occurring, kind)
    for array in (offsets, chunks, *places, pairs, lengths):
        array.flags.writeable = False  # like arrays mapped from a file, so that one compiled kernel fits both
    return Postings(vocabulary, offsets, chunks, places[0], pairs, places[1], lengths)


def _distinct_keys(keys: Keys, peaks: Keys, highest: int) -> npt.NDArray[np.int64]:
    """The distinct keys of both, ascending; all of them are below `highest`."""
    if highest >= DENSE:
        return np.unique(np.concatenate([np.unique(keys), np.unique(peaks)])).astype(np.int64)
    seen = np.zeros(highest, np.bool_)
    seen[peaks] = True
    for start in range(0, len(keys), BLOCK):
        seen[keys[start : start + BLOCK]] = True
    return np.flatnonzero(seen)


def _codes_of(keys: Keys, occurring: npt.NDArray[np.int64], kind: npt.DTypeLike) -> Codes:
    """Index of each key among those that occur."""
    if not len(occurring) or int(occurring[-1]) >= DENSE:
        found: Codes = np.searchsorted(occurring, keys).astype(kind)
        return found
    places = np.zeros(int(occurring[-1]) + 1, kind)
    places[occurring] = np.arange(len(occurring), dtype=kind)
    codes: Codes = np.empty(len(keys), kind)
    for start in range(0, len(keys), BLOCK):
        codes[start : start + BLOCK] = places[keys[start : start + BLOCK]]
    return codes
