"""Fixtures: the bot in its own process, on a copy of the seeds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord_server import DiscordServer

from .scene import SEEDS, Process, Scene, scene_in, stopped

__all__ = ["SEEDS", "Scene"]


@pytest.fixture
def scene(server: DiscordServer, tmp_path: Path) -> Scene:
    return scene_in(server, tmp_path)


@pytest.fixture
async def open_scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A bot whose application has the message content intent."""
    async with DiscordServer(message_content=True) as server:
        scene = scene_in(server, tmp_path)
        scene.process = await scene.start()
        await server.ready()
        yield scene
        said = await stopped(scene.process)
        assert "Traceback" not in said, said
        assert server.violations == []


@pytest.fixture
async def bot(scene: Scene) -> AsyncIterator[Process]:
    """The bot, connected; at the end it must stop cleanly, without a violation or a logged traceback."""
    process = scene.process = await scene.start()
    try:
        await scene.server.ready()
        yield process
    finally:
        process = scene.process
        if process.returncode is None:
            process.terminate()
        _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, said.decode()
    assert scene.server.violations == []
    assert scene.server.token not in said.decode()
    assert "Traceback" not in said.decode(), said.decode()
