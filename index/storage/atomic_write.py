"""Atomic writes of files."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TEMPORARY_PREFIX = ".verbatim-"
"""The prefix of temporary files."""
TEMPORARY_MAX_AGE = 3600.0
"""Seconds after which a temporary file is abandoned."""


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file atomically: a reader sees all of the new content or all of the old; OSError where it fails."""
    with _temporary_file(path.parent, data) as aside:
        aside.replace(path)


def write_new(path: Path, data: bytes) -> None:
    """Create a file atomically, never replacing one, even in a race; FileExistsError if the name is taken. OSError."""
    with _temporary_file(path.parent, data) as aside:
        try:
            os.link(aside, path)
        except FileExistsError:
            raise
        except OSError:  # the file system has no links: create the name first
            path.touch(exist_ok=False)
            aside.replace(path)


@contextmanager
def _temporary_file(folder: Path, data: bytes) -> Iterator[Path]:
    """A temporary file with this content, synced to disk; deleted on exit if it is still there."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=TEMPORARY_PREFIX, delete=False) as aside:
        path = Path(aside.name)
        try:
            aside.write(data)
            aside.flush()
            os.fsync(aside.fileno())
            path.chmod(0o644)
            yield path
        finally:
            path.unlink(missing_ok=True)


def delete_stale_temporary_files(folder: Path) -> None:
    """Remove the temporary files of killed writers; those that cannot be removed only take space."""
    for path in folder.glob(f"{TEMPORARY_PREFIX}*"):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > TEMPORARY_MAX_AGE:
                path.unlink()
