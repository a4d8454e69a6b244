"""`python -m tests.benchmarks.serving`: how long members wait for answers, with the bot in a process of its own.

Questions come by mention at a steady rate, over the stand-in for Discord. With `--new`, so many articles arrive in the
middle of it and are indexed by another process, or by the bot itself with `--by-command`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.corpus import chunks
from tests.benchmarks.engine import QUESTION, write_corpus
from tests.bot.scene import Scene, scene_in
from tests.bot.steady import Steady, write_articles
from tests.discord_server import DiscordServer

CHANNELS, MEMBERS = 20, 50
QUESTIONS, SEED = 500, 7
SEEDS_QUESTION = "Who is the White House science and technology chief?"


async def _indexed(scene: Scene, *, by_command: bool) -> None:
    """Take in what has arrived."""
    if by_command:
        used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
        await used.answered()
        return
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "index", "reindex", "--seeds", str(scene.seeds), "--data", str(scene.data)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    await process.wait()


async def served(scene: Scene, given: argparse.Namespace) -> Steady:
    """The members' questions, asked and answered."""
    server = scene.server
    channels = [server.add_channel(scene.guild, f"channel-{number}") for number in range(CHANNELS)]
    members = [server.add_user(f"member-{number}") for number in range(MEMBERS)]
    for member in members:
        server.join(scene.guild, member)
    chance = np.random.default_rng(SEED)
    made = chunks(given.sentences, chance) if given.sentences else []
    write_corpus(scene.seeds, made)
    bot = await scene.start(VERBATIM_LOG_LEVEL="WARNING")
    try:
        await server.ready(600)
        words = [chance.choice(made[int(chance.integers(len(made)))], 4) for _ in range(QUESTIONS if made else 0)]
        questions = [QUESTION.format(*some) for some in words] or [SEEDS_QUESTION]
        steady = Steady(server, members, channels, given.rate)
        asking = asyncio.create_task(steady.ask(*questions))
        await asyncio.sleep(given.seconds / 2)
        if given.new:
            await asyncio.to_thread(write_articles, scene.seeds, given.new)
            await _indexed(scene, by_command=given.by_command)
        await asyncio.sleep(given.seconds / 2)
        steady.enough.set()
        await asking
    finally:
        bot.terminate()
        _, said = await bot.communicate()
    sys.stderr.write(said.decode())
    return steady


async def main() -> None:
    """Ask, and print how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=20, help="questions a second")
    parser.add_argument("--seconds", type=float, default=10, help="how long")
    parser.add_argument("--sentences", type=int, default=0, help="so many made ones beside the sample articles")
    parser.add_argument("--new", type=int, default=0, help="articles that arrive meanwhile")
    parser.add_argument("--by-command", action="store_true", help="the bot itself takes them in")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordServer() as server:
            steady = await served(scene_in(server, Path(folder)), given)
            waits = 1000 * np.array(steady.waits())
            sys.stdout.write(
                f"{len(waits):,} questions, each answered once: {steady.answered_once()}. Wait: median "
                f"{np.median(waits):.1f} ms, p99 {np.percentile(waits, 99):.1f} ms, longest {waits.max():.1f} ms.\n"
            )


if __name__ == "__main__":
    asyncio.run(main())
