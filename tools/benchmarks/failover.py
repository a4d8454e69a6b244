"""`python -m tools.benchmarks.failover`: how long members wait while a node of a search cluster is down.

It starts three OpenSearch nodes of its own (`make opensearch` first) and asks different questions at a steady rate.
After a third of the time a node is killed, or with `--pause` stopped where it is; after two thirds it comes back.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.cluster.address import ClusterSettings
from index.engine import Engine
from index.errors import ClusterUnavailable
from tests.cluster.opensearch import OpenSearchCluster
from tools.benchmarks.corpus import chunks
from tools.benchmarks.engine import QUESTION, SEED, write_corpus

NODES = 3
THREADS = 4
"""Questions at once, as in the bot."""
WARM = 50
"""Questions before, which warm the nodes up."""


class Asked(NamedTuple):
    """One question."""

    due: float
    """Seconds since the start."""
    wait: float
    """Milliseconds from when it was due, and from when it was asked."""
    took: float
    answered: bool


def ask_steadily(engine: Engine, questions: list[str], rate: float) -> list[Asked]:
    """Ask so many questions a second."""
    start = time.perf_counter()

    def ask(number: int) -> Asked:
        due = start + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        began = time.perf_counter()
        try:
            engine.ask(questions[number])
            answered = True
        except ClusterUnavailable:
            answered = False
        end = time.perf_counter()
        return Asked(due - start, 1000 * (end - due), 1000 * (end - began), answered)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(ask, range(len(questions))))


def print_span(name: str, asked: list[Asked]) -> None:
    """Print what the questions of a span of time waited."""
    waits, took = [one.wait for one in asked], [one.took for one in asked]
    p50, p99 = np.percentile(waits, [50, 99])
    lost = sum(not one.answered for one in asked)
    sys.stdout.write(
        f"{name}: {len(asked)} questions, {lost} without an answer; wait p50 {p50:.0f} ms, p99 {p99:.0f} ms; "
        f"longest answer {max(took):.0f} ms\n"
    )


def measure(given: argparse.Namespace, cluster: OpenSearchCluster, place: Path) -> None:
    """Build the index, ask, and print the waits."""
    chance = np.random.default_rng(SEED)
    made = chunks(given.sentences, chance)
    seeds, store = place / "seeds", place / "store"
    seeds.mkdir()
    store.mkdir()
    write_corpus(seeds, made)
    engine = Engine.open(seeds, place / "data", cluster=ClusterSettings(",".join(cluster.urls), store=str(store)))
    cluster.wait_for_health("green", 300)
    number = WARM + int(given.rate * given.seconds)
    questions = [QUESTION.format(*chance.choice(made[int(chance.integers(len(made)))], 4)) for _ in range(number)]
    ask_steadily(engine, questions[:WARM], given.rate)
    times: list[float] = []

    def harm(started: float) -> None:
        steps: list[Callable[[int], None]] = (
            [cluster.pause, cluster.resume] if given.pause else [cluster.kill, cluster.restart]
        )
        for step in steps:
            time.sleep(given.seconds / 3)
            times.append(time.perf_counter() - started)
            step(0)

    harming = threading.Thread(target=harm, args=(time.perf_counter(),))
    harming.start()
    asked = ask_steadily(engine, questions[WARM:], given.rate)
    harming.join()
    down, back = times
    print_span("before", [one for one in asked if one.due < down])
    print_span("a node is down", [one for one in asked if down <= one.due < back])
    print_span("it starts again", [one for one in asked if back <= one.due])


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=20_000, help="so many made ones")
    parser.add_argument("--rate", type=float, default=4, help="questions a second")
    parser.add_argument("--seconds", type=float, default=90, help="how long is measured")
    parser.add_argument("--heap", default="512m", help="the heap of each node")
    parser.add_argument("--pause", action="store_true", help="stop the node where it is, in place of killing it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with OpenSearchCluster(place / "nodes", NODES, heap=given.heap, jvm_options=("-XX:+UseSerialGC",)) as cluster:
            measure(given, cluster, place)


if __name__ == "__main__":
    main()
