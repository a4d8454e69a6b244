"""What is kept of members, and what is not: looked for in the bytes of the files."""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import pytest

from bot.state import utc_now
from bot.state.store import FILE
from tests.bot.cogs.test_button_handlers import EXPIRED
from tests.discord_server import ServerMessage, buttons

from .reading import read
from .scene import Scene, stopped

QUESTION = "Who is the White House science and technology chief, zebra?"
WORDS = (b"zebra", b"White House", b"science", b"chief")
UNCLEAR = "China"


async def answer(scene: Scene, text: str) -> ServerMessage:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {text}")
    return await scene.server.reply_to(question)


def held(scene: Scene) -> bytes:
    """All bytes of the state on the disk, its log of writes too."""
    return b"".join(path.read_bytes() for path in sorted(scene.data.glob(f"{FILE}*")))


async def test_no_word_of_a_question_is_kept_where_questions_are_not(scene: Scene) -> None:
    scene.process = await scene.start(VERBATIM_KEEP_QUESTIONS="false")
    await scene.server.ready()
    found, unclear = await answer(scene, QUESTION), await answer(scene, UNCLEAR)
    for label in ("Context", "More", "👍"):
        made = await scene.server.click(scene.alice, found, label)
        await made.answered()
        assert read(made.messages[0]) != [EXPIRED]
    made = await scene.server.click(scene.alice, unclear, buttons(unclear)[0][0])
    await made.answered()
    assert read(made.messages[0]) != [EXPIRED]
    told = await scene.server.slash(scene.alice, scene.general, "privacy")
    await told.answered()
    assert "I don't store the question." in read(told.messages[0])[0]
    bytes_kept = held(scene)
    assert found.id.encode() in bytes_kept
    assert not [word for word in WORDS if word in bytes_kept]
    said = await stopped(scene.process)
    assert not [word for word in WORDS if word.decode() in said]


async def test_questions_kept_before_are_forgotten_when_they_are_kept_no_more(scene: Scene) -> None:
    scene.process = await scene.start()
    await scene.server.ready()
    found = await answer(scene, QUESTION)
    await scene.server.settle()
    assert WORDS[0] in held(scene)
    await scene.restart(VERBATIM_KEEP_QUESTIONS="false")
    await scene.server.until(lambda: not [word for word in WORDS if word in held(scene)], what="them to be forgotten")
    made = await scene.server.click(scene.alice, found, "Context")
    await made.answered()
    assert read(made.messages[0]) != [EXPIRED]
    assert scene.process
    await stopped(scene.process)


async def test_what_a_member_has_deleted_is_in_no_file_any_more(scene: Scene) -> None:
    scene.process = await scene.start()
    await scene.server.ready()
    await answer(scene, QUESTION)
    made = await scene.server.slash(scene.alice, scene.general, "privacy", delete=True)
    await made.answered()
    assert read(made.messages[0])[0].endswith("Answers deleted: 1.")
    assert not [word for word in WORDS if word in held(scene)]
    await stopped(scene.process)


@pytest.mark.usefixtures("bot")
async def test_after_thirty_days_every_button_says_that_it_is_over(scene: Scene) -> None:
    asked = [(QUESTION, "Context"), ("What is the capital of France?", "Nearest"), (UNCLEAR, "")]
    answers = [(await answer(scene, question), label) for question, label in asked]
    good = answers[0][0]
    pressed = [*answers, *((good, label) for label in ("More", "👍"))]
    form = await scene.server.click(scene.keeper, good, "👎")
    await form.acknowledged()
    await scene.server.settle()
    _grow_old(scene.data, utc_now() - datetime.timedelta(days=30, minutes=1))
    for message, label in pressed:
        made = await scene.server.click(scene.alice, message, label or buttons(message)[0][0])
        await made.answered()
        assert made.ephemeral
        assert read(made.messages[0]) == [EXPIRED], label
    sent = await scene.server.submit(scene.keeper, form, {"The answer…": "outdated"})
    await sent.answered()
    assert read(sent.messages[0]) == [EXPIRED]
    made = await scene.server.click(scene.keeper, good, "👎")
    await made.answered()
    assert read(made.messages[0]) == [EXPIRED]
    assert not good.deleted


def _grow_old(data: Path, at: datetime.datetime) -> None:
    with sqlite3.connect(data / FILE) as base:
        base.execute("UPDATE answers SET at = ?", (f"{at:%Y-%m-%d %H:%M:%S.%f}",))
    base.close()
