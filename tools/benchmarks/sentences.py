"""Sentences to index and queries: synthetic by the Zipf–Mandelbrot law and reproducible, or read from a file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.analysis.analyzer import terms

VOCABULARY, EXPONENT, SHIFT = 200_000, 1.07, 2.7
LENGTH, SPREAD, SHORTEST = 13, 5, 3
"""Terms of a sentence: mean, standard deviation and minimum, as in news without stop words."""
SEED, ASKED_SEED = 7, 3
Corpus = list[list[str]]


class Kind(NamedTuple):
    """A kind of query, and how many of them are asked."""

    name: str
    fewest: int
    most: int
    rarer_half: bool
    number: int


KINDS = (
    Kind("2–6 words of a sentence", 2, 6, rarer_half=False, number=1000),
    Kind("the rarer half of such words", 2, 6, rarer_half=True, number=1000),
    Kind("10–14 words of a sentence", 10, 14, rarer_half=False, number=300),
)


def made(size: int) -> Corpus:
    """`size` synthetic sentences."""
    chance = np.random.default_rng(SEED)
    weights = 1 / (np.arange(VOCABULARY) + SHIFT) ** EXPONENT
    lengths = np.maximum(SHORTEST, chance.normal(LENGTH, SPREAD, size).astype(int))
    drawn = np.searchsorted(np.cumsum(weights / weights.sum()), chance.random(int(lengths.sum())))
    names = [f"w{rank}" for rank in range(VOCABULARY)]
    said = [names[rank] for rank in np.minimum(drawn, VOCABULARY - 1).tolist()]
    ends = np.cumsum(lengths).tolist()
    return [said[end - length : end] for end, length in zip(ends, lengths.tolist(), strict=True)]


def read(path: Path, size: int) -> Corpus:
    """The first `size` sentences of a file with one a line, analysed as articles are."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        found = ([term.term for term in terms(line)] for line, _ in zip(lines, range(size), strict=False))
        return [sentence for sentence in found if sentence]


def queries(corpus: Corpus, kind: Kind) -> Corpus:
    """The queries of a kind: distinct words, each query from one sentence."""
    chance = np.random.default_rng(ASKED_SEED)
    counts: dict[str, int] = {}
    for sentence in corpus[:: max(1, len(corpus) // 100_000)]:
        for word in sentence:
            counts[word] = counts.get(word, 0) + 1
    asked: Corpus = []
    while len(asked) < kind.number:
        words = sorted(set(corpus[int(chance.integers(len(corpus)))]))
        if len(words) < kind.fewest:
            continue
        number = min(len(words), int(chance.integers(kind.fewest, kind.most + 1)))
        drawn = [str(word) for word in chance.choice(words, number, replace=False)]
        if kind.rarer_half:
            drawn = sorted(drawn, key=lambda word: (counts.get(word, 0), word))[: max(1, number - number // 2)]
        asked.append(drawn)
    return asked
