"""Two bots with a shard each, over PostgreSQL and OpenSearch; of folders they share only the articles and the store."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.i18n.messages import Message
from bot.monitoring import healthcheck
from index.cluster.address import ClusterSettings
from index.engine import Engine
from tests.bot.conversation.test_question_handler import QUESTION
from tests.cluster.conftest import index_prefix, opensearch, shared_opensearch
from tests.cluster.opensearch import OpenSearchCluster
from tests.cluster.postgres import ENCODED, PASSWORD, Postgres, database, postgres, postgres_server
from tests.discord_server import ServerMessage, buttons

from .reading import quoted, read
from .scene import Scene
from .test_several_processes import CHIEF, TAKEN_OVER, Group, group_in, until_indexed, write_article

__all__ = ["database", "index_prefix", "opensearch", "postgres", "postgres_server", "shared_opensearch"]


pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]

SEARCH_PASSWORD = "of-the-search-cluster"
OTHER_QUESTION = "Who banned DeepSeek?"
SILENT = [Message.CLUSTER_SILENT.value]
SOON = 6.0
"""Seconds for a sentence that takes two, on a machine that has much else to do."""
NEW = b"<title>A dam</title><h1>A dam</h1><p>Ann Karlsson will open dam 97 on the Lagan in May.</p>"
STATE_BUTTONS = frozenset({"Context", "More", "👍", "👎"})
WITHOUT: frozenset[str] = frozenset()


@pytest.fixture
async def group(
    scene: Scene, database: SecretStr, opensearch: OpenSearchCluster, index_prefix: str
) -> AsyncIterator[Group]:
    """Both processes have a data folder of their own; what they have logged holds no password and no question."""
    urls = ",".join(url.replace("//", f"//verbatim:{SEARCH_PASSWORD}@") for url in opensearch.urls)
    async with group_in(scene, database.get_secret_value()) as made:
        made.settings_of = lambda shards: {
            "VERBATIM_DATA": str(data_of(scene, shards)),
            "VERBATIM_OPENSEARCH": urls,
            "VERBATIM_OPENSEARCH_INDEX": index_prefix.rstrip("-"),
            "VERBATIM_STORE": str(scene.data.parent / "store"),
        }
        yield made
    for said in made.said.values():
        for secret in (PASSWORD, ENCODED, SEARCH_PASSWORD, scene.server.token):
            assert secret not in said
        for words in (QUESTION, OTHER_QUESTION, "Lagan", "White House"):
            assert words not in said
        assert "Incident" not in said, said


def data_of(scene: Scene, shards: str) -> Path:
    """The data folder of the process with these shards."""
    return scene.data / f"of-{shards}"


async def until_answered(
    group: Group, place: int, question: str = QUESTION, wanted: frozenset[str] = STATE_BUTTONS
) -> ServerMessage:
    """Ask until there is a quotation with these buttons that need the state: a busy machine may search too slowly."""
    async with asyncio.timeout(60):
        while True:
            answer = await group.ask(place, question)
            if quoted(answer) and {label for label, _ in buttons(answer)} & STATE_BUTTONS == wanted:
                return answer


async def press(group: Group, answer: ServerMessage, label: str) -> str:
    """What a member reads who presses a button."""
    pressed = await group.server.click(group.scene.alice, answer, label)
    await pressed.answered()
    return "\n".join(read(pressed.messages[0]))


async def admin_status(group: Group) -> str:
    """What an admin reads of the process of their server."""
    used = await group.server.slash(group.scene.keeper, group.scene.general, "admin status")
    return "\n".join(read(await used.shown()))


async def ask_privately(group: Group, question: str) -> ServerMessage:
    alice = group.scene.alice
    return await group.server.reply_to(await group.server.post(alice, group.server.dm(alice), question))


async def diagnosis(group: Group, shards: str) -> str:
    """What `verbatim doctor` prints with the settings of a process."""
    variables = {"VERBATIM_DATABASE": str(group.database), "VERBATIM_SHARD_IDS": shards, "VERBATIM_SHARD_COUNT": "2"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "index", "doctor"),
        env=group.scene.environment(**group.settings_of(shards), **variables),
        cwd=group.scene.data.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, complained = await asyncio.wait_for(process.communicate(), 60)
    assert complained == b""
    for secret in (PASSWORD, ENCODED, SEARCH_PASSWORD, group.server.token):
        assert secret not in told.decode()
    return told.decode()


def verified(group: Group) -> list[str]:
    """What of the cluster's articles differs from their files, as a third process sees it."""
    settings = ClusterSettings.from_environment(group.settings_of("2"))
    return Engine.open(group.scene.seeds, data_of(group.scene, "2"), cluster=settings, build=False).verify()


