"""Many articles arrive while members go on asking."""

from __future__ import annotations

import asyncio
import sys

import pytest

from .conftest import Scene
from .reading import read
from .steady import Steady, write_articles

RATE = 20
QUESTION = "Who is the White House science and technology chief?"
DAM = "Who will open dam 97 on the Lagan?"
OPENS = "> Ann Karlsson will open dam 97 on the Lagan in May, the council said."

pytestmark = [
    pytest.mark.usefixtures("bot"),
    pytest.mark.parametrize("number", [120, pytest.param(1_000, marks=pytest.mark.slow)]),
]


async def until_new_ones_answer(scene: Scene) -> None:
    """Wait until a new article is quoted, and a little while more."""
    while True:
        question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {DAM}")
        if read(await scene.server.reply_to(question))[0].startswith(OPENS):
            break
        await asyncio.sleep(0.2)
    await asyncio.sleep(0.5)


async def assert_nobody_notices(scene: Scene, steady: Steady, asking: asyncio.Task[None]) -> None:
    """All questions were answered once and as ever, those of the moment of the switch among them."""
    await asyncio.wait_for(until_new_ones_answer(scene), 180)
    await scene.server.until(lambda: len(steady.asked) > RATE, what="a second of questions")
    steady.enough.set()
    await asking
    assert steady.answered_once()
    [answer] = steady.answers()
    assert "Michael Kratsios" in answer


async def test_what_another_process_indexed_is_taken_up_under_questions(scene: Scene, number: int) -> None:
    await asyncio.to_thread(write_articles, scene.seeds, number)
    steady = Steady(scene.server, [scene.alice], [scene.general], RATE)
    asking = asyncio.create_task(steady.ask(QUESTION))
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "index", "reindex", "--seeds", str(scene.seeds), "--data", str(scene.data)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await other.wait() == 0
    await assert_nobody_notices(scene, steady, asking)


@pytest.mark.slow
async def test_the_bots_own_reindexing_runs_under_questions(scene: Scene, number: int) -> None:
    await asyncio.to_thread(write_articles, scene.seeds, number)
    steady = Steady(scene.server, [scene.alice], [scene.general], RATE)
    asking = asyncio.create_task(steady.ask(QUESTION))
    used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await assert_nobody_notices(scene, steady, asking)
    await scene.server.until(lambda: " sentences." in read(used.messages[0])[0], what="the report")
    assert f"**Added**: {number}" in read(used.messages[0])[0]
