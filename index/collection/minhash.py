"""MinHash signatures of articles, to find near-duplicates: over runs of five words (shingles).

Each of 128 places is the smallest hash of all runs under one hash function: the upper half of a * x + b modulo 2 ** 64,
with an odd a (multiply-shift; Dietzfelbinger et al., 1997). The share of equal places in two signatures estimates the
Jaccard similarity of their runs (Broder, 1997), within about 0.04. Words are hashed with XXH3, which gives the same on
every platform and in every process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import regex
import xxhash

from index.bm25.vocabulary import SURROGATES
from index.storage.mapped_arrays import Array

SIGNATURE_LENGTH = 128
BLOCK = 4096
"""Runs that are hashed at once: 4 MB of hashes."""
SHINGLE_LENGTH = 5
"""Words of a run."""
MIN_SENTENCES, MIN_WORDS = 3, 30
"""Smaller articles are not compared: what they share with another says nothing."""
SIGNATURES, COMPARED = "signatures", "compared"
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
FACTORS = np.array([0x9E3779B97F4A7C15**power % 2**64 for power in range(SHINGLE_LENGTH)], np.uint64)
"""Factors of the hashes of a run's words, so that their order counts."""
Hashes = npt.NDArray[np.uint64]
Signatures = npt.NDArray[np.uint32]


def _hash_coefficients(name: str) -> Hashes:
    """A number for each place, the same on every platform."""
    return np.array(
        [xxhash.xxh3_64_intdigest(f"{name} {place}".encode()) for place in range(SIGNATURE_LENGTH)], np.uint64
    )


MULTIPLIERS, ADDENDS = _hash_coefficients("multiplier") | np.uint64(1), _hash_coefficients("summand")
"""The hash functions. Changing them changes all signatures: then all articles must be read again."""


def signature_arrays(bodies: Iterable[Sequence[str]]) -> dict[str, Array]:
    """For articles with these sentences: their signatures, 128 per row, and whether they are long enough to compare."""
    known: dict[str, int] = {}
    signatures: list[Signatures] = []
    compared: list[bool] = []
    for sentences in bodies:
        words = [word for sentence in sentences for word in WORD.findall(sentence.casefold())]
        compared.append(len(sentences) >= MIN_SENTENCES and len(words) >= MIN_WORDS)
        signatures.append(_signature(_shingles(words, known) if compared[-1] else np.empty(0, np.uint64)))
    return {
        SIGNATURES: np.array(signatures, np.uint32).reshape(-1, SIGNATURE_LENGTH),
        COMPARED: np.array(compared, np.bool_),
    }


def _signature(runs: Hashes) -> Signatures:
    least = np.full(SIGNATURE_LENGTH, 2**32 - 1, np.uint64)
    for start in range(0, len(runs), BLOCK):
        hashes = (runs[start : start + BLOCK, np.newaxis] * MULTIPLIERS + ADDENDS) >> np.uint64(32)
        np.minimum(least, hashes.min(axis=0), out=least)
    return least.astype(np.uint32)


def _shingles(words: Sequence[str], known: dict[str, int]) -> Hashes:
    """The hashes of the runs of five among these words; `known` caches the hashes of words."""
    hashes = np.empty(len(words), np.uint64)
    for place, word in enumerate(words):
        if word not in known:
            known[word] = xxhash.xxh3_64_intdigest(word.encode("utf-8", SURROGATES))
        hashes[place] = known[word]
    windows = np.lib.stride_tricks.sliding_window_view(hashes, SHINGLE_LENGTH)
    runs: Hashes = np.unique((windows * FACTORS).sum(axis=1, dtype=np.uint64))
    return runs
