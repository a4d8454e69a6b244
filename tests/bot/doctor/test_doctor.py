"""`verbatim doctor` finds what is wrong with a set-up, says what to do, and changes nothing."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.doctor.finding import Finding, Level
from bot.doctor.run import findings
from bot.monitoring.healthcheck import HEARTBEAT
from bot.state import State
from bot.state.store import FILE
from index.engine import Engine
from tests.bot.scene import SEEDS, Scene, free_port, stopped
from tests.discord_server import Permission
from tests.discord_server.conftest import send_to

PORT = "VERBATIM_HTTP_PORT"
Fault = Callable[[Scene, pytest.MonkeyPatch], object]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index, and a database in which a server has named a channel."""
    data = tmp_path_factory.mktemp("prepared") / "data"

    async def fill() -> None:
        state = await State.open(data)
        await state.update_server_settings(1, allowed=frozenset({2}))
        await state.close()

    Engine.open(SEEDS, data)
    asyncio.run(fill())
    return data


@pytest.fixture
def healthy(scene: Scene, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A set-up with this data, its channel being that of the scene; settings in the environment."""
    shutil.copytree(prepared, scene.data)
    run("UPDATE channels SET server = {server}, id = {channel}")(scene, monkeypatch)
    send_to(scene.server, monkeypatch)
    for name, value in scene.environment(**{PORT: str(free_port())}).items():
        monkeypatch.setenv(name, value)
    return scene


async def diagnosis(scene: Scene) -> list[Finding]:
    """What the doctor finds; the folders stay as they are, and the token is not told."""
    before = contents(scene.data.parent)
    found = await asyncio.to_thread(lambda: list(findings(scene.data.parent / ".env")))
    assert contents(scene.data.parent) == before
    assert scene.server.violations == []
    assert not scene.server.gateway.sessions
    assert not [one for one in found if scene.server.token in one.text or not one.text.isprintable()]
    return found


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def troubles(found: list[Finding]) -> list[tuple[Level, str]]:
    return [(one.level, one.text) for one in found if one.level is not Level.OK]


async def test_a_healthy_set_up_has_no_trouble(healthy: Scene) -> None:
    found = await diagnosis(healthy)
    assert troubles(found) == []
    told = "\n".join(one.text for one in found)
    assert f"https://discord.com/oauth2/authorize?client_id={healthy.server.bot.id}&scope=bot+applications" in told
    assert f"In the servers of VERBATIM_ADMIN_GUILDS ({healthy.guild.id}), these may use /admin: the app" in told
    assert "The Message Content Intent is off: the bot reads mentions," in told
    assert "The bot has the permissions that it needs in 1 of 1 servers." in told
    assert "The index is whole: 2 articles, each of the " in told
    assert re.search(r"The port 127\.0\.0\.1:[0-9]+ is free\.", told)


async def test_a_set_up_that_was_never_started_has_no_trouble(
    healthy: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VERBATIM_DATA", str(tmp_path / "new" / "data"))
    assert troubles(await diagnosis(healthy)) == []
    assert not (tmp_path / "new").exists()


# ---- faults ----------------------------------------------------------------------------------------------------------


def damage(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


def damage_snapshot(scene: Scene, _: pytest.MonkeyPatch) -> None:
    damage(next((scene.data / "snapshots").rglob("*.segment")))


def put_file_in_place_of_data(scene: Scene, patch: pytest.MonkeyPatch) -> None:
    (scene.data.parent / "file").touch()
    patch.setenv("VERBATIM_DATA", str(scene.data.parent / "file"))


def break_rule(scene: Scene, patch: pytest.MonkeyPatch) -> None:
    folder = scene.data.parent / "rules.d"
    folder.mkdir()
    (folder / "mine.toml").write_text('without = ["no-such-rule"]')
    patch.setenv("VERBATIM_RULES", str(folder))


def run(statement: str) -> Fault:
    def change(scene: Scene, _: pytest.MonkeyPatch) -> None:
        with closing(sqlite3.connect(scene.data / FILE)) as base, base:
            base.execute(statement.format(server=scene.guild.id, channel=scene.general.id))

    return change


def set_variable(name: str, value: str) -> Fault:
    return lambda _, patch: patch.setenv(name, value)


def forbid(scene: Scene, _: pytest.MonkeyPatch) -> None:
    scene.guild.everyone.permissions &= ~int(Permission.READ_MESSAGE_HISTORY)


def forbid_in_channel(scene: Scene, _: pytest.MonkeyPatch) -> None:
    scene.server.overwrite(scene.general, scene.guild.everyone, deny=int(Permission.SEND_MESSAGES))


def write_seeds(scene: Scene, _: pytest.MonkeyPatch) -> None:
    (scene.seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will build a dam in the valley.\n")


def remove_token(_: Scene, patch: pytest.MonkeyPatch) -> None:
    patch.delenv("DISCORD_TOKEN")


def hide_token_file(scene: Scene, patch: pytest.MonkeyPatch) -> None:
    patch.delenv("DISCORD_TOKEN")
    patch.setenv("DISCORD_TOKEN_FILE", str(scene.data / "nowhere"))


def misspell_in_file(scene: Scene, _: pytest.MonkeyPatch) -> None:
    (scene.data.parent / ".env").write_text("VERBATIM_ADMIN_ROLE=5\nANOTHER=1\n")


def disconnect(scene: Scene, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("discord.http.Route.BASE", f"http://127.0.0.1:{free_port()}")
    assert scene.server.origin


def name_cluster(scene: Scene, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("VERBATIM_OPENSEARCH", f"http://verbatim:secret@127.0.0.1:{free_port()}")
    patch.setenv("VERBATIM_STORE", str(scene.data.parent / "store"))


def replace_database_by_folder(scene: Scene, _: pytest.MonkeyPatch) -> None:
    (scene.data / FILE).unlink()
    (scene.data / FILE).mkdir()


FAULTS: dict[str, tuple[Fault, Level, str]] = {
    "no token": (remove_token, Level.PROBLEM, "The setting DISCORD_TOKEN is missing. It must be the bot's token"),
    "a token file that cannot be read": (
        hide_token_file,
        Level.PROBLEM,
        "The setting DISCORD_TOKEN_FILE must be the path of a readable file with the bot's token.",
    ),
    "a token that is none": (
        set_variable("DISCORD_TOKEN", "ten words"),
        Level.PROBLEM,
        "The setting DISCORD_TOKEN must be the bot's token as shown in the developer portal, without spaces.",
    ),
    "a token that Discord rejects": (
        set_variable("DISCORD_TOKEN", "wrong-token-" + "x" * 40),
        Level.PROBLEM,
        "Discord rejected the token. Set DISCORD_TOKEN to the bot's current token.",
    ),
    "no network": (disconnect, Level.PROBLEM, "Discord cannot be reached. Check the network, and https://discordst"),
    "a wrong setting": (
        set_variable("VERBATIM_POLL", "often"),
        Level.PROBLEM,
        "The setting VERBATIM_POLL must be seconds, from 0.1 to 3600.",
    ),
    "a misspelt variable": (
        set_variable("VERBATIM_SEED", "seeds"),
        Level.WARNING,
        "VERBATIM_SEED is no setting, and has no effect. Is VERBATIM_SEEDS meant?",
    ),
    "a misspelt variable in .env": (
        misspell_in_file,
        Level.WARNING,
        "VERBATIM_ADMIN_ROLE is no setting, and has no effect. Is VERBATIM_ADMIN_ROLES meant?",
    ),
    "a missing intent": (
        run("UPDATE channels SET kind = 'unasked'"),
        Level.WARNING,
        "The Message Content Intent is off, but /channels of the servers {server} names channels to answer in without",
    ),
    "a missing permission": (
        forbid,
        Level.PROBLEM,
        "In the server Readers the bot lacks Read Message History. Give these permissions to its role in the server's",
    ),
    "a missing permission in a channel": (
        forbid_in_channel,
        Level.PROBLEM,
        "In the channel #general of the server Readers the bot lacks Send Messages. Give these permissions",
    ),
    "a channel that is gone": (
        run("UPDATE channels SET id = 5"),
        Level.WARNING,
        "The server Readers has no channel 5 that the bot can see, but /channels names it.",
    ),
    "no admin server": (
        set_variable("VERBATIM_ADMIN_GUILDS", ""),
        Level.WARNING,
        "Nobody may use /admin, because VERBATIM_ADMIN_GUILDS names no server. Write your server's id there.",
    ),
    "an admin server without the bot": (
        set_variable("VERBATIM_ADMIN_GUILDS", "5"),
        Level.WARNING,
        "The bot is not a member of the server 5 of VERBATIM_ADMIN_GUILDS, so nobody may use /admin there.",
    ),
    "an admin role that is gone": (
        set_variable("VERBATIM_ADMIN_ROLES", "5"),
        Level.WARNING,
        "The role 5 of VERBATIM_ADMIN_ROLES is in none of the servers of VERBATIM_ADMIN_GUILDS, so it opens nothing.",
    ),
    "no seeds": (
        set_variable("VERBATIM_SEEDS", "nowhere"),
        Level.PROBLEM,
        "The folder of articles 'nowhere' cannot be read (No such file or directory). Set the folder with",
    ),
    "a file in place of the data folder": (
        put_file_in_place_of_data,
        Level.PROBLEM,
        "The data folder '{folder}/file' is no folder. Remove the file, or set VERBATIM_DATA.",
    ),
    "a damaged snapshot": (
        damage_snapshot,
        Level.PROBLEM,
        "was altered. Run `verbatim reindex`, which makes the",
    ),
    "articles that have changed": (write_seeds, Level.WARNING, "have changed since they were indexed. Run `verbatim r"),
    "a wrong rule": (
        break_rule,
        Level.PROBLEM,
        "mine.toml cannot be used: without: there is no built-in rule 'no-such-rule'. `verbatim rules list` shows",
    ),
    "a newer database": (
        run("UPDATE alembic_version SET version_num = '0099'"),
        Level.PROBLEM,
        "The database '{folder}/data/state.sqlite3' has the schema '0099', which this version does not know. Start the",
    ),
    "a folder in place of the database": (
        replace_database_by_folder,
        Level.PROBLEM,
        "state.sqlite3' cannot be read (",
    ),
    "a file .env that is no text": (
        lambda scene, _: (scene.data.parent / ".env").write_bytes(b"\xff\xfe\0DISCORD"),
        Level.PROBLEM,
        "The file {folder}/.env cannot be read. Make it a readable text file, or remove it.",
    ),
    "a request that Discord refuses": (
        lambda scene, _: scene.server.fail("GET", "/users/@me/guilds", 403),
        Level.PROBLEM,
        "Discord refused a request of this check (403 Forbidden (error code: 0): injected fault). Try again later.",
    ),
    "a search cluster that does not answer": (
        name_cluster,
        Level.PROBLEM,
        "The search cluster does not answer. Ask again in a moment. `verbatim cluster status` says which nodes answer.",
    ),
    "a damaged database": (
        lambda scene, _: (scene.data / FILE).write_bytes(b"rubbish " * 1000),
        Level.PROBLEM,
        "The database '{folder}/data/state.sqlite3' is damaged (file is not a database). The next start sets it aside",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_named_and_what_to_do(healthy: Scene, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    plant, level, wanted = FAULTS[name]
    plant(healthy, monkeypatch)
    wanted = wanted.format(server=healthy.guild.id, folder=healthy.data.parent)
    found = [(one, text) for one, text in troubles(await diagnosis(healthy)) if wanted in text]
    assert [one for one, _ in found] == [level]


async def test_a_port_that_another_program_has_is_a_problem(healthy: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        monkeypatch.setenv(PORT, str(port))
        (trouble,) = troubles(await diagnosis(healthy))
    wanted = f"The port 127.0.0.1:{port} cannot be opened (Address already in use). Choose another VERBATIM_HTTP_PORT."
    assert trouble == (Level.PROBLEM, wanted)


async def test_folders_that_cannot_be_written_are_named(healthy: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {healthy.seeds, healthy.data, healthy.data / FILE}  # a mock, since nothing stops a test that runs as root
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) not in ours)
    user = r"cannot be written by the user \d+"
    for (level, text), (wanted, pattern) in zip(
        troubles(await diagnosis(healthy)),
        (
            (Level.WARNING, rf"/seeds' {user}, so /admin add, edit and remove fail\. Let this user write there\.$"),
            (Level.PROBLEM, rf"/data' {user}\. Let this user write there, or set VERBATIM_DATA\.$"),
            (Level.PROBLEM, rf"/state\.sqlite3' {user}\. Let this user write it\.$"),
        ),
        strict=True,
    ):
        assert level is wanted
        assert re.search(pattern, text)


async def test_a_database_that_another_program_has_locked_is_a_problem(healthy: Scene) -> None:
    with closing(sqlite3.connect(healthy.data / FILE)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        ((level, text),) = troubles(await diagnosis(healthy))
    assert level is Level.PROBLEM
    assert text.endswith("/state.sqlite3' is locked by another program. Stop what else uses it.")


# ---- the command -----------------------------------------------------------------------------------------------------


async def doctor(scene: Scene, **variables: str) -> tuple[int | None, str]:
    """The exit code and the output of the command, as users run it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "index", "doctor"),
        env=scene.environment(**variables),
        cwd=scene.data.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


@pytest.mark.slow
async def test_the_command_runs_beside_the_bot_and_in_its_place(scene: Scene) -> None:
    port = str(free_port())
    process = await scene.start(**{PORT: port})
    await scene.server.ready()
    await scene.server.until((scene.data / HEARTBEAT).exists, what="the bot to be ready")
    code, said = await doctor(scene, **{PORT: port})
    assert code == 0, said
    assert f"ok       The port 127.0.0.1:{port} is that of a bot that runs.\n" in said
    assert said.endswith("No problem found. Warnings: 0.\n")
    assert len(scene.server.gateway.sessions) == 1
    await stopped(process)
    code, said = await doctor(scene, DISCORD_TOKEN="", VERBATIM_SEEDS="nowhere", VERBATIM_ADMIN_USER="5")
    assert code == 1
    assert [line.split()[0] for line in said.splitlines()] == [
        *("problem", "warning", "ok", "ok", "problem", "ok", "Problems:")
    ], said
    assert "Traceback" not in said
