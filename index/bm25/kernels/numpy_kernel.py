"""The kernel in numpy alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.bm25.postings import Ids, Mask, Postings

Weights = npt.NDArray[np.float64]
SLACK = 1e-12
"""How far a sum in another order may be off, as a share."""
SAMPLE = 20_000
"""Chunks that are sampled for the n-th best score: that of a sample is never above that of all."""
LOOKUP = 8
"""Cost of finding a chunk among postings, as a multiple of walking over one of them."""


def best(
    postings: Postings,
    weights: Weights,
    rows: list[int],
    idfs: list[float],
    n: int,
    allowed: Mask | None,
    floor: float,
) -> tuple[Ids, Weights]:
    """The at most n best chunks; see `index.bm25.kernels.Kernel`."""
    bounds = np.array(idfs) * weights[postings.peaks[rows]]
    order = np.argsort(-np.array(idfs), kind="stable")
    rest = np.append(np.cumsum(bounds[order][::-1])[::-1], 0.0) * (1 + SLACK)
    scores = np.zeros(len(postings.lengths))
    touched: list[Ids] = []
    threshold, place = floor, 0
    while place < len(order) and rest[place] >= threshold:
        term = order[place]
        ids, codes = _postings_of(postings, rows[term])
        gains = idfs[term] * weights[codes]
        if allowed is not None:
            held = allowed[ids]
            ids, gains = ids[held], gains[held]
        before = scores[ids]
        gains += before
        scores[ids] = gains
        touched.append(ids[before == 0])
        threshold = max(threshold, _nth_best(gains, n))
        place += 1
    found = np.concatenate(touched) if touched else np.empty(0, np.int32)
    for later in range(place, len(order)):
        found = found[scores[found] + rest[later] >= threshold]
        term = order[later]
        _add(scores, found, *_postings_of(postings, rows[term]), idfs[term] * weights)
        threshold = max(threshold, _nth_best(scores[found], n))
    reached = scores[found]
    found, reached = found[reached >= threshold], reached[reached >= threshold]
    first = np.lexsort((found, -reached))[:n]
    return found[first], reached[first]


def _postings_of(postings: Postings, row: int) -> tuple[Ids, npt.NDArray[np.integer]]:
    held = slice(postings.offsets[row], postings.offsets[row + 1])
    return postings.chunks[held], postings.codes[held]


def _add(scores: Weights, found: Ids, ids: Ids, codes: npt.NDArray[np.integer], weights: Weights) -> None:
    """Add the weights of a term to the chunks that are still candidates."""
    if len(found) * LOOKUP > len(ids):
        held = scores[ids] > 0
        scores[ids[held]] += weights[codes[held]]
        return
    places = np.minimum(np.searchsorted(ids, found), len(ids) - 1)
    held = ids[places] == found
    scores[found[held]] += weights[codes[places[held]]]


def _nth_best(scores: Weights, n: int) -> float:
    """A score that n chunks reach; 0 where there are fewer."""
    some = scores[:SAMPLE]
    if len(some) < n:
        return 0.0
    return float(np.partition(some, len(some) - n)[len(some) - n]) * (1 - SLACK)
