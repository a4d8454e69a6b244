"""What every test may ask for."""

import warnings
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from .discord_server import DiscordServer

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop, which Python 3.13 drops
    import discord  # noqa: F401  # imported once here, so that no test imports it first

# How long an example takes says nothing on a machine that runs other tests meanwhile.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument: packed bytes hold the time, and all processes must see the same names."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    items.sort(key=lambda item: item.get_closest_marker("takes_long") is None)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Discord on a loopback port, empty but for the bot's account and its owner."""
    async with DiscordServer() as running:
        yield running
