"""Fixtures: the state in a SQLite file alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.state.conftest import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)
