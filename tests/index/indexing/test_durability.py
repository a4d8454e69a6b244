"""Writers are killed, disks are full, files are damaged: the old or the new collection answers, whole."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from index.engine import Engine
from index.errors import FolderUnusable
from index.storage.lock import LOCK, WRITER
from tests.index.conftest import SEEDS
from tests.properties import one_in

AT_ONCE = 6
"""Articles that each reindexing has to read."""
LIMITS = (10_000_000, 0, 1, 100, 1_000, 4_000, 10_000, 20_000, 40_000, 80_000, 120_000, 200_000)
"""Bytes that fit into a file."""
SEED = 20
QUESTION = "Who is the White House science and technology chief?"
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__, f"{__package__}.fork_server"])
Contents = dict[str, str]


def write_dams(seeds: Path, numbers: range, river: str) -> None:
    """Articles of a few paragraphs each."""
    for number in numbers:
        lines = [f"Dam {number}", *(f"Ann Karlsson will build dam {line} on the {river} by May." for line in range(12))]
        (seeds / f"dam-{number:03}.txt").write_text("\n\n".join(lines) + "\n")


def contents(engine: Engine) -> Contents:
    """What an engine serves; each sentence has been proved to be a slice of its article."""
    return {entry.article.id: entry.article.text for entry in engine.entries()}


def is_whole(engine: Engine) -> bool:
    """Whether what is served answers and finds, with what is proved, and holds as many sentences as its articles."""
    sentences = sum(len(entry.body_sentences) for entry in engine.entries())
    asked, found = engine.ask(QUESTION).quotes, engine.search("White House", 3)
    return bool(asked) and len(found) == 3 and sentences == engine.sentences


def reindex(seeds: Path, data: Path, told: Connection) -> None:
    """In a process of its own: reindex, and tell when it begins and how it ends."""
    engine = Engine.open(seeds, data, build=False)
    told.send("begins")
    try:
        engine.reindex()
        told.send("done")
    except FolderUnusable as error:
        told.send(str(error))


def started(seeds: Path, data: Path) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """A process that is about to reindex."""
    told, telling = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=reindex, args=(seeds, data, telling))
    process.start()
    telling.close()
    assert told.recv() == "begins"
    return process, told


@pytest.mark.timeout(400)
@pytest.mark.parametrize("kills", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_a_reindexing_killed_at_any_moment_leaves_the_old_or_the_new_collection(
    seeds: Path, data: Path, kills: int
) -> None:
    chance = random.Random(SEED)  # noqa: S311  # moments, not secrets
    write_dams(seeds, range(AT_ONCE), "Lomma")
    Engine.open(seeds, data)
    took, seen = 0.0, Counter[str]()
    for number in range(kills):
        before = contents(Engine.open(seeds, data, build=False))
        if number % 3 == 2:  # articles that are gone; otherwise articles that are new or changed
            for path in seeds.glob("dam-*.txt"):
                path.unlink()
        else:
            write_dams(seeds, range(AT_ONCE), f"Lomma in the year {number}")
        write_dams(seeds, range(500, 501), f"Lagan in the year {number}")
        process, _ = started(seeds, data)
        if number % 10 == 0:  # this one may end; how long it takes says when the next are killed
            began = time.monotonic()
            process.join()
            took = time.monotonic() - began
        else:
            time.sleep(chance.uniform(0, took))
            process.kill()
            process.join()
        after = Engine.open(seeds, data, build=False)
        expected = {"old": before, "new": {path.stem: path.read_text() for path in seeds.glob("*.txt")}}
        [which] = [name for name, texts in expected.items() if contents(after) == texts]
        assert is_whole(after)
        seen[which] += 1
        seen["killed while it wrote"] += (data / WRITER).exists()
        again = Engine.open(seeds, data)
        again.reindex(lock_timeout=0)
        assert contents(again) == expected["new"]
        assert again.verify() == []
        assert not [path.name for path in (data / "snapshots").glob(".*")]
    assert seen["old"] and seen["new"] and seen["killed while it wrote"], seen


@pytest.mark.slow
def test_a_first_build_that_is_killed_is_made_anew(seeds: Path, data: Path) -> None:
    write_dams(seeds, range(AT_ONCE), "Lomma")
    chance = random.Random(SEED)  # noqa: S311  # moments, not secrets
    for _ in range(10):
        shutil.rmtree(data, ignore_errors=True)
        process, _ = started(seeds, data)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.join()
        engine = Engine.open(seeds, data)
        assert len(engine.entries()) == AT_ONCE + 2
        assert engine.verify() == []


def with_full_disk(seeds: Path, data: Path, room: int, told: Connection) -> None:
    """As `reindex`, where no file may become longer than `room` bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    reindex(seeds, data, told)


