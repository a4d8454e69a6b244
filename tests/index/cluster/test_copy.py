"""While the cluster does not answer, the last snapshot in the data folder does, or a clear error says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.cluster.address import ClusterSettings
from index.collection.segment import Segment
from index.engine import Engine
from index.errors import ClusterUnavailable
from index.models import Verdict

from .made import NOBODY, TEXTS, entries, publish

QUESTION = "Who built the dam?"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def in_cluster(seeds: Path) -> Engine:
    """An engine whose generation is in its store, and whose search server does not answer."""
    publish(seeds.parent / "store", [Segment.of(entries())])
    settings = ClusterSettings(NOBODY, store=str(seeds.parent / "store"))
    return Engine.open(seeds, seeds.parent / "data", cluster=settings, build=False)


def test_without_a_snapshot_a_question_gets_a_clear_error(seeds: Path) -> None:
    engine = in_cluster(seeds)
    assert engine.is_remote
    assert engine.articles == len(TEXTS)
    engine.warm_up()
    for _ in range(2):
        with pytest.raises(ClusterUnavailable, match="does not answer"):
            engine.ask(QUESTION)
    assert engine.unanswered == 2
    assert engine.entry("dam").article.text == TEXTS["dam.txt"]


def test_the_last_snapshot_answers(seeds: Path) -> None:
    local = Engine.open(seeds, seeds.parent / "data")
    assert not local.is_remote
    engine = in_cluster(seeds)
    answer = engine.ask(QUESTION)
    assert answer.shown_quotes == local.ask(QUESTION).shown_quotes
    assert answer.verdict is not Verdict.NOT_FOUND
    [quote, *_] = answer.shown_quotes
    engine.prove(quote, quote.text)
    assert engine.search("dam") == local.search("dam")
    assert engine.unanswered == 1


def test_the_cluster_is_not_waited_for_by_each_question(seeds: Path) -> None:
    Engine.open(seeds, seeds.parent / "data")
    engine = in_cluster(seeds)
    assert engine.ask(QUESTION).shown_quotes
    assert engine.ask("What did the dam cost?").shown_quotes
    assert engine.unanswered == 1


def test_what_only_the_snapshot_says_is_proved_by_it(seeds: Path) -> None:
    (seeds / "dam.txt").write_text("The old pier\n\nThe pier of Lomma was built by Olof Dahl in 1820.\n", "utf-8")
    Engine.open(seeds, seeds.parent / "data")
    engine = in_cluster(seeds)
    [quote, *_] = engine.ask("Who built the pier of Lomma?").shown_quotes
    assert "Olof Dahl" in quote.text
    engine.prove(quote, quote.text)


def test_an_article_that_was_removed_since_is_not_quoted_from_the_snapshot(seeds: Path) -> None:
    (seeds / "old.txt").write_text("The old pier\n\nThe pier of Lomma was built by Olof Dahl in 1820.\n", "utf-8")
    Engine.open(seeds, seeds.parent / "data")
    engine = in_cluster(seeds)
    answer = engine.ask("Who built the pier of Lomma?")
    shown = (*answer.shown_quotes, *answer.nearest, *engine.search("pier Lomma Olof"))
    assert all(quote.article.id != "old" for quote in shown)
    assert engine.ask(QUESTION).shown_quotes
