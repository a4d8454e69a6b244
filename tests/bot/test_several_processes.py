"""Two processes of one application, each with its shard: all servers are answered, and work for all is done once."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.state.store import FILE
from tests.bot.conversation.test_question_handler import QUESTION
from tests.cluster.postgres import empty_database, postgres, postgres_server
from tests.discord_server import Channel, DiscordServer, Guild, ServerMessage, texts

from .conftest import Scene
from .reading import read
from .scene import Process

__all__ = ["empty_database", "postgres", "postgres_server"]
pytestmark = pytest.mark.slow
TAKEN_OVER = 30
"""Seconds within which another process does what a killed one did: its lease of ten seconds, and a start."""
CHIEF = "Michael Kratsios"


@dataclass
class Group:
    """An application of two shards, a server in each, and its processes."""

    scene: Scene
    guilds: list[Guild]
    """One for each shard; the first is the admins' server."""
    channels: list[Channel]
    database: str | None = None
    """The URL of a PostgreSQL database; None for the file in the data folder."""
    settings_of: Callable[[str], Mapping[str, str]] = lambda _: {}
    """Further settings of the process with these shards."""
    processes: dict[str, Process] = field(default_factory=dict)
    """By the shards that they have been started with."""
    said: dict[str, str] = field(default_factory=dict)
    """What those have logged that have ended."""

    @property
    def server(self) -> DiscordServer:
        return self.scene.server

    async def start(self, shards: str, **variables: str) -> None:
        """Start a process with these shards."""
        if self.database:
            variables["VERBATIM_DATABASE"] = self.database
        shared = {"VERBATIM_SHARD_IDS": shards, "VERBATIM_SHARD_COUNT": "2", "VERBATIM_POLL": "0.2"}
        self.processes[shards] = await self.scene.start(**{**shared, **self.settings_of(shards), **variables})

    async def start_both(self, **variables: str) -> None:
        """Start a process for each shard, and wait until both are connected and one has the lease."""
        await self.start(self.shard(0), **variables)
        await self.start(self.shard(1), **variables)
        await self.server.ready()
        await self.server.until(self.owner, what="the lease")

    def shard(self, place: int) -> str:
        """The shard of a server."""
        return str((int(self.guilds[place].id) >> 22) % 2)

    async def end(self, shards: str, number: int = signal.SIGTERM) -> str:
        """End a process, and return what it has logged."""
        process = self.processes.pop(shards)
        process.send_signal(number)
        _, said = await asyncio.wait_for(process.communicate(), 60)
        self.said[shards] = said.decode()
        return self.said[shards]

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """The rows of a query of the database."""
        engine = create_engine(self.database or f"sqlite:///{self.scene.data / FILE}")
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(statement)).all()]
        finally:
            engine.dispose()

    def owner(self) -> str | None:
        """The shards of the process that holds the lease."""
        held = "SELECT pid FROM processes JOIN leases ON leases.owner = processes.id WHERE leases.name = 'work'"
        pids = {row[0] for row in self.rows(held)}
        return next((shards for shards, process in self.processes.items() if process.pid in pids), None)

    async def ask(self, place: int, question: str = QUESTION) -> ServerMessage:
        """Ask in a server, and return the answer."""
        asked = await self.server.post(self.scene.alice, self.channels[place], f"{self.server.mention} {question}")
        return await self.server.reply_to(asked)


@asynccontextmanager
async def group_in(scene: Scene, database: str | None = None) -> AsyncIterator[Group]:
    """The application, which must have logged no traceback and made no violation at the end."""
    scene.server.shards = 2
    other = scene.guild
    while (int(other.id) >> 22) % 2 == (int(scene.guild.id) >> 22) % 2:
        other = scene.server.add_guild("Other readers")
    scene.server.join(other, scene.alice)
    channels = [scene.general, scene.server.add_channel(other, "elsewhere")]
    made = Group(scene, [scene.guild, other], channels, database)
    yield made
    for shards in list(made.processes):
        await made.end(shards)
    for said in made.said.values():
        assert "Traceback" not in said, said
    assert scene.server.violations == []


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.cluster)])
async def group(request: pytest.FixtureRequest, scene: Scene) -> AsyncIterator[Group]:
    found = request.getfixturevalue("empty_database") if request.param == "postgresql" else None
    async with group_in(scene, found and found.get_secret_value()) as made:
        yield made


def write_article(group: Group) -> None:
    """Add an article to the folder that a process watches."""
    (group.scene.seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will open dam 97 on the Lagan in May.\n")


def damage_index(data: Path) -> str:
    """Let a damaged copy of the snapshot be the current one, as if its disk had failed; return its name."""
    name = (data / "CURRENT").read_text().strip()
    copied = f"s{int(name[1:11]) + 1:010}-abcdef"
    folder = shutil.copytree(data / "snapshots" / name, data / "snapshots" / copied)
    largest = max(folder.iterdir(), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-1])
    (data / "CURRENT.new").write_text(copied)
    (data / "CURRENT.new").replace(data / "CURRENT")
    return copied


async def until_indexed(group: Group, place: int) -> None:
    """Ask in a server until the new article is quoted there."""
    async with asyncio.timeout(60):
        while True:
            answer = await group.ask(place, "Who will open dam 97 on the Lagan?")
            if "Ann Karlsson" in read(answer)[0]:
                return


