"""A bot that watches its folder takes in what changes there, and tells the admins."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator

import pytest

from tests.bot.conftest import Scene
from tests.bot.reading import read

DAM = "A dam for the valley\n\nThe engineer Ann Karlsson will build a dam in the valley of Lomma.\n"
QUESTION = "Who will build a dam?"
SENTENCE = "> The engineer Ann Karlsson will build a dam in the valley of Lomma."


@pytest.fixture
async def watching(scene: Scene) -> AsyncIterator[Scene]:
    """A bot that watches, and posts into the general channel; it ends in order and has logged no incident."""
    scene.process = await scene.start(VERBATIM_WATCH="true", VERBATIM_ADMIN_CHANNEL=scene.general.id)
    await scene.server.ready()
    yield scene
    scene.process.terminate()
    _, said = await asyncio.wait_for(scene.process.communicate(), 60)
    assert scene.process.returncode == 0, said.decode()
    assert "Traceback" not in said.decode(), said.decode()
    assert scene.server.violations == []


def posted(scene: Scene) -> list[str]:
    """What the bot has posted, each message as a member reads it."""
    mine = [one for one in scene.server.messages.values() if one.author is scene.server.bot and not one.reference]
    return ["\n".join(read(message)) for message in mine]


async def until_posted(scene: Scene, number: int) -> list[str]:
    await scene.server.until(lambda: len(posted(scene)) >= number, what="the report")
    return posted(scene)


async def test_a_file_that_is_put_into_the_folder_is_taken_in_and_told(watching: Scene) -> None:
    scene = watching
    (scene.seeds / "dam.txt").write_text(DAM)
    [report] = await until_posted(scene, 1)
    assert report.startswith("The index is up to date.\n**Added**: 1\nA dam for the valley")
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    assert read(await scene.server.reply_to(question))[0].startswith(SENTENCE)

    (scene.seeds / "bad.txt").write_bytes(b"")
    _, report = await until_posted(scene, 2)
    assert "The index was already up to date." in report
    assert "bad.txt is empty." in report
    (scene.seeds / "dam.txt").unlink()
    *_, report = await until_posted(scene, 3)
    assert "**Removed**: 1\nA dam for the valley" in report


async def test_files_in_folders_are_taken_in_with_the_folders_that_appear_and_go(watching: Scene) -> None:
    scene = watching
    (scene.seeds / "guide" / "api").mkdir(parents=True)
    (scene.seeds / "guide" / "api" / "dam.txt").write_text(DAM)
    assert "**Added**: 1\nA dam for the valley" in (await until_posted(scene, 1))[-1]
    (scene.seeds / "guide" / "api" / "dam.meta.toml").write_text('headline = "The dam"')
    assert "**Changed**: 1\nThe dam" in (await until_posted(scene, 2))[-1]
    shutil.rmtree(scene.seeds / "guide")
    assert "**Removed**: 1\nThe dam" in (await until_posted(scene, 3))[-1]


async def test_a_folder_that_is_empty_all_at_once_is_told_and_empties_the_index_only_where_an_admin_says_so(
    watching: Scene,
) -> None:
    scene = watching
    for number in range(2):
        (scene.seeds / f"dam-{number}.txt").write_text(DAM.replace("valley of", f"valley number {number} of"))
    await until_posted(scene, 1)
    scene.seeds.rename(scene.seeds.with_name("unmounted"))
    scene.seeds.mkdir()
    *_, told = await until_posted(scene, 2)
    assert told.startswith("Indexing failed. I keep answering from the previous index. The reason:\n")
    assert "no longer contains any articles; the 4 indexed ones stay" in told
    assert "Use /admin reindex if it is meant to be empty." in told
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    assert "Ann Karlsson" in "".join(read(await scene.server.reply_to(question)))
    used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await scene.server.until(lambda: used.messages and "**Removed**: 4" in read(used.messages[0])[0])


async def test_what_changed_while_the_bot_was_off_is_taken_in_when_it_starts(scene: Scene) -> None:
    scene.process = await scene.start()
    await scene.server.ready()
    (scene.seeds / "dam.txt").write_text(DAM)
    await scene.restart(VERBATIM_WATCH="true", VERBATIM_ADMIN_CHANNEL=scene.general.id)
    [report] = await until_posted(scene, 1)
    assert "**Added**" in report
    scene.process.terminate()
    await asyncio.wait_for(scene.process.communicate(), 60)


async def test_without_a_channel_the_folder_is_watched_all_the_same(scene: Scene) -> None:
    process = await scene.start(VERBATIM_WATCH="true")
    await scene.server.ready()
    (scene.seeds / "dam.txt").write_text(DAM)
    async with asyncio.timeout(60):
        while True:
            question = await scene.server.post(
                scene.alice, scene.general, f"{scene.server.mention} Who will build a dam?"
            )
            if read(await scene.server.reply_to(question))[0].startswith(SENTENCE):
                break
            await asyncio.sleep(0.5)
    process.terminate()
    await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
