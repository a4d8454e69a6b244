"""Benchmark of an index in a search cluster beside the one in the data folder, over the same article files."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from index.analysis.question import parse_question
from index.cluster.address import ClusterSettings
from index.cluster.connection import connect, create_indices
from index.cluster.inspection import find_faults, status_of
from index.engine import Engine
from index.models import Answer
from tools.benchmarks.corpus import chunks
from tools.benchmarks.engine import ADDED, QUESTION, QUESTIONS, SEED, write_article, write_corpus
from tools.benchmarks.measuring import milliseconds

ENGINES = ("local", "cluster")
TIMES = 5
"""Articles that are added, one by one."""
CHECKED_UP_TO = 200_000
"""Sentences up to which every document of the cluster is compared with its article."""


def measured(size: int, shards: int, replicas: int) -> dict[str, Any]:
    """The figures for `size` sentences in milliseconds, bytes and articles a second, of both engines.

    The cluster is the one that the environment names; its indices get names of their own, and stay.
    """
    found = ClusterSettings.from_environment(os.environ)
    if found is None:
        message = "set VERBATIM_OPENSEARCH and VERBATIM_STORE"
        raise SystemExit(message)
    chance = np.random.default_rng(SEED)
    made = chunks(size + len(ENGINES) * TIMES * ADDED, chance)
    with tempfile.TemporaryDirectory() as place:
        settings = found._replace(prefix=f"{found.prefix}-{secrets.token_hex(4)}")
        if not settings.store.startswith("postgresql"):
            settings = settings._replace(store=str(Path(settings.store, settings.prefix)))
        cluster = connect(settings)
        create_indices(cluster, shards, replicas)
        seeds = Path(place, "seeds")
        seeds.mkdir()
        write_corpus(seeds, made[:size])
        engines: dict[str, Engine] = {}

        def open_local() -> None:
            engines["local"] = Engine.open(seeds, Path(place, "local"))

        def open_cluster() -> None:
            engines["cluster"] = Engine.open(seeds, Path(place, "cluster"), cluster=settings)

        reading = {"local": milliseconds(open_local), "cluster": milliseconds(open_cluster)}
        questions = [QUESTION.format(*chance.choice(made[int(chance.integers(size))], 4)) for _ in range(QUESTIONS)]
        figures: dict[str, Any] = {
            "articles": engines["local"].articles,
            "sentences": engines["local"].sentences,
            "reading": reading,
            "bytes": {"local": _size(Path(place, "local")), **_bytes_in(settings)},
            **_asked(engines, questions),
        }
        outside = Path(place)
        figures["adding"] = {}
        new = [made[start : start + ADDED] for start in range(size, len(made), ADDED)]
        for place_in, (name, engine) in enumerate(engines.items()):
            mine = [write_article(outside, f"{name}-{number}", said) for number, said in enumerate(new[place_in::2])]
            # Found by this process; by others once they have polled.
            figures["adding"][name] = float(np.median([milliseconds(partial(engine.add, [path])) for path in mine]))
        figures["faults"] = find_faults(connect(settings)) if size <= CHECKED_UP_TO else None
        return figures


def _bytes_in(settings: ClusterSettings) -> dict[str, int]:
    status = status_of(connect(settings))
    stored = {} if settings.store.startswith("postgresql") else {"store": _size(Path(settings.store))}
    return {"opensearch": sum(index.bytes for index in status.indices), **stored}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.stat().st_nlink == 1)


def _asked(engines: Mapping[str, Engine], questions: Sequence[str]) -> dict[str, Any]:
    """Times of both engines, question by question in turns, and how many answers are the same."""
    for engine in engines.values():
        engine.warm_up()
    candidates: dict[str, list[float]] = {name: [] for name in ENGINES}
    whole: dict[str, list[float]] = {name: [] for name in ENGINES}
    same = 0
    for question in questions:
        terms = parse_question(question).terms
        answers: list[Answer] = []
        for name in ENGINES:
            candidates[name].append(milliseconds(partial(engines[name].collection.bm25.search, terms, 10)))
            whole[name].append(milliseconds(partial(_ask, engines[name], question, answers)))
        same += answers[0] == answers[1]
    return {
        "same": same,
        "asked": len(questions),
        **{
            f"{kind}_p{share}": {name: float(np.percentile(times[name], share)) for name in ENGINES}
            for kind, times in (("candidates", candidates), ("whole", whole))
            for share in (50, 99)
        },
    }


def _ask(engine: Engine, question: str, answers: list[Answer]) -> None:
    answers.append(engine.ask(question))


def print_figures(found: Mapping[str, Any]) -> None:
    """Print the figures, one a line: local first, then the cluster."""
    articles, sentences = found["articles"], found["sentences"]
    sys.stdout.write(f"{articles:,} articles, {sentences:,} sentences\n")
    sys.stdout.write(f"answers that are the same: {found['same']} of {found['asked']}\n")
    rates = [1000 * articles / found["reading"][name] for name in ENGINES]
    sys.stdout.write(f"articles a second, read and indexed: {rates[0]:,.0f}, {rates[1]:,.0f}\n")
    for name, size in found["bytes"].items():
        sys.stdout.write(f"bytes a sentence, {name}: {size / sentences:,.0f}\n")
    for kind in ("candidates", "whole"):
        times = [found[f"{kind}_p{share}"][name] for name in ENGINES for share in (50, 99)]
        sys.stdout.write("{} p50 and p99, ms: {:.1f} and {:.1f}, {:.1f} and {:.1f}\n".format(kind, *times))
    adding = [found["adding"][name] for name in ENGINES]
    sys.stdout.write(f"an article of {ADDED} sentences added until it is found, ms: {adding[0]:.0f}, {adding[1]:.0f}\n")
    if found["faults"] is not None:
        sys.stdout.write(f"faults found: {found['faults'] or 'none'}\n")