@pytest.mark.parametrize("room", one_in(4, LIMITS))
def test_a_full_disk_is_told_and_what_was_indexed_goes_on_answering(seeds: Path, data: Path, room: int) -> None:
    before = contents(Engine.open(seeds, data))
    write_dams(seeds, range(AT_ONCE), "Lomma")
    told, telling = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=with_full_disk, args=(seeds, data, room, telling))
    process.start()
    telling.close()
    assert told.recv() == "begins"
    said = told.recv()
    process.join()
    assert process.exitcode == 0
    after = Engine.open(seeds, data, build=False)
    if said == "done":
        assert len(contents(after)) == len(before) + AT_ONCE
    else:
        assert said.startswith(f"The index cannot be written to '{data}' (File too large). Make the data folder")
        assert contents(after) == before
    assert after.verify() == []
    assert after.ask(QUESTION).quotes
    assert after.reindex(lock_timeout=0).articles == len(before) + AT_ONCE
    assert after.verify() == []


def test_both_a_full_and_a_sufficient_disk_are_among_the_limits(seeds: Path, data: Path) -> None:
    write_dams(seeds, range(AT_ONCE), "Lomma")
    Engine.open(seeds, data)
    largest = max(path.stat().st_size for path in data.rglob("*") if path.is_file())
    assert sum(room < largest for room in LIMITS) >= len(LIMITS) // 2
    assert max(LIMITS) > largest


# ---- damage ----------------------------------------------------------------------------------------------------------


def flip(path: Path, chance: random.Random) -> None:
    with path.open("r+b") as file:
        place = chance.randrange(path.stat().st_size)
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1 << chance.randrange(8)]))


def cut(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size))


def empty(path: Path, _: random.Random) -> None:
    os.truncate(path, 0)


def remove(path: Path, _: random.Random) -> None:
    path.unlink()


def fill_with_rubbish(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(2000))


DAMAGES: list[Callable[[Path, random.Random], None]] = [flip, cut, empty, remove, fill_with_rubbish]


def copied_with_links(source: Path, to: Path) -> None:
    """Copy a folder; names of one file are names of one file in the copy too."""
    seen: dict[int, Path] = {}
    to.mkdir()
    for path in sorted(source.rglob("*")):
        target = to / path.relative_to(source)
        if path.is_dir():
            target.mkdir()
        elif (inode := path.stat().st_ino) in seen:
            target.hardlink_to(seen[inode])
        else:
            seen[inode] = target
            shutil.copy2(path, target)


@pytest.fixture(scope="module")
def with_a_past(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[Contents]]:
    """Seeds, an index with a past, and what each of its snapshots holds."""
    place = tmp_path_factory.mktemp("past")
    seeds, data = place / "seeds", place / "data"
    shutil.copytree(SEEDS, seeds)
    engine = Engine.open(seeds, data)
    past = [contents(engine)]
    for river in ("Lomma", "Lagan"):
        write_dams(seeds, range(30), river)
        write_dams(seeds, range(40, 42), "Nissan")
        engine.reindex()
        past.append(contents(engine))
    (seeds / "dam-041.txt").unlink()
    write_dams(seeds, range(3), "Viskan")
    engine.reindex()
    assert any(path.stat().st_nlink > 1 for path in data.rglob("*.segment"))
    assert (data / "snapshots" / engine.history()[0].id / "gone.arrays").stat().st_size > 100
    return seeds, data, [*past, contents(engine)]


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("damage", "times"),
    [
        (DAMAGES[0], 1),
        *(pytest.param(damage, 1, marks=pytest.mark.slow) for damage in DAMAGES[1:]),
        pytest.param(flip, 12, marks=pytest.mark.slow),
        pytest.param(cut, 2, marks=pytest.mark.slow),
    ],
)
def test_whatever_happens_to_a_file_of_the_index_what_answers_is_whole(
    with_a_past: tuple[Path, Path, list[Contents]],
    tmp_path: Path,
    damage: Callable[[Path, random.Random], None],
    times: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    seeds, data, past = with_a_past
    chance = random.Random(SEED)  # noqa: S311  # places, not secrets
    files = [path.relative_to(data) for path in sorted(data.rglob("*")) if path.is_file()]
    damaged_current = 0
    for name in files:
        for number in range(times):
            copy = tmp_path / str(number)
            copied_with_links(data, copy)
            if name.name == LOCK and damage is not remove:
                (copy / name).write_bytes(b"a lock's file is empty")
            damage(copy / name, chance)
            caplog.clear()
            before = Engine.open(seeds, copy, build=False)
            damaged_current += bool(caplog.records)
            served = contents(before)
            assert served in past or not served, f"{name}, {damage.__name__}"
            assert served == past[-1] or caplog.records, (
                f"{name}, {damage.__name__}: an older collection serves, and nothing says so"
            )
            if served:
                assert is_whole(before)
            after = Engine.open(seeds, copy)
            assert contents(after) == past[-1]
            assert is_whole(after)
            assert after.verify() == []
            assert not after.reindex().has_changes
            shutil.rmtree(copy)
    assert damaged_current >= 3 * times, "the manifest, the ledger and a segment of the current snapshot at least"
