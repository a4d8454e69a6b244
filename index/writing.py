"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that whoever looks sees all of it or what was there before; OSError where it cannot be."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as aside:
        try:
            aside.write(data)
            aside.flush()
            os.fsync(aside.fileno())
            Path(aside.name).chmod(0o644)
            Path(aside.name).rename(path)
        except OSError:
            Path(aside.name).unlink(missing_ok=True)
            raise