async def test_each_server_is_answered_by_its_own_process_and_a_new_article_by_both(group: Group) -> None:
    await group.start_both()
    for either in (0, 1):
        assert CHIEF in read(await until_answered(group, either))[0]
    other = group.processes["1"]
    place = int(group.shard(0) == "1")  # of the server of shard 0
    other.send_signal(signal.SIGSTOP)
    try:
        waiting = await group.server.post(
            group.scene.alice, group.channels[1 - place], f"{group.server.mention} {QUESTION}"
        )
        assert CHIEF in read(await group.ask(place))[0]
        assert CHIEF in read(await ask_privately(group, QUESTION))[0]
        assert group.server.replies(waiting) == []
    finally:
        other.send_signal(signal.SIGCONT)
    assert CHIEF in read(await group.server.reply_to(waiting))[0]

    file = group.server.attach("dam.html", NEW, "text/html")
    added = await group.server.slash(group.scene.keeper, group.scene.general, "admin add", file=file)
    assert "I added the article:" in read(await added.shown())[0]
    for asked in (0, 1):
        await until_indexed(group, asked)

    status = await admin_status(group)
    assert "**Search cluster**: it answers" in status
    assert "The index has 3 articles" in status
    assert "**Processes**: 2" in status
    told = await diagnosis(group, "0")
    assert re.search(
        "^ok .*OpenSearch answers; nodes: 1. It serves generation 2 of the store: 3 articles, ", told, re.MULTILINE
    )
    assert re.search("^warning .*OpenSearch lacks copies of shards", told, re.MULTILINE)  # of its only node
    assert "The index is up to date with the folder of articles: 3 articles" in told
    assert "The PostgreSQL database can be used" in told
    assert "All 2 shards are those of a process that runs; processes: 2." in told
    assert "No problem found. Warnings: 1." in told
    for shard in (0, 1):
        assert healthcheck.is_healthy(data_of(group.scene, str(shard)), time.time(), {shard})
    assert await asyncio.to_thread(verified, group) == []


async def test_another_process_takes_over_and_buttons_of_a_killed_one_work(group: Group) -> None:
    await group.start_both(VERBATIM_WATCH="true")
    first = group.owner()
    assert first
    [second] = group.processes.keys() - {first}
    places = {group.shard(place): place for place in (0, 1)}
    answers = [await until_answered(group, places[first]) for _ in range(3)]
    await group.server.settle()
    await group.end(first, signal.SIGKILL)
    await group.server.until(lambda: group.owner() == second, TAKEN_OVER, "the lease to be taken over")
    write_article(group)
    await until_indexed(group, places[second])

    await group.start(first, VERBATIM_DATA=str(data_of(group.scene, "new")))
    await group.server.ready()
    assert CHIEF in await press(group, answers[0], "Context")
    assert "More passages." in await press(group, answers[1], "More")
    assert "Thank you" in await press(group, answers[2], "👍")
    await until_indexed(group, places[first])
    assert "1 articles added" in await group.end(second)


async def test_a_search_cluster_that_hangs_is_told_of_in_time_or_replaced_by_the_snapshot(
    group: Group, opensearch: OpenSearchCluster
) -> None:
    Engine.open(group.scene.seeds, data_of(group.scene, group.shard(1)))  # from before the cluster
    await group.start_both()
    answer = await until_answered(group, 0)
    opensearch.pause(0)
    try:
        began = time.monotonic()
        assert read(await group.ask(0, OTHER_QUESTION)) == SILENT
        assert time.monotonic() - began < SOON
        assert quoted(await group.ask(1, OTHER_QUESTION))
        assert CHIEF in await press(group, answer, "Context")
        assert "**Search cluster**: it doesn't answer" in await admin_status(group)
        told = await diagnosis(group, group.shard(0))
        assert "\nproblem  The search cluster does not answer. Ask again in a moment. `verbatim cluster status`" in told
    finally:
        opensearch.resume(0)
    for place in (0, 1):
        await until_answered(group, place, OTHER_QUESTION)


async def test_while_postgresql_is_away_questions_are_answered_without_buttons(
    group: Group, postgres: Postgres
) -> None:
    await group.start_both()
    before = [await until_answered(group, place) for place in (0, 1)]
    await asyncio.to_thread(postgres.stop)
    for place in (0, 1):
        await until_answered(group, place, OTHER_QUESTION, WITHOUT)
        assert await press(group, before[place], "Context") == Message.STATE_BROKEN.value
    told = await diagnosis(group, "0")
    assert re.search("^problem .*The PostgreSQL database .* cannot be reached", told, re.MULTILINE)
    assert "Problems: 1. Warnings: 1." in told
    await asyncio.to_thread(postgres.start)
    for place in (0, 1):
        answer = await until_answered(group, place, OTHER_QUESTION)
        for one in (answer, before[place]):
            assert "> " in await press(group, one, "Context")
    await group.server.until(group.owner, TAKEN_OVER, "the lease")
