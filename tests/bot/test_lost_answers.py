"""Discord's word is lost, a token ends, the bot's own token is revoked: nobody is answered twice, work goes on."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from contextlib import closing

import pytest

from bot.state.store import FILE
from tests.discord_server import ServerMessage
from tests.properties import one_in

from .reading import read
from .scene import LONG_QUESTION, Scene, write_long_article
from .steady import write_articles
from .test_faults import CHIEF, QUESTION, answer, ask, used

TOKEN_LIFE = 15 * 60


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("status", one_in(3, [500, 502, 504]))
async def test_a_message_whose_arrival_was_not_told_is_not_sent_twice(scene: Scene, status: int) -> None:
    scene.server.fail("POST", "/channels/*/messages", status, carried_out=True)
    question = await ask(scene)
    found = await scene.server.reply_to(question)
    await scene.server.settle(2)
    assert scene.server.replies(question) == [found]
    assert len([call for call in scene.server.requests if str(call).endswith("/messages")]) > 1
    made = await scene.server.click(scene.alice, found, "Context")
    await made.answered()
    assert CHIEF in "".join(read(made.messages[0]))


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("name", ["ask", "search", "articles"])
async def test_a_response_whose_arrival_was_not_told_is_the_answer(scene: Scene, name: str) -> None:
    option = {"ask": {"question": QUESTION}, "search": {"terms": QUESTION}, "articles": {}}[name]
    scene.server.fail("POST", "/interactions/*/callback", 502, carried_out=True)
    made = await used(scene, name, **option)
    await scene.server.settle(2)
    assert len(made.messages) == 1
    assert len([call for call in scene.server.requests if str(call).endswith("/callback")]) > 1
    scene.server.violations.clear()  # the second response is what this test is about


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("status", one_in(2, [500, 502]))
async def test_an_answer_that_was_put_off_comes_once_though_its_arrival_was_not_told(scene: Scene, status: int) -> None:
    scene.server.fail("*", "/webhooks/*", status, carried_out=True)
    made = await scene.server.slash(scene.keeper, scene.general, "admin gaps")
    await made.answered(20)
    assert made.deferred
    await scene.server.settle(2)
    assert len(made.messages) == 1
    assert len([call for call in scene.server.requests if call.path.startswith("/webhooks/")]) > 1


@pytest.mark.usefixtures("bot")
async def test_a_long_reindexing_outlives_the_token_of_its_command(scene: Scene) -> None:
    server = scene.server
    write_articles(scene.seeds, 90)
    with scene.slow_reading(0.3):
        made = await server.slash(scene.keeper, scene.general, "admin reindex")
        await made.acknowledged()
        first = made.original
        assert first
        await server.until(lambda: "Reading the articles" in read(first)[0])
        server.clock.advance(TOKEN_LIFE + 1)

        def moved() -> list[ServerMessage]:
            return [m for m in server.messages.values() if m.author is server.bot and m is not first]

        await server.until(moved)
        [message] = moved()
        seen = read(message)[0]
        assert seen.startswith("Reading the articles: ")
        await server.until(lambda: read(message)[0] != seen)
        assert read(message)[0].startswith("Reading the articles: ")
    await server.until(lambda: "**Added**" in read(message)[0])
    assert moved() == [message]
    assert "Reading the articles" in read(first)[0]
    assert CHIEF in read(await answer(scene))[0]
    server.violations.clear()  # that the token had ended is what this test is about


@pytest.mark.usefixtures("bot")
async def test_a_report_that_was_moved_and_then_deleted_comes_all_the_same(scene: Scene) -> None:
    server = scene.server
    write_articles(scene.seeds, 90)
    with scene.slow_reading(0.3):
        made = await server.slash(scene.keeper, scene.general, "admin reindex")
        await made.acknowledged()
        first = made.original
        assert first
        server.remove(first)

        def reports() -> list[ServerMessage]:
            return [m for m in server.messages.values() if m.author is server.bot and m is not first and not m.deleted]

        await server.until(reports)
        server.remove(reports()[0])
    await server.until(lambda: reports() and "**Added**" in read(reports()[-1])[0])
    server.violations.clear()  # that the bot writes to what is gone is what this test is about


async def test_a_token_that_is_revoked_ends_the_bot_with_one_sentence(scene: Scene) -> None:
    process = await scene.start()
    await scene.server.ready()
    await answer(scene)
    scene.server.fail("*", "*", 401, times=math.inf)
    question = await ask(scene)
    await scene.server.slash(scene.alice, scene.general, "ask", question=QUESTION)
    await scene.server.settle()
    assert scene.server.replies(question) == []
    assert process.returncode is None
    scene.server.drop(4004)
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    lines = said.decode().splitlines()
    assert lines[-1] == "Discord rejected the token. Set DISCORD_TOKEN to the bot's current token."
    assert any("Discord no longer accepts the token." in line for line in lines)
    assert "Incident" not in said.decode()
    assert "Traceback" not in said.decode()


# ---- answers that are sent in part -----------------------------------------------------------------------------------


def kept(scene: Scene) -> int:
    """Answers in the state."""
    with closing(sqlite3.connect(scene.data / FILE)) as base:
        [(answers,)] = base.execute("SELECT count(*) FROM answers").fetchall()
    return int(answers)


@pytest.mark.usefixtures("bot")
async def test_what_was_sent_of_an_answer_goes_with_its_question(scene: Scene) -> None:
    await write_long_article(scene)
    scene.server.fail("POST", "/channels/*/messages", 403, spared=1)
    question = await ask(scene, LONG_QUESTION)
    first = await scene.server.reply_to(question)
    await scene.server.settle()
    assert scene.server.replies(question) == [first]
    assert kept(scene) == 1
    await scene.server.delete(question)
    await scene.server.until(lambda: first.deleted, what="the part of the answer to go")
    await scene.server.until(lambda: not kept(scene), what="the answer to be forgotten")


@pytest.mark.usefixtures("bot")
async def test_nothing_is_kept_of_an_answer_that_could_not_be_sent(scene: Scene) -> None:
    scene.server.fail("POST", "/channels/*/messages", 403)
    await ask(scene)
    await scene.server.settle()
    assert kept(scene) == 0


@pytest.mark.usefixtures("bot")
async def test_an_edit_that_could_not_be_answered_leaves_the_answer_from_before(scene: Scene) -> None:
    question = await ask(scene)
    found = await scene.server.reply_to(question)
    await scene.server.settle()
    scene.server.fail("PATCH", "/channels/*/messages/*", 403)
    await scene.server.edit(question, f"{scene.server.mention} What is the capital of France?")
    await scene.server.settle()
    assert CHIEF in read(found)[0]
    assert kept(scene) == 1
    pressed = await scene.server.click(scene.alice, found, "Context")
    await pressed.answered()
    assert CHIEF in "".join(read(pressed.messages[0]))
    await scene.server.edit(question, f"{scene.server.mention} What is the capital of Spain?")
    await scene.server.until(
        lambda: read(found) == ["I found nothing about this in the articles."], what="the answer to change"
    )
    await scene.server.settle()
    assert scene.server.replies(question) == [found]
    assert kept(scene) == 1


@pytest.mark.usefixtures("bot")
async def test_an_edit_that_is_answered_in_part_loses_none_of_its_messages(scene: Scene) -> None:
    await write_long_article(scene)
    question = await ask(scene, LONG_QUESTION)
    await scene.server.until(lambda: len(scene.server.replies(question)) == 3)
    pages = scene.server.replies(question)
    await scene.server.settle()
    scene.server.fail("PATCH", "/channels/*/messages/*", 403, spared=1)
    await scene.server.edit(question, f"{scene.server.mention} What do the zebras say?")
    await scene.server.settle()
    assert kept(scene) == 2
    await scene.server.delete(question)
    await scene.server.until(lambda: all(page.deleted for page in pages), what="all pages to go")
    await scene.server.until(lambda: not kept(scene), what="both answers to be forgotten")
