"""Fixtures: the bot in its own process, on a copy of the seeds."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.discord_server import DiscordServer

from .scene import SEEDS, Process, Scene, scene_in, scene_of

__all__ = ["SEEDS", "Scene", "lasting_bot"]

lasting_bot = pytest.mark.asyncio(loop_scope="module")
"""The scene of this test is a new server of a bot that all tests of its module with this mark ask.

It has no admins there. For tests that neither restart the bot nor change its articles or settings: most of their time
would be that of its start.
"""


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    asyncio_mark = request.node.get_closest_marker("asyncio")
    if asyncio_mark is None or asyncio_mark.kwargs.get("loop_scope") != "module":
        yield scene_in(request.getfixturevalue("server"), request.getfixturevalue("tmp_path"))
        return
    lasting: Scene = request.getfixturevalue("lasting_scene")
    yield scene_of(lasting.server, lasting.seeds, lasting.data)
    violations = lasting.server.violations.copy()
    lasting.server.violations.clear()  # they are not the next test's
    assert violations == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lasting_scene(tmp_path_factory: pytest.TempPathFactory, index_of_seeds: Path) -> AsyncIterator[Scene]:
    """A bot for the tests of a module that are marked `lasting_bot`."""
    async with DiscordServer() as server:
        lasting = scene_in(server, tmp_path_factory.mktemp("bot"))
        async with clean(lasting, index_of_seeds):
            yield lasting


@pytest.fixture
async def open_scene(tmp_path: Path, index_of_seeds: Path) -> AsyncIterator[Scene]:
    """A bot whose application has the message content intent."""
    async with DiscordServer(message_content=True) as server:
        scene = scene_in(server, tmp_path)
        async with clean(scene, index_of_seeds):
            yield scene


@pytest.fixture
async def bot(scene: Scene, index_of_seeds: Path) -> AsyncIterator[Process]:
    async with clean(scene, index_of_seeds) as process:
        yield process


@asynccontextmanager
async def clean(scene: Scene, index_of_seeds: Path) -> AsyncIterator[Process]:
    """The bot, connected; at the end it must stop cleanly, without a violation or a logged traceback."""
    if sorted(path.name for path in scene.seeds.iterdir()) == sorted(path.name for path in SEEDS.iterdir()):
        shutil.copytree(index_of_seeds, scene.data)
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
