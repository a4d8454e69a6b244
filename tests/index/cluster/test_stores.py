"""A store gives back what was put into it, or says that it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.cluster.stores import FolderStore, hash_of
from index.errors import ClusterUnavailable, FolderUnusable, IndexBusy, SnapshotDamaged

CONTENT = b"an article" * 100
NAME = hash_of(CONTENT)


def test_a_store_gives_back_what_was_put_into_it(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    assert store.current() is None
    assert store.generations() == ()
    store.put({NAME: CONTENT})
    store.put({NAME: CONTENT})
    assert store.get([NAME]) == {NAME: CONTENT}
    assert list(store.names()) == [NAME]
    for number in (2, 10):
        store.publish(number, f"generation {number}".encode())
        assert store.current() == number
    assert store.generations() == (2, 10)
    store.serve(2)
    assert store.current() == 2
    assert store.read(10) == b"generation 10"
    store.forget(10)
    store.delete([NAME])
    assert (store.generations(), list(store.names())) == ((2,), [])


@pytest.mark.parametrize("damage", [b"", b"nothing", None])
def test_an_altered_article_is_refused(tmp_path: Path, damage: bytes | None) -> None:
    store = FolderStore(tmp_path)
    store.put({NAME: CONTENT, hash_of(b"other"): b"other"})
    path = tmp_path / "articles" / NAME[:2] / NAME
    other = tmp_path / "articles" / hash_of(b"other")[:2] / hash_of(b"other")
    path.write_bytes(other.read_bytes() if damage is None else damage)
    with pytest.raises(SnapshotDamaged, match=NAME[:12]):
        store.get([NAME])


def test_what_is_missing_is_refused(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with pytest.raises(SnapshotDamaged):
        store.get([NAME])
    with pytest.raises(SnapshotDamaged):
        store.read(1)
    (tmp_path / "CURRENT").write_text("seven")
    with pytest.raises(SnapshotDamaged, match="CURRENT"):
        store.current()


def test_a_store_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for store in (FolderStore(tmp_path / "file"), FolderStore(tmp_path / "file" / "in it")):
        with pytest.raises((ClusterUnavailable, FolderUnusable), match="store"):
            store.put({NAME: CONTENT})


def test_there_is_one_writer(tmp_path: Path) -> None:
    with FolderStore(tmp_path).lock(), pytest.raises(IndexBusy), FolderStore(tmp_path).lock(0.1):
        pass
