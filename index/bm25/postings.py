"""The postings of some chunks, as arrays: which chunks hold which terms how often, at six bytes a posting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.bm25.vocabulary import Vocabulary, vocabulary_arrays, vocabulary_in

Ids = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Keys = npt.NDArray[Any]
MANY_PAIRS = 2**16
CHUNK_BITS = 32
BLOCK = 2**16
DENSE = 2**22
"""Keys up to which a table of all of them is made."""


class Postings(NamedTuple):
    """An index as arrays. The postings of term i stand at `offsets[i]:offsets[i + 1]`, chunks ascending.

    What a posting adds to a score depends on nothing but its term, its frequency and the length of its chunk, so a
    posting keeps the number of that pair: a few hundred pairs occur. Their weights are worked out anew when the
    collection changes; the postings never are.
    """

    vocabulary: Vocabulary
    offsets: npt.NDArray[np.int64]
    chunks: Ids
    codes: Codes
    """The pair of each posting."""
    pairs: npt.NDArray[np.int32]
    """(frequency, length) of each code, two columns; ascending."""
    peaks: Codes
    """Of each term the pair of its highest frequency and its shortest chunk: no posting of it weighs more."""
    lengths: Ids
    """Terms in each chunk."""

    @property
    def nbytes(self) -> int:
        """Bytes that the postings take: chunks and pairs."""
        return self.chunks.nbytes + self.codes.nbytes

    def counts(self) -> npt.NDArray[np.int64]:
        """How many chunks hold each term."""
        return np.diff(self.offsets)

    @classmethod
    def of(cls, corpus: Iterable[Sequence[str]]) -> Postings:
        """The postings of tokenised text, the terms of a chunk at a time."""
        corpus = corpus if isinstance(corpus, list | tuple) else list(corpus)
        lengths = np.fromiter(map(len, corpus), np.int32, len(corpus))
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        total = int(lengths.sum(dtype=np.int64))
        said = np.fromiter(map(numbers.__getitem__, chain.from_iterable(corpus)), np.int32, total)
        strings = list(numbers)
        order = sorted(range(len(strings)), key=strings.__getitem__)
        rows = np.empty(len(strings), np.int64)
        rows[order] = np.arange(len(strings))
        keys = np.empty(total, np.int64)
        ends = np.cumsum(lengths, dtype=np.int64)
        for first in range(0, len(lengths), BLOCK):
            mine = lengths[first : first + BLOCK]
            end = int(ends[first + len(mine) - 1])
            some = slice(end - int(mine.sum(dtype=np.int64)), end)
            np.left_shift(rows[said[some]], CHUNK_BITS, out=keys[some])
            keys[some] |= np.repeat(np.arange(first, first + len(mine), dtype=np.int32), mine)
        keys.sort()
        keys, frequencies = _counted(keys)
        offsets = np.searchsorted(keys, np.arange(len(strings) + 1) << CHUNK_BITS).astype(np.int64)
        chunks = keys.astype(np.int32)  # the lower half
        return _coded(Vocabulary.of_sorted([strings[place] for place in order]), offsets, chunks, frequencies, lengths)

    def kept(self, kept: Mask) -> Postings:
        """The postings of the chunks that are kept, numbered anew in their order; terms that none of them holds go."""
        held = kept[self.chunks]
        ends = np.concatenate([[0], np.cumsum(held)])[self.offsets]
        rows = np.flatnonzero(np.diff(ends))
        strings = list(self.vocabulary)
        numbers = np.cumsum(kept, dtype=np.int32) - np.int32(1)
        return _coded(
            self.vocabulary if len(rows) == len(strings) else Vocabulary.of_sorted([strings[row] for row in rows]),
            np.append(ends[rows], ends[-1]).astype(np.int64),
            numbers[self.chunks[held]],
            self.pairs[self.codes[held], 0],
            self.lengths[kept],
        )


def postings_arrays(postings: Postings) -> dict[str, npt.NDArray[Any]]:
    """The arrays of postings by name, as they are kept in a file."""
    rest = {f"postings.{name}": array for name, array in zip(Postings._fields[1:], postings[1:], strict=True)}
    return vocabulary_arrays("vocabulary", postings.vocabulary) | rest


def postings_in(arrays: Mapping[str, npt.NDArray[Any]]) -> Postings:
    """The postings that these arrays hold, among others; KeyError where one is missing."""
    rest: Any = (arrays[f"postings.{name}"] for name in Postings._fields[1:])
    return Postings(vocabulary_in("vocabulary", arrays), *rest)


def joined(parts: Sequence[Postings]) -> Postings:
    """The postings of several collections as those of one: their chunks one after another."""
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
    return _coded(Vocabulary.of_sorted(strings), offsets, chunks, frequencies, lengths)


def _counted(keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Ids]:
    """The different keys of a sorted array, which is overwritten, and how often each occurs.

    A block at a time: whole arrays of millions, each used once, would take longer to be given memory than to be filled.
    """
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


def _coded(
    vocabulary: Vocabulary, offsets: npt.NDArray[np.int64], chunks: Ids, frequencies: Ids, lengths: Ids
) -> Postings:
    """The postings with the pair of each."""
    size = int(lengths.max(initial=0)) + 1
    highest = size * (int(frequencies.max(initial=0)) + 1)
    keys: Keys = lengths[chunks].astype(np.int32 if highest < DENSE else np.int64, copy=False)
    peaks: Keys = np.empty(0, keys.dtype)
    if len(chunks):  # each term has a posting, so no run is empty
        peaks = np.maximum.reduceat(frequencies, offsets[:-1]).astype(keys.dtype) * size
        peaks += np.minimum.reduceat(keys, offsets[:-1])
    for start in range(0, len(keys), BLOCK):
        keys[start : start + BLOCK] += frequencies[start : start + BLOCK].astype(keys.dtype) * size
    occurring = _distinct(keys, peaks, highest)
    kind = np.uint16 if len(occurring) <= MANY_PAIRS else np.uint32
    pairs = np.stack([occurring // size, occurring % size], axis=1).astype(np.int32)
    places = _places(keys, occurring, kind), _places(peaks, occurring, kind)
    for array in (offsets, chunks, *places, pairs, lengths):
        array.flags.writeable = False  # as those that are mapped from a file; a kernel is compiled once for both
    return Postings(vocabulary, offsets, chunks, places[0], pairs, places[1], lengths)


def _distinct(keys: Keys, peaks: Keys, highest: int) -> npt.NDArray[np.int64]:
    """The different keys of both, ascending; all of them are below `highest`."""
    if highest >= DENSE:
        return np.unique(np.concatenate([np.unique(keys), np.unique(peaks)])).astype(np.int64)
    seen = np.zeros(highest, np.bool_)
    seen[peaks] = True
    for start in range(0, len(keys), BLOCK):
        seen[keys[start : start + BLOCK]] = True
    return np.flatnonzero(seen)


def _places(keys: Keys, occurring: npt.NDArray[np.int64], kind: npt.DTypeLike) -> Codes:
    """Where each key stands among those that occur."""
    if not len(occurring) or int(occurring[-1]) >= DENSE:
        found: Codes = np.searchsorted(occurring, keys).astype(kind)
        return found
    places = np.zeros(int(occurring[-1]) + 1, kind)
    places[occurring] = np.arange(len(occurring), dtype=kind)
    codes: Codes = np.empty(len(keys), kind)
    for start in range(0, len(keys), BLOCK):
        codes[start : start + BLOCK] = places[keys[start : start + BLOCK]]
    return codes
