"""Admins add several files at once: by a form, or by mentioning the bot with files."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.i18n.messages import Message
from tests.bot.conftest import Scene
from tests.bot.reading import read
from tests.discord_server import (
    Attachment,
    Impossible,
    Interaction,
    Permission,
    ServerMessage,
    User,
    buttons,
)

DAM = b"A dam for the valley\n\nThe engineer Ann Karlsson will build a dam in the valley of Lomma.\n"
FERRY = b"A ferry for the town\n\nThe ferry leaves the harbour of Lomma at noon, Bo Svensson said.\n"
STATED = b'url = "https://example.com/ferry"\n'
QUESTION = "Who is the White House science and technology chief?"

pytestmark = pytest.mark.usefixtures("bot")


def files(scene: Scene, **contents: bytes) -> list[Attachment]:
    return [scene.server.attach(name.replace("__", "."), data) for name, data in contents.items()]


async def form(scene: Scene, user: User | None = None) -> Interaction:
    used = await scene.server.slash(user or scene.keeper, scene.general, "admin add")
    await used.answered()
    assert used.modal
    return used


async def submitted(scene: Scene, chosen: Sequence[Attachment], opened: Interaction | None = None) -> ServerMessage:
    used = await scene.server.submit(scene.keeper, opened or await form(scene), {"files": chosen})
    return await used.shown()


async def mention(
    scene: Scene, chosen: Sequence[Attachment], text: str = "", user: User | None = None
) -> ServerMessage:
    return await scene.server.post(user or scene.keeper, scene.general, f"{scene.server.mention} {text}", files=chosen)


def plain(message: ServerMessage) -> str:
    return "\n".join(read(message)).replace("\\", "")


async def test_several_files_are_added_at_once_and_each_that_is_refused_is_named(scene: Scene) -> None:
    opened = await form(scene)
    with pytest.raises(Impossible):
        await scene.server.submit(scene.keeper, opened, {"files": []})
    await scene.restart()
    chosen = files(
        scene,
        dam__txt=DAM,
        ferry__txt=FERRY,
        ferry__meta__toml=STATED,
        picture__png=b"\x89PNG",
        again__md=DAM,
        large__txt=b"x" * (8 * 2**20 + 1),
        gone__txt=b"x",
    )
    chosen.append(scene.server.attach("dam.txt", FERRY))
    del scene.server.attachments[chosen[6].id]
    said = await submitted(scene, chosen, opened)
    assert not said.ephemeral
    lines = plain(said).split("\n")
    assert lines[:4] == ["I added the articles.", "**Added**: 2", "A dam for the valley", "A ferry for the town"]
    assert lines[4] == "**Refused**: 5"
    reasons = dict(zip(lines[5:15:2], lines[6:15:2], strict=True))
    assert reasons.keys() == {f"**{name}**" for name in ("large.txt", "gone.txt", "dam.txt", "picture.png", "again.md")}
    assert reasons["**large.txt**"] == "The file is too large. The limit is 8 MB."
    assert reasons["**gone.txt**"] == Message.UNLOADED
    assert reasons["**dam.txt**"] == Message.SAME_NAME
    assert "unsupported file type" in reasons["**picture.png**"]
    assert "identical to that of the article 'dam'" in reasons["**again.md**"]
    assert (scene.seeds / "ferry.meta.toml").read_bytes() == STATED
    used = await scene.server.slash(scene.keeper, scene.general, "admin audit")
    assert "A dam for the valley (dam), A ferry for the town (ferry)" in plain(await used.shown())

    refused = await submitted(scene, files(scene, again__txt=DAM))
    assert refused.ephemeral
    assert plain(refused).startswith("No article was added, and nothing has changed.\n**Refused**: 1\n**again.txt**\n")


async def test_files_that_the_index_cannot_follow_are_told_with_those_that_were_refused(scene: Scene) -> None:
    (scene.data / ".CURRENT").mkdir()
    said = await submitted(scene, files(scene, dam__txt=DAM, picture__png=b"x"))
    lines = plain(said).split("\n")
    assert lines[0] == Message.INDEXED_LATER
    assert lines[2:4] == ["**Refused**: 1", "**picture.png**"]
    (scene.data / ".CURRENT").rmdir()
    scene.seeds.rename(scene.seeds.with_name("away"))
    said = await submitted(scene, files(scene, ferry__txt=FERRY))
    assert said.ephemeral
    assert "ferry.txt" in plain(said)
    scene.seeds.with_name("away").rename(scene.seeds)


async def test_the_form_is_for_admins_even_when_it_is_submitted(scene: Scene) -> None:
    opened = await form(scene)
    scene.server.join(scene.guild, scene.keeper)
    said = await submitted(scene, files(scene, dam__txt=DAM), opened)
    assert (said.ephemeral, read(said)) == (True, [Message.REFUSAL])
    assert not (scene.seeds / "dam.txt").exists()


async def test_files_of_a_mention_are_added_by_the_admin_who_posted_them(scene: Scene) -> None:
    server = scene.server
    question = await mention(scene, files(scene, dam__txt=DAM, cat__jpg=b"x"), "please add this")
    offer = await server.reply_to(question)
    assert (read(offer), [label for label, _ in buttons(offer)]) == ([Message.ADD_FILES_ASK], ["Add"])
    await server.settle()
    assert server.replies(question) == [offer]
    await scene.restart()
    for user, sentence in ((scene.alice, Message.REFUSAL), (server.owner, Message.FILES_NOT_YOURS)):
        refused = await (await server.click(user, offer, "Add")).shown()
        assert (refused.ephemeral, read(refused)) == (True, [sentence])
    assert not (scene.seeds / "dam.txt").exists()
    server.overwrite(scene.general, server.bot, deny=Permission.READ_MESSAGE_HISTORY)
    refused = await (await server.click(scene.keeper, offer, "Add")).shown()
    assert "Read Message History" in read(refused)[0]
    server.overwrite(scene.general, server.bot)
    added = await (await server.click(scene.keeper, offer, "Add")).shown()
    assert not added.ephemeral
    assert plain(added) == "I added the articles.\n**Added**: 1\nA dam for the valley"
    refused = await (await server.click(scene.keeper, offer, "Add")).shown()
    assert (refused.ephemeral, "already has a file dam.txt" in plain(refused)) == (True, True)
    await server.delete(question)
    refused = await (await server.click(scene.keeper, offer, "Add")).shown()
    assert read(refused) == [Message.FILES_GONE]


async def test_a_mention_with_a_question_is_answered_too_and_one_of_a_member_as_ever(scene: Scene) -> None:
    server = scene.server
    question = await mention(scene, files(scene, dam__txt=DAM), QUESTION)
    offer, answer = await server.until(lambda: server.replies(question)[1:] and server.replies(question))
    assert read(offer) == [Message.ADD_FILES_ASK]
    assert "Kratsios" in read(answer)[0]
    for user, chosen in ((scene.alice, files(scene, dam__txt=DAM)), (scene.keeper, files(scene, cat__jpg=b"x"))):
        question = await mention(scene, chosen, QUESTION, user)
        assert "Kratsios" in read(await server.reply_to(question))[0]
        question = await mention(scene, chosen, "", user)
        assert read(await server.reply_to(question)) == [Message.HOW_TO_ASK]
