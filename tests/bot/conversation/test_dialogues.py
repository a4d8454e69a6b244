"""Dialogues with follow-ups, as members have them: dialogues.toml, played with the bot and read as members read it."""

from __future__ import annotations

import asyncio

import pytest

from tests.bot.dialogues import Play, Stage, dialogues
from tests.bot.scene import Scene

MIN_RIGHT = 27
AT_ONCE = 5
"""Dialogues that are played at once: each command must be answered within three seconds."""


async def played(scene: Scene, *, by_reply: bool) -> list[Play]:
    stage = await Stage.of(scene)
    plays = [Play(stage, dialogue, by_reply) for dialogue in dialogues()]
    stages = asyncio.Semaphore(AT_ONCE)

    async def run(play: Play) -> None:
        async with stages:
            await play.run()

    await asyncio.gather(*map(run, plays))
    await scene.server.settle()
    for play in plays:
        play.account()
    return plays


async def failures(plays: list[Play]) -> list[list[str]]:
    return [found for play in plays if (found := await play.settled())]


def of_another_subject(failed: list[list[str]]) -> list[str]:
    return [fault for found in failed for fault in found if "another subject" in fault]


async def test_follow_ups_are_understood_where_all_messages_can_be_read(open_scene: Scene) -> None:
    failed = await failures(await played(open_scene, by_reply=False))
    assert of_another_subject(failed) == []
    assert len(failed) <= len(dialogues()) - MIN_RIGHT, failed


@pytest.mark.slow
@pytest.mark.usefixtures("bot")
async def test_follow_ups_by_reply_are_understood_without_the_message_content_intent(scene: Scene) -> None:
    failed = await failures(await played(scene, by_reply=True))
    assert of_another_subject(failed) == []
    assert len(failed) <= len(dialogues()) - MIN_RIGHT, failed
