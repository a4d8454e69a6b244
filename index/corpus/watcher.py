"""Watch the folder of articles, and the folders in it, for changes."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path

from watchfiles import Change, awatch

from index.corpus.ignore import FILE as IGNORE_FILE
from index.corpus.tree import read_tree

DEBOUNCE_SECONDS = 2.0
"""Seconds without a change after which a folder has settled, so that no half-copied file is read."""
MAX_DEBOUNCE_SECONDS = 60.0
"""Seconds after which changes are reported, settled or not."""
LOOK_AGAIN_SECONDS = 5.0
"""Seconds between two checks that the watched folder was not replaced, while nothing changes."""
POLL_SECONDS = 1.0
"""Seconds between two polls on file systems that send no events."""
log = logging.getLogger(__name__)


async def settled_changes(seeds: Path, quiet: float = DEBOUNCE_SECONDS) -> AsyncIterator[None]:
    """Yield each time the folder has changed and then been unchanged for `quiet` seconds, and once at the start.

    The first one covers changes made before the watch was in place. The watch restarts where another folder takes the
    place of the watched one, and where it fails. OSError where the folder does not exist or cannot be watched.
    """
    while True:
        try:
            async with aclosing(_changes_in_folder(seeds, quiet)) as changes:
                async for _ in changes:
                    yield
        except* RuntimeError as failed:  # what watchfiles raises, alone or in a group
            log.warning("Watching the folder of articles failed; starting again: %s", failed.exceptions)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _changes_in_folder(seeds: Path, quiet: float) -> AsyncGenerator[None]:
    """The changes, until the folder or one in it is made, removed or replaced: the system sends no events for it.

    Each folder is watched by itself, because links would be followed otherwise.
    """
    folder = await asyncio.to_thread(seeds.absolute)  # changes are reported with absolute paths
    watched = await asyncio.to_thread(folder.stat)
    folders = await asyncio.to_thread(_folders_in, folder)
    changes = awatch(
        *folders,
        watch_filter=lambda _, path: Path(path) == folder or _is_article_file(path),
        step=int(1000 * quiet),
        debounce=int(1000 * MAX_DEBOUNCE_SECONDS),
        poll_delay_ms=int(1000 * POLL_SECONDS),
        recursive=False,
        rust_timeout=int(1000 * LOOK_AGAIN_SECONDS),
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    has_begun = False
    async with aclosing(changes):
        async for found in changes:
            # A new folder may get the inode number of the old one, so its deletion counts too.
            if (Change.deleted, str(folder)) in found:
                return
            if not os.path.samestat(watched, await asyncio.to_thread(folder.stat)):
                return
            if found or not has_begun:
                has_begun = True
                yield
            is_about_folder = any(Path(path) in folders for _, path in found)
            if is_about_folder or (found and folders != await asyncio.to_thread(_folders_in, folder)):
                return


def _folders_in(seeds: Path) -> set[Path]:
    return {seeds, *(seeds / name for name in read_tree(seeds).folders)}


def _is_article_file(path: str) -> bool:
    """Whether it may be of interest; the names of temporary files begin with a dot."""
    name = Path(path).name
    return name == IGNORE_FILE or not name.startswith(".")
