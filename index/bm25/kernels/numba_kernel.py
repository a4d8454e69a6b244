"""The kernel compiled by numba, window by window of chunks, so that the scores being summed stay in the CPU cache.

Indices are unsigned throughout: numba then leaves out the code that makes a negative index count from the end.
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from index.bm25.postings import Ids, Mask, Postings

Weights = npt.NDArray[np.float64]
WINDOW_BITS = 15
WINDOW = 1 << WINDOW_BITS
SAMPLE = 2048
"""Postings of a term that are sampled for the n-th best weight, before anything is summed."""
LOOKUP = 64
"""Cost of finding a chunk among postings, as a multiple of walking over one of them."""
SLACK = 1e-12
"""How far a sum in another order may be off, as a share."""
TINY = 1e-300
U: Any = np.uintp
NO_FILTER = np.empty(0, np.bool_)


class Scratch(NamedTuple):
    """Buffers of a thread: scores, all zero between two calls, and the remaining candidate chunks."""

    scores: Weights
    found: npt.NDArray[np.uint32]


_threads = threading.local()


def _scratch() -> Scratch:
    if not hasattr(_threads, "scratch"):
        _threads.scratch = Scratch(np.zeros(WINDOW), np.empty(WINDOW + 1, np.uint32))
    scratch: Scratch = _threads.scratch
    return scratch


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
    scratch = _scratch()
    n = min(n, len(postings.lengths))
    found, scores = np.empty(n, np.int32), np.empty(n)
    number = _best(
        postings.offsets, postings.chunks, postings.codes, postings.peaks, weights,
        np.array(rows, np.uint64), np.array(idfs, np.float64), max(floor, TINY),
        NO_FILTER if allowed is None else allowed,
        scratch.scores, scratch.found, found, scores,
    )  # fmt: skip
    return found[:number], scores[:number]


def _compiled(function: Any) -> Any:
    """Compile on the first call, and cache the result beside the source or in the user's cache where possible."""
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no writable folder
        return numba.njit(nogil=True)(function)


@_compiled
def _ranks_below(score: float, chunk: int, other: float, others: int) -> bool:
    return score < other or (score == other and chunk > others)


@_compiled
def _sift_down(scores: Weights, chunks: Ids, size: int) -> None:
    """Sift the root of a heap of `size` down to its place; the worst is on top."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            return
        if child + 1 < size and _ranks_below(scores[child + 1], chunks[child + 1], scores[child], chunks[child]):
            child += 1
        if not _ranks_below(scores[child], chunks[child], scores[place], chunks[place]):
            return
        scores[child], scores[place] = scores[place], scores[child]
        chunks[child], chunks[place] = chunks[place], chunks[child]
        place = child


@_compiled
def _push_bounded(scores: Weights, chunks: Ids, size: int, score: float, chunk: int) -> int:
    """Push a chunk onto the heap of the best, replacing the worst where it is full; returns the heap's size."""
    if size == len(scores):
        if not _ranks_below(score, chunk, scores[0], chunks[0]):
            scores[0], chunks[0] = score, chunk
            _sift_down(scores, chunks, size)
        return size
    place = size
    scores[place], chunks[place] = score, chunk
    while place > 0:
        parent = (place - 1) >> 1
        if not _ranks_below(scores[place], chunks[place], scores[parent], chunks[parent]):
            break
        scores[parent], scores[place] = scores[place], scores[parent]
        chunks[parent], chunks[place] = chunks[place], chunks[parent]
        place = parent
    return size + 1


@_compiled
def _search(chunks: Ids, low: Any, high: Any, wanted: int) -> Any:
    """The first place in [low, high) whose chunk is not below the wanted one; high where there is none."""
    while low < high:
        middle = (low + high) >> U(1)
        if chunks[middle] < wanted:
            low = middle + U(1)
        else:
            high = middle
    return low


@_compiled
def _gallop(chunks: Ids, low: Any, high: Any, wanted: int) -> Any:
    """Like `_search`, but fast where the place is near `low`."""
    step = U(1)
    while low + step < high and chunks[low + step] < wanted:
        low += step
        step <<= U(1)
    return _search(chunks, low, min(high, low + step), wanted)


@_compiled
def _guaranteed_weight(
    codes: Any, weights: Weights, chunks: Ids, start: Any, end: Any, allowed: Mask, highest: Weights
) -> float:
    """A weight that as many of these postings reach as `highest` has places; 0 where there are fewer."""
    size, n = 0, len(highest)
    place = start
    while place < end:
        weight = weights[codes[place]]
        may = len(allowed) == 0 or allowed[U(chunks[place])]
        place += U(1)
        if not may:
            continue
        if size < n:
            at = size
            size += 1
            while at > 0 and highest[at - 1] > weight:
                highest[at] = highest[at - 1]
                at -= 1
            highest[at] = weight
        elif weight > highest[0]:
            at = 0
            while at + 1 < n and highest[at + 1] < weight:
                highest[at] = highest[at + 1]
                at += 1
            highest[at] = weight
    return highest[0] if size == n else 0.0