async def test_each_server_is_answered_by_its_own_process(group: Group) -> None:
    await group.start_both()
    for place in (0, 1):
        assert CHIEF in read(await group.ask(place))[0]
    shown = await group.server.slash(group.scene.keeper, group.scene.general, "admin status")
    await shown.answered()
    status = "".join(read(shown.messages[0]))
    assert "1 of 1 shards connected" in status
    assert "**Processes**: 2" in status
    for process in group.processes.values():
        assert f"process {process.pid}" in status.replace("\u2068", "").replace("\u2069", "")
    said = await group.end(group.shard(1))
    assert "is not a member of the server" not in said
    assert f"shards={group.shard(1)}" in said
    assert CHIEF in read(await group.ask(0))[0]
    assert len(group.rows("SELECT id FROM processes")) == 1
    await group.end(group.shard(0))
    assert group.rows("SELECT id FROM processes") == []
    assert group.rows("SELECT owner FROM leases WHERE name = 'work'") == [("",)]
    synced = [call for call in group.server.requests if call.method == "PUT"]
    assert len(synced) == 2, "everywhere, and in the admins' server"


async def test_sessions_are_opened_in_turn(group: Group) -> None:
    group.server.max_concurrency = 1
    await group.start_both()
    assert group.server.gateway.too_early == 0


async def test_a_damaged_index_is_rebuilt_by_one_process(group: Group) -> None:
    await group.start_both()
    owner, current = group.owner(), group.scene.data / "CURRENT"
    assert owner
    damaged = damage_index(group.scene.data)
    await group.server.until(lambda: current.read_text().strip() != damaged, TAKEN_OVER, "another snapshot")
    served = [(current.read_text().strip(), 0)] * 2
    await group.server.until(
        lambda: group.rows("SELECT snapshot, CAST(damaged AS INTEGER) FROM processes") == served,
        what="both to serve it",
    )
    said = {shards: await group.end(shards) for shards in list(group.processes)}
    assert {shards: one.count("rebuilding it") for shards, one in said.items()} == {
        shards: int(shards == owner) for shards in said
    }


async def test_a_button_works_in_the_process_that_takes_the_shard_over(group: Group) -> None:
    await group.start_both()
    answer = await group.ask(1)
    await group.end(group.shard(0))
    await group.end(group.shard(1), signal.SIGKILL)
    await group.start("0-1")
    await group.server.ready()
    pressed = await group.server.click(group.scene.alice, answer, "Context")
    await pressed.answered()
    assert CHIEF in "".join(texts(pressed.messages[0]))


async def test_another_process_takes_over_from_a_killed_one(group: Group) -> None:
    await group.start_both(VERBATIM_WATCH="true")
    first = group.owner()
    assert first
    await group.end(first, signal.SIGKILL)
    [second] = group.processes
    await group.server.until(lambda: group.owner() == second, TAKEN_OVER, "the lease to be taken over")
    write_article(group)
    place = next(number for number in (0, 1) if group.shard(number) == second)

    await until_indexed(group, place)
    assert "1 articles added" in await group.end(second)


async def test_a_paused_owner_does_nothing_more_when_it_goes_on(group: Group) -> None:
    await group.start_both(VERBATIM_WATCH="true", VERBATIM_ADMIN_CHANNEL=group.scene.general.id)
    first = group.owner()
    assert first
    [second] = group.processes.keys() - {first}
    seen = "SELECT seen FROM processes JOIN leases ON leases.owner = processes.id WHERE leases.name = 'work'"
    before = group.rows(seen)
    await group.server.until(lambda: group.rows(seen) != before, what="a beat, so that it is not paused in a write")
    group.processes[first].send_signal(signal.SIGSTOP)
    try:
        await group.server.until(lambda: group.owner() == second, TAKEN_OVER, "the lease to be taken over")
    finally:
        group.processes[first].send_signal(signal.SIGCONT)
    write_article(group)

    for place in (0, 1):  # the one that was paused serves what the other has indexed
        await until_indexed(group, place)
    assert group.owner() == second
    reports = [m for m in group.server.messages.values() if m.channel is group.scene.general and not m.reference]
    assert [read(message)[0].count("A dam") for message in reports if message.author is group.server.bot] == [1]
    said = {shards: await group.end(shards) for shards in (first, second)}
    assert "1 articles added" not in said[first]
    assert "1 articles added" in said[second]
    assert "has lost its lease" in said[first]


async def unanswered(group: Group, question: str) -> ServerMessage:
    """Ask in the second server until the answer is no longer in the cache; return the message that waits for one."""
    while True:
        asked = await group.server.post(group.scene.alice, group.channels[1], f"{group.server.mention} {question}")
        try:
            await group.server.reply_to(asked, within=1)
        except TimeoutError:
            return asked


async def test_who_deletes_their_data_empties_the_caches_of_all_processes(group: Group) -> None:
    await group.start_both()
    long = f"{QUESTION} {QUESTION} {QUESTION}"
    for place in (0, 1):
        await group.ask(place, long)
    with group.scene.slow_answers():
        await group.ask(1, long)  # from the cache
        used = await group.server.slash(group.scene.alice, group.channels[0], "privacy", delete=True)
        await used.answered()
        number = "SELECT number FROM generations WHERE name = 'answers'"
        assert group.rows(number) == [(1,)]
        asked = await asyncio.wait_for(unanswered(group, long), 10)
    assert CHIEF in read(await group.server.reply_to(asked))[0]


async def test_what_a_member_has_shown_one_process_another_one_knows(group: Group) -> None:
    """Direct messages come to the first shard, whichever server the member is in."""
    await group.start_both(VERBATIM_USER_SECONDS="30")
    place = next(number for number in (0, 1) if group.shard(number) == "1")
    alice = group.scene.alice
    alice.locale = "de"
    for _ in range(3):
        used = await group.server.slash(alice, group.channels[place], "ask", question=QUESTION)
        await used.answered()
    asked = await group.server.post(alice, group.server.dm(alice), QUESTION)
    assert read(await group.server.reply_to(asked))[0].startswith("Das ging aber schnell!")
