"""The index over the sample articles that the evaluations ask; they change nothing in it."""

import shutil
from pathlib import Path

import pytest

from index.engine import Engine


@pytest.fixture(scope="package")
def engine(tmp_path_factory: pytest.TempPathFactory, index_of_seeds: Path) -> Engine:
    data = shutil.copytree(index_of_seeds, tmp_path_factory.mktemp("evaluated") / "data")
    return Engine.open(Path(__file__).parents[2] / "seeds", Path(data))
