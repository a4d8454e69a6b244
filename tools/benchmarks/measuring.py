"""Time engines side by side: each query goes to every engine in turn, so that noise affects all alike."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from index.bm25.scorer import Bm25
from tools.benchmarks.peers import Peer
from tools.benchmarks.sentences import Corpus

ROUNDS = 3
SLOW = 5.0
"""Milliseconds from which an engine gets the first block of queries only, once each."""
BLOCK = 50
WARM = 20
ADDED = 40
"""Sentences of the added article."""
READ = 2**28
"""Bytes read to measure the speed of memory."""
Figures = dict[str, Any]


def milliseconds(call: Callable[[], object]) -> float:
    """The duration of a call."""
    start = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - start) / 1e6


@contextmanager
def quiet() -> Iterator[None]:
    """Disable the garbage collector, which would hit engines at random."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def built(peers: Mapping[str, Peer], corpus: Corpus, folder: Path, rounds: int) -> dict[str, Figures]:
    """Build, save and load each engine `rounds` times, in turn; medians in milliseconds."""
    times: dict[str, dict[str, list[float]]] = {name: {"build": [], "save": [], "load": []} for name in peers}
    for _ in range(rounds):
        for name, peer in peers.items():
            with quiet():
                times[name]["build"].append(milliseconds(lambda p=peer: p.build(corpus, folder)))  # type: ignore[misc]  # binds the loop variable
            try:
                times[name]["save"].append(milliseconds(lambda p=peer: p.save(folder)))  # type: ignore[misc]  # as above
                times[name]["load"].append(milliseconds(lambda p=peer: p.load(folder)))  # type: ignore[misc]  # as above
            except NotImplementedError:
                continue
    return {
        name: {problem: float(np.median(taken)) if taken else None for problem, taken in some.items()}
        for name, some in times.items()
    }


def asked(peers: Mapping[str, Peer], queries: Corpus) -> dict[str, Figures]:
    """p50 and p99 of each engine in milliseconds; a query's time is the median of its rounds.

    A block of queries goes to one engine, then to the next, so that none finds the processor cache of another.
    """
    taken: dict[str, list[list[float]]] = {name: [] for name in peers}
    slow = {name: _asked(peer, queries[:WARM])[WARM // 2] > SLOW for name, peer in peers.items()}
    with quiet():
        for start in range(0, len(queries), BLOCK):
            block = queries[start : start + BLOCK]
            each: dict[str, list[list[float]]] = {name: [] for name in peers if start == 0 or not slow[name]}
            for round_ in range(ROUNDS):
                for name, rounds in each.items():
                    if round_ == 0 or not slow[name]:
                        rounds.append(_asked(peers[name], block))
            for name, rounds in each.items():
                taken[name].append(np.median(rounds, axis=0).tolist())
    found = {name: [one for block in blocks for one in block] for name, blocks in taken.items()}
    return {
        name: {"p50": float(np.median(some)), "p99": float(np.percentile(some, 99)), "queries": len(some)}
        for name, some in found.items()
    }


def _asked(peer: Peer, queries: Corpus) -> list[float]:
    """The duration of each query."""
    taken = []
    for query in queries:
        start = time.perf_counter_ns()
        peer.ask(query)
        taken.append((time.perf_counter_ns() - start) / 1e6)
    return taken


def added(peers: Mapping[str, Peer], sentences: Corpus, folder: Path, rounds: int) -> dict[str, float | None]:
    """The median time to add an article durably and find it, in milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in peers}
    for round_ in range(rounds):
        for name, peer in peers.items():
            new = [[*words, f"new{round_}"] for words in sentences[:ADDED]]
            try:
                times[name].append(milliseconds(lambda p=peer, s=new: (p.add(s, folder), p.ask(s[0]))))  # type: ignore[misc]  # binds the loop variables
            except NotImplementedError:
                continue
    return {name: float(np.median(some)) if some else None for name, some in times.items()}


def memory_of(name: str, queries: Corpus, folder: Path) -> float | None:
    """MiB of a separate process that loads an index and answers queries; None where it fails."""
    (folder / "queries.json").write_text(json.dumps(queries[:200]))
    command = [sys.executable, "-m", "tools.benchmarks.memory", name, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # this Python
    return float(told.stdout) if told.returncode == 0 else None


def memory_bound(index: Bm25, queries: Corpus) -> float:
    """The median time to read all postings of a query at the speed of memory, in milliseconds: a lower bound."""
    block = np.ones(READ // 8)
    rate = READ / min(milliseconds(block.sum) for _ in range(5))
    postings = index.views[0].postings
    size = postings.nbytes / max(1, len(postings.chunks))
    return float(np.median([sum(map(index.frequency, set(query))) * size / rate for query in queries]))


def agreement(
    peers: Mapping[str, Peer], queries: Sequence[Sequence[str]], reference: Callable[[Sequence[str]], Any]
) -> float:
    """The greatest relative difference of a top score from rank-bm25's."""
    worst = 0.0
    for query in queries:
        scores = reference(query)
        expected = np.sort(scores)[::-1][:10]
        for peer in peers.values():
            found = peer.ask(query)
            best = np.asarray(found[1])  # type: ignore[index]  # ours returns ids and scores
            worst = max(worst, float(np.max(np.abs(best / expected[: len(best)] - 1), initial=0)))
    return worst
