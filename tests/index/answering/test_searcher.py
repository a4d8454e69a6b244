"""A searcher answers from one collection, whatever the index has become since."""

from __future__ import annotations

from pathlib import Path

from index.answering.searcher import Searcher
from index.engine import Engine
from index.models import Verdict

QUESTION = "Who will build a dam?"


def test_a_searcher_goes_on_with_its_own_collection(engine: Engine, seeds: Path) -> None:
    searcher = Searcher(engine.collection)
    (seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will build a dam in the valley.\n")
    engine.reindex()
    assert engine.ask(QUESTION).verdict is not Verdict.NOT_FOUND
    assert searcher.ask(QUESTION).verdict is Verdict.NOT_FOUND


def test_each_searcher_has_a_cache_of_its_own(engine: Engine) -> None:
    searcher = Searcher(engine.collection)
    assert engine.ask("Who is Kratsios?") == searcher.ask("Who is Kratsios?")
    engine.clear_cache()
    assert not engine.is_cached("Who is Kratsios?")
    assert searcher.is_cached("Who is Kratsios?")
