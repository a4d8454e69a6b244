"""Fixtures: a copy of the seeds, an empty data folder, an engine over both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.engine import Engine
from index.reading.sandbox import SANDBOXED_READER

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session", autouse=True)
def lasting_sandbox() -> Iterator[None]:
    """Keep the sandbox process alive between tests: it takes a second to start."""
    end = SANDBOXED_READER.stop
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SANDBOXED_READER, "stop", lambda: None)
        yield
    end()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def engine(seeds: Path, data: Path, index_of_seeds: Path) -> Engine:
    return Engine.open(seeds, Path(shutil.copytree(index_of_seeds, data)))
