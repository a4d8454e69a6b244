"""Several processes over one data folder: one writes at a time, the others take up what it wrote; and the way back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.engine import Engine
from index.errors import IndexBusy, SnapshotDamaged, SnapshotUnknown
from index.indexing import snapshots
from index.indexing.snapshots import MAX_SNAPSHOTS
from index.storage.lock import LOCK, WRITER, write_lock

DAM = "A dam\n\nAnn Karlsson will build a dam in the valley of Lomma.\n"
QUESTION = "Who will build a dam in the valley?"


def answered(engine: Engine) -> bool:
    return bool(engine.ask(QUESTION).quotes)


def test_what_another_process_wrote_is_taken_up_between_two_questions(engine: Engine, seeds: Path, data: Path) -> None:
    assert not engine.refresh()
    (seeds / "dam.txt").write_text(DAM)
    subprocess.run(  # noqa: S603  # this very Python
        [sys.executable, "-m", "index", "reindex", "--seeds", str(seeds), "--data", str(data)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    assert not answered(engine)
    assert engine.refresh()
    assert answered(engine)
    assert not engine.refresh()


def test_a_snapshot_goes_on_serving_after_its_files_are_gone(engine: Engine, seeds: Path, data: Path) -> None:
    (seeds / "dam.txt").write_text(DAM)
    engine.reindex()
    old = Engine.open(seeds, data)
    for number in range(MAX_SNAPSHOTS + 2):
        (seeds / "other.txt").write_text(f"Round {number} of the talks began on Monday.")
        engine.reindex()
    assert old.manifest
    assert not (data / "snapshots" / old.manifest.id).exists()
    assert answered(old)
    assert old.reindex().unchanged
    assert "other" in {entry.article.id for entry in old.entries()}


def test_a_writer_builds_on_what_another_wrote_last(engine: Engine, seeds: Path, data: Path) -> None:
    other = Engine.open(seeds, data)
    (seeds / "dam.txt").write_text(DAM)
    other.reindex()
    report = engine.reindex()
    assert not report.has_changes
    assert answered(engine)


def test_one_process_writes_at_a_time_and_the_other_is_told_who(engine: Engine, data: Path) -> None:
    with (
        write_lock(data),
        pytest.raises(IndexBusy, match=rf"process {os.getpid()} on .* since \d+ s\. Try again when that is done\."),
    ):
        engine.reindex(lock_timeout=0.1)
    assert not (data / WRITER).exists()
    engine.reindex(lock_timeout=0.1)


def test_a_writer_is_waited_for(engine: Engine, data: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from index.storage.lock import write_lock\n"
        "with write_lock(Path(sys.argv[1])):\n print('held', flush=True); time.sleep(0.7)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(data)], stdout=subprocess.PIPE) as other:  # noqa: S603  # this very Python
        assert other.stdout
        other.stdout.readline()
        engine.reindex(lock_timeout=20)


def test_a_dead_writers_lock_is_free_at_once(engine: Engine, data: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from index.storage.lock import write_lock\n"
        "with write_lock(Path(sys.argv[1])):\n print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(data)], stdout=subprocess.PIPE) as other:  # noqa: S603  # this very Python
        assert other.stdout
        other.stdout.readline()
        assert json.loads((data / WRITER).read_text())["process"] == other.pid
        other.kill()
        other.wait()
        engine.reindex(lock_timeout=0.5)


def test_the_lock_is_a_file_that_may_be_rubbish(engine: Engine, data: Path) -> None:
    (data / LOCK).write_bytes(b"\xff rubbish")
    (data / WRITER).write_bytes(b"\xff rubbish")
    with write_lock(data):
        (data / WRITER).write_bytes(b"\xff rubbish")
        with pytest.raises(IndexBusy, match="another process"):
            engine.reindex(lock_timeout=0.05)
    assert not engine.reindex().has_changes


def test_the_way_back_and_forth(engine: Engine, seeds: Path, data: Path) -> None:
    other = Engine.open(seeds, data)
    (seeds / "dam.txt").write_text(DAM)
    engine.reindex()
    assert [(one.articles, one.current, one.change.added) for one in engine.history()] == [(3, True, 1), (2, False, 2)]
    now = engine.rollback()
    assert (now.articles, answered(engine)) == (2, False)
    assert [one.current for one in engine.history()] == [False, True]
    assert not other.refresh()
    with pytest.raises(SnapshotUnknown, match="older than the current"):
        engine.rollback()
    assert engine.rollback(engine.history()[0].id).articles == 3
    assert answered(engine)
    assert other.refresh()
    assert answered(other)
    engine.rollback()
    assert engine.is_stale()
    assert engine.reindex().added == ("dam",)
    assert len(engine.history()) == 3


@pytest.mark.parametrize("name", ["no", "../../elsewhere", ".hidden", ""])
def test_nothing_can_be_gone_back_to_that_is_not_kept(engine: Engine, name: str) -> None:
    before = engine.generation
    with pytest.raises(SnapshotUnknown):
        engine.rollback(name)
    assert engine.generation == before


def test_a_damaged_snapshot_is_not_gone_back_to(engine: Engine, seeds: Path, data: Path) -> None:
    (seeds / "dam.txt").write_text(DAM)
    engine.reindex()
    older = engine.history()[1].id
    (data / "snapshots" / older / "files.jsonl").write_bytes(b"rubbish")
    with pytest.raises(SnapshotDamaged, match=older):
        engine.rollback()
    assert answered(Engine.open(seeds, data, build=False))


def test_a_damaged_snapshot_is_told_once_and_the_last_good_one_serves(engine: Engine, seeds: Path, data: Path) -> None:
    other = Engine.open(seeds, data)
    (seeds / "dam.txt").write_text(DAM)
    engine.reindex()
    name = snapshots.current_name(data)
    assert name
    (data / "snapshots" / name / "manifest.json").write_bytes(b"{}")
    with pytest.raises(SnapshotDamaged, match=name):
        other.refresh()
    assert not other.refresh()
    assert other.ask("Who is the White House science and technology chief?").quotes
    assert other.reindex().added == ("dam",)
    assert answered(Engine.open(seeds, data, build=False))


def test_the_newest_whole_snapshot_serves_where_the_current_one_is_damaged(
    engine: Engine, seeds: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (seeds / "dam.txt").write_text(DAM)
    engine.reindex()
    name = snapshots.current_name(data)
    assert name
    (data / "snapshots" / name / "files.jsonl").unlink()
    older = Engine.open(seeds, data, build=False)
    assert len(older.entries()) == 2
    assert "files.jsonl is missing" in caplog.text
    assert answered(Engine.open(seeds, data))


def test_where_nothing_names_the_current_snapshot_the_newest_serves_and_can_be_gone_back_to(
    engine: Engine, seeds: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    newest = engine.history()[0].id
    (data / "CURRENT").unlink()
    assert Engine.open(seeds, data, build=False).ask("Who is the White House science and technology chief?").quotes
    assert "CURRENT, which names the snapshot in use, is missing" in caplog.text
    assert [one.current for one in engine.history()] == [False]
    assert engine.rollback().id == newest == snapshots.current_name(data)


def test_many_files_are_not_written_again_when_one_changes(engine: Engine, seeds: Path, data: Path) -> None:
    for number in range(60):
        (seeds / f"dam-{number}.txt").write_text(DAM.replace("Lomma", f"Lomma number {number}"))
    engine.reindex()
    before = {path.stat().st_ino for path in (data / "snapshots").rglob("*.segment")}
    (seeds / "new.txt").write_text("A new bridge will be built by Bo.\n")
    engine.reindex()
    name = snapshots.current_name(data)
    assert name
    mine = {path.stat().st_ino for path in (data / "snapshots" / name).glob("*.segment")}
    assert len(mine & before) == 1
    assert len(mine - before) == 1
    assert not engine.verify()
