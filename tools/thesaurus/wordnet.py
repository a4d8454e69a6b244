"""Parse WordNet's database files: synsets with words, pointers and glosses; senses by frequency; irregular forms.

The manual pages wndb(5WN), cntlist(5WN) and lexnames(5WN) describe the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
SYNTACTIC_MARKER = re.compile(r"\((?:a|p|ip)\)$")
EXAMPLES = re.compile(r'[;:,]?\s*"[^"]*"[^;]*')


class Pointer(NamedTuple):
    """An edge to another synset, with WordNet's symbol of the relation."""

    symbol: str
    target: int
    words: tuple[int, int] | None = None
    """The word of this synset and the one of the other that it holds between; None where it is between meanings."""


class Synset(NamedTuple):
    """A meaning: its words, its pointers, and its definition without the examples."""

    part_of_speech: str
    words: tuple[str, ...]
    pointers: tuple[Pointer, ...]
    definition: str
    file: int
    """The number of its lexicographer file, by what it is about: 15 is noun.location (lexnames(5WN))."""


class Sense(NamedTuple):
    """A meaning of a word: its synset's index, its rank among the word's senses from 1, its count in texts."""

    synset: int
    rank: int
    seen: int


class WordNet(NamedTuple):
    """The whole database; a synset is identified by its index in `synsets`."""

    synsets: tuple[Synset, ...]
    senses: dict[tuple[str, str], tuple[Sense, ...]]
    """By lower-cased lemma, with `_` for spaces, and part of speech."""
    irregular: dict[str, tuple[tuple[str, str], ...]]
    """Part of speech to pairs of irregular form and base form."""

    def uses(self, lemma: str) -> int:
        """How often the lemma occurs in WordNet's texts, in any part of speech."""
        return sum(sense.seen for part in FILES for sense in self.senses.get((lemma, part), ()))


def read(folder: Path) -> WordNet:
    """Read WordNet's data, index, count and exception files from this folder."""
    places: dict[tuple[str, str], int] = {}
    for part, name in FILES.items():
        for line in _lines(folder / f"data.{name}"):
            places[part, line[:8]] = len(places)
    synsets = tuple(
        _synset(line, part, places) for part, name in FILES.items() for line in _lines(folder / f"data.{name}")
    )
    counts = _counts(folder / "cntlist.rev")
    senses = {}
    for part, name in FILES.items():
        for line in _lines(folder / f"index.{name}"):
            fields = line.split()
            offsets = fields[-int(fields[2]) :]
            senses[fields[0], part] = tuple(
                Sense(places[part, offset], rank, counts.get((fields[0], part, rank), 0))
                for rank, offset in enumerate(offsets, 1)
            )
    irregular = {
        part: tuple(
            (fields[0], base) for fields in map(str.split, _lines(folder / f"{name}.exc")) for base in fields[1:]
        )
        for part, name in FILES.items()
    }
    return WordNet(synsets, senses, irregular)


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file without the indented licence at its top."""
    with path.open(encoding="utf-8") as file:
        yield from (line for line in file if not line.startswith(" "))


def _synset(line: str, part: str, places: dict[tuple[str, str], int]) -> Synset:
    data, _, gloss = line.partition(" | ")
    fields = data.split()
    words = int(fields[3], 16)
    after = 4 + 2 * words
    pointers = []
    for start in range(after + 1, after + 1 + 4 * int(fields[after]), 4):
        symbol, offset, kind, numbers = fields[start : start + 4]
        source, target = bytes.fromhex(numbers)
        between = (source - 1, target - 1) if source else None
        pointers.append(Pointer(symbol, places[kind, offset], between))
    return Synset(
        part,
        tuple(SYNTACTIC_MARKER.sub("", word) for word in fields[4:after:2]),
        tuple(pointers),
        EXAMPLES.sub("", gloss.strip()),
        int(fields[1]),
    )


def _counts(path: Path) -> dict[tuple[str, str, int], int]:
    counts: dict[tuple[str, str, int], int] = {}
    for line in _lines(path):
        key, rank, count = line.split()
        lemma, _, lexical = key.partition("%")
        counts[lemma, " nvara"[int(lexical[0])], int(rank)] = int(count)
    return counts
