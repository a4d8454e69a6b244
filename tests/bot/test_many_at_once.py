"""Four questions are answered at once, the others in order; once too many wait, members are told to ask again later."""

from __future__ import annotations

import pytest

from bot.i18n.messages import Message
from tests.discord_server import ServerMessage

from .reading import read
from .scene import Scene

QUESTION = "Who is the White House science and technology chief?"
CHIEF = "Michael Kratsios"
AT_ONCE, WAITING = 4, 20
BUSY = [Message.TOO_MANY_WAITING.value]
LONG = "x" * 501
"""Makes a question too long for the event loop."""


async def ask(scene: Scene, number: int) -> ServerMessage:
    return await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION} {LONG}{number}")


@pytest.mark.usefixtures("bot")
async def test_what_waits_is_answered_once_each_and_what_is_too_much_is_told_so_at_once(scene: Scene) -> None:
    server = scene.server
    await server.reply_to(await ask(scene, 0))
    await server.settle()
    with scene.slow_answers():
        questions = [await ask(scene, number) for number in range(1, AT_ONCE + WAITING)]
        used = await server.slash(scene.alice, scene.general, "ask", question=f"{QUESTION} {LONG} command")
        await used.acknowledged()
        assert used.deferred
        await server.until(lambda: server.typing)
        assert server.typing == [scene.general]
        refused = [await ask(scene, number) for number in range(100, 103)]
        assert [read(await server.reply_to(question)) for question in refused] == [BUSY] * 3
        too_late = await server.slash(scene.alice, scene.general, "ask", question=f"{QUESTION} {LONG} later")
        await too_late.answered()
        assert read(too_late.messages[0]) == BUSY
        assert CHIEF in "".join(read(await server.reply_to(await ask(scene, 0))))  # known already
        assert [server.replies(question) for question in questions] == [[]] * len(questions)
    for question in questions:
        assert CHIEF in "".join(read(await server.reply_to(question)))
    await used.answered()
    assert CHIEF in "".join(read(used.messages[0]))
    await server.settle()
    assert [len(server.replies(question)) for question in (*questions, *refused)] == [1] * (len(questions) + 3)
    again = await ask(scene, 200)
    assert CHIEF in "".join(read(await server.reply_to(again)))


async def test_nobody_who_did_not_ask_the_bot_is_told_that_it_is_busy(open_scene: Scene) -> None:
    server = open_scene.server
    used = await server.slash(
        open_scene.guild.owner, open_scene.general, "channels add", channel=open_scene.general, kind="unasked"
    )
    await used.answered()
    with open_scene.slow_answers():
        for number in range(1, AT_ONCE + WAITING + 1):
            await ask(open_scene, number)
        chat = await server.post(open_scene.alice, open_scene.general, f"{LONG} {QUESTION}")
        asked = await ask(open_scene, 100)
        assert read(await server.reply_to(asked)) == BUSY
        await server.settle()
        assert server.replies(chat) == []
