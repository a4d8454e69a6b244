"""Real discord.py clients in the test's process, connected to the fake Discord."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import discord
import discord.gateway
import pytest
import yarl
from discord.http import Route

from . import Channel, DiscordServer, Guild, User
from .tiny import Tiny


class Request(Protocol):
    """A request of the bot: method, path, JSON body."""

    async def __call__(self, method: str, path: str, body: Any = None) -> Any: ...  # noqa: ANN401  # any JSON


@pytest.fixture
def guild(server: DiscordServer) -> Guild:
    return server.add_guild("Readers")


@pytest.fixture
def general(server: DiscordServer, guild: Guild) -> Channel:
    return server.add_channel(guild, "general")


@pytest.fixture
def alice(server: DiscordServer, guild: Guild) -> User:
    user = server.add_user("alice")
    server.join(guild, user)
    return user


def send_to(server: DiscordServer, patched: pytest.MonkeyPatch) -> None:
    """Point discord.py to the fake Discord, as `inject/sitecustomize.py` does in other processes."""
    patched.setattr(Route, "BASE", server.api)
    patched.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))


@pytest.fixture
def discord_py(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    send_to(server, monkeypatch)


@asynccontextmanager
async def running(server: DiscordServer, bot: Tiny) -> AsyncIterator[Tiny]:
    """Run the bot, connected, until the end of the block."""
    task = asyncio.create_task(bot.start(server.token))
    try:
        await server.ready()
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def tiny(server: DiscordServer, general: Channel, discord_py: None) -> AsyncIterator[Tiny]:
    assert general
    assert discord_py is None
    async with running(server, Tiny()) as bot:
        yield bot


@pytest.fixture
async def request_as_bot(server: DiscordServer, discord_py: None) -> AsyncIterator[Request]:
    """Requests made by discord.py's own HTTP client."""
    assert discord_py is None
    client = discord.Client(intents=discord.Intents.none())
    await client.login(server.token)

    async def request(method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401  # any JSON
        return await client.http.request(Route(method, path), **({} if body is None else {"json": body}))

    yield request
    await client.close()
