import datetime
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import pytest

from index.analysis import languages
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


def test_an_index_of_another_format_is_rebuilt_and_that_is_said_once(
    engine: Engine, seeds: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    manifest = current(data) / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": snapshots.FORMAT - 1}))
    assert Engine.open(seeds, data).ask(QUESTION) == engine.ask(QUESTION)
    [record] = caplog.records
    assert record.getMessage() == (
        f"The snapshot {manifest.parent.name} has format {snapshots.FORMAT - 1}, but this program reads format "
        f"{snapshots.FORMAT}. It will be rebuilt from the folder of articles."
    )
    caplog.clear()
    assert Engine.open(seeds, data).ask(QUESTION) == engine.ask(QUESTION)
    assert not caplog.records


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


def test_an_index_is_made_anew_for_another_analyzer_of_a_language_that_is_in_it(
    seeds: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (seeds / "dam.txt").write_text("Der Damm hält seit vierzig Jahren. Er wurde von den Bürgern der Stadt gebaut.")
    before = Engine.open(seeds, data).manifest
    assert before and list(before.languages) == ["de"]

    def with_another(code: str) -> None:
        real = languages.fingerprint
        monkeypatch.setattr(languages, "fingerprint", lambda each: "another" if each == code else real(each))

    with_another("fr")
    assert Engine.open(seeds, data).manifest == before
    with_another("de")
    again = Engine.open(seeds, data).manifest
    assert again and again.id != before.id
    assert again.languages == {"de": "another"}


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


# ---- the order of snapshots ------------------------------------------------------------------------------------------


class SetClock(datetime.datetime):
    """A clock that shows what it was set to."""

    shown = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Self:
        return cls.fromtimestamp(cls.shown.timestamp(), tz)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[SetClock]:
    monkeypatch.setattr(SetClock, "shown", SetClock.shown)
    monkeypatch.setattr(snapshots, "datetime", SimpleNamespace(datetime=SetClock, UTC=datetime.UTC))
    return SetClock


STEPS = {
    "runs": [datetime.timedelta(seconds=1)] * 7,
    "stands still": [datetime.timedelta()] * 7,
    "is set back by a year": [datetime.timedelta(days=-365), *[datetime.timedelta(seconds=1)] * 6],
    "is set back again and again": [datetime.timedelta(hours=-1)] * 7,
    "jumps": [datetime.timedelta(days=days) for days in (900, -1800, 3, -3, 4000, -4000, 1)],
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_snapshots_are_in_the_order_in_which_they_were_written_whatever_the_clock_does(
    seeds: Path, data: Path, clock: type[SetClock], steps: list[datetime.timedelta]
) -> None:
    engine = Engine.open(seeds, data)
    written = [current(data).name]
    for number, step in enumerate(steps):
        clock.shown += step
        (seeds / "new.txt").write_text(f"The talks began on day number {number} of the month.")
        engine.reindex()
        written.append(current(data).name)
        kept = written[-snapshots.MAX_SNAPSHOTS :]
        assert [one.id for one in engine.history()] == kept[::-1]
        assert engine.history()[0].created == clock.shown
    assert engine.rollback().id == written[-2]
    assert "number 5" in engine.ask("When did the talks begin?").shown_quotes[0].text
    assert engine.rollback().id == written[-3]
    assert engine.rollback(written[-1]).id == written[-1]


@pytest.fixture
def with_timestamps(seeds: Path, data: Path) -> list[str]:
    """Three snapshots that are named as version 0.2 named them, the last one current."""
    engine = Engine.open(seeds, data)
    for number in range(2):
        (seeds / "new.txt").write_text(f"The talks began on day number {number} of the month.")
        engine.reindex()
    names = [f"2026112{number}T200409123456-{number}bcdef" for number in range(3)]
    for old, name in zip(sorted((data / "snapshots").iterdir()), names, strict=True):
        manifest = json.loads((old / "manifest.json").read_text()) | {"id": name}
        del manifest["seal"]
        sealed = manifest | {"seal": snapshots._checksum_line(manifest)}
        (old / "manifest.json").write_text(json.dumps(sealed))
        old.rename(old.with_name(name))
    (data / "CURRENT").write_text(names[-1])
    return names


def test_snapshots_named_by_a_time_are_older_than_those_that_are_counted(
    with_timestamps: list[str], seeds: Path, data: Path, clock: type[SetClock]
) -> None:
    clock.shown -= datetime.timedelta(days=365)
    engine = Engine.open(seeds, data)
    assert [one.id for one in engine.history()] == with_timestamps[::-1]
    (seeds / "new.txt").write_text("The talks began on day number 2 of the month.")
    engine.reindex()
    newest = current(data).name
    assert [one.id for one in engine.history()] == [newest, *with_timestamps[::-1]]
    assert engine.rollback().id == with_timestamps[-1]
    assert engine.rollback().id == with_timestamps[-2]
    assert engine.reindex().changed == ("new",)
    assert [one.id for one in engine.history()] == [current(data).name, newest, *with_timestamps[::-1]]
    for number in range(3, 6):
        (seeds / "new.txt").write_text(f"The talks began on day number {number} of the month.")
        engine.reindex()
    assert not {one.id for one in engine.history()} & set(with_timestamps)
    assert len(engine.history()) == snapshots.MAX_SNAPSHOTS


def test_the_newest_intact_snapshot_is_the_last_one_written_not_the_one_of_the_latest_time(
    seeds: Path, data: Path, clock: type[SetClock]
) -> None:
    engine = Engine.open(seeds, data)
    written = [current(data).name]
    for number in range(2):
        clock.shown -= datetime.timedelta(days=365)
        (seeds / "new.txt").write_text(f"The talks began on day number {number} of the month.")
        engine.reindex()
        written.append(current(data).name)
    (current(data) / "manifest.json").write_bytes(b"{}")
    found, damage = snapshots.load_newest_intact(data)
    assert damage
    assert found and found.manifest.id == written[-2]
