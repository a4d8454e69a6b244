"""The index manager publishes each next state of the index, whole, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.engine import Engine
from index.errors import FolderUnusable, SnapshotUnknown
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


def test_the_data_folder_is_not_among_the_articles(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(seeds)
    for data in (seeds, seeds / "data", seeds / "guide" / "data", tmp_path / "link" / "data"):
        with pytest.raises(FolderUnusable, match=r"is in the folder of articles .* VERBATIM_DATA"):
            IndexManager.open(seeds, data)
    manager = IndexManager.open(seeds, seeds / ".data")
    assert manager.scan().tree.folders == []
    assert IndexManager.open(seeds, seeds.parent).state.collection.articles == 2
