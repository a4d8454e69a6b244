"""What a question may follow: after a restart, without kept questions, in threads; and what it must not reveal."""

from __future__ import annotations

import sqlite3

import pytest

from bot.i18n.messages import Message
from bot.state.store import FILE
from tests.bot.conftest import lasting_bot
from tests.bot.reading import read
from tests.bot.scene import Scene
from tests.bot.test_locked_state import unreadable
from tests.discord_server import Channel, ServerMessage, User

from .test_following import answers_in, used

FIRST = "Who has banned DeepSeek?"
BANS = "citing data privacy concerns"
READ_WITH = "Read together with: "


async def ask(
    scene: Scene, text: str, where: Channel | None = None, by: User | None = None, to: ServerMessage | None = None
) -> ServerMessage:
    """The answer to a mention."""
    mention = f"{scene.server.mention} {text}"
    question = await scene.server.post(by or scene.alice, where or scene.general, mention, reply_to=to)
    answer = await scene.server.reply_to(question)
    await scene.server.settle(0.1)
    return answer


def said(answer: ServerMessage) -> str:
    return "\n".join(read(answer))


def is_carried(answer: ServerMessage) -> bool:
    return READ_WITH in said(answer) and BANS in said(answer)


@pytest.mark.usefixtures("bot")
async def test_a_follow_up_works_after_a_restart_and_ends_where_the_first_question_is_forgotten(scene: Scene) -> None:
    first = await ask(scene, FIRST)
    await scene.restart()
    assert is_carried(await ask(scene, "why?"))
    assert is_carried(await ask(scene, "why?", by=scene.keeper, to=first))
    assert not is_carried(await ask(scene, "why?", by=scene.guild.owner))
    forgotten = await used(scene, scene.alice, "privacy", delete=True)
    assert "Answers deleted: 2." in said(forgotten.messages[0])
    for by in (scene.alice, scene.keeper):
        assert not is_carried(await ask(scene, "why?", by=by, to=first if by is scene.keeper else None))


@lasting_bot
async def test_an_edited_first_question_is_followed_as_it_reads_now(scene: Scene) -> None:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} When is the summit?")
    first = await scene.server.reply_to(question)
    await scene.server.settle(0.1)
    follow_up = await ask(scene, "where?")
    before = said(first)
    await scene.server.edit(question, f"{scene.server.mention} {FIRST}")
    await scene.server.until(lambda: said(first) != before)
    await scene.server.settle(0.1)
    assert is_carried(await ask(scene, "why?", to=follow_up))


@lasting_bot
async def test_small_talk_is_not_followed_and_a_question_that_was_too_broad_is(scene: Scene) -> None:
    await ask(scene, FIRST)
    greeted = await ask(scene, "hello")
    assert is_carried(await ask(scene, "why?", to=greeted))
    broad = await ask(scene, "DeepSeek")
    assert said(broad).startswith(Message.TOO_BROAD)
    assert f"{READ_WITH}“\u2068DeepSeek\u2069”" in said(await ask(scene, "who banned it?"))


@lasting_bot
async def test_a_question_that_is_asked_again_follows_what_it_followed_before_and_not_itself(scene: Scene) -> None:
    await ask(scene, "Who is accused of stealing AI technology?")
    once, again = [said(await ask(scene, "does china deny it?")) for _ in range(2)]
    assert READ_WITH in once
    assert "does china deny it" not in once
    assert again == once


@lasting_bot
async def test_a_private_question_is_not_followed_in_public(scene: Scene) -> None:
    private = await used(scene, scene.alice, "ask", question=FIRST, private=True)
    assert private.ephemeral
    await scene.server.settle(0.1)
    assert not is_carried(await ask(scene, "why?"))


async def test_where_questions_are_not_kept_the_earlier_one_is_read_from_discord(scene: Scene) -> None:
    async with scene.running(VERBATIM_KEEP_QUESTIONS="false"):
        question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {FIRST}")
        first = await scene.server.reply_to(question)
        await scene.server.settle(0.1)
        assert is_carried(await ask(scene, "why?", to=first))
        question.content, question.mentions = "", []  # as one that Discord does not show
        bare = await ask(scene, "why?", to=first)
        assert READ_WITH not in said(bare)
        source = await ask(scene, "source?", to=first)
        assert "Carbonmedia" in said(source)
        assert READ_WITH not in said(source)
    held = b"".join(path.read_bytes() for path in scene.data.glob(f"{FILE}*"))
    assert b"banned" not in held


@lasting_bot
async def test_while_the_database_is_locked_a_follow_up_is_answered_by_itself(scene: Scene) -> None:
    first = await ask(scene, FIRST)
    async with unreadable(scene):
        assert said(await ask(scene, "why?", to=first)).startswith(Message.NOTHING_TO_LOOK_FOR)


@pytest.mark.usefixtures("bot")
async def test_a_thread_without_the_intent_says_to_reply_and_a_reply_is_understood(scene: Scene) -> None:
    made = await used(scene, scene.alice, "ask", question=FIRST, thread=True)
    thread = await scene.server.until(lambda: scene.server.channels.get(made.messages[0].id))
    [hint] = await scene.server.until(
        lambda: [one for one in scene.server.messages.values() if one.channel is thread and one.components]
    )
    assert read(hint) == [Message.REPLY_IN_THREAD]
    replied = await scene.server.post(scene.keeper, thread, "why?", reply_to=hint)
    assert is_carried(await scene.server.reply_to(replied))
    await scene.server.settle(0.1)
    commanded = await used(scene, scene.alice, "ask", thread, question="why?")
    assert is_carried(commanded.messages[0])


async def test_in_its_own_thread_no_question_is_met_with_silence(open_scene: Scene) -> None:
    scene = open_scene
    await used(scene, scene.guild.owner, "channels set", threads=True)
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {FIRST}")
    thread = await scene.server.until(lambda: scene.server.channels.get(question.id))
    [first] = await scene.server.until(lambda: answers_in(scene, thread))
    await scene.server.settle(0.1)
    for text in ("why", "what is the capital of France", "tell me more", "source", "und wann", "is it still there"):
        asked = await scene.server.post(scene.keeper, thread, text)
        assert said(await scene.server.reply_to(asked, 10)), text
        await scene.server.settle(0.1)
    with sqlite3.connect(scene.data / FILE) as state:
        state.execute("DELETE FROM threads")
    again = await scene.server.post(scene.keeper, thread, "why?", reply_to=first, ping=False)
    assert is_carried(await scene.server.reply_to(again))
    alone = await scene.server.post(scene.keeper, thread, "What is the capital of France?")
    assert said(await scene.server.reply_to(alone)) == Message.NOT_FOUND
