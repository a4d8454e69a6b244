"""`make bench`: compare our index with rank-bm25, bm25s, tantivy and SQLite's FTS5, on the same terms, in one run.

`--sizes`, `--corpus FILE` (one sentence a line), `--json FILE`, `--plots FOLDER`; `--engine N` measures the whole
engine over article files instead, `--cluster N` also an index in a search cluster.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.cluster.connection import REPLICAS, SHARDS
from tools.benchmarks import cluster, engine, measuring, sentences
from tools.benchmarks.peers import NAMES, Peer, RankBm25, Verbatim, peer, size_of, versions
from tools.benchmarks.report import draw, print_size

SIZES = (10_000, 100_000, 1_000_000)
MAX_RANK_BM25 = 100_000
ROUNDS, ROUNDS_LARGE, LARGE = 5, 3, 500_000
CHECKED = 5


def engines(size: int) -> dict[str, Peer]:
    """The installed engines that are fast enough at this size."""
    found: dict[str, Peer] = {}
    for name in NAMES:
        if name == RankBm25.name and size > MAX_RANK_BM25:
            sys.stderr.write(f"{name} is not asked at {size:,} sentences: a query scans them all.\n")
            continue
        try:
            found[name] = peer(name)
        except ImportError:
            sys.stderr.write(f"{name} is not measured: its package is not installed. `make bench` installs it.\n")
    return found


def run_of(corpus: sentences.Corpus, folder: Path) -> dict[str, Any]:
    """All measurements of one size."""
    peers = engines(len(corpus))
    build = measuring.built(peers, corpus, folder, ROUNDS if len(corpus) < LARGE else ROUNDS_LARGE)
    run: dict[str, Any] = {"sentences": len(corpus), "terms": sum(map(len, corpus)), "build": build, "asked": {}}
    ours = {name: one for name, one in peers.items() if isinstance(one, Verbatim)}
    index = next(iter(ours.values())).index
    for kind in sentences.KINDS:
        queries = sentences.queries(corpus, kind)
        run["asked"][kind.name] = {
            "engines": measuring.asked(peers, queries),
            "memory_bound": measuring.memory_bound(index, queries),
        }
        if isinstance(reference := peers.get(RankBm25.name), RankBm25):
            _check(measuring.agreement(ours, queries[:CHECKED], reference.index.get_scores))
    saved = [name for name in peers if build[name]["save"] is not None]
    run["memory"] = {name: measuring.memory_of(name, queries, folder) for name in saved}
    run["bytes_a_posting"] = index.views[0].postings.nbytes / max(1, len(index.views[0].postings.chunks))
    run["bytes_on_disk"] = {name: size_of(folder, name) for name in saved}
    run["add"] = measuring.added(peers, corpus, folder, ROUNDS)
    return run


def _check(difference: float) -> None:
    if difference > 1e-6:  # the difference that the index promises
        message = f"our scores differ from rank-bm25's by {difference:.1e}, as a share"
        raise SystemExit(message)


def main() -> None:
    """Measure, print, and write the files asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of sentences, with commas between")
    parser.add_argument("--corpus", type=Path, help="a text file, a sentence a line; made sentences without it")
    parser.add_argument("--json", type=Path, help="where to write all figures")
    parser.add_argument("--plots", type=Path, help="a folder to draw into")
    parser.add_argument("--engine", type=int, help="measure the whole engine, over articles of so many sentences")
    parser.add_argument(
        "--cluster", type=int, help="the same in the cluster of the environment, beside the local index"
    )
    parser.add_argument("--shards", type=int, default=SHARDS, help="primary shards of each of its indices")
    parser.add_argument("--replicas", type=int, default=REPLICAS, help="further copies of each shard")
    given = parser.parse_args()
    if given.cluster:
        of_both = cluster.measured(given.cluster, given.shards, given.replicas)
        cluster.print_figures(of_both)
        if given.json:
            given.json.write_text(json.dumps(of_both, indent=1) + "\n", "utf-8")
        return
    if given.engine:
        found: Mapping[str, Any] = engine.measured(given.engine)
        engine.print_figures(found)
    else:
        runs = []
        for size in map(int, given.sizes.split(",")):
            corpus = sentences.read(given.corpus, size) if given.corpus else sentences.made(size)
            with tempfile.TemporaryDirectory() as folder:
                runs.append(run_of(corpus, Path(folder)))
            print_size(runs[-1])
        found = {"versions": versions(), "runs": runs}
        if given.plots:
            draw(given.plots, runs)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
