import json
from pathlib import Path

import pytest

from index.engine import Engine
from index.errors import FolderUnusable, SnapshotDamaged
from index.indexing import snapshots

QUESTION = "Who is the White House science and technology chief?"


def current(data: Path) -> Path:
    return data / "snapshots" / (data / "CURRENT").read_text()


def test_a_snapshot_answers_exactly_as_the_index_that_was_built(engine: Engine, seeds: Path, data: Path) -> None:
    again = Engine.open(seeds, data)
    assert again.manifest == engine.manifest
    assert again.ask(QUESTION) == engine.ask(QUESTION)


def test_a_data_folder_without_a_snapshot_is_no_error(tmp_path: Path) -> None:
    assert snapshots.load(tmp_path) is None


@pytest.mark.usefixtures("engine")
def test_one_altered_byte_in_any_file_is_noticed(data: Path) -> None:
    for path in sorted(current(data).iterdir()):
        whole = path.read_bytes()
        for place in (0, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with pytest.raises(SnapshotDamaged):
                snapshots.load(data)
        path.write_bytes(whole)
    assert snapshots.load(data) is not None


def test_a_missing_or_cut_file_is_noticed_and_the_index_is_built_anew(engine: Engine, seeds: Path, data: Path) -> None:
    for name in ("files.jsonl", "gone.arrays", "manifest.json", "segment"):
        path = next(current(data).glob(f"*{name}"))
        path.write_bytes(path.read_bytes()[:-5])
        with pytest.raises(SnapshotDamaged):
            snapshots.load(data)
        path.unlink()
        assert Engine.open(seeds, data).ask(QUESTION) == engine.ask(QUESTION)


@pytest.mark.usefixtures("engine")
def test_a_snapshot_of_a_later_format_is_refused_by_name(data: Path) -> None:
    manifest = current(data) / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 99}))
    with pytest.raises(SnapshotDamaged, match="99"):
        snapshots.load(data)


@pytest.mark.usefixtures("engine")
def test_a_pointer_out_of_the_data_folder_is_not_followed(data: Path) -> None:
    (data / "CURRENT").write_text("../../../elsewhere")
    with pytest.raises(SnapshotDamaged):
        snapshots.load(data)


def test_an_index_of_another_analyzer_is_made_anew(
    engine: Engine, seeds: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = engine.manifest
    monkeypatch.setattr("index.analysis.analyzer.fingerprint", lambda: "another")
    again = Engine.open(seeds, data).manifest
    assert before and again
    assert (again.analyzer, again.id != before.id) == ("another", True)


def test_only_the_last_five_are_kept(engine: Engine, seeds: Path, data: Path) -> None:
    for number in range(7):
        (seeds / "new.txt").write_text(f"The talks began on day number {number} of the month.")
        engine.reindex()
    kept = sorted(path.name for path in (data / "snapshots").iterdir())
    assert len(kept) == snapshots.MAX_SNAPSHOTS
    assert kept[-1] == current(data).name


def test_a_data_folder_that_cannot_be_written_is_a_clear_error(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderUnusable, match="--data"):
        Engine.open(seeds, tmp_path / "file")
