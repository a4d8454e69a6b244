"""Noticing that the folder of articles has changed, by the system's own means."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path

from watchfiles import Change, awatch

QUIET = 2.0
"""Seconds without a change after which a folder has settled: a copy that is under way is not read half."""
LONGEST = 60.0
"""Seconds after which it is looked at, settled or not."""
LOOK = 5.0
"""Seconds between two looks at whether the folder is still the one that is watched, where nothing changes."""
POLL = 1.0
"""Seconds between two looks on file systems that tell nothing by themselves."""
log = logging.getLogger(__name__)


async def settled_changes(seeds: Path, quiet: float = QUIET) -> AsyncIterator[None]:
    """Each time that the folder has changed and settled, and once after the watching has begun.

    What changed just before, while the folder was being read, would be told by nobody. The watching begins anew where
    another folder has taken the place of the one that is watched, and where it fails.

    Args:
        seeds: the folder of articles.
        quiet: seconds without a change.

    Raises:
        FileNotFoundError: it is not there.
        OSError: it cannot be watched.
    """
    while True:
        try:
            async with aclosing(_changes_in_one(seeds, quiet)) as changes:
                async for _ in changes:
                    yield
        except* RuntimeError as failed:  # what watchfiles raises, alone or in a group
            log.warning("Watching the folder of articles failed; starting again: %s", failed.exceptions)
            await asyncio.sleep(LOOK)


async def _changes_in_one(seeds: Path, quiet: float) -> AsyncGenerator[None]:
    """The changes, until there is another folder under this name, or none: the system tells nothing of that one."""
    folder = await asyncio.to_thread(seeds.absolute)  # as what changes is named
    watched = await asyncio.to_thread(folder.stat)
    changes = awatch(
        folder,
        watch_filter=lambda _, path: Path(path) == folder or _is_of_articles(path),
        step=int(1000 * quiet),
        debounce=int(1000 * LONGEST),
        poll_delay_ms=int(1000 * POLL),
        recursive=False,
        rust_timeout=int(1000 * LOOK),
        yield_on_timeout=True,
    )
    has_begun = False
    async with aclosing(changes):
        async for found in changes:
            # A folder that is made anew may get the number of the one before, so its end is listened for too.
            if (Change.deleted, str(folder)) in found:
                return
            if not os.path.samestat(watched, await asyncio.to_thread(folder.stat)):
                return
            if found or not has_begun:
                has_begun = True
                yield


def _is_of_articles(path: str) -> bool:
    """Not of what is still being written aside, under a name that begins with a dot."""
    return not Path(path).name.startswith(".")
