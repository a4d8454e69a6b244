"""Atomic writes of files."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ASIDE = ".verbatim-"
"""The prefix of temporary files."""
OLD = 3600.0
"""Seconds after which a temporary file is abandoned."""


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file atomically: a reader sees all of the new content or all of the old; OSError where it fails."""
    with _written_aside(path.parent, data) as aside:
        aside.replace(path)


def write_new(path: Path, data: bytes) -> None:
    """Create a file atomically, never replacing one, even in a race; FileExistsError if the name is taken. OSError."""
    with _written_aside(path.parent, data) as aside:
        try:
            os.link(aside, path)
        except FileExistsError:
            raise
        except OSError:  # the file system has no links: create the name first
            path.touch(exist_ok=False)
            aside.replace(path)


@contextmanager
def _written_aside(folder: Path, data: bytes) -> Iterator[Path]:
    """A temporary file with this content, synced to disk; deleted on exit if it is still there."""
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
    """Remove the temporary files of killed writers; those that cannot be removed only take space."""
    for path in folder.glob(f"{ASIDE}*"):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > OLD:
                path.unlink()
