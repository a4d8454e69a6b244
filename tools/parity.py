"""`python -m tools.parity`: compare scores with rank-bm25, 1,000 queries on 100,000 sentences; takes some minutes.

Compares every score and the top ten of three indexes: built at once, grown by `extend`, shrunk by `discard`.
"""

from __future__ import annotations

import sys

import numpy as np
from rank_bm25 import BM25Plus

from index.bm25.scorer import Bm25

VOCABULARY = 30_000
SENTENCES, QUERIES, SEED = 100_000, 1_000, 7


def corpus_of(size: int, chance: np.random.Generator) -> list[list[str]]:
    """Sentences of Zipf-distributed words, some of them repeated."""
    lengths = np.maximum(3, chance.normal(13, 5, size).astype(int))
    words = np.minimum(chance.zipf(1.2, int(lengths.sum())), VOCABULARY)
    return [[f"w{word}" for word in part.tolist()] for part in np.split(words, np.cumsum(lengths)[:-1])]


def compare(size: int, queries: int, seed: int = SEED) -> float:
    """The greatest relative difference of two scores, over all queries, sentences and indexes."""
    chance = np.random.default_rng(seed)
    corpus = corpus_of(size, chance)
    extra = corpus_of(size // 10, chance)
    theirs = BM25Plus(corpus, k1=1.2, b=0.5)
    grown = Bm25(corpus[: size // 2])
    for start in range(size // 2, size, max(1, size // 7)):
        grown.extend(corpus[start : min(start + max(1, size // 7), size)])
    shrunk = Bm25([*corpus[: size // 3], *extra, *corpus[size // 3 :]])
    shrunk.discard(range(size // 3, size // 3 + len(extra)))
    ways = (Bm25(corpus), grown, shrunk)
    worst = 0.0
    for _ in range(queries):
        sentence = corpus[int(chance.integers(size))]
        query = [str(word) for word in chance.choice(sentence, min(len(sentence), int(chance.integers(1, 6))))]
        expected = theirs.get_scores(query)
        for index in ways:
            scores = index.get_scores(query)
            worst = max(worst, float(np.max(np.abs(scores - expected) / np.maximum(np.abs(expected), 1e-12))))
            chunks, best = index.search(query, 10)
            first = np.sort(expected[expected > index.baseline_score(query) * (1 + 1e-12)])[::-1][:10]
            np.testing.assert_allclose(best, first, rtol=1e-6)
            np.testing.assert_allclose(best, expected[chunks], rtol=1e-6)
    return worst


if __name__ == "__main__":
    found = compare(SENTENCES, QUERIES)
    sys.stdout.write(f"{QUERIES} queries on {SENTENCES} sentences: scores differ by {found:.1e} at most, as a share.\n")
