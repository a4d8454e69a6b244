"""A folder is watched: what changes in it is noticed, and what changed before the watching began."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from index.watching import settled_changes


async def test_a_folder_is_looked_at_once_when_the_watching_has_begun_and_then_when_it_changes(tmp_path: Path) -> None:
    changes = settled_changes(tmp_path, quiet=0.1)
    await asyncio.wait_for(anext(changes), 20)
    waiting = asyncio.ensure_future(anext(changes))
    (tmp_path / "dam.txt").write_text("A dam was opened.")
    await asyncio.wait_for(waiting, 20)


async def test_a_folder_that_is_not_there_is_said_not_to_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await anext(settled_changes(tmp_path / "gone"))
