"""The encoder that `make encoder` puts beside the tests' packages."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(sys.prefix) / "encoder"


def encoder_folder() -> Path:
    assert FOLDER.is_dir(), "run `make encoder` first; `make test-slow` does"
    return FOLDER
