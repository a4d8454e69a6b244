"""Fixtures: the state in a SQLite file, and, where the mark `cluster` is selected, in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.state import State
from tests.cluster.postgres import database, empty_database, postgres, postgres_server

__all__ = ["Place", "database", "empty_database", "postgres", "postgres_server"]


@dataclass(frozen=True)
class Place:
    """Where a state is stored."""

    folder: Path
    url: SecretStr | None = None

    async def open(self) -> State:
        return await State.open(self.folder, self.url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.cluster)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(tmp_path, request.getfixturevalue("database") if request.param == "postgresql" else None)


@pytest.fixture
async def state(place: Place) -> AsyncIterator[State]:
    opened = await place.open()
    yield opened
    await opened.close()
