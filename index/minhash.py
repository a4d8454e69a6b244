"""A signature an article, by which much alike ones are told: MinHash over runs of five words, by rensa.

The share of equal places in two signatures estimates the share of the runs of either that both hold (Jaccard; Broder,
1997), within some four hundredths. Words are hashed here, so that it is the same on every platform and at every run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import regex
import xxhash
from rensa import RMinHash

from index.arrays import Array
from index.vocabulary import SURROGATES

PLACES = 128
SEED = 5
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


def signature_arrays(bodies: Iterable[Sequence[str]]) -> dict[str, Array]:
    """Of articles with these sentences: the signatures, a row of 128 each, and whether they are long enough."""
    known: dict[str, int] = {}
    rows: list[Hashes] = []
    compared: list[bool] = []
    for sentences in bodies:
        words = [word for sentence in sentences for word in WORD.findall(sentence.casefold())]
        compared.append(len(sentences) >= SENTENCES_AT_LEAST and len(words) >= WORDS_AT_LEAST)
        rows.append(_runs(words, known) if compared[-1] else np.empty(0, np.uint64))
    ends = np.cumsum([0, *map(len, rows)], dtype=np.uint64)
    runs = np.concatenate([np.empty(0, np.uint64), *rows])
    made = RMinHash.digest_matrix_from_flat_token_hashes(runs, ends, PLACES, SEED).to_rows() if rows else []
    return {
        SIGNATURES: np.array(made, np.uint32).reshape(-1, PLACES),
        COMPARED: np.array(compared, np.bool_),
    }


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
