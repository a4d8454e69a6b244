"""`make bench`: a query to our index beside the same query to its peer, in turn, in one run.

Two tables: BM25 beside rank-bm25's own class, the same formula over the same tokens, the scores checked to agree; and a
question answered in full (candidates, ranking, decision) beside the plain BM25 query for its terms. Medians.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rank_bm25 import BM25Plus

from index.answering import answer_from
from index.bm25 import Bm25
from index.collection import Collection
from index.engine import Engine
from index.question import taken_apart
from tests.benchmarks.corpus import chunks, entries

SIZES = (30, 1_000, 10_000)
LARGE = 100_000
QUERIES = 60
SEED = 7
QUESTION = "Which {} did the {} say that {} and {} have?"
SEEDS = Path(__file__).parents[2] / "seeds"
ASKED = ("Who is the White House science and technology chief?", "Whose chips is the newest DeepSeek made for?")


def milliseconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - start) / 1e6


def against_rank_bm25(size: int, random: np.random.Generator) -> str:
    """One line of the first table."""
    made = chunks(size, random)
    build_ours = milliseconds(lambda: Bm25(made))
    build_theirs = milliseconds(lambda: BM25Plus(made, k1=1.2, b=0.5))
    ours, theirs = Bm25(made), BM25Plus(made, k1=1.2, b=0.5)
    timings = []
    for _ in range(QUERIES):
        query = [str(term) for term in random.choice(made[int(random.integers(size))], 3)]
        np.testing.assert_allclose(ours.get_scores(query), theirs.get_scores(query), rtol=1e-6)
        one = milliseconds(lambda q=query: ours.top(q, 10))  # type: ignore[misc]  # the query of this round
        other = milliseconds(lambda q=query: np.argsort(theirs.get_scores(q))[::-1][:10])  # type: ignore[misc]  # likewise
        timings.append((one, other))
    one, other = np.median(np.array(timings), axis=0)
    return f"{size:>9,} {one:>12.3f} {other:>12.3f} {other / one:>9.1f}x {build_ours / build_theirs:>11.2f}x"


def against_plain(collection: Collection, questions: Sequence[str]) -> str:
    """One line of the second table."""
    timings = []
    for text in questions:
        terms = taken_apart(text).asked
        plain = milliseconds(lambda t=terms: collection.bm25.top(t, 10))  # type: ignore[misc]  # the terms of this round
        whole = milliseconds(lambda q=text: answer_from(collection, q))  # type: ignore[misc]  # the question of this round
        timings.append((plain, whole))
    plain, whole = np.median(np.array(timings), axis=0)
    return f"{collection.sentences:>9,} {plain:>12.3f} {whole:>12.3f} {whole / plain:>9.1f}x"


def large(random: np.random.Generator) -> tuple[Collection, list[str]]:
    """A large collection, and questions of four of a sentence's words each."""
    made = chunks(LARGE, random)
    asked = [random.choice(made[int(random.integers(LARGE))], 4) for _ in range(QUERIES)]
    return Collection(entries(made)), [QUESTION.format(*said) for said in asked]


def main() -> None:
    """Print the tables."""
    random = np.random.default_rng(SEED)
    sys.stdout.write("sentences   Verbatim ms  rank-bm25 ms   faster  build time of rank-bm25's\n")
    for size in SIZES:
        sys.stdout.write(against_rank_bm25(size, random) + "\n")
    sys.stdout.write("\nsentences  plain BM25 ms  whole answer ms  ratio\n")
    with tempfile.TemporaryDirectory() as data:
        small = Engine.open(SEEDS, Path(data)).served.collection
    for text in ASKED:
        answer_from(small, text)  # what a start-up loads is not timed
    sys.stdout.write(against_plain(small, ASKED * 30) + "\n")
    sys.stdout.write(against_plain(*large(random)) + "\n")


main()
