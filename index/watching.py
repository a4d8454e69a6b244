"""Noticing that the folder of articles has changed, by the system's own means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch

QUIET = 2.0
"""Seconds without a change after which a folder has settled: a copy that is under way is not read half."""
LONGEST = 60.0
"""Seconds after which it is looked at, settled or not."""
BEGUN = 5.0
"""Seconds after which a folder that did not change is looked at all the same, once."""
POLL = 1.0
"""Seconds between two looks on file systems that tell nothing by themselves."""


async def settled_changes(seeds: Path, quiet: float = QUIET) -> AsyncIterator[None]:
    """Each time that the folder has changed and settled, and once after the watching has begun.

    What changed just before, while the folder was being read, would be told by nobody.

    Args:
        seeds: the folder of articles.
        quiet: seconds without a change.

    Raises:
        FileNotFoundError: it is not there.
    """
    has_begun = False
    changes = awatch(
        seeds,
        watch_filter=_is_of_articles,
        step=int(1000 * quiet),
        debounce=int(1000 * LONGEST),
        poll_delay_ms=int(1000 * POLL),
        recursive=False,
        rust_timeout=int(1000 * BEGUN),
        yield_on_timeout=True,
    )
    async for found in changes:
        if found or not has_begun:
            has_begun = True
            yield


def _is_of_articles(_: Change, path: str) -> bool:
    """Not of what is still being written aside, under a name that begins with a dot."""
    return not Path(path).name.startswith(".")
