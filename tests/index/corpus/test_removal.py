"""What is removed can be restored, whole, whatever happens in between."""

from __future__ import annotations

import os
import resource
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from index.corpus.folder import scan
from index.corpus.removal import copy_back, delete_removed, find_removed, move_to_bin
from index.engine import Engine
from index.errors import (
    ArticleRejected,
    ArticleUnknown,
    FolderUnusable,
    IndexBusy,
    IndexUpdateFailed,
    RemovalUnknown,
    VerbatimError,
)
from index.indexing import article_changes
from index.models import Verdict
from index.storage.lock import write_lock

FIRST = "000_88608c0d96434d55"
QUESTION = "Who is the White House science and technology chief?"
DAM = b"A dam for the valley\n\nThe dam at Oberstein was finished in 1987 by the Karlsson brothers.\n"
FERRY = b"A ferry\n\nThe ferry leaves the harbour of Lomma at noon, Ann Karlsson said.\n"
STATED = b'url = "https://example.com/dam"\n'
STEPS = {"open", "os.mkdir", "os.remove", "os.rename", "os.link", "os.rmdir", "shutil.rmtree"}
"""Events of Python's audit between which a process may be killed here."""


def held(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def with_dam(engine: Engine) -> Engine:
    """An engine with an article in a folder, and a sidecar."""
    (engine.seeds / "docs" / "dams").mkdir(parents=True)
    (engine.seeds / "docs" / "dams" / "dam.txt").write_bytes(DAM)
    (engine.seeds / "docs" / "dams" / "dam.meta.toml").write_bytes(STATED)
    engine.reindex()
    return engine


DAM_ID = "docs-dams-dam"


def test_a_removed_article_comes_back_as_it_was(with_dam: Engine) -> None:
    before = held(with_dam.seeds)
    _, removed = with_dam.remove(DAM_ID)
    assert (removed.id, removed.title, removed.file) == (DAM_ID, "A dam for the valley", "docs/dams/dam.txt")
    assert not with_dam.contains(DAM_ID)
    assert list(with_dam.removed_articles()) == [removed]
    report, restored = with_dam.restore(removed.name)
    assert (report.added, report.titles) == ((DAM_ID,), {DAM_ID: "A dam for the valley"})
    assert restored == removed
    assert held(with_dam.seeds) == before
    assert held(with_dam.data / "bin") == {}
    assert list(with_dam.removed_articles()) == []
    assert not with_dam.is_stale()
    with pytest.raises(RemovalUnknown, match="restored already"):
        with_dam.restore(removed.name)


def test_the_bin_is_listed_newest_first_and_an_id_means_the_newest(engine: Engine) -> None:
    for year in (1911, 1922):
        engine.add_contents({"dam.txt": DAM.replace(b"1987", str(year).encode())})
        engine.remove("dam")
    engine.remove(FIRST)
    kept = list(engine.removed_articles())
    assert [one.id for one in kept] == [FIRST, "dam", "dam"]
    assert kept == sorted(kept, key=lambda one: one.removed, reverse=True)
    engine.restore("A dam for the valley")
    assert b"1922" in (engine.seeds / "dam.txt").read_bytes()
    for which in ("dame", "../seeds", "", "20261129T000000000000"):
        with pytest.raises(RemovalUnknown):
            engine.restore(which)


def test_files_of_older_versions_of_the_bin_are_restored_too(engine: Engine) -> None:
    folder = engine.data / "bin" / "20250101T120000000000"
    folder.mkdir(parents=True)
    (folder / "dam.txt").write_bytes(DAM)
    (folder / "dam.meta.toml").write_bytes(STATED)
    for rubbish in ("20250102T120000000000", "20259999T999999999999", "notes"):
        (engine.data / "bin" / rubbish).mkdir()
    [kept] = engine.removed_articles()
    assert (kept.label, kept.title) == ("dam", None)
    engine.restore("dam")
    url = engine.entry("dam").article.url
    assert url and url.value == "https://example.com/dam"


@pytest.mark.parametrize(
    ("name", "again", "reason"),
    [
        ("dam.txt", FERRY, "an article with the id 'dam' again"),
        ("dam.md", FERRY, "an article with the id 'dam' again"),
        ("dam.meta.toml", b'headline = "Another"', r"already has a file dam\.meta\.toml"),
        ("dam.html", b"\0", "an article with the id 'dam' again"),
        ("other.txt", DAM, "is identical to that of the article 'other'"),
        (".verbatimignore", b"dam.txt\n", r"left out by \.verbatimignore"),
    ],
)
def test_what_is_in_its_place_meanwhile_stays_and_the_removed_one_stays_in_the_bin(
    engine: Engine, name: str, again: bytes, reason: str
) -> None:
    engine.add_contents({"dam.txt": DAM, "dam.meta.toml": STATED})
    _, removed = engine.remove("dam")
    (engine.seeds / name).write_bytes(again)
    engine.reindex()
    before, ids = held(engine.seeds), engine.collection.ids
    with pytest.raises(ArticleRejected, match=reason):
        engine.restore(removed.name)
    assert held(engine.seeds) == before
    assert engine.collection.ids == ids
    assert list(engine.removed_articles()) == [removed]
    (engine.seeds / name).unlink()
    engine.reindex()
    engine.restore(removed.name)
    assert (engine.seeds / "dam.txt").read_bytes() == DAM


def test_an_article_of_the_same_path_in_a_folder_is_in_the_way_too(with_dam: Engine) -> None:
    _, removed = with_dam.remove(DAM_ID)
    with_dam.add_contents({f"{DAM_ID}.txt": FERRY})
    with pytest.raises(ArticleRejected, match="again"):
        with_dam.restore(removed.name)
    assert with_dam.contains(DAM_ID)


def test_what_still_stands_in_the_index_can_be_restored(engine: Engine, data: Path) -> None:
    (data / ".CURRENT").mkdir()  # where the name of the new snapshot is written first
    with pytest.raises(IndexUpdateFailed):
        engine.remove(FIRST)
    (data / ".CURRENT").rmdir()
    engine.restore(FIRST)
    assert engine.ask(QUESTION).verdict is Verdict.ANSWERED
    assert not engine.is_stale()


def test_where_the_index_cannot_follow_a_restoring_the_article_is_back_and_indexed_later(
    engine: Engine, data: Path
) -> None:
    engine.remove(FIRST)
    (data / ".CURRENT").mkdir()
    with pytest.raises(IndexUpdateFailed):
        engine.restore(FIRST)
    assert (engine.seeds / f"{FIRST}.txt").exists()
    assert not list(engine.removed_articles())
    (data / ".CURRENT").rmdir()
    assert engine.reindex().added == (FIRST,)


def test_nothing_is_restored_while_another_writes_the_index(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.remove(FIRST)
    monkeypatch.setattr(article_changes, "write_lock", lambda data: write_lock(data, 0.1))
    with write_lock(engine.data), pytest.raises(IndexBusy):
        engine.restore(FIRST)
    assert [one.id for one in engine.removed_articles()] == [FIRST]
    engine.restore(FIRST)


def test_a_full_disk_leaves_a_removed_article_in_the_bin_and_one_to_be_removed_in_its_place(engine: Engine) -> None:
    engine.add_contents({"dam.txt": DAM * 200})
    before, limits = held(engine.seeds), resource.getrlimit(resource.RLIMIT_FSIZE)

    def with_full_disk(do: Callable[[], object]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
        try:
            with pytest.raises(FolderUnusable, match="File too large"):
                do()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    with_full_disk(lambda: engine.remove("dam"))
    assert held(engine.seeds) == before
    assert held(engine.data / "bin") == {}
    engine.remove("dam")
    with_full_disk(lambda: engine.restore("dam"))
    assert [one.id for one in engine.removed_articles()] == ["dam"]
    assert not (engine.seeds / "dam.txt").exists()
    engine.restore("dam")
    assert held(engine.seeds) == before


def at_once(do: Callable[[int], object], number: int = 4) -> tuple[list[int], list[VerbatimError]]:
    """Do something in so many threads at the same instant; those that did it, and the errors of the others."""
    ready, done, errors = threading.Barrier(number), list[int](), list[VerbatimError]()

    def one(mine: int) -> None:
        ready.wait()
        try:
            do(mine)
        except VerbatimError as error:
            errors.append(error)
        else:
            done.append(mine)

    threads = [threading.Thread(target=one, args=(mine,)) for mine in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, errors


def restore(engines: Sequence[Engine], which: str, number: int) -> None:
    engines[number].restore(which)


def test_of_several_who_remove_or_restore_an_article_at_once_one_does(with_dam: Engine) -> None:
    before = held(with_dam.seeds)
    engines = [with_dam, *(Engine.open(with_dam.seeds, with_dam.data) for _ in range(3))]
    for _ in range(5):
        [_], errors = at_once(lambda mine: engines[mine].remove(DAM_ID))
        # Rejected is told who finds the article and then no longer its file.
        assert {type(error) for error in errors} <= {ArticleUnknown, ArticleRejected}
        [kept] = with_dam.removed_articles()
        assert len(kept.paths) == 2
        [_], errors = at_once(partial(restore, engines, kept.name))
        assert {type(error) for error in errors} <= {ArticleRejected, RemovalUnknown}
        assert held(with_dam.seeds) == before
        assert held(with_dam.data / "bin") == {}


def killed_after(steps: int, do: Callable[[], object]) -> bool:
    """Do something in a fork that is killed before its step of this number; whether it was."""
    pid = os.fork()
    if not pid:
        left = steps

        def count(event: str, _: object) -> None:
            nonlocal left
            left -= event in STEPS
            if left < 0:
                os._exit(9)

        sys.addaudithook(count)
        do()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0


def test_killed_at_any_step_an_article_is_whole_in_its_place_or_in_the_bin_and_comes_back(tmp_path: Path) -> None:
    wanted = {"docs/dam.txt": DAM, "docs/dam.meta.toml": STATED}

    def remove(root: Path) -> None:
        [file] = scan(root / "seeds", frozenset(["docs-dam"])).files
        move_to_bin(file, root / "data", "A dam")

    def restore(root: Path) -> None:
        removed = find_removed(root / "data", "docs-dam")
        copy_back(removed, root / "seeds")
        delete_removed(removed, root / "data")

    for change, whole_before in ((remove, True), (restore, False)):
        steps, was_killed = 0, True
        while was_killed:
            root = tmp_path / f"{change.__name__}{steps}"
            (root / "seeds" / "docs").mkdir(parents=True)
            for name, data in wanted.items():
                (root / "seeds" / name).write_bytes(data)
            if not whole_before:
                remove(root)
            was_killed = killed_after(steps, partial(change, root))
            if "docs/dam.txt" not in held(root / "seeds"):
                restore(root)
            assert wanted.items() <= held(root / "seeds").items()
            steps += 1
        assert steps > 8
