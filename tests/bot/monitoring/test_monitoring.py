"""Those who run the bot watch it: health, readiness, metrics, logs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import aiohttp
import pytest
import structlog
from pydantic import SecretStr

from bot.monitoring import healthcheck
from bot.monitoring.logs import set_up_logging
from bot.monitoring.metrics import Metrics
from tests.bot.scene import Scene, free_port, stopped
from tests.discord_server import texts

FORMS: tuple[Literal["console", "json"], ...] = ("console", "json")
QUESTION = "Who is the White House science and technology chief?"


async def page(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def until(port: int, wanted: str) -> None:
    """Wait for what `/readyz` says."""
    for _ in range(600):
        with contextlib.suppress(aiohttp.ClientConnectionError):  # the port may not be open yet
            if (await page(port, "/readyz"))[1] == wanted:
                return
        await asyncio.sleep(0.05)
    pytest.fail(f"/readyz never said {wanted!r}")


async def test_health_readiness_and_metrics_are_served_on_a_port(scene: Scene) -> None:
    port = free_port()
    process = await scene.start(VERBATIM_HTTP_PORT=str(port))
    await scene.server.ready()
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    found = await scene.server.reply_to(question)
    await scene.server.settle()
    down = await scene.server.click(scene.alice, found, "👎")
    await down.acknowledged()
    sent = await scene.server.submit(scene.alice, down, {"The answer…": "outdated"})
    await sent.answered()
    assert await page(port, "/healthz") == (200, "ok\n")
    await until(port, "ready\n")
    assert (await page(port, "/readyz"))[0] == 200
    status, metrics = await page(port, "/metrics")
    assert status == 200
    for line in (
        'verbatim_questions_total{verdict="answered",way="mention"} 1.0',
        'verbatim_answer_seconds_count{way="mention"} 1.0',
        "verbatim_articles 2.0",
        "verbatim_sentences 29.0",
        "verbatim_ready 1.0",
        'verbatim_feedback_total{good="false"} 1.0',
    ):
        assert line in metrics.split("\n")
    assert "verbatim_event_loop_lag_seconds_bucket" in metrics
    assert "process_resident_memory_bytes" in metrics
    assert QUESTION not in metrics
    await stopped(process)


async def test_what_goes_wrong_is_counted(scene: Scene) -> None:
    port = free_port()
    process = await scene.start(VERBATIM_HTTP_PORT=str(port))
    await scene.server.ready()
    for status in (429, 403, 400):
        scene.server.fail("POST", "/channels/*/messages", status)
        await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
        await scene.server.settle(1)
    for dry_run in (False, True):
        used = await scene.server.slash(scene.keeper, scene.general, "admin reindex", dry_run=dry_run)
        await scene.server.until(lambda used=used: used.messages and " sentences." in texts(used.messages[0])[0])  # type: ignore[misc]  # of this round
    _, metrics = await page(port, "/metrics")
    for line in (
        'verbatim_questions_total{verdict="answered",way="mention"} 1.0',
        'verbatim_questions_total{verdict="failed",way="mention"} 2.0',
        "verbatim_discord_rate_limits_total 1.0",
        'verbatim_discord_errors_total{status="403"} 1.0',
        'verbatim_discord_errors_total{status="400"} 1.0',
        "verbatim_incidents_total 1.0",
        'verbatim_reindexes_total{outcome="done"} 1.0',
        'verbatim_reindexes_total{outcome="dry run"} 1.0',
    ):
        assert line in metrics.split("\n")
    assert "Incident " in await stopped(process)


async def test_the_dashboard_asks_for_nothing_that_is_not_counted() -> None:
    dashboard = json.loads((Path(__file__).parents[3] / "docs" / "grafana.json").read_text("utf-8"))
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    metrics = Metrics()
    families = {family.name: family for family in metrics.registry.collect()}
    for expression in asked:
        for name, labels in re.findall(r"((?:verbatim|process)_\w+)\{([^}]*)\}", expression):
            family = families[re.sub("_(?:total|bucket)$", "", name)]
            counted = {"counter": "_total", "histogram": "_bucket"}.get(family.type, "")
            assert name == family.name + counted
            assert re.fullmatch(r'job=~"\$job"(?:,(?:verdict="answered"|good="true"))?', labels)
    shown = {name for expression in asked for name in re.findall(r"verbatim_\w+?(?=_total|_bucket|\{)", expression)}
    assert shown == {name for name in families if name.startswith("verbatim_")}


async def test_it_is_not_ready_until_the_gateway_is_there(scene: Scene) -> None:
    port = free_port()
    scene.server.fail("GET", "/gateway/bot", 502, times=3)  # made again after one second, after three and after five
    process = await scene.start(VERBATIM_HTTP_PORT=str(port))

    await until(port, "not ready\n")
    assert (await page(port, "/healthz"))[0] == 200
    assert "verbatim_ready 0.0" in (await page(port, "/metrics"))[1].split("\n")
    await until(port, "ready\n")
    assert "verbatim_ready 1.0" in (await page(port, "/metrics"))[1].split("\n")
    await stopped(process)


async def test_it_is_not_ready_while_the_gateway_is_lost(scene: Scene) -> None:
    port = free_port()
    process = await scene.start(VERBATIM_HTTP_PORT=str(port))
    await scene.server.ready()
    await until(port, "ready\n")

    scene.server.gateway.is_away = True
    scene.server.gateway.drop(1001)
    await until(port, "not ready\n")
    assert (await page(port, "/healthz"))[0] == 200
    assert "verbatim_ready 0.0" in (await page(port, "/metrics"))[1].split("\n")

    scene.server.gateway.is_away = False
    await until(port, "ready\n")
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    assert "Kratsios" in texts(await scene.server.reply_to(question))[0]
    await stopped(process)


@pytest.mark.parametrize("resumable", [True, False])
async def test_it_is_ready_again_after_its_session_was_called_over(scene: Scene, *, resumable: bool) -> None:
    port = free_port()
    process = await scene.start(VERBATIM_HTTP_PORT=str(port))
    await scene.server.ready()
    await until(port, "ready\n")
    before = scene.server.gateway.live
    assert before
    socket_before = before.socket
    scene.server.gateway_forgets(resumable=resumable)
    live = await scene.server.until(
        lambda: (now := scene.server.gateway.live) and now.socket is not socket_before and now, within=30
    )
    assert (live is before) == resumable
    await until(port, "ready\n")
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    assert "Kratsios" in texts(await scene.server.reply_to(question))[0]
    await stopped(process)


async def test_no_log_holds_a_question_an_articles_text_or_the_token(scene: Scene) -> None:
    secrets = ("zebra", "Kratsios", "Ann Karlsson", "valley of Lomma", scene.server.token)
    process = await scene.start()
    await scene.server.ready()
    server = scene.server
    dam = b"A dam\n\nThe engineer Ann Karlsson will build a dam in the valley of Lomma.\n"
    added = await server.slash(
        scene.keeper, scene.general, "admin add", file=server.attach("dam.txt", dam, "text/plain")
    )
    await added.answered()
    for status in (400, 403, 404, 503, 500):
        server.fail("POST", "/channels/*/messages", status)
        await server.post(scene.alice, scene.general, f"{server.mention} Who is Kratsios, zebra {status}?")
        await server.settle()
    server.fail("POST", "/interactions/*/callback", 400)
    await server.slash(scene.alice, scene.general, "search", terms="zebra Lomma")
    await server.settle()
    said = await stopped(process)
    assert "Incident" in said
    assert not [secret for secret in secrets if secret in said]


async def test_a_port_that_is_taken_is_one_sentence(scene: Scene) -> None:
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        some.listen()
        port = some.getsockname()[1]
        code, said = await scene.fails(VERBATIM_HTTP_PORT=str(port), VERBATIM_LOG_LEVEL="ERROR")
    assert code == 2
    assert said.startswith(f"The health port 127.0.0.1:{port} cannot be opened")
    assert said.count("\n") == 1


async def test_logs_can_be_a_json_object_a_line_with_the_incident(scene: Scene) -> None:
    process = await scene.start(VERBATIM_LOG_FORMAT="json")
    await scene.server.ready()
    scene.server.fail("POST", "/channels/*/messages", 400)
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    [said] = texts(await scene.server.reply_to(question))
    incident = said.split("\u2068")[1].split("\u2069")[0]
    lines = [json.loads(line) for line in (await stopped(process)).splitlines()]
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in lines)
    [fault] = [line for line in lines if line["level"] == "error"]
    assert fault["event"] == f"Incident {incident}"
    assert fault["exception"][0]["exc_type"] == "HTTPException"
    assert scene.server.token not in json.dumps(lines)
    assert QUESTION not in json.dumps(lines)


@contextlib.contextmanager
def logging_as(form: Literal["console", "json"]) -> Iterator[logging.Logger]:
    """A logger, with the bot's formatter for a while."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    set_up_logging("INFO", SecretStr("my-token"), SecretStr("my-password"), form=form)
    try:
        yield logging.getLogger("x")
    finally:
        root.handlers[:], root.level = before


