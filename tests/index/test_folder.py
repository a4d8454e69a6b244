"""The folder of articles changes: what the engine puts there and takes away is whole, and told as it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.article import Verdict
from index.engine import Engine
from index.errors import FolderUnusable, IndexedLater

ARTICLE = "A dam for the valley\n\nThe dam at Oberstein was finished in 1987 by the Karlsson brothers.\n"
QUESTION = "Who finished the dam at Oberstein?"
FIRST, SECOND = "000_88608c0d96434d55", "003_10f24738130fbaea"
URL = "https://example.com/dam"


def names(seeds: Path) -> set[str]:
    return {path.name for path in seeds.iterdir()}


def add(engine: Engine) -> None:
    engine.add_contents({"dam.txt": ARTICLE.encode()})


def edit(engine: Engine) -> None:
    engine.record(FIRST, {"url": URL}, "ann")


def remove(engine: Engine) -> None:
    engine.remove(FIRST)


@pytest.mark.parametrize(
    ("change", "appears", "goes"),
    [(add, {"dam.txt"}, set()), (edit, {f"{FIRST}.meta.toml"}, set()), (remove, set(), {f"{FIRST}.txt"})],
)
def test_where_the_index_cannot_follow_a_change_of_the_folder_that_is_said_and_it_follows_later(  # noqa: PLR0913, PLR0917
    engine: Engine, seeds: Path, data: Path, change: Callable[[Engine], None], appears: set[str], goes: set[str]
) -> None:
    before, served = names(seeds), engine.served
    (data / ".CURRENT").mkdir()  # where the name of the new snapshot is written first
    with pytest.raises(
        IndexedLater, match=r"articles has been changed, but the index .* The reason: The index"
    ) as told:
        change(engine)
    assert isinstance(told.value.reason, FolderUnusable)
    assert told.value.__cause__ is told.value.reason
    assert (names(seeds) - before, before - names(seeds)) == (appears, goes)
    assert engine.served is served
    (data / ".CURRENT").rmdir()
    assert engine.reindex().is_news
    assert not engine.is_stale()


def test_where_the_folder_itself_cannot_be_changed_it_is_not_said_that_it_was(engine: Engine, data: Path) -> None:
    (data / "bin").write_text("a file where the bin should be")
    with pytest.raises(FolderUnusable, match=f"{FIRST}.txt cannot be moved"):
        engine.remove(FIRST)
    assert engine.ask("Who is Kratsios?").verdict is Verdict.ANSWERED
    assert not engine.is_stale()


def test_an_article_and_its_sidecar_go_to_the_bin_together_or_not_at_all(
    engine: Engine, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(engine)
    before, move = names(seeds), shutil.move

    def moved(path: Path, to: Path) -> Path:
        if path.name.endswith(".toml"):
            raise OSError(28, "No space left on device")
        return Path(move(path, to))

    monkeypatch.setattr(shutil, "move", moved)
    with pytest.raises(FolderUnusable, match="No space left"):
        engine.remove(FIRST)
    assert names(seeds) == before
