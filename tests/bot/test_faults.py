"""Discord fails in every way that it has; nobody is answered twice, nothing breaks, and what was kept stays kept."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import pytest

from bot.state.store import FILE
from tests.discord_server import DiscordServer, Interaction, Permission, ServerMessage
from tests.properties import one_in

from .reading import read
from .scene import Scene, give_old_delete_button

QUESTION = "Who is the White House science and technology chief?"
CHIEF = "Michael Kratsios"
BREAKS = [(429, 0.2), (500, 0), (502, 0)]

pytestmark = pytest.mark.usefixtures("bot")


async def ask(scene: Scene, text: str = QUESTION) -> ServerMessage:
    return await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {text}")


async def answer(scene: Scene, text: str = QUESTION) -> ServerMessage:
    return await scene.server.reply_to(await ask(scene, text))


async def used(scene: Scene, name: str = "ask", **options: str | bool) -> Interaction:
    made = await scene.server.slash(scene.alice, scene.general, name, force=False, **options)
    await made.answered(20)
    return made


# ---- requests that fail ----------------------------------------------------------------------------------------------


async def to_a_mention(scene: Scene) -> None:
    question = await ask(scene)
    assert CHIEF in read(await scene.server.reply_to(question))[0]
    await scene.server.settle()
    assert len(scene.server.replies(question)) == 1


async def to_a_command(scene: Scene) -> None:
    made = await used(scene, question=QUESTION)
    assert CHIEF in read(made.messages[0])[1]
    await scene.server.settle()
    assert len(made.messages) == 1


async def to_a_button(scene: Scene) -> None:
    found = await answer(scene)
    made = await scene.server.click(scene.alice, found, "Context")
    await made.answered(20)
    assert CHIEF in "".join(read(made.messages[0]))


async def to_an_edit(scene: Scene) -> None:
    question = await ask(scene, "What is the capital of France?")
    found = await scene.server.reply_to(question)
    await scene.server.edit(question, f"{scene.server.mention} {QUESTION}")
    await scene.server.until(lambda: CHIEF in read(found)[0])
    await scene.server.settle()
    assert scene.server.replies(question) == [found]


async def to_a_deletion(scene: Scene) -> None:
    question = await ask(scene)
    found = await scene.server.reply_to(question)
    await scene.server.delete(question)
    await scene.server.until(lambda: found.deleted)


async def to_a_thread(scene: Scene) -> None:
    made = await used(scene, question=QUESTION, thread=True)
    await scene.server.until(lambda: made.messages[0].id in scene.server.channels)


async def to_a_follow_up(scene: Scene) -> None:
    scene.server.overwrite(scene.general, scene.server.bot, deny=Permission.CREATE_PUBLIC_THREADS)
    made = await used(scene, question=QUESTION, thread=True)
    await scene.server.until(lambda: len(made.messages) == 2)
    await scene.server.settle()
    assert len(made.messages) == 2
    assert "Create Public Threads" in read(made.messages[1])[0]


async def to_somebody_directly(scene: Scene) -> None:
    scene.server.overwrite(scene.general, scene.server.bot, deny=Permission.SEND_MESSAGES)
    newcomer = scene.server.add_user("newcomer")
    scene.server.join(scene.guild, newcomer)
    await scene.server.post(newcomer, scene.general, f"{scene.server.mention} {QUESTION}")

    def told() -> list[ServerMessage]:
        return [one for one in scene.server.messages.values() if one.channel.recipient is newcomer]

    await scene.server.until(lambda: len(told()) == 2)
    assert CHIEF in "".join(read(told()[1]))


async def to_an_admin(scene: Scene) -> None:
    made = await scene.server.slash(scene.server.owner, scene.general, "admin reindex")
    await scene.server.until(lambda: made.messages and " sentences." in read(made.messages[0])[0])
    assert len(made.messages) == 1


async def to_a_delete_button(scene: Scene) -> None:
    found = await answer(scene)
    give_old_delete_button(found)
    await scene.server.click(scene.alice, found, "Delete")
    await scene.server.until(lambda: found.deleted)


@pytest.mark.parametrize(
    ("method", "pattern", "does"),
    one_in(
        3,
        [
            ("POST", "/channels/*/messages", to_a_mention),
            ("POST", "/interactions/*/callback", to_a_command),
            ("POST", "/interactions/*/callback", to_a_button),
            ("PATCH", "/channels/*/messages/*", to_an_edit),
            ("DELETE", "/channels/*/messages/*", to_a_deletion),
            ("GET", "/webhooks/*/messages/@original", to_a_thread),
            ("POST", "/channels/*/messages/*/threads", to_a_thread),
            ("GET", "/channels/*/messages/*", to_a_thread),
            ("POST", "/webhooks/*", to_a_follow_up),
            ("POST", "/users/@me/channels", to_somebody_directly),
            ("GET", "/oauth2/applications/@me", to_an_admin),
            ("PATCH", "/webhooks/*/messages/@original", to_an_admin),
            ("DELETE", "/webhooks/*/messages/@original", to_a_delete_button),
        ],
    ),
)
async def test_a_request_that_fails_for_a_moment_is_made_again(
    scene: Scene, method: str, pattern: str, does: Callable[[Scene], Awaitable[None]]
) -> None:
    for status, retry_after in BREAKS:
        scene.server.fail(method, pattern, status, retry_after=retry_after)
        await does(scene)
    assert not any(fault.times for fault in scene.server.rest.faults), "each has been met"


@pytest.mark.parametrize("status", [403, 404, 503])
async def test_a_request_that_is_refused_for_good_harms_nothing_else(scene: Scene, status: int) -> None:
    scene.server.fail("POST", "/channels/*/messages", status)
    question = await ask(scene)
    await scene.server.settle()
    told = [text for reply in scene.server.replies(question) for text in read(reply)]
    assert told == (["Discord didn't accept my answer. Please try again in a minute."] if status == 503 else [])
    await to_a_mention(scene)
    await to_a_command(scene)


async def test_a_channel_that_goes_while_it_is_answered_in_is_no_incident(scene: Scene) -> None:
    channel = scene.server.add_channel(scene.guild, "short-lived")
    await scene.server.post(scene.alice, channel, f"{scene.server.mention} {QUESTION}")
    del scene.server.channels[channel.id]
    await scene.server.settle()
    await to_a_mention(scene)


@pytest.mark.parametrize("name", ["ask", "search"])
async def test_an_interaction_that_is_answered_too_late_is_no_incident(scene: Scene, name: str) -> None:
    option = {"ask": "question", "search": "terms"}[name]
    made = await scene.server.slash(scene.alice, scene.general, name, force=False, **{option: QUESTION})
    scene.server.clock.advance(4)
    await scene.server.settle()
    assert made.callback == 0
    await to_a_command(scene)
    scene.server.violations.clear()  # that the bot came too late is what this test is about


async def test_a_state_that_is_gone_costs_the_buttons_and_not_the_answers(scene: Scene) -> None:
    found = await answer(scene)
    with sqlite3.connect(scene.data / FILE) as base:
        base.execute("DROP TABLE feedback")
        base.execute("DROP TABLE answers")
    base.close()
    again = await answer(scene)
    assert CHIEF in read(again)[0]
    assert all("custom_id" not in str(part) for part in again.components)
    unclear = await answer(scene, "China")
    assert "You could ask about one of these:" not in read(unclear)[0]
    made = await scene.server.click(scene.alice, found, "Context")
    await made.answered()
    assert read(made.messages[0]) == ["I can't access my database right now. Please try again in a minute."]


# ---- the gateway -----------------------------------------------------------------------------------------------------


def closed(code: int) -> Callable[[DiscordServer], None]:
    return lambda server: server.drop(code)


@pytest.mark.parametrize(
    "happens",
    one_in(
        2,
        [
            closed(4000),
            closed(1001),
            closed(4009),
            DiscordServer.gateway_asks_again,
            DiscordServer.gateway_forgets,
            lambda server: server.gateway_forgets(resumable=True),
        ],
    ),
    ids=["4000", "1001", "4009", "op 7", "op 9", "op 9, resumable"],
)
async def test_the_bot_comes_back_to_the_gateway(scene: Scene, happens: Callable[[DiscordServer], None]) -> None:
    await answer(scene)
    before = scene.server.gateway.live
    happens(scene.server)
    await scene.server.until(
        lambda: (live := scene.server.gateway.live) and (live is not before or live.socket), within=30
    )
    await asyncio.sleep(0.5)
    await scene.server.until(lambda: scene.server.gateway.live)
    await to_a_mention(scene)


async def test_what_was_asked_while_the_gateway_was_away_is_answered_once(scene: Scene) -> None:
    await answer(scene)
    scene.server.drop(4000)
    question = await ask(scene)
    assert CHIEF in read(await scene.server.reply_to(question))[0]
    await scene.server.settle()
    assert len(scene.server.replies(question)) == 1


@pytest.mark.slow
async def test_a_gateway_that_falls_silent_is_left_for_a_new_connection(scene: Scene) -> None:
    scene.server.gateway.heartbeat = 0.5
    scene.server.drop(4000)
    await scene.server.until(lambda: scene.server.gateway.live)
    silent = scene.server.gateway.live
    assert silent
    socket = silent.socket
    scene.server.gateway.is_deaf = True
    question = await ask(scene)
    await scene.server.until(lambda: (live := scene.server.gateway.live) and live.socket is not socket, within=90)
    scene.server.gateway.is_deaf = False
    await to_a_mention(scene)
    assert len(scene.server.replies(question)) <= 1


# ---- what was acknowledged -------------------------------------------------------------------------------------------


async def test_feedback_that_was_thanked_for_is_there_after_a_kill(scene: Scene) -> None:
    answers = [await answer(scene) for _ in range(8)]
    members = [scene.server.add_user(f"member-{number}") for number in range(8)]
    for member in members:
        scene.server.join(scene.guild, member)
    presses = [await scene.server.click(member, found, "👍") for found in answers for member in members]
    await scene.server.until(lambda: sum(press.callback > 0 for press in presses) >= 20)
    said = await scene.restart()
    assert "Traceback" not in said
    thanked = sum(press.callback > 0 for press in presses)
    with sqlite3.connect(scene.data / FILE) as base:
        [(kept,)] = base.execute("SELECT count(*) FROM feedback").fetchall()
    base.close()
    assert 20 <= thanked <= kept
    await to_a_mention(scene)
