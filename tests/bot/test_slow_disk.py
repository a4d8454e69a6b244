"""While the disk is slow, whoever used something is told in time that it takes longer, and then gets it, once."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.state.store import FILE
from tests.discord_server import Interaction, ServerMessage

from .reading import read
from .scene import Scene

QUESTION = "Who is the White House science and technology chief?"
CHIEF = "Michael Kratsios"

pytestmark = pytest.mark.usefixtures("bot")


LOCKS, FIRST = 8, 120
"""Of SQLite's write-ahead log, in the file with the ending -shm: who holds them all lets nobody read or write."""


@asynccontextmanager
async def slow_disk(scene: Scene) -> AsyncIterator[None]:
    """Nobody else can read or write the state meanwhile."""
    with (scene.data / f"{FILE}-shm").open("r+b") as shared:
        await asyncio.to_thread(fcntl.lockf, shared, fcntl.LOCK_EX, LOCKS, FIRST)
        try:
            yield
        finally:
            fcntl.lockf(shared, fcntl.LOCK_UN, LOCKS, FIRST)


async def answer(scene: Scene) -> ServerMessage:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    found = await scene.server.reply_to(question)
    await scene.server.settle()
    return found


def pressing(label: str) -> Callable[[Scene, ServerMessage], Awaitable[Interaction]]:
    return lambda scene, found: scene.server.click(scene.alice, found, label)


def using(name: str, **options: bool) -> Callable[[Scene, ServerMessage], Awaitable[Interaction]]:
    def use(scene: Scene, _: ServerMessage) -> Awaitable[Interaction]:
        return scene.server.slash(scene.guild.owner, scene.general, name, **options)

    return use


async def adding_a_channel(scene: Scene, _: ServerMessage) -> Interaction:
    return await scene.server.slash(
        scene.guild.owner, scene.general, "channels add", channel=scene.general, kind="allowed"
    )


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (pressing("Context"), CHIEF),
        (pressing("More passages"), "More passages."),
        (pressing("👍 Helpful"), "Thank you for your feedback!"),
        (using("privacy", delete=True), "I deleted everything"),
        (adding_a_channel, "I added "),
        (using("channels set", threads=True), "I saved the settings."),
        (using("channels reset"), "I saved the settings."),
        (using("admin audit"), "No changes are recorded."),
        (using("admin gaps"), "I have no unanswered"),
    ],
    ids=["context", "more", "good", "privacy", "add", "set", "reset", "audit", "gaps"],
)
async def test_what_is_put_off_comes_once(
    scene: Scene, does: Callable[[Scene, ServerMessage], Awaitable[Interaction]], told: str
) -> None:
    found = await answer(scene)
    async with slow_disk(scene):
        made = await does(scene, found)
        await made.acknowledged()
        assert made.deferred
    await made.answered(20)
    assert made.ephemeral
    assert told in "\n".join(read(made.messages[0]))
    await scene.server.settle()
    assert len(made.messages) == 1


async def test_the_form_that_asks_what_is_wrong_does_not_wait_for_the_disk(scene: Scene) -> None:
    found = await answer(scene)
    async with slow_disk(scene):
        asked = await scene.server.click(scene.alice, found, "👎 Not helpful")
        await asked.acknowledged()
        assert asked.modal
        sent = await scene.server.submit(scene.alice, asked, {"why": "outdated"})
        await sent.acknowledged()
        assert sent.deferred
    await sent.answered(20)
    assert read(sent.messages[0]) == ["Thank you for your feedback!"]


async def test_a_deletion_is_acknowledged_and_then_made(scene: Scene) -> None:
    found = await answer(scene)
    async with slow_disk(scene):
        made = await scene.server.click(scene.alice, found, "Delete")
        await made.acknowledged()
        assert not found.deleted
    await scene.server.until(lambda: found.deleted)
    assert made.followups == []


async def test_where_many_wait_the_bot_is_shown_typing_once(scene: Scene) -> None:
    await answer(scene)
    async with slow_disk(scene):
        questions = [
            await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION} {number}")
            for number in range(4)
        ]
        await scene.server.until(lambda: scene.server.typing)
        await scene.server.settle(1)
        assert scene.server.typing == [scene.general]
    for question in questions:
        await scene.server.reply_to(question)
