"""A server with members and the bot's admins, and the bot in its own process on a copy of the seeds."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.discord_server import Channel, DiscordServer, Guild, Role, ServerMessage, User, texts
from tests.discord_server.components import walk

from .forks import CAN_FORK, Fork, forked

Process = asyncio.subprocess.Process | Fork
SEEDS = Path(__file__).parents[2] / "seeds"


@dataclass
class Scene:
    """A server with the bot's admins and a member, and the bot's folders."""

    server: DiscordServer
    guild: Guild
    general: Channel
    keepers: Role
    """The admins' role."""
    keeper: User
    alice: User
    seeds: Path
    data: Path
    process: Process | None = None
    """The bot, where a fixture has started it."""

    def environment(self, **variables: str) -> dict[str, str]:
        """The bot's environment, with these settings changed."""
        return self.server.environment(
            **{
                "DISCORD_TOKEN": self.server.token,
                "VERBATIM_SEEDS": str(self.seeds),
                "VERBATIM_DATA": str(self.data),
                "VERBATIM_ADMIN_GUILDS": self.guild.id,
                "VERBATIM_ADMIN_ROLES": self.keepers.id,
                "VERBATIM_USER_SECONDS": "0",
                "VERBATIM_CHANNEL_SECONDS": "0",
                "FAKE_SLOW_READING": str(self._slow_reading),
                "FAKE_SLOW_ANSWERS": str(self._slow_answers),
                **variables,
            }
        )

    @property
    def _slow_reading(self) -> Path:
        return self.data.parent / "slow-reading"

    @contextmanager
    def slow_reading(self, seconds: float) -> Iterator[None]:
        """Slow down reading to `seconds` an article; up to a hundred articles are read in the bot's own process."""
        self._slow_reading.write_text(str(seconds))
        try:
            yield
        finally:
            self._slow_reading.unlink()

    @property
    def _slow_answers(self) -> Path:
        return self.data.parent / "slow-answers"

    @contextmanager
    def slow_answers(self) -> Iterator[None]:
        """No question is answered meanwhile, unless it was before. Ask long ones, which are answered in threads."""
        self._slow_answers.touch()
        try:
            yield
        finally:
            self._slow_answers.unlink()

    async def start(self, **variables: str) -> Process:
        """Start the bot's process in a folder without `.env`."""
        if CAN_FORK:
            return await forked(self.environment(**variables), self.data.parent)
        return await self.start_python(**variables)

    async def start_python(self, **variables: str) -> asyncio.subprocess.Process:
        """Start it as users do, by `python -m bot`."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            env=self.environment(**variables),
            cwd=self.data.parent,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def restart(self, **variables: str) -> str:
        """Kill the running bot and start it again; returns the standard error of the killed one."""
        assert self.process
        self.process.kill()
        _, said = await self.process.communicate()
        await self.server.until(lambda: not self.server.gateway.live, what="the connection to end")
        self.process = await self.start(**variables)
        await self.server.ready()
        return said.decode()

    @asynccontextmanager
    async def running(self, **variables: str) -> AsyncIterator[None]:
        """Run the bot with these settings, connected; at the end it must stop without a violation."""
        self.process = await self.start(**variables)
        await self.server.ready()
        yield
        await stopped(self.process)
        assert self.server.violations == []

    async def fails(self, **variables: str) -> tuple[int | None, str]:
        """The exit code and standard error of a bot that is expected to exit by itself."""
        process = await self.start(**variables)
        _, said = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode, said.decode()


async def stopped(process: Process) -> str:
    """Terminate a bot; returns its standard error."""
    process.terminate()
    _, said = await asyncio.wait_for(process.communicate(), 60)
    return said.decode()


def scene_in(server: DiscordServer, folder: Path) -> Scene:
    """A scene on this server, with a copy of the seeds in this folder."""
    seeds = Path(shutil.copytree(SEEDS, folder / "seeds"))
    return scene_of(server, seeds, folder / "data")


def scene_of(server: DiscordServer, seeds: Path, data: Path) -> Scene:
    """A new server with new members on this Discord, and these folders of the bot."""
    guild = server.add_guild("Readers")
    keepers = server.add_role(guild, "Keepers")
    keeper, alice = server.add_user("keeper"), server.add_user("alice")
    server.join(guild, keeper, roles=[keepers])
    server.join(guild, alice)
    return Scene(server, guild, server.add_channel(guild, "general"), keepers, keeper, alice, seeds, data)


def give_old_delete_button(message: ServerMessage) -> None:
    """Make the last button of an answer the one that deleted it in older versions; it has only its custom id."""
    *_, last = (part for _, part in walk(message.components) if "custom_id" in part)
    _, _, answer_id, _ = last["custom_id"].split(":")
    last.update(label="Delete", custom_id=f"v1:delete:{answer_id}:0")
    last.pop("emoji", None)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return int(some.getsockname()[1])


LONG_SENTENCE = f"Zebras say {' '.join(f'word{number}' for number in range(1200))} to the end."
LONG_QUESTION = "What do zebras say?"
"""Its answer takes three messages."""


async def write_long_article(scene: Scene) -> None:
    """Add an article with a sentence that is too long for one message."""
    (scene.seeds / "long.txt").write_text(f"A long sentence\n\n{LONG_SENTENCE}\n")
    used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await scene.server.until(lambda: used.messages and any("long" in text for text in texts(used.messages[0])))
