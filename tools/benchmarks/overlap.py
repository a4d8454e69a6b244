"""Precision and recall of the text that a system kept of a page: by words and by sentences."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import regex

from index.sentences import sentence_spans

WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
SHORT = 4
"""Shorter pieces may occur in a text by chance."""
RESAMPLED, SEED = 10_000, 7


class Scores(NamedTuple):
    """The scores of a page; None where the denominator is 0, as where nothing was kept."""

    word_precision: float | None
    word_recall: float | None
    sentence_precision: float | None
    sentence_recall: float | None


class Mean(NamedTuple):
    """A mean over pages with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    pages: int


def words(text: str) -> list[str]:
    """Runs of letters, marks and digits, normalised by NFKC and case-folded."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def sentences(text: str) -> list[str]:
    """The sentences of a text, as the product splits them."""
    return [text[start:end] for start, end in sentence_spans(text)]


class Words:
    """A text as one line of words, to search for pieces."""

    def __init__(self, pieces: Iterable[str]) -> None:
        """Join the pieces."""
        self.pieces = [joined for piece in pieces if (joined := " ".join(words(piece)))]
        self.line = f" {' '.join(self.pieces)} "
        self._alone = set(self.pieces)
        self._starts, self._ends = {0}, {0}
        place = 0
        for piece in self.pieces:
            self._starts.add(place)
            place += len(piece) + 1
            self._ends.add(place)

    def holds(self, piece: str) -> bool:
        """Whether the words of a piece are contiguous here; a short piece must be a piece of its own."""
        return piece in self._alone if piece.count(" ") + 1 < SHORT else f" {piece} " in self.line

    def cuts(self, piece: str) -> bool:
        """Whether every occurrence of a piece begins or ends inside one of the pieces here."""
        if piece.count(" ") + 1 < SHORT:
            return False
        place = self.line.find(f" {piece} ")
        found = place >= 0
        while place >= 0:
            if place in self._starts and place + len(piece) + 1 in self._ends:
                return False
            place = self.line.find(f" {piece} ", place + 1)
        return found


def scores(kept: Sequence[str], gold: Sequence[str]) -> Scores:
    """The scores of a page from the kept sentences and the sentences of the body, both in order.

    By words: the intersection of the two multisets over what was kept, and over the body. By sentences: a kept sentence
    is right where its words are contiguous in the body, and a sentence of the body is kept where its words are
    contiguous in what was kept; one of fewer than four words must be a whole sentence there.
    """
    ours, theirs = Words(kept), Words(gold)
    mine, body = Counter(ours.line.split()), Counter(theirs.line.split())
    both = (mine & body).total()
    return Scores(
        _share(both, mine.total()),
        _share(both, body.total()),
        _share(sum(map(theirs.holds, ours.pieces)), len(ours.pieces)),
        _share(sum(map(ours.holds, theirs.pieces)), len(theirs.pieces)),
    )


def halves(kept: Sequence[str], gold: Sequence[str]) -> list[str]:
    """The kept sentences that occur in the body and begin or end inside one of its sentences."""
    body = Words(gold)
    return [sentence for sentence in kept if body.cuts(" ".join(words(sentence)))]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def mean(values: Sequence[float | None]) -> Mean | None:
    """The mean of the pages that have a value, and its percentile bootstrap interval."""
    known = np.array([value for value in values if value is not None])
    if not len(known):
        return None
    drawn = np.random.default_rng(SEED).integers(len(known), size=(RESAMPLED, len(known)))
    low, high = np.percentile(known[drawn].mean(axis=1), (2.5, 97.5))
    return Mean(float(known.mean()), float(low), float(high), len(known))
