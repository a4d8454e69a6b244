"""How the bot starts, refuses to start, and stops; exit code 2 and one sentence where something must be set right."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.state.store import FILE
from tests.bot.conversation.test_question_handler import QUESTION
from tests.discord_server import texts
from tests.index.encoder import encoder_folder
from tests.properties import one_in

from .conftest import Scene
from .scene import free_port

DOCKERFILE = Path(__file__).parents[2] / "Dockerfile"


async def test_a_missing_token_is_one_sentence(scene: Scene) -> None:
    process = await scene.start_python(DISCORD_TOKEN="")
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert said.startswith(b"The setting DISCORD_TOKEN is missing.")
    assert said.count(b"\n") == 1


async def test_a_token_that_discord_rejects_is_one_sentence_without_the_token(scene: Scene) -> None:
    wrong = "wrong-token-" + "x" * 40
    code, said = await scene.fails(DISCORD_TOKEN=wrong, VERBATIM_LOG_LEVEL="ERROR")
    assert code == 2
    assert said == "Discord rejected the token. Set DISCORD_TOKEN to the bot's current token.\n"


async def test_seeds_that_cannot_be_read_are_one_sentence(scene: Scene) -> None:
    code, said = await scene.fails(VERBATIM_SEEDS=str(scene.seeds / "nowhere"), VERBATIM_LOG_LEVEL="ERROR")
    assert code == 2
    assert "The folder of articles" in said
    assert said.count("\n") == 1


async def test_a_data_folder_that_cannot_be_written_is_one_sentence(scene: Scene) -> None:
    scene.data.write_text("a file")
    code, said = await scene.fails(VERBATIM_LOG_LEVEL="ERROR")
    assert code == 2
    assert "cannot be written" in said
    assert said.count("\n") == 1


async def test_a_database_of_a_newer_version_is_one_sentence_and_is_left_alone(scene: Scene) -> None:
    async with scene.running():
        pass
    with closing(sqlite3.connect(scene.data / FILE)) as base, base:
        base.execute("UPDATE alembic_version SET version_num = '0099'")
    before = (scene.data / FILE).read_bytes()
    code, said = await scene.fails(VERBATIM_LOG_LEVEL="ERROR")
    assert code == 2
    assert said.startswith(
        f"The bot's database '{scene.data / FILE}' has the schema '0099', which this version does not"
    )
    assert said.count("\n") == 1
    assert (scene.data / FILE).read_bytes() == before


async def test_a_rules_file_that_cannot_be_used_is_one_sentence(scene: Scene) -> None:
    folder = scene.data.parent / "rules.d"
    folder.mkdir()
    (folder / "mine.toml").write_text('without = ["no-such-rule"]')
    code, said = await scene.fails(VERBATIM_RULES=str(folder), VERBATIM_LOG_LEVEL="ERROR")
    assert code == 2
    assert said.startswith("mine.toml cannot be used: without: there is no built-in rule 'no-such-rule'.")
    assert said.count("\n") == 1


async def test_an_encoder_that_cannot_be_used_is_one_sentence(scene: Scene) -> None:
    code, said = await scene.fails(VERBATIM_ENCODER=str(scene.seeds), VERBATIM_LOG_LEVEL="ERROR")
    assert code == 2
    assert said.startswith(f"The folder {scene.seeds} holds no encoder")
    assert said.count("\n") == 1


@pytest.mark.slow
async def test_an_encoder_is_named_at_the_start_and_in_the_status(scene: Scene) -> None:
    encoder = str(encoder_folder())
    async with scene.running(VERBATIM_ENCODER=encoder):
        status = await scene.server.slash(scene.keeper, scene.general, "admin status")
        await status.answered()
        assert "**Encoder**: \u2068encoder\u2069" in texts(status.messages[0])[0]
        said = await scene.restart(VERBATIM_ENCODER=encoder)
    assert "Judging with the encoder encoder." in said


async def test_a_wrong_setting_is_one_sentence_that_names_it(scene: Scene) -> None:
    code, said = await scene.fails(VERBATIM_ADMIN_GUILDS="my server")
    assert code == 2
    assert said == "The setting VERBATIM_ADMIN_GUILDS must be server ids: numbers separated by commas.\n"


async def test_a_discord_that_cannot_be_reached_is_one_sentence_and_worth_another_try(scene: Scene) -> None:
    code, said = await scene.fails(FAKE_DISCORD_API="http://127.0.0.1:9/api/v10", VERBATIM_LOG_LEVEL="ERROR")
    assert code == 1
    assert said == "Discord cannot be reached. Check the network, and https://discordstatus.com.\n"


async def test_a_token_that_is_revoked_while_the_bot_runs_ends_it(scene: Scene) -> None:
    process = await scene.start(VERBATIM_LOG_LEVEL="ERROR")
    await scene.server.ready()
    scene.server.drop(4004)
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert said.decode() == "Discord rejected the token. Set DISCORD_TOKEN to the bot's current token.\n"


@pytest.mark.parametrize(
    ("method", "pattern"),
    one_in(
        2,
        [
            ("GET", "/users/@me"),
            ("GET", "/oauth2/applications/@me"),
            ("PUT", "/applications/*/commands"),
            ("PUT", "/applications/*/guilds/*/commands"),
            ("GET", "/gateway/bot"),
        ],
    ),
)
async def test_a_start_gets_over_requests_that_fail_for_a_moment(scene: Scene, method: str, pattern: str) -> None:
    scene.server.fail(method, pattern, 502)
    scene.server.fail(method, pattern, 429, retry_after=0.2)
    process = await scene.start()
    await scene.server.ready()
    for name, options in (("ask", {"question": QUESTION}), ("admin reindex", {})):
        used = await scene.server.slash(scene.server.owner, scene.general, name, force=False, **options)
        await used.answered()
    process.terminate()
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert b"Traceback" not in said


async def test_commands_that_cannot_be_made_known_keep_nobody_from_asking(scene: Scene) -> None:
    scene.server.fail("PUT", "/applications/*", 403, times=2)
    process = await scene.start()
    await scene.server.ready()
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    assert "Kratsios" in texts(await scene.server.reply_to(question))[0]
    process.terminate()
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert b"The commands could not be synced" in said


@pytest.mark.parametrize("signal", one_in(2, ["terminate", "interrupt"]))
async def test_a_signal_ends_the_bot_in_order(scene: Scene, signal: str) -> None:
    process = await scene.start_python()
    await scene.server.ready()
    process.send_signal({"terminate": 15, "interrupt": 2}[signal])
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert b"Traceback" not in said


async def test_a_reindexing_in_hand_is_finished_before_the_bot_stops(scene: Scene) -> None:
    process = await scene.start()
    await scene.server.ready()
    for number in range(20):
        (scene.seeds / f"dam{number}.txt").write_text(f"A dam\n\nAnn Karlsson will build dam {number} in the valley.\n")
    with scene.slow_reading(0.1):
        used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
        await used.answered()
        process.terminate()
        _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, said.decode()
    assert "**Added**: 20" in texts(used.messages[0])[0]


@pytest.mark.parametrize("watched", one_in(2, [False, True]))
async def test_the_bot_is_healthy_while_it_is_connected(scene: Scene, *, watched: bool) -> None:
    settings = {"VERBATIM_HTTP_PORT": str(free_port())} if watched else {}
    command = re.search(r"^HEALTHCHECK .* CMD (\[.*\])$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    assert command, "the image has a health check"
    python, *arguments = json.loads(command[1])
    assert python == "python"

    async def health() -> int | None:
        check = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env=scene.environment(**settings), cwd=scene.data.parent
        )
        return await asyncio.wait_for(check.wait(), 60)

    assert await health() == 1
    process = await scene.start_python(**settings)
    await scene.server.ready()
    async with asyncio.timeout(60):
        while await health() != 0:
            assert process.returncode is None
            await asyncio.sleep(1)
    process.terminate()
    await asyncio.wait_for(process.communicate(), 60)
    assert await health() == 1


async def test_a_new_start_finds_the_index_and_says_what_has_changed(scene: Scene) -> None:
    for _ in range(2):
        process = await scene.start()
        await scene.server.ready()
        question = await scene.server.post(scene.alice, scene.server.dm(scene.alice), QUESTION)
        assert "Kratsios" in texts(await scene.server.reply_to(question))[0]
        process.terminate()
        _, said = await asyncio.wait_for(process.communicate(), 60)
        (scene.seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will build a dam in the valley.\n")
    assert b"The articles have changed since they were indexed." in said
    assert len(list((scene.data / "snapshots").iterdir())) == 1
