"""The folder of articles changes: what the engine puts there and takes away is whole, and told as it is."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.corpus.writing import write_new_files
from index.engine import Engine
from index.errors import ArticleRejected, FolderUnusable, IndexUpdateFailed
from index.indexing.reindex import Report
from index.models import Verdict

ARTICLE = "A dam for the valley\n\nThe dam at Oberstein was finished in 1987 by the Karlsson brothers.\n"
QUESTION = "Who finished the dam at Oberstein?"
FIRST, SECOND = "000_88608c0d96434d55", "003_10f24738130fbaea"
URL = "https://example.com/dam"
AT_ONCE, ROUNDS = 4, 25
MEGABYTE = 2**20


def names(seeds: Path) -> set[str]:
    return {path.name for path in seeds.iterdir()}


def add(engine: Engine) -> None:
    engine.add_contents({"dam.txt": ARTICLE.encode()})


def edit(engine: Engine) -> None:
    engine.update_metadata(FIRST, {"url": URL}, "ann")


def remove(engine: Engine) -> None:
    engine.remove(FIRST)


@pytest.mark.parametrize(
    ("change", "appears", "goes"),
    [(add, {"dam.txt"}, set()), (edit, {f"{FIRST}.meta.toml"}, set()), (remove, set(), {f"{FIRST}.txt"})],
)
def test_where_the_index_cannot_follow_a_change_of_the_folder_that_is_said_and_it_follows_later(  # noqa: PLR0913, PLR0917
    engine: Engine, seeds: Path, data: Path, change: Callable[[Engine], None], appears: set[str], goes: set[str]
) -> None:
    before, generation = names(seeds), engine.generation
    (data / ".CURRENT").mkdir()  # where the name of the new snapshot is written first
    with pytest.raises(
        IndexUpdateFailed, match=r"articles was changed, but the index .* The reason: The index"
    ) as told:
        change(engine)
    assert isinstance(told.value.reason, FolderUnusable)
    assert told.value.__cause__ is told.value.reason
    assert (names(seeds) - before, before - names(seeds)) == (appears, goes)
    assert engine.generation == generation
    (data / ".CURRENT").rmdir()
    assert engine.reindex().has_changes
    assert not engine.is_stale()


def test_where_the_folder_itself_cannot_be_changed_it_is_not_said_that_it_was(engine: Engine, data: Path) -> None:
    (data / "bin").write_text("a file where the bin should be")
    with pytest.raises(FolderUnusable, match=f"{FIRST}.txt cannot be moved"):
        engine.remove(FIRST)
    assert engine.ask("Who is the White House science and technology chief?").verdict is Verdict.ANSWERED
    assert not engine.is_stale()


def test_an_article_and_its_sidecar_go_to_the_bin_together_or_not_at_all(
    engine: Engine, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(engine)
    before, unlink = names(seeds), Path.unlink

    def unlinked(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == f"{FIRST}.meta.toml" and path.parent == seeds:
            raise OSError(28, "No space left on device")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlinked)
    with pytest.raises(FolderUnusable, match="No space left"):
        engine.remove(FIRST)
    assert names(seeds) == before
    assert not list(engine.removed_articles())


# ---- what is put there -----------------------------------------------------------------------------------------------


def at_once(number: int, do: Callable[[int], object]) -> list[int]:
    """Do something in so many threads at the same instant; those by number to whom it was not refused."""
    ready, done = threading.Barrier(number), list[int]()

    def one(mine: int) -> None:
        ready.wait()
        try:
            do(mine)
        except ArticleRejected as error:
            assert "The folder of articles already has a file dam.txt" in str(error)
        else:
            done.append(mine)

    threads = [threading.Thread(target=one, args=(mine,)) for mine in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def test_of_several_who_put_a_file_of_one_name_there_at_once_one_does_and_the_others_leave_nothing(
    tmp_path: Path,
) -> None:
    for number in range(ROUNDS):
        seeds = tmp_path / str(number)
        seeds.mkdir()

        def put(mine: int, seeds: Path = seeds) -> None:
            write_new_files(
                seeds, [(f"bridge-{mine}.txt", b"A bridge."), ("dam.txt", b"%d" % mine), (f"ferry-{mine}.txt", b"")]
            )

        [winner] = at_once(AT_ONCE, put)
        assert names(seeds) == {"dam.txt", f"bridge-{winner}.txt", f"ferry-{winner}.txt"}
        assert (seeds / "dam.txt").read_bytes() == b"%d" % winner


def test_of_two_articles_that_are_added_under_one_name_at_once_the_one_that_is_told_added_answers(
    engine: Engine, seeds: Path, data: Path
) -> None:
    engines = [engine, Engine.open(seeds, data)]
    texts = [ARTICLE.replace("1987", str(year)) for year in (1911, 1922)]
    [winner] = at_once(2, lambda mine: engines[mine].add_contents({"dam.txt": texts[mine].encode()}))
    assert (seeds / "dam.txt").read_text() == texts[winner]
    assert engines[winner].entry("dam").article.text == texts[winner]


def test_where_one_of_several_files_does_not_fit_none_is_there(seeds: Path) -> None:
    before, limits = names(seeds), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, limits[1]))
    try:
        with pytest.raises(
            FolderUnusable, match=r"large\.txt cannot be written to the folder of articles \(File too large\)"
        ):
            write_new_files(seeds, [("dam.txt", b"A dam."), ("large.txt", bytes(2 * MEGABYTE))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert names(seeds) == before


def test_where_the_file_system_has_no_links_a_file_is_put_there_and_none_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path, __: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    [winner] = at_once(AT_ONCE, lambda mine: write_new_files(tmp_path, [("dam.txt", b"%d" % mine)]))
    assert names(tmp_path) == {"dam.txt"}
    assert (tmp_path / "dam.txt").read_bytes() == b"%d" % winner


# ---- what comes to lie there -----------------------------------------------------------------------------------------


def in_all_ways(engine: Engine, article: str) -> list[Report]:
    """The reports of a reindexing, of one that looks at this article alone, and of one by another engine."""
    other = Engine.open(engine.seeds, engine.data)
    return [engine.reindex(), engine.reindex(only=frozenset([article])), other.reindex()]


def link(path: Path) -> None:
    path.symlink_to("/dev/null")


@pytest.mark.parametrize("make", [link, os.mkfifo, Path.mkdir])
@pytest.mark.parametrize("ending", [".txt", ".meta.toml"])
def test_an_indexed_article_whose_files_turn_into_what_is_not_read_stays_as_it_is_and_that_is_told(
    engine: Engine, seeds: Path, make: Callable[[Path], None], ending: str
) -> None:
    edit(engine)
    entry, held = engine.entry(FIRST), (seeds / f"{FIRST}{ending}").read_bytes()
    (seeds / f"{FIRST}{ending}").unlink()
    make(seeds / f"{FIRST}{ending}")
    (seeds / f"{FIRST}.exe").touch()
    (seeds / "again.txt").write_bytes(entry.article.text.encode())
    assert engine.is_stale()
    for report in in_all_ways(engine, FIRST):
        reasons = {refusal.file: refusal.reason for refusal in report.refused}
        assert not report.has_changes
        assert FIRST in report.unchanged
        assert reasons[f"{FIRST}.txt"].startswith(f"{FIRST}{ending} is not a regular file.")
        assert reasons[f"{FIRST}.txt"].endswith("The previously indexed version stays.")
        assert "stays" not in reasons[f"{FIRST}.exe"]
    assert (
        f"that of the article '{FIRST}'" in {each.file: each.reason for each in engine.reindex().refused}["again.txt"]
    )
    assert engine.entry(FIRST) == entry
    assert not engine.is_stale()
    for change in (edit, remove):
        with pytest.raises(ArticleRejected, match="is not a regular file"):
            change(engine)

    (Path.rmdir if make is Path.mkdir else Path.unlink)(seeds / f"{FIRST}{ending}")
    (seeds / f"{FIRST}{ending}").write_bytes(held)
    engine.reindex()
    assert engine.entry(FIRST) == entry
    remove(engine)
    assert not engine.contains(FIRST)


def test_an_article_whose_file_is_gone_goes_though_something_of_its_name_is_there(engine: Engine, seeds: Path) -> None:
    (seeds / f"{FIRST}.txt").rename(seeds / f"{FIRST}.exe")
    assert engine.reindex().removed == (FIRST,)


@pytest.mark.parametrize("content", ["", ARTICLE])
def test_a_file_that_is_laid_beside_an_indexed_one_of_its_name_does_not_take_its_place(
    engine: Engine, seeds: Path, content: str
) -> None:
    page = "<html><body><h1>A bridge</h1><p>The bridge at Lomma was built by Ann Karlsson in May.</p></body></html>"
    (seeds / "dam.html").write_text(page)
    assert engine.reindex().added == ("dam",)
    entry = engine.entry("dam")
    (seeds / "dam.txt").write_text(content)
    for report in in_all_ways(engine, "dam"):
        assert not report.has_changes
        [refusal] = report.refused
        assert refusal.file == "dam.txt"
        assert refusal.reason == "dam.html already has the id 'dam'. Give one of the files another name."
    assert engine.entry("dam") == entry
    assert not engine.is_stale()
    (seeds / "dam.html").unlink()
    (seeds / "dam.html").symlink_to("/dev/null")
    assert {each.file for each in engine.reindex().refused} == {"dam.html", "dam.txt"}
    assert engine.entry("dam") == entry
    (seeds / "dam.html").unlink()
    (seeds / "dam.txt").write_text(ARTICLE)
    assert engine.reindex().changed == ("dam",)
    assert engine.entry("dam").article.file == "dam.txt"


def test_a_folder_that_is_empty_all_at_once_empties_the_index_only_where_somebody_asks_for_it(
    engine: Engine, seeds: Path
) -> None:
    for number in range(2):
        (seeds / f"dam-{number}.txt").write_text(ARTICLE.replace("1987", f"198{number}"))
    engine.reindex(automatic=True)
    held = seeds.rename(seeds.with_name("held"))
    seeds.mkdir()
    with pytest.raises(FolderUnusable, match="no longer contains any articles; the 4 indexed ones stay"):
        engine.reindex(automatic=True)
    assert engine.ask(QUESTION).shown_quotes
    shutil.copy(held / "dam-0.txt", seeds)
    assert len(engine.reindex(automatic=True).removed) == 3
    (seeds / "dam-0.txt").unlink()
    assert engine.reindex(automatic=True).removed == ("dam-0",)

    shutil.copytree(held, seeds, dirs_exist_ok=True)
    assert engine.reindex(automatic=True).articles == 4
    shutil.rmtree(seeds)
    seeds.mkdir()
    assert len(engine.reindex().removed) == 4


def test_a_sidecar_is_its_articles_however_the_ending_of_the_article_is_written(engine: Engine, seeds: Path) -> None:
    (seeds / "DAM.TXT").write_text(ARTICLE)
    (seeds / "DAM.meta.toml").write_text(f'url = "{URL}"')
    (seeds / "bridge.meta.toml").touch()
    report = engine.reindex()
    assert (report.added, [one.file for one in report.refused]) == (("DAM",), ["bridge.meta.toml"])
    url = engine.entry("DAM").article.url
    assert url and url.value == URL


def test_what_a_killed_writer_left_is_cleared_away_and_nothing_else(seeds: Path, data: Path) -> None:
    Engine.open(seeds, data)
    (data / "extracted").mkdir(exist_ok=True)
    for place_left in (seeds, data / "extracted"):
        left = killed_while_writing(place_left)
        now = left.stat().st_mtime
        for name in (".hidden", ".verbatim-of-today"):
            (place_left / name).touch()
        for path in (left, place_left / ".hidden"):
            os.utime(path, (now - 7200, now - 7200))
    Engine.open(seeds, data).reindex(dry_run=True)
    assert len(list(data.parent.rglob(".verbatim-*"))) == 4
    Engine.open(seeds, data).reindex()
    for place_left in (seeds, data / "extracted"):
        assert {path.name for path in place_left.glob(".*")} == {".hidden", ".verbatim-of-today"}


def killed_while_writing(folder: Path) -> Path:
    """What a process leaves in a folder that is killed just before its file gets its name."""
    program = (
        "import os, signal, sys; from pathlib import Path; from index.storage.atomic_write import write_atomically\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_atomically(Path(sys.argv[1], 'dam.txt'), b'A dam.')"
    )
    before = set(folder.iterdir())
    done = subprocess.run([sys.executable, "-c", program, str(folder)], check=False)  # noqa: S603  # this very Python
    assert done.returncode == -signal.SIGKILL
    [left] = set(folder.iterdir()) - before
    return left
