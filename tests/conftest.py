"""Fixtures and settings of all tests."""

import gc
import warnings
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
from hypothesis import settings

from index.engine import Engine

from .discord_server import DiscordServer

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop, which Python 3.13 drops
    import discord  # noqa: F401  # imported here first, under this filter

# No deadline, because the machine runs other tests meanwhile. `make test-slow` selects "full".
settings.register_profile("full", deadline=None, max_examples=100)
settings.register_profile("quick", deadline=None, max_examples=10)
settings.load_profile("quick")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage while thousands of tests are collected, and leave these out of every collection afterwards."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes cases by their argument: packed bytes hold the time, but ids must be equal in all worker processes."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def index_of_seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the index of the seeds, of which most tests take a copy."""
    data = tmp_path_factory.mktemp("index")
    Engine.open(Path(__file__).parents[1] / "seeds", data)
    return data


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A fake Discord on a loopback port, with the bot's account and its owner only."""
    async with DiscordServer() as running:
        yield running
