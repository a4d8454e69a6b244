"""`make pictures`: draw what members see from what the bot sent to the fake Discord.

The bot runs in its own process on the sample articles, or on the documentation beside this file. Web components in
Chromium render its payloads.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from tests.bot.scene import Scene, scene_in
from tests.discord_server import DiscordServer, Interaction, User

from .browser import Missing, browser, photograph, served
from .page import PHONE, Answered, Said, page_of

QUESTION = "Who is the White House science and technology chief?"
WIDE = 720
Shown = list[Said | Answered]
Taken = Callable[[Scene], Awaitable[Shown]]


def _alice(scene: Scene) -> User:
    """A member who has asked nothing yet, so that no question follows one of another picture."""
    alice = scene.server.add_user("alice")
    scene.server.join(scene.guild, alice)
    return alice


async def _asked(scene: Scene, text: str) -> Shown:
    server = scene.server
    question = await server.post(_alice(scene), scene.general, f"{server.mention} {text}")
    await server.reply_to(question)
    await server.settle()
    said = Said("alice", f"@{server.bot.name} {text}")
    return [said, *(Answered(reply.components, said) for reply in server.replies(question))]


async def _pressed(scene: Scene, text: str, label: str) -> Shown:
    server, alice = scene.server, _alice(scene)
    question = await server.post(alice, scene.general, f"{server.mention} {text}")
    used = await server.click(alice, await server.reply_to(question), label)
    await used.answered()
    return _of(used)


def _of(used: Interaction, command: str | None = None, by: str = "alice") -> Shown:
    return [Answered(message.components, None, command, by, message.ephemeral) for message in used.messages]


async def answer(scene: Scene) -> Shown:
    """A question by mention."""
    return await _asked(scene, QUESTION)


async def not_found(scene: Scene) -> Shown:
    """A question about nothing in the articles."""
    return await _asked(scene, "What is the capital of France?")


async def may_answer(scene: Scene) -> Shown:
    """Passages that may answer."""
    return await _asked(scene, "does china deny it?")


async def context(scene: Scene) -> Shown:
    """The button under an answer."""
    return await _pressed(scene, QUESTION, "Context")


async def further(scene: Scene) -> Shown:
    """The button for further passages."""
    return await _pressed(scene, QUESTION, "More")


async def search(scene: Scene) -> Shown:
    """A search, of which several passages are from one article."""
    used = await scene.server.slash(scene.alice, scene.general, "search", terms="American AI", limit=3)
    await used.answered()
    return _of(used, "/search")


async def follow_up(scene: Scene) -> Shown:
    """A question, and two replies that name nothing of their own."""
    server, alice = scene.server, _alice(scene)
    shown: Shown = []
    before = None
    for text in ("Who is the White House science and technology chief?", "What did he say?", "source?"):
        mention = "" if before else f"{server.mention} "
        question = await server.post(alice, scene.general, f"{mention}{text}", reply_to=before)
        before = await server.reply_to(question)
        await server.settle()
        said = Said("alice", f"@{server.bot.name} {text}" if mention else text)
        shown += [said, *(Answered(reply.components, said) for reply in server.replies(question))]
    return shown


async def removed(scene: Scene) -> Shown:
    """An admin removes an article, and can undo it."""
    (scene.seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will open the dam on the Lagan in May.\n")
    indexed = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await indexed.answered()
    await scene.server.settle(2.5)
    asked = await scene.server.slash(scene.keeper, scene.general, "admin remove", article="dam")
    question = await asked.shown()
    shown = [Answered(list(question.components), None, "/admin remove", "keeper", question.ephemeral)]
    done = await scene.server.click(scene.keeper, question, "Remove")
    await done.answered()
    await scene.server.settle(2.5)
    return [*shown, *(Answered(one.components) for one in done.messages if not one.ephemeral)]


async def gaps(scene: Scene) -> Shown:
    """An admin looks at the questions that were not answered well."""
    used = await scene.server.slash(scene.keeper, scene.general, "admin gaps")
    await used.answered()
    return _of(used, "/admin gaps", "keeper")


async def unclear(scene: Scene) -> Shown:
    """A question that is too broad, with suggestions."""
    return await _asked(scene, "DeepSeek")


async def typo(scene: Scene) -> Shown:
    """A corrected spelling, and the note about it."""
    return await _asked(scene, "What did Kratsois say about foreign entities?")


async def german(scene: Scene) -> Shown:
    """A command of a member whose Discord is German."""
    karla = scene.server.add_user("karla", locale="de")
    scene.server.join(scene.guild, karla)
    used = await scene.server.slash(karla, scene.general, "ask", question=QUESTION, private=True)
    await used.answered()
    return _of(used, "/frage", "karla")


async def reindexed(scene: Scene) -> Shown:
    """An admin indexes a new article and an invalid file."""
    (scene.seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will open the dam on the Lagan in May.\n")
    (scene.seeds / "photo.txt").write_bytes(bytes(range(256)))
    used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await used.answered()
    await scene.server.settle(2.5)
    return _of(used, "/admin reindex", "keeper")


async def steps(scene: Scene) -> Shown:
    """A question that a heading asks: its section, with steps."""
    return await _asked(scene, "How do I restore a backup?")


async def row(scene: Scene) -> Shown:
    """A question that a row of a table answers."""
    return await _asked(scene, "How many homes does a captain have?")


async def code(scene: Scene) -> Shown:
    """A question that code answers."""
    return await _asked(scene, "How can I make a backup every night?")


Pictures = Mapping[str, tuple[Taken, int]]
PICTURES: Pictures = {
    "answer": (answer, WIDE),
    "phone": (answer, PHONE),
    "may-answer": (may_answer, WIDE),
    "may-answer-phone": (may_answer, PHONE),
    "not-found": (not_found, WIDE),
    "follow-up": (follow_up, PHONE),
    "context": (context, WIDE),
    "more": (further, PHONE),
    "search": (search, PHONE),
    "unclear": (unclear, WIDE),
    "typo": (typo, WIDE),
    "german": (german, WIDE),
    "gaps": (gaps, WIDE),
    "removed": (removed, WIDE),
    "reindexed": (reindexed, WIDE),
}
DOCUMENTATION = Path(__file__).parent / "articles"
OF_DOCUMENTATION: Pictures = {
    "steps": (steps, WIDE),
    "steps-phone": (steps, PHONE),
    "row": (row, WIDE),
    "code": (code, WIDE),
    "code-phone": (code, PHONE),
}


async def pages(pictures: Pictures, articles: Path | None = None) -> dict[str, str]:
    """The page of each picture; of a bot with the sample articles, or with those of a folder."""
    made: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordServer() as server:
            scene = scene_in(server, Path(folder))
            if articles is not None:
                await asyncio.to_thread(shutil.rmtree, scene.seeds)
                await asyncio.to_thread(shutil.copytree, articles, scene.seeds)
            bot = await scene.start(VERBATIM_LOG_LEVEL="WARNING")
            try:
                await server.ready()
                for name, (take, width) in pictures.items():
                    made[name] = page_of(await take(scene), server.bot.name, width)
            finally:
                bot.terminate()
                await bot.communicate()
    return made


async def main() -> int:
    """Draw all pictures into a folder; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder = parser.parse_args().folder.resolve()
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    try:
        browser()
        made = await pages(PICTURES) | await pages(OF_DOCUMENTATION, DOCUMENTATION)
        async with served(made) as address:
            for name, (_, width) in {**PICTURES, **OF_DOCUMENTATION}.items():
                await photograph(f"{address}/pages/{name}", width, folder / f"{name}.png")
    except Missing as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