@_compiled
def _add(
    codes: Any, weights: Weights, chunks: Ids, place: Any, end: Any, first: int, scores: Weights, idf: float
) -> Any:
    """Add the weights of the postings in a window to the scores; returns the place of the first posting after it."""
    after = first + WINDOW
    while place < end:
        chunk = chunks[place]
        if chunk >= after:
            break
        scores[U(chunk - first)] += idf * weights[codes[place]]
        place += U(1)
    return place


@_compiled
def _best(  # noqa: C901, PLR0912, PLR0915  # one loop nest: calls within it cost more than they explain
    offsets: Any, chunks: Ids, codes: Any, peaks: Any, weights: Weights,
    rows: Any, idfs: Weights, threshold: float, allowed: Mask,
    scores: Weights, found: Any, best_chunks: Ids, best_scores: Weights,
) -> int:  # fmt: skip
    n, terms, filtered = len(best_chunks), len(rows), len(allowed) > 0
    idf, order = np.empty(terms), np.empty(terms, np.int64)
    for term in range(terms):
        at = term
        while at > 0 and idf[at - 1] < idfs[term]:
            idf[at], order[at] = idf[at - 1], order[at - 1]
            at -= 1
        idf[at], order[at] = idfs[term], term
    bounds = np.empty(terms)
    for term in range(terms):
        bounds[term] = idf[term] * weights[peaks[rows[order[term]]]]
    rest = np.zeros(terms + 1)
    for term in range(terms - 1, -1, -1):
        rest[term] = rest[term + 1] + bounds[term] * (1 + SLACK)
    places, starts, ends = np.empty(terms, U), np.empty(terms, U), np.empty(terms, U)
    last = -1
    highest = np.empty(n)
    for term in range(terms):
        row = rows[order[term]]
        places[term], ends[term] = U(offsets[row]), U(offsets[row + U(1)])
        last = max(last, chunks[ends[term] - U(1)])
        if bounds[term] > threshold:
            end = min(ends[term], places[term] + U(SAMPLE))
            sure = _guaranteed_weight(codes, weights, chunks, places[term], end, allowed, highest)
            threshold = max(threshold, sure * idf[term] * (1 - SLACK))
    size = 0
    # The first `leading` terms find chunks; the others are only looked up for those.
    leading = terms
    while True:
        while leading > 0 and rest[leading - 1] < threshold:
            leading -= 1
        following = last + 1
        for term in range(leading):
            if places[term] < ends[term]:
                following = min(following, chunks[places[term]])
        if following > last:
            break
        first = (following >> WINDOW_BITS) << WINDOW_BITS
        for term in range(leading):
            starts[term] = places[term]
            places[term] = _add(codes, weights, chunks, places[term], ends[term], first, scores, idf[term])
        # List the chunks that the rest can lift, and turn their scores negative so that none is listed twice.
        number = U(0)
        enough = max(threshold - rest[leading], TINY)
        for term in range(leading):
            place = starts[term]
            while place < places[term]:
                at = U(chunks[place] - first)
                score = scores[at]
                hit = score >= enough
                if filtered and hit:
                    hit = allowed[U(chunks[place])]
                found[number] = at
                number += U(hit)
                scores[at] = -score if hit else min(score, 0.0)
                place += U(1)
        for term in range(leading, terms):
            if number == U(0):
                break
            start = _gallop(chunks, places[term], ends[term], first)
            end = _gallop(chunks, start, ends[term], first + WINDOW)
            places[term] = end
            if number * U(LOOKUP) > end - start:
                while start < end:
                    at = U(chunks[start] - first)
                    if scores[at] < 0.0:
                        scores[at] -= idf[term] * weights[codes[start]]
                    start += U(1)
            else:
                for one in range(number):
                    at = found[one]
                    chunk = first + np.int64(at)
                    place = _search(chunks, start, end, chunk)
                    if place < end and chunks[place] == chunk:
                        scores[at] -= idf[term] * weights[codes[place]]
            left = U(0)
            for one in range(number):
                at = found[one]
                found[left] = at
                hit = threshold - rest[term + 1] <= -scores[at]
                left += U(hit)
                if not hit:
                    scores[at] = 0.0
            number = left
        for one in range(number):
            at = found[one]
            score = -scores[at]
            scores[at] = 0.0
            if score >= threshold:
                size = _push_bounded(best_scores, best_chunks, size, score, first + np.int64(at))
                if size == n:
                    threshold = max(threshold, best_scores[0])
    # Heapsort: pop the worst first, into the place that becomes free at the heap's end.
    for left in range(size - 1, 0, -1):
        best_scores[0], best_scores[left] = best_scores[left], best_scores[0]
        best_chunks[0], best_chunks[left] = best_chunks[left], best_chunks[0]
        _sift_down(best_scores, best_chunks, left)
    return size
