"""The index manager publishes each next state of the index, whole, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.engine import Engine
from index.errors import SnapshotUnknown
from index.indexing.index_manager import IndexManager, IndexState


def test_each_next_state_is_published_once(seeds: Path, data: Path) -> None:
    manager = IndexManager.open(seeds, data)
    states: list[IndexState] = []
    manager.subscribe(states.append)
    (seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will build a dam in the valley.\n")
    assert manager.reindex(dry_run=True).added == ("dam",)
    assert states == []
    manager.reindex()
    assert manager.reindex().unchanged
    with pytest.raises(SnapshotUnknown):
        manager.rollback("no such snapshot")
    assert [state.collection.articles for state in states] == [3]
    manager.rollback()
    assert [state.collection.articles for state in states] == [3, 2]
    assert states[-1] is manager.state


def test_an_engine_counts_the_states_that_it_has_served(engine: Engine, seeds: Path) -> None:
    assert engine.generation == 0
    (seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will build a dam in the valley.\n")
    engine.reindex()
    assert (engine.generation, engine.articles, engine.contains("dam")) == (1, 3, True)
    assert engine.manifest
    assert engine.manifest.sentences == engine.sentences
    engine.reindex()
    assert engine.generation == 1
