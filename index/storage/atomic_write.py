"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ASIDE = ".verbatim-"
"""What the names of files begin with that are still being written."""
OLD = 3600.0
"""Seconds after which nobody writes such a file any more."""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that whoever looks sees all of it or what was there before; OSError where it cannot be."""
    with _written_aside(path.parent, data) as aside:
        aside.replace(path)


def write_new(path: Path, data: bytes) -> None:
    """Write a file whole, under a name that nothing has; what is there is never replaced, however close the race.

    Raises:
        FileExistsError: something has the name already.
        OSError: it cannot be written.
    """
    with _written_aside(path.parent, data) as aside:
        try:
            os.link(aside, path)
        except FileExistsError:
            raise
        except OSError:  # the file system has no links: the name is claimed first
            path.touch(exist_ok=False)
            aside.replace(path)


@contextmanager
def _written_aside(folder: Path, data: bytes) -> Iterator[Path]:
    """A file of this content under a name of its own, through to the disk; gone at the end, if it is there still."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=ASIDE, delete=False) as aside:
        path = Path(aside.name)
        try:
            aside.write(data)
            aside.flush()
            os.fsync(aside.fileno())
            path.chmod(0o644)
            yield path
        finally:
            path.unlink(missing_ok=True)


def clear_left_aside(folder: Path) -> None:
    """Remove what writers left in a folder that were killed; what cannot be removed only takes room."""
    for path in folder.glob(f"{ASIDE}*"):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > OLD:
                path.unlink()
