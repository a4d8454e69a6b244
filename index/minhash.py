"""A signature an article, by which much alike ones are told: MinHash over runs of five words.

A place of a signature is the least hash of all runs under one of 128 hash functions: the upper half of a * x + b modulo
2 ** 64, with an odd a (multiply-shift; Dietzfelbinger et al., 1997).

The share of equal places in two signatures estimates the share of the runs of either that both hold (Jaccard; Broder,
1997), within some four hundredths. Words are hashed here, so that it is the same on every platform and at every run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import regex
import xxhash

from index.arrays import Array
from index.vocabulary import SURROGATES

PLACES = 128
BLOCK = 4096
"""Runs that are hashed at once: 4 MB of hashes."""
RUN = 5
"""Words of a run."""
SENTENCES_AT_LEAST, WORDS_AT_LEAST = 3, 30
"""What a shorter article shares with another says nothing."""
SIGNATURES, COMPARED = "signatures", "compared"
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
FACTORS = np.array([0x9E3779B97F4A7C15**power % 2**64 for power in range(RUN)], np.uint64)
"""What the hashes of a run's words are multiplied with, so that their order counts."""
Hashes = npt.NDArray[np.uint64]
Signatures = npt.NDArray[np.uint32]


def _numbers(name: str) -> Hashes:
    """A number for each place, the same everywhere."""
    return np.array([xxhash.xxh3_64_intdigest(f"{name} {place}".encode()) for place in range(PLACES)], np.uint64)


MULTIPLIERS, SUMMANDS = _numbers("multiplier") | np.uint64(1), _numbers("summand")
"""The hash functions. Others make other signatures: then all articles must be read anew."""


def signature_arrays(bodies: Iterable[Sequence[str]]) -> dict[str, Array]:
    """Of articles with these sentences: the signatures, a row of 128 each, and whether they are long enough."""
    known: dict[str, int] = {}
    signatures: list[Signatures] = []
    compared: list[bool] = []
    for sentences in bodies:
        words = [word for sentence in sentences for word in WORD.findall(sentence.casefold())]
        compared.append(len(sentences) >= SENTENCES_AT_LEAST and len(words) >= WORDS_AT_LEAST)
        signatures.append(_signature(_runs(words, known) if compared[-1] else np.empty(0, np.uint64)))
    return {
        SIGNATURES: np.array(signatures, np.uint32).reshape(-1, PLACES),
        COMPARED: np.array(compared, np.bool_),
    }


def _signature(runs: Hashes) -> Signatures:
    """The least hash of these runs under each function."""
    least = np.full(PLACES, 2**32 - 1, np.uint64)
    for start in range(0, len(runs), BLOCK):
        hashes = (runs[start : start + BLOCK, np.newaxis] * MULTIPLIERS + SUMMANDS) >> np.uint64(32)
        np.minimum(least, hashes.min(axis=0), out=least)
    return least.astype(np.uint32)


def _runs(words: Sequence[str], known: dict[str, int]) -> Hashes:
    """The hashes of the runs of five among these words; those of words that are known already are not made again."""
    hashes = np.empty(len(words), np.uint64)
    for place, word in enumerate(words):
        if word not in known:
            known[word] = xxhash.xxh3_64_intdigest(word.encode("utf-8", SURROGATES))
        hashes[place] = known[word]
    windows = np.lib.stride_tricks.sliding_window_view(hashes, RUN)
    runs: Hashes = np.unique((windows * FACTORS).sum(axis=1, dtype=np.uint64))
    return runs
