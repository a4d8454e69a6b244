"""A folder is watched: what changes in it is noticed, and what changed before the watching began."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from watchfiles import awatch

from index.corpus import watcher
from index.corpus.watcher import settled_changes


@pytest.fixture(autouse=True)
def _without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "LOOK_AGAIN_SECONDS", 0.3)


async def until_noticed(changes: AsyncIterator[None], change: Callable[..., object], **options: bool) -> None:
    """Change something once it is listened for, and wait until that is noticed."""
    waiting = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0.1)
    change(**options)
    await asyncio.wait_for(waiting, 60)


def remade(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def replaced(folder: Path) -> None:
    folder.rename(folder.with_name("old"))
    folder.mkdir()


def replaced_from_above(folder: Path) -> None:
    """Its parent is another folder by now; of that the one that is watched is told nothing."""
    folder.parent.rename(folder.parent.with_name("old"))
    folder.mkdir(parents=True)


async def test_a_folder_is_looked_at_once_when_the_watching_has_begun_and_then_when_it_changes(tmp_path: Path) -> None:
    changes = settled_changes(tmp_path, quiet=0.1)
    await asyncio.wait_for(anext(changes), 60)
    await until_noticed(changes, lambda: (tmp_path / "dam.txt").write_text("A dam was opened."))


@pytest.mark.parametrize("name", ["seeds", ".seeds"])
@pytest.mark.parametrize("replace", [remade, replaced, replaced_from_above])
async def test_the_folder_that_takes_the_place_of_the_one_before_is_watched_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replace: Callable[[Path], None], name: str
) -> None:
    seeds = tmp_path / "home" / name
    seeds.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    changes = settled_changes(Path("home", name), quiet=0.1)
    await asyncio.wait_for(anext(changes), 60)
    await until_noticed(changes, lambda: replace(seeds))
    for number in range(2):
        await until_noticed(changes, (seeds / f"dam-{number}.txt").touch)


async def test_folders_in_it_are_watched_with_those_that_are_made_later(tmp_path: Path) -> None:
    (tmp_path / "guide" / "api").mkdir(parents=True)
    changes = settled_changes(tmp_path, quiet=0.1)
    await asyncio.wait_for(anext(changes), 60)
    await until_noticed(changes, (tmp_path / "guide" / "api" / "dam.txt").touch)
    await until_noticed(changes, (tmp_path / "rules" / "entry").mkdir, parents=True)
    await asyncio.wait_for(anext(changes), 60)  # once more, for what came before the new folder was watched
    await until_noticed(changes, (tmp_path / "rules" / "entry" / "dam.txt").touch)
    await until_noticed(changes, lambda: remade(tmp_path / "rules" / "entry"))
    await asyncio.wait_for(anext(changes), 60)
    await until_noticed(changes, (tmp_path / "rules" / "entry" / "dam.txt").touch)
    await until_noticed(changes, lambda: shutil.rmtree(tmp_path / "guide"))


async def test_what_is_left_out_is_noticed_and_hidden_folders_and_links_are_not(tmp_path: Path) -> None:
    seeds, outside = tmp_path / "seeds", tmp_path / "outside"
    for folder in (seeds / ".git", seeds / "guide", outside):
        folder.mkdir(parents=True)
    (seeds / "guide" / "loop").symlink_to(seeds)
    (seeds / "away").symlink_to(outside)
    changes = settled_changes(seeds, quiet=0.1)
    await asyncio.wait_for(anext(changes), 60)
    await until_noticed(changes, (seeds / ".verbatimignore").touch)
    waiting = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0.1)
    for folder in (seeds / ".git", outside):
        (folder / "dam.txt").touch()
    (seeds / "guide" / ".verbatim-1").touch()
    done, _ = await asyncio.wait([waiting], timeout=1)
    assert not done
    (seeds / "guide" / "dam.txt").touch()
    await asyncio.wait_for(waiting, 60)


async def test_a_watching_that_fails_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = list[int]()

    async def failing_at_first(*folders: Path, **settings: Any) -> AsyncIterator[Any]:  # noqa: ANN401  # as awatch
        begun.append(len(begun))
        if begun == [0]:
            message = "error in underlying watcher"
            raise ExceptionGroup(message, [RuntimeError(message)])
        async for found in awatch(*folders, **settings):
            yield found

    monkeypatch.setattr("index.corpus.watcher.awatch", failing_at_first)
    changes = settled_changes(tmp_path, quiet=0.1)
    await asyncio.wait_for(anext(changes), 60)
    await until_noticed(changes, (tmp_path / "dam.txt").touch)
    assert begun == [0, 1]


async def test_a_folder_that_is_not_there_is_said_not_to_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await anext(settled_changes(tmp_path / "gone"))


async def test_a_folder_that_goes_is_said_not_to_be_there(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    changes = settled_changes(seeds, quiet=0.1)
    await asyncio.wait_for(anext(changes), 60)
    with pytest.raises(FileNotFoundError):
        await until_noticed(changes, seeds.rmdir)
