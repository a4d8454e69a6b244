"""Many files are read by several processes; what comes of it is what one process makes of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.collection.segment import SegmentView
from index.corpus.file_states import FileState, FileStates
from index.corpus.folder import scan
from index.engine import Engine
from index.indexing import parallel_reader
from index.indexing.parallel_reader import FileOutcome, ReadResult, read_files
from index.models import IndexedArticle
from index.reading import read_article
from index.reading.config import ReadingConfig

FILES = 130


@pytest.fixture
def many(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    for number in range(FILES):
        text = f"Dam {number}\n\nAnn Karlsson will build dam number {number} in the valley of Lomma.\n"
        (tmp_path / "seeds" / f"dam-{number:03}.txt").write_text(text)
    (tmp_path / "seeds" / "dam-007.txt").write_bytes(b"\x00\x01\x02")
    return tmp_path / "seeds"


def collected(taken: ReadResult) -> Collection:
    return Collection.from_views(SegmentView(segment) for segment in taken.segments)


def silent(_: int) -> None:
    pass


def test_several_processes_read_what_one_would(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = scan(many).files
    told: list[int] = []
    monkeypatch.setattr(parallel_reader, "_cores", lambda: 2)
    shared = read_files(files, ReadingConfig(built_in_rules()), {}, told.append)
    monkeypatch.setattr(parallel_reader, "_cores", lambda: 1)
    alone = read_files(files, ReadingConfig(built_in_rules()), {}, silent)
    assert len(shared.segments) > 1
    assert told[-1] == FILES == len(told) * parallel_reader.BATCH_SIZE - (-FILES % parallel_reader.BATCH_SIZE)
    assert list(collected(shared).entries) == list(collected(alone).entries)
    assert sorted(shared.outcomes, key=by_id) == sorted(alone.outcomes, key=by_id)
    assert [outcome.file.id for outcome in shared.outcomes if outcome.refusal] == ["dam-007"]


def by_id(outcome: FileOutcome) -> str:
    return outcome.file.id


def test_as_many_processes_read_as_fit_with_what_they_start_for_strangers_files(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "meminfo"
    monkeypatch.setattr(parallel_reader, "MEMORY", told)
    monkeypatch.setattr(parallel_reader, "CGROUP", tmp_path / "nowhere")
    texts = scan(many)[0]
    (many / "page.html").write_text("<p>The dam was opened on Saturday.</p>")
    with_a_page = scan(many)[0]
    (many / "page.html").unlink()
    (many / "long.txt").write_text("The dam was opened on Saturday. " * 4_000)
    with_a_long_text = scan(many)[0]
    for megabytes, small, apart in ((512, 3, 1), (4_096, 27, 3)):
        told.write_text(f"MemTotal:  9999999 kB\nMemAvailable:  {megabytes * 1024} kB\n")
        found = [parallel_reader._processes_that_fit(files) for files in (texts, with_a_page, with_a_long_text)]
        assert found == [small, apart, apart]
    told.unlink()
    assert parallel_reader._processes_that_fit(texts) > FILES


def test_a_container_s_limit_counts_where_less_is_left_of_it(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, own = scan(many)[0], tmp_path / "bot.service"
    own.mkdir()
    for name, content in (("cgroup", "4:memory:/other\n0::/bot.service\n"), ("meminfo", f"MemAvailable: {2**22} kB\n")):
        (tmp_path / name).write_text(content)
    monkeypatch.setattr(parallel_reader, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(parallel_reader, "CGROUP", tmp_path / "cgroup")
    monkeypatch.setattr(parallel_reader, "CGROUPS", tmp_path)
    (own / "memory.current").write_text(f"{100 * 2**20}\n")
    for limit, fit in (("max", 27), (f"{400 * 2**20}", 2), (f"{50 * 2**20}", 1)):
        (own / "memory.max").write_text(f"{limit}\n")
        assert parallel_reader._processes_that_fit(texts) == fit


def test_what_a_killed_process_had_to_read_is_read_all_the_same(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_reader, "_cores", lambda: 2)
    monkeypatch.setattr(parallel_reader, "_read_batch", kill_itself)
    taken = read_files(scan(many).files, ReadingConfig(built_in_rules()), {}, silent)
    assert collected(taken).articles == FILES - 1


def kill_itself(*_: object) -> list[FileOutcome]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def test_a_reading_that_is_given_up_ends_its_processes(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_reader, "_cores", lambda: 2)

    def give_up(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_files(scan(many).files, ReadingConfig(built_in_rules()), {}, give_up)


def test_a_thousandth_file_costs_itself_and_not_the_others(many: Path, tmp_path: Path) -> None:
    engine = Engine.open(many, tmp_path / "data")
    assert len(engine.entries()) == FILES - 1
    read: list[str] = []

    def read_and_noted(name: str, *rest: Any) -> IndexedArticle:  # noqa: ANN401  # as it was called
        read.append(name)
        return read_article(name, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.indexing.parallel_reader.read_article", read_and_noted)
        (many / "new.txt").write_text("A new dam will be built by Bo.\n")
        (many / "dam-003.txt").touch()
        report = engine.reindex()
    assert read == ["dam-007.txt", "new.txt"]
    assert (report.added, report.changed, len(report.unchanged)) == (("new",), (), FILES - 1)


def test_a_file_over_which_this_program_stumbles_is_refused_and_the_others_are_read(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(name: str, *rest: Any) -> IndexedArticle:  # noqa: ANN401  # as it was called
        if name == "dam-003.txt":
            message = "what nobody foresaw"
            raise KeyError(message)
        return read_article(name, *rest)

    monkeypatch.setattr("index.indexing.parallel_reader.read_article", stumble)
    monkeypatch.setattr(parallel_reader, "_cores", lambda: 1)
    engine = Engine.open(many, tmp_path / "data")
    told = {refusal.file: refusal.reason for refusal in engine.reindex().refused}
    assert told.keys() == {"dam-003.txt", "dam-007.txt"}
    assert "dam-003.txt was not read: the reader failed (KeyError)." in told["dam-003.txt"]
    assert "Traceback" in caplog.text and "dam-003.txt" in caplog.text
    assert len(engine.entries()) == FILES - 2
    monkeypatch.undo()
    assert engine.reindex().added == ("dam-003",)


def states() -> Iterator[tuple[str, FileState]]:
    for name, refused in (("a", False), ('with "quotes"', True), ("ü, [x]", False)):
        yield name, FileState("a.txt", ((len(name), 7), None), "0" * 64, None, refused)  # type: ignore[arg-type]  # as from JSON


def test_a_ledger_keeps_what_files_were() -> None:
    file_states = FileStates().with_changes(dict(states()), ())
    assert file_states.by_id == dict(states())
    assert file_states.get_many(["a", "ü, [x]", "no"]) == {
        name: state for name, state in states() if name in {"a", "ü, [x]"}
    }
    other = FileState("a.txt", ((1, 2), (3, 4)), None, "1" * 64, refused=True)  # type: ignore[arg-type]  # as from JSON
    later = file_states.with_changes({"a": other}, ['with "quotes"'])
    assert later.by_id.keys() == {"a", "ü, [x]"}
    assert later.by_id["a"] == later.get_many(["a"])["a"] == other
    assert later.get_many(['with "quotes"']) == {}
    many = later.with_changes({str(number): other for number in range(2000)}, ["a"])
    assert len(many.by_id) == 2001
    assert many.get_many(["a"]) == {}
