"""`make bench`: a query to our index beside the same query to rank-bm25's own class, in turn, in one run.

Prints medians and their ratio for collections of several sizes. The corpus is made: words by Zipf's law, sentences as
long as in news. What is compared is the same formula over the same tokens; the scores are checked to agree.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from rank_bm25 import BM25Plus

from index.bm25 import Bm25

SIZES = (30, 1_000, 10_000)
QUERIES = 60
VOCABULARY = 30_000
SEED = 7


def corpus(size: int, random: np.random.Generator) -> list[list[str]]:
    """Chunks of terms: ranks by Zipf–Mandelbrot, lengths around thirteen terms."""
    weights = 1 / (np.arange(VOCABULARY) + 2.7) ** 1.07
    lengths = np.maximum(3, random.normal(13, 5, size).astype(int))
    ranks = random.choice(VOCABULARY, int(lengths.sum()), p=weights / weights.sum())
    words = [f"w{rank}" for rank in ranks]
    ends = np.cumsum(lengths)
    return [words[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)]


def milliseconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - start) / 1e6


def compare(size: int, random: np.random.Generator) -> str:
    """One line of the table."""
    chunks = corpus(size, random)
    build_ours = milliseconds(lambda: Bm25(chunks))
    build_theirs = milliseconds(lambda: BM25Plus(chunks, k1=1.2, b=0.5))
    ours, theirs = Bm25(chunks), BM25Plus(chunks, k1=1.2, b=0.5)
    timings = []
    for _ in range(QUERIES):
        query = [str(term) for term in random.choice(chunks[int(random.integers(size))], 3)]
        np.testing.assert_allclose(ours.get_scores(query), theirs.get_scores(query), rtol=1e-6)
        one = milliseconds(lambda q=query: ours.top(q, 10))  # type: ignore[misc]  # the query of this round
        other = milliseconds(lambda q=query: np.argsort(theirs.get_scores(q))[::-1][:10])  # type: ignore[misc]  # likewise
        timings.append((one, other))
    one, other = np.median(np.array(timings), axis=0)
    return f"{size:>9,} {one:>12.3f} {other:>12.3f} {other / one:>9.1f}x {build_ours / build_theirs:>11.2f}x"


def main() -> None:
    """Print the table."""
    random = np.random.default_rng(SEED)
    sys.stdout.write("sentences   Verbatim ms  rank-bm25 ms   faster  build time of rank-bm25's\n")
    for size in SIZES:
        sys.stdout.write(compare(size, random) + "\n")


main()
