"""Benchmark of the whole engine: read article files, start, add an article, answer a question."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from rank_bm25 import BM25Plus

from index.analysis.analyzer import terms
from index.analysis.question import parse_question
from index.engine import Engine
from tools.benchmarks.corpus import chunks
from tools.benchmarks.measuring import milliseconds
from tools.benchmarks.memory import resident

AN_ARTICLE, A_PARAGRAPH, ADDED = 25, 3, 40
QUESTION = "Which {} did the {} say that {} and {} have?"
QUESTIONS, SEED, TIMES = 100, 7, 5
MAX_RANK_BM25 = 100_000


def write_article(folder: Path, name: str, said: list[list[str]]) -> Path:
    """Write sentences as one article file; by their first word the language is told without a model, as English is."""
    lines = [f"The {' '.join(words)}." for words in said]
    paragraphs = [" ".join(lines[at : at + A_PARAGRAPH]) for at in range(0, len(lines), A_PARAGRAPH)]
    path = folder / f"{name}.txt"
    path.write_text("\n\n".join([" ".join(said[0][:6]).capitalize(), *paragraphs]) + "\n")
    return path


def write_corpus(seeds: Path, said: list[list[str]]) -> None:
    """Write the sentences as article files."""
    for start in range(0, len(said), AN_ARTICLE):
        write_article(seeds, f"article-{start:07}", said[start : start + AN_ARTICLE])


def measured(size: int) -> dict[str, Any]:
    """The figures for `size` sentences, in milliseconds, MiB and articles per second."""
    chance = np.random.default_rng(SEED)
    made = chunks(size + TIMES * ADDED, chance)
    with tempfile.TemporaryDirectory() as place:
        seeds, data = Path(place, "seeds"), Path(place, "data")
        seeds.mkdir()
        write_corpus(seeds, made[:size])
        engine: Engine | None = None

        def build() -> None:
            nonlocal engine
            engine = Engine.open(seeds, data)

        reading = milliseconds(build)
        loading = [milliseconds(lambda: Engine.open(seeds, data, build=False)) for _ in range(5)]
        assert engine is not None
        questions = [QUESTION.format(*chance.choice(made[int(chance.integers(size))], 4)) for _ in range(QUESTIONS)]
        figures = {
            "sentences": engine.sentences,
            "articles": engine.articles,
            "reading": reading,
            "loading": float(np.median(loading)),
            **_asked(engine, questions, size),
            "memory": resident(),
        }
        outside = Path(place)
        said = [made[start : start + ADDED] for start in range(size, len(made), ADDED)]
        new = [write_article(outside, f"new-{number}", some) for number, some in enumerate(said)]
        figures["adding"] = float(np.median([milliseconds(lambda p=path: engine.add([p])) for path in new]))  # type: ignore[misc]  # binds the loop variable
        figures["nothing_new"] = milliseconds(engine.reindex)
        return figures


def _asked(engine: Engine, questions: list[str], size: int) -> dict[str, float | None]:
    collection = engine.collection
    engine.warm_up()
    asked = [parse_question(text).terms for text in questions]
    plain = [milliseconds(lambda q=query: collection.bm25.search(q, 10)) for query in asked]  # type: ignore[misc]  # as above
    whole = [milliseconds(lambda q=text: engine.ask(q)) for text in questions]  # type: ignore[misc]  # as above
    theirs = None
    if size <= MAX_RANK_BM25:
        index = BM25Plus([[term.term for term in terms(collection.text(chunk))] for chunk in collection.chunks()])
        theirs = float(np.median([milliseconds(lambda q=query: index.get_scores(q)) for query in asked[:20]]))  # type: ignore[misc]  # as above
    return {
        "plain_p50": float(np.median(plain)),
        "plain_p99": float(np.percentile(plain, 99)),
        "whole_p50": float(np.median(whole)),
        "whole_p99": float(np.percentile(whole, 99)),
        "rank_bm25_p50": theirs,
    }


def print_figures(found: Mapping[str, Any]) -> None:
    """Print the figures, one a line."""
    rate = 1000 * found["articles"] / found["reading"]
    sys.stdout.write(f"{found['articles']:,} articles, {found['sentences']:,} sentences\n")
    lines = {
        "read, cleaned, split, indexed, written": f"{found['reading'] / 1000:.1f} s, {rate:,.0f} articles a second",
        "a start from the snapshot": f"{found['loading']:.0f} ms",
        f"one article of {ADDED} sentences added, durable": f"{found['adding']:.0f} ms",
        "a reindexing that finds nothing new": f"{found['nothing_new']:.0f} ms",
        "plain query, p50 and p99": f"{found['plain_p50']:.3f} ms, {found['plain_p99']:.3f} ms",
        "whole answer, p50 and p99": f"{found['whole_p50']:.1f} ms, {found['whole_p99']:.1f} ms",
        "memory of the process that did all this": f"{found['memory']:.0f} MiB",
    }
    if found["rank_bm25_p50"]:
        lines["rank-bm25's plain query, p50"] = f"{found['rank_bm25_p50']:.1f} ms"
    for problem, figure in lines.items():
        sys.stdout.write(f"{problem}: {figure}\n")
