"""Hashes of the sentences of a collection in ascending order, to find those with exactly the same words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import xxhash

from index.bm25.postings import Ids, Mask
from index.bm25.vocabulary import SURROGATES
from index.models import collapse_whitespace
from index.storage.mapped_arrays import Array

Hashes = npt.NDArray[np.uint64]
HASHES, CHUNKS = "said_hashes", "said_chunks"


def hash_of(text: str) -> np.uint64:
    """XXH3 of a sentence, white space folded: 64 bits, the same on every platform. On equal hashes, compare texts."""
    return np.uint64(xxhash.xxh3_64_intdigest(collapse_whitespace(text).encode("utf-8", SURROGATES)))


def hash_arrays(texts: Iterable[str]) -> dict[str, Array]:
    """Of chunks with these texts: their hashes, ascending, and the chunk of each."""
    return sorted_hashes(np.fromiter(map(hash_of, texts), np.uint64))


def merge_hash_arrays(
    parts: Sequence[Mapping[str, Array]], kept: Sequence[Mask], numbers: Sequence[npt.NDArray[np.integer]]
) -> dict[str, Array]:
    """Merge the arrays of several segments.

    For each segment, `kept` is True for each chunk that stays, and `numbers` has the new number of each chunk.
    """
    hashes, chunks = [], []
    for arrays, mine, moved in zip(parts, kept, numbers, strict=True):
        stays = mine[arrays[CHUNKS]]
        hashes.append(arrays[HASHES][stays])
        chunks.append(moved[arrays[CHUNKS][stays]])
    return _sorted_arrays(np.concatenate(hashes), np.concatenate(chunks))


def _sorted_arrays(hashes: Hashes, chunks: npt.NDArray[np.integer] | None) -> dict[str, Array]:
    order = np.argsort(hashes, kind="stable")
    return {HASHES: hashes[order], CHUNKS: (order if chunks is None else chunks[order]).astype(np.int32)}


def said_by_chunk(arrays: Mapping[str, Array], chunks: int) -> Hashes:
    """The hash of each chunk of a segment."""
    said = np.empty(chunks, np.uint64)
    said[arrays[CHUNKS]] = arrays[HASHES]
    return said


def sorted_hashes(hashes: Hashes) -> dict[str, Array]:
    """The arrays of chunks with these hashes."""
    return _sorted_arrays(hashes, None)


def chunks_with_hash(arrays: Mapping[str, Array], said: np.uint64) -> Ids:
    """The chunks of a segment whose words have this hash."""
    hashes = arrays[HASHES]
    found: Ids = arrays[CHUNKS][hashes.searchsorted(said) : hashes.searchsorted(said, "right")]
    return found
