"""`python -m tools.benchmarks.serving`: how long members wait for answers, with the bot in its own process.

Questions are mentions at a steady rate over the fake Discord: 50 a second, Discord's limit for an application's
messages. No question repeats, so that no cache helps. With `--new`, that many articles arrive halfway and are indexed
by another process, or by the bot itself with `--by-command`. With `--sentences 0`, members repeat one question about
the sample articles.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from tests.bot.scene import Scene, free_port, scene_in
from tests.bot.steady import Steady, write_articles
from tests.discord_server import DiscordServer
from tools.benchmarks.corpus import chunks
from tools.benchmarks.engine import QUESTION, write_corpus

CHANNELS, MEMBERS = 20, 50
SEED = 7
SEEDS_QUESTION = "Who is the White House science and technology chief?"
MEBIBYTE = 2**20


async def _indexed(scene: Scene, *, by_command: bool) -> None:
    """Index the new articles."""
    if by_command:
        used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
        await used.answered()
        return
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "index", "reindex", "--seeds", str(scene.seeds), "--data", str(scene.data)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    await process.wait()


def _questions(made: list[list[str]], given: argparse.Namespace, chance: np.random.Generator) -> list[str]:
    """The questions, in order."""
    if not made:
        return [SEEDS_QUESTION]
    number = int(given.rate * (given.seconds + given.warm)) + 1
    different: dict[str, None] = {}
    while len(different) < number:
        words = chance.choice(made[int(chance.integers(len(made)))], 4)
        different[QUESTION.format(*words)] = None
    return list(different)


async def served(scene: Scene, given: argparse.Namespace) -> tuple[Steady, dict[str, float]]:
    """Run the questions; returns them with their answers, and figures from the bot's metrics."""
    server = scene.server
    channels = [server.add_channel(scene.guild, f"channel-{number}") for number in range(CHANNELS)]
    members = [server.add_user(f"member-{number}") for number in range(MEMBERS)]
    for member in members:
        server.join(scene.guild, member)
    chance = np.random.default_rng(SEED)
    made = chunks(given.sentences, chance) if given.sentences else []
    await asyncio.to_thread(write_corpus, scene.seeds, made)
    port = free_port()
    bot = await scene.start_python(VERBATIM_LOG_LEVEL="WARNING", VERBATIM_HTTP_PORT=str(port))
    try:
        await server.ready(600)
        steady = Steady(server, members, channels, given.rate)
        asking = asyncio.create_task(steady.ask(*_questions(made, given, chance)))
        await asyncio.sleep(given.warm)
        steady.forget()
        before = await _metrics(port)
        await asyncio.sleep(given.seconds / 2)
        if given.new:
            await asyncio.to_thread(write_articles, scene.seeds, given.new)
            await _indexed(scene, by_command=given.by_command)
        await asyncio.sleep(given.seconds / 2)
        steady.enough.set()
        await asking
        after = await _metrics(port)
    finally:
        bot.terminate()
        _, said = await bot.communicate()
    sys.stderr.write(said.decode())
    return steady, _figures(before, after)


async def _metrics(port: int) -> dict[str, float]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as response:
        lines = (await response.text()).split("\n")
    pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def _figures(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """Memory before and after in MiB, processor time in seconds, and the p99 of the event loop's lag in ms."""
    lags = []
    for name, value in after.items():
        if found := re.fullmatch(r'verbatim_event_loop_lag_seconds_bucket\{le="(.+)"\}', name):
            lags.append((float(found[1]), value - before.get(name, 0)))
    total = max(count for _, count in lags)
    return {
        "memory before": before["process_resident_memory_bytes"] / MEBIBYTE,
        "memory after": after["process_resident_memory_bytes"] / MEBIBYTE,
        "processor": after["process_cpu_seconds_total"] - before["process_cpu_seconds_total"],
        "lag p99": 1000 * min(edge for edge, count in lags if count >= 0.99 * total),
    }


async def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=50, help="questions a second")
    parser.add_argument("--seconds", type=float, default=60, help="how long is measured")
    parser.add_argument("--warm", type=float, default=10, help="seconds of questions before that")
    parser.add_argument("--sentences", type=int, default=100_000, help="so many made ones beside the sample articles")
    parser.add_argument("--new", type=int, default=0, help="articles that arrive meanwhile")
    parser.add_argument("--by-command", action="store_true", help="the bot itself takes them in")
    given = parser.parse_args()
    # A collection over all messages of the fake Discord would stop its clock for up to 400 ms.
    gc.disable()
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordServer() as server:
            scene = await asyncio.to_thread(scene_in, server, Path(folder))
            steady, figures = await served(scene, given)
            _print(steady, figures)


def _print(steady: Steady, figures: dict[str, Any]) -> None:
    waits = 1000 * np.array(steady.waits())
    sys.stdout.write(
        f"{len(waits):,} questions, each answered once: {steady.answered_once()}. Wait: median "
        f"{np.median(waits):.1f} ms, p99 {np.percentile(waits, 99):.1f} ms, longest {waits.max():.1f} ms. Event loop: "
        f"99 of 100 looks under {figures['lag p99']:.0f} ms late. Memory: {figures['memory before']:.0f} MiB, then "
        f"{figures['memory after']:.0f} MiB. Processor: {figures['processor']:.1f} s.\n"
    )


if __name__ == "__main__":
    asyncio.run(main())