def test_no_secret_is_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    for form in FORMS:
        with logging_as(form) as log:
            log.error("It was %s", "my-token", exc_info=ValueError("the header was Bot my-token, from my-password"))
    said = capsys.readouterr().err
    assert "my-token" not in said
    assert "my-password" not in said
    assert re.search(r"It was \*+", said)


@pytest.mark.parametrize(
    "sign",
    ["\n", "\r", "\r\n", "\x0b", "\x1b[2J", "\x1b]0;owned\x07", "\x9b2J", "\x85", "\u2028", "\u202e", "\0", "\x7f"],
)
def test_no_value_in_the_log_steers_the_terminal_or_looks_like_another_line(
    capsys: pytest.CaptureFixture[str], sign: str
) -> None:
    forged = f"dam{sign}2026-11-28T12:00:00Z [error    ] forged"
    with logging_as("console") as log, structlog.contextvars.bound_contextvars(article=forged):
        log.error("%s was added", forged, exc_info=ValueError(forged))
    first, *traceback = capsys.readouterr().err.split("\n")
    assert ascii(sign)[1:-1] in first
    assert all(line.isprintable() for line in (first, *traceback))
    assert all(line.startswith("  ") for line in traceback if line)
    with logging_as("json") as log:
        log.error("%s was added", forged)
    [line] = capsys.readouterr().err.removesuffix("\n").split("\n")
    assert json.loads(line)["event"] == f"{forged} was added"


def test_processes_that_share_a_data_folder_have_a_heartbeat_each(tmp_path: Path) -> None:
    now = time.time()
    healthcheck.write_heartbeat(tmp_path, {2, 1})
    assert healthcheck.is_healthy(tmp_path, now, {1, 2})
    assert not healthcheck.is_healthy(tmp_path, now, {0})
    assert not healthcheck.is_healthy(tmp_path, now)
    healthcheck.delete_heartbeat(tmp_path, {0})
    assert healthcheck.is_healthy(tmp_path, now, {1, 2})
    healthcheck.delete_heartbeat(tmp_path, {1, 2})
    assert not healthcheck.is_healthy(tmp_path, now, {1, 2})
