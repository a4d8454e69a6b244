"""While nobody gets at the state, questions are answered all the same, and what needs it says so at once."""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing

import pytest

from bot.i18n.messages import Message
from bot.state.store import FILE
from tests.discord_server import Interaction, ServerMessage, buttons
from tests.properties import one_in

from .reading import read
from .scene import Scene, give_old_delete_button

QUESTION = "Who is the White House science and technology chief?"
CHIEF = "Michael Kratsios"
BROKEN = [Message.STATE_BROKEN.value]

pytestmark = pytest.mark.usefixtures("bot")


LOCKS, FIRST = 8, 120
"""Of SQLite's write-ahead log, in the file with the ending -shm: who holds them all lets nobody read or write."""


@asynccontextmanager
async def unreadable(scene: Scene) -> AsyncIterator[None]:
    """Nobody else can read or write the state meanwhile."""
    with (scene.data / f"{FILE}-shm").open("r+b") as shared:
        await asyncio.to_thread(fcntl.lockf, shared, fcntl.LOCK_EX, LOCKS, FIRST)
        try:
            yield
        finally:
            fcntl.lockf(shared, fcntl.LOCK_UN, LOCKS, FIRST)


@asynccontextmanager
async def unwritable(scene: Scene) -> AsyncIterator[None]:
    """Another program writes to the state and does not finish."""
    with closing(sqlite3.connect(scene.data / FILE)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.rollback()


Lock = Callable[[Scene], AbstractAsyncContextManager[None]]
LOCKED = pytest.mark.parametrize("lock", [unwritable, unreadable])


async def ask(scene: Scene, text: str = QUESTION) -> ServerMessage:
    return await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {text}")


async def answer(scene: Scene) -> ServerMessage:
    found = await scene.server.reply_to(await ask(scene))
    await scene.server.settle()
    return found


def of_the_state(message: ServerMessage) -> list[str]:
    """The buttons that need the state: all that open no page."""
    return [label for label, _ in buttons(message) if not label.startswith("Open")]


# ---- answers ---------------------------------------------------------------------------------------------------------


@LOCKED
async def test_questions_are_answered_without_the_buttons_that_need_the_state(scene: Scene, lock: Lock) -> None:
    assert of_the_state(await answer(scene))
    async with lock(scene):
        questions = [await ask(scene, f"{QUESTION} {number}") for number in range(8)]
        for question in questions:
            found = await scene.server.reply_to(question)
            assert CHIEF in "".join(read(found))
            assert buttons(found)
            assert of_the_state(found) == []
        made = await scene.server.slash(scene.alice, scene.general, "ask", question=QUESTION)
        await made.answered()
        assert not made.deferred
        assert of_the_state(made.messages[0]) == []
    await scene.server.settle()
    assert [len(scene.server.replies(question)) for question in questions] == [1] * 8
    assert of_the_state(await answer(scene))


@LOCKED
async def test_a_question_in_the_bots_own_thread_is_answered_too(scene: Scene, lock: Lock) -> None:
    made = await scene.server.slash(scene.alice, scene.general, "ask", question=QUESTION, thread=True)
    await scene.server.until(lambda: made.messages and made.messages[0].id in scene.server.channels)
    thread = scene.server.channels[made.messages[0].id]
    await scene.server.settle()
    async with lock(scene):
        question = await scene.server.post(scene.alice, thread, f"{scene.server.mention} {QUESTION}")
        assert CHIEF in read(await scene.server.reply_to(question))[0]


@LOCKED
async def test_an_edited_question_is_answered_once_or_told_that_it_cannot_be(scene: Scene, lock: Lock) -> None:
    question = await ask(scene, "What is the capital of France?")
    found = await scene.server.reply_to(question)
    await scene.server.settle()
    async with lock(scene):
        await scene.server.edit(question, f"{scene.server.mention} {QUESTION}")
        await scene.server.until(
            lambda: CHIEF in read(found)[0] or [read(one) for one in scene.server.replies(question)[1:]] == [BROKEN]
        )
        await scene.server.settle()
        assert len(scene.server.replies(question)) == (1 if CHIEF in read(found)[0] else 2)


@pytest.mark.slow
@pytest.mark.timeout(300)
@LOCKED
async def test_a_minute_of_a_locked_state_holds_up_no_answer(scene: Scene, lock: Lock) -> None:
    await answer(scene)
    async with lock(scene):
        until = asyncio.get_running_loop().time() + 60
        while asyncio.get_running_loop().time() < until:
            for question in [await ask(scene, f"{QUESTION} {number}") for number in range(5)]:
                assert of_the_state(await scene.server.reply_to(question)) == []
    await scene.server.settle(2)
    assert of_the_state(await answer(scene))


# ---- what needs the state --------------------------------------------------------------------------------------------


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
    one_in(
        3,
        [
            (pressing("Context"), CHIEF),
            (pressing("More"), "More passages."),
            (pressing("👍"), "Thank you for your feedback!"),
            (using("privacy", delete=True), "I deleted everything"),
            (adding_a_channel, "I added "),
            (using("channels set", threads=True), "I saved the settings."),
            (using("admin audit"), "No changes are recorded."),
            (using("channels reset"), "I saved the settings."),
            (using("admin gaps"), "I have no unanswered"),
        ],
    ),
    ids=["context", "more", "good", "privacy", "add", "set", "audit", "reset", "gaps"],
)
async def test_what_needs_the_state_says_that_it_is_not_there_and_works_again_afterwards(
    scene: Scene, does: Callable[[Scene, ServerMessage], Awaitable[Interaction]], told: str
) -> None:
    found = await answer(scene)
    async with unreadable(scene):
        made = await does(scene, found)
        await made.answered()
        assert made.ephemeral
        assert read(made.messages[0]) == BROKEN
    again = await does(scene, found)
    await again.answered()
    assert again.ephemeral
    assert told in "\n".join(read(again.messages[0]))
    await scene.server.settle()
    assert [len(one.messages) for one in (made, again)] == [1, 1]


async def test_the_form_that_asks_what_is_wrong_is_sent_again_afterwards(scene: Scene) -> None:
    found = await answer(scene)
    asked = await scene.server.click(scene.alice, found, "👎")
    await asked.acknowledged()
    assert asked.modal
    async with unreadable(scene):
        sent = await scene.server.submit(scene.alice, asked, {"why": "outdated"})
        await sent.answered()
        assert read(sent.messages[0]) == BROKEN
    sent = await scene.server.submit(scene.alice, asked, {"why": "outdated"})
    await sent.answered()
    assert read(sent.messages[0]) == ["Thank you for your feedback!"]


async def test_an_answer_is_not_deleted_before_it_is_known_whose_it_is(scene: Scene) -> None:
    found = await answer(scene)
    give_old_delete_button(found)
    async with unreadable(scene):
        for made in (
            await scene.server.menu(scene.alice, found, "Delete answer"),
            await scene.server.click(scene.alice, found, "Delete"),
        ):
            await made.answered()
            assert read(made.messages[0]) == BROKEN
        assert not found.deleted
    await scene.server.menu(scene.alice, found, "Delete answer")
    await scene.server.until(lambda: found.deleted)
