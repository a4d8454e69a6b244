"""Folders to work in: a copy of the seeds, an empty data folder, an engine over both."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.engine import Engine

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def engine(seeds: Path, data: Path) -> Engine:
    return Engine.open(seeds, data)
