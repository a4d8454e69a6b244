"""A server whose members ask in German, French, Japanese and English, over articles in these languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bot.reading import read
from tests.bot.scene import Scene
from tests.discord_server import ServerMessage, User

LANGUAGES = Path(__file__).parents[1] / "eval" / "languages"


async def asked(scene: Scene, member: User, text: str) -> ServerMessage:
    question = await scene.server.post(member, scene.general, f"{scene.server.mention} {text}")
    return await scene.server.reply_to(question)


@pytest.mark.slow
async def test_members_are_answered_from_the_articles_in_their_language(scene: Scene) -> None:
    for code in ("de", "fr", "ja"):
        shutil.copytree(LANGUAGES / code, scene.seeds, ignore=shutil.ignore_patterns("*.jsonl"), dirs_exist_ok=True)
    german = scene.server.add_user("greta", locale="de")
    french = scene.server.add_user("félix", locale="fr")
    japanese = scene.server.add_user("芽衣", locale="ja")
    for member in (german, french, japanese):
        scene.server.join(scene.guild, member)
    async with scene.running():
        said = await asked(scene, german, "Wie viele Einwohner von Grünhave durften in ihre Häuser zurückkehren?")
        assert "Grünhave" in "\n".join(read(said))
        said = await asked(scene, french, "À quelle date le pont des Tanneurs a-t-il été fermé ?")
        assert "pont des Tanneurs" in "\n".join(read(said))
        said = await asked(scene, japanese, "カードの再発行はいくらですか？")
        assert "再発行" in "\n".join(read(said))
        said = await asked(scene, scene.alice, "Who is the White House science and technology chief?")
        assert read(said)[0].startswith("> ")
        assert "Michael Kratsios" in read(said)[0]

        said = await asked(scene, german, "Wer ist Michael Kratsios?")
        assert read(said)[:2] == ["This may answer it:", "I found this in another language: English."]
        assert "Michael Kratsios" in read(said)[2]
        used = await scene.server.slash(german, scene.general, "search", terms="Hochwasser Grünhave")
        await used.answered()
        assert "Grünhave" in "\n".join(read(used.messages[0]))
        used = await scene.server.slash(german, scene.general, "article", name="de-hochwasser")
        await used.answered()
        assert "**Sprache**, aus dem Text:\nDeutsch" in "\n".join(read(used.messages[0]))
