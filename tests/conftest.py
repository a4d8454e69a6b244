"""What every test may ask for."""

import warnings
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from .discord_server import DiscordServer

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop, which Python 3.13 drops
    import discord  # noqa: F401  # imported once here, so that no test imports it first

# Examples have no deadline: the machine runs other tests meanwhile. `make test-slow` selects "full".
settings.register_profile("full", deadline=None, max_examples=100)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("quick")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument: packed bytes hold the time, and all processes must see the same names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Discord on a loopback port, empty but for the bot's account and its owner."""
    async with DiscordServer() as running:
        yield running
