"""Sorted strings as arrays that can be mapped from a file: a string is decoded only on access."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, overload

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
SEPARATOR = "\n"
SURROGATES = "surrogatepass"
"""Any `str` can be a term, even an unpaired surrogate."""


class VocabularyArrays(NamedTuple):
    """The arrays of a vocabulary of n strings."""

    text: Bytes
    """The strings in ascending order, in UTF-8, a line feed after each."""
    starts: npt.NDArray[np.int64]
    """n + 1 offsets: string i is text[starts[i] : starts[i + 1] - 1]."""
    hashes: npt.NDArray[np.uint32]
    """CRC-32 of each string, ascending."""
    rows: npt.NDArray[np.int32]
    """The numbers of the strings, in the order of the hashes."""


class Vocabulary(Sequence[str]):
    """Distinct strings in ascending order; the number of a string is its index."""

    def __init__(self, words: VocabularyArrays) -> None:
        self.words = words
        self._text = words.text.data
        self._starts = words.starts
        self._hashes = words.hashes
        self._rows: dict[str, int | None] = {}

    @classmethod
    def of(cls, strings: Iterable[str]) -> Vocabulary:
        """The vocabulary of these strings."""
        return cls.of_sorted(sorted(set(strings)))

    @classmethod
    def of_sorted(cls, strings: Sequence[str]) -> Vocabulary:
        """The vocabulary of strings that are already distinct and in ascending order."""
        encoded = [string.encode("utf-8", SURROGATES) for string in strings]
        text = SEPARATOR.encode().join([*encoded, b""])
        starts = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)) + 1, out=starts[1:])
        hashes = np.fromiter(map(zlib.crc32, encoded), np.uint32, len(encoded))
        rows = np.argsort(hashes, kind="stable").astype(np.int32)
        return cls(VocabularyArrays(np.frombuffer(text, np.uint8), starts, hashes[rows], rows))

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            first, last, step = row.indices(len(self))
            return self._between(first, last) if step == 1 else [self[place] for place in range(first, last, step)]
        if not -len(self) <= row < len(self):
            message = f"there is no string {row} among {len(self)}"
            raise IndexError(message)
        row %= len(self)
        return str(self._text[self._starts[row] : self._starts[row + 1] - 1], "utf-8", SURROGATES)

    def __iter__(self) -> Iterator[str]:
        return iter(self._between(0, len(self)))

    def _between(self, first: int, last: int) -> list[str]:
        if first >= last:
            return []
        strings = str(self._text[self._starts[first] : self._starts[last] - 1], "utf-8", SURROGATES).split(SEPARATOR)
        # A string with `SEPARATOR` in it is rare, and shows in the number of pieces.
        return strings if len(strings) == last - first else [self[row] for row in range(first, last)]

    def __contains__(self, string: object) -> bool:
        return isinstance(string, str) and self.row_of(string) is not None

    def row_of(self, string: str) -> int | None:
        """The number of a string; None where it is not in the vocabulary."""
        try:
            return self._rows[string]
        except KeyError:
            return self._look_up(string)

    def _look_up(self, string: str) -> int | None:
        encoded = string.encode("utf-8", SURROGATES)
        wanted = zlib.crc32(encoded)
        place = int(self._hashes.searchsorted(np.uint32(wanted)))
        while place < len(self._hashes) and self._hashes[place] == wanted:
            row = int(self.words.rows[place])
            if self._text[self._starts[row] : self._starts[row + 1] - 1] == encoded:
                self._rows[string] = row  # only hits are cached, so that queries cannot fill the memory
                return row
            place += 1
        return None

    def rows_with_prefix(self, prefix: str) -> range:
        """The numbers of the strings with this prefix."""
        return range(self._lower_bound(prefix), self._lower_bound(prefix + chr(0x10FFFF)))

    def _lower_bound(self, string: str) -> int:
        """How many strings sort before this one."""
        wanted = string.encode("utf-8", SURROGATES)
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if bytes(self._text[self._starts[middle] : self._starts[middle + 1] - 1]) < wanted:
                low = middle + 1
            else:
                high = middle
        return low


def vocabulary_arrays(name: str, vocabulary: Vocabulary) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a vocabulary by name, as stored in a file."""
    arrays: Any = vocabulary.words
    return {f"{name}.{part}": array for part, array in zip(VocabularyArrays._fields, arrays, strict=True)}


def vocabulary_from_arrays(name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Vocabulary:
    """The vocabulary of this name in these arrays; KeyError where one is missing."""
    return Vocabulary(VocabularyArrays(*(arrays[f"{name}.{part}"] for part in VocabularyArrays._fields)))
