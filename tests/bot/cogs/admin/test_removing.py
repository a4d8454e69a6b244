"""Admins remove articles after a question, undo it, and restore what is in the bin."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.i18n import all_translations
from bot.i18n.messages import Message
from tests.bot.conftest import Scene
from tests.bot.reading import read
from tests.bot.scene import stopped
from tests.bot.test_locked_state import unreadable
from tests.discord_server import Interaction, Permission, ServerMessage, User, buttons

FIRST, SECOND = "000_88608c0d96434d55", "003_10f24738130fbaea"
DAM = b"A dam for the valley\n\nThe engineer Ann Karlsson will build a dam in the valley of Lomma.\n"
FERRY = b"A ferry\n\nThe ferry leaves the harbour of Lomma at noon, Ann Karlsson said.\n"
NOT_RESTORED = "The article was not restored. The reason:\n"


@pytest.fixture
async def with_dam(scene: Scene) -> AsyncIterator[Scene]:
    """A bot with an article more, which runs over restarts."""
    (scene.seeds / "dam.txt").write_bytes(DAM)
    scene.process = await scene.start()
    await scene.server.ready()
    yield scene
    said = await stopped(scene.process)
    assert "Traceback" not in said, said
    assert scene.server.violations == []


async def asked(scene: Scene, article: str = "dam", user: User | None = None) -> ServerMessage:
    """The question whether to remove an article."""
    used = await scene.server.slash(user or scene.keeper, scene.general, "admin remove", article=article)
    question = await used.shown()
    assert question.ephemeral
    return question


async def pressed(scene: Scene, message: ServerMessage, button: str, user: User | None = None) -> ServerMessage:
    """What a click leads to in the end."""
    used = await scene.server.click(user or scene.keeper, message, button)
    await used.answered()
    return await outcome(scene, used)


async def outcome(scene: Scene, used: Interaction) -> ServerMessage:
    return await scene.server.until(
        lambda: next(
            (m for m in used.messages if not m.loading and read(m)[0] not in all_translations(Message.REMOVING)), None
        )
    )


async def restored(scene: Scene, article: str) -> ServerMessage:
    used = await scene.server.slash(scene.keeper, scene.general, "admin restore", article=article)
    return await used.shown()


async def offered(scene: Scene, typed: str = "", user: User | None = None) -> list[str]:
    choices = await scene.server.autocomplete(
        user or scene.keeper, scene.general, "admin restore", "article", typed, force=True
    )
    return [choice.name.partition(" · ")[0] for choice in choices]


async def test_an_article_is_removed_after_a_question_with_its_title_and_comes_back(with_dam: Scene) -> None:
    scene, server = with_dam, with_dam.server
    question = await asked(scene, "A dam for the valley")
    assert read(question) == [
        "Remove this article?\n**A dam for the valley**\n**ID**: \u2068dam\u2069\n" + Message.REMOVE_EXPLAINED
    ]
    assert [label for label, _ in buttons(question)] == ["Remove", "Cancel"]
    cancelled = await pressed(scene, question, "Cancel")
    assert (read(cancelled), buttons(cancelled), cancelled.ephemeral) == ([Message.NOTHING_REMOVED], [], True)
    assert (scene.seeds / "dam.txt").exists()

    report = await pressed(scene, await asked(scene), "Remove")
    assert not report.ephemeral
    assert read(report) == [f"{Message.ARTICLE_REMOVED}\n**A dam for the valley**"]
    assert [label for label, _ in buttons(report)] == ["Undo"]
    assert not (scene.seeds / "dam.txt").exists()

    await scene.restart()
    assert await offered(scene) == ["A dam for the valley"]
    report_of_undo = await pressed(scene, report, "Undo", scene.server.owner)
    assert not report_of_undo.ephemeral
    assert read(report_of_undo)[0] == "I restored the article:"
    assert "A dam for the valley" in read(report_of_undo)[1]
    assert (scene.seeds / "dam.txt").read_bytes() == DAM
    again = await pressed(scene, report, "Undo")
    assert (again.ephemeral, read(again)) == (True, [Message.NOT_IN_BIN])
    assert await offered(scene) == []

    # The button of a question works after a restart, too, and refuses where the article is another one.
    first, second = await asked(scene), await asked(scene)
    await scene.restart()
    (scene.seeds / "dam.txt").write_bytes(DAM.replace(b"Karlsson", b"Svensson"))
    used = await server.slash(scene.keeper, scene.general, "admin reindex")
    await server.until(lambda: used.messages and "**Changed**: 1" in read(used.messages[0])[0])
    assert read(await pressed(scene, first, "Remove")) == [Message.CONFIRM_OUTDATED]
    assert read(await pressed(scene, second, "Remove")) == [Message.CONFIRM_OUTDATED]
    assert (scene.seeds / "dam.txt").exists()


async def test_two_admins_who_remove_the_same_article_are_told_apart(with_dam: Scene) -> None:
    scene = with_dam
    people = (scene.keeper, scene.server.owner)
    questions = [await asked(scene, user=user) for user in people]
    clicks = [
        await scene.server.click(user, question, "Remove") for user, question in zip(people, questions, strict=True)
    ]
    said = [await outcome(scene, click) for click in clicks]
    [report] = [message for message in said if not message.ephemeral]
    [refused] = [message for message in said if message.ephemeral]
    assert read(report)[0].startswith(Message.ARTICLE_REMOVED)
    assert read(refused)[0].startswith((Message.NOT_REMOVED, Message.CONFIRM_OUTDATED))
    undone = [await scene.server.click(user, report, "Undo") for user in people]
    said = [await outcome(scene, click) for click in undone]
    assert sorted(message.ephemeral for message in said) == [False, True]
    assert (scene.seeds / "dam.txt").read_bytes() == DAM


async def test_what_cannot_be_undone_any_more_says_why_and_stays_in_the_bin(with_dam: Scene) -> None:
    scene = with_dam
    report = await pressed(scene, await asked(scene), "Remove")
    file = scene.server.attach("dam.txt", FERRY, "text/plain")
    used = await scene.server.slash(scene.keeper, scene.general, "admin add", file=file)
    await used.shown()
    refused = await pressed(scene, report, "Undo")
    assert refused.ephemeral
    assert read(refused)[0].startswith(f"{NOT_RESTORED}There is an article with the id 'dam' again.")
    assert (scene.seeds / "dam.txt").read_bytes() == FERRY
    await pressed(scene, await asked(scene), "Remove")
    assert await offered(scene) == ["A ferry", "A dam for the valley"]
    assert await offered(scene, "valley") == ["A dam for the valley"]
    assert await offered(scene, user=scene.alice) == []
    assert read(await restored(scene, "A dam for the valley"))[0] == "I restored the article:"
    refused = await restored(scene, "nowhere")
    assert (refused.ephemeral, read(refused)) == (True, [Message.NOT_IN_BIN])


async def test_a_folder_that_cannot_be_written_is_told_in_private_and_nothing_is_lost(with_dam: Scene) -> None:
    scene = with_dam
    (scene.data / "bin").write_text("a file where the bin should be")
    refused = await pressed(scene, await asked(scene), "Remove")
    assert refused.ephemeral
    assert read(refused)[0].startswith(f"{Message.NOT_REMOVED}\ndam.txt cannot be moved to")
    assert buttons(refused) == []
    (scene.data / "bin").unlink()
    report = await pressed(scene, await asked(scene), "Remove")
    scene.seeds.rename(scene.seeds.with_name("away"))
    refused = await pressed(scene, report, "Undo")
    assert refused.ephemeral
    assert read(refused)[0].startswith(NOT_RESTORED)
    scene.seeds.with_name("away").rename(scene.seeds)
    assert read(await pressed(scene, report, "Undo"))[0] == "I restored the article:"


async def test_a_report_gets_through_where_the_bot_may_not_write_or_the_wait_was_long(with_dam: Scene) -> None:
    scene, server = with_dam, with_dam.server
    question = await asked(scene)
    server.overwrite(scene.general, server.bot, deny=Permission.SEND_MESSAGES)
    report = await pressed(scene, question, "Remove")
    assert (report.ephemeral, report.channel) == (False, scene.general)
    (scene.seeds / "ferry.txt").write_bytes(FERRY)
    with scene.slow_reading(2.5):
        used = await server.click(scene.keeper, report, "Undo")
        await used.acknowledged()
        server.clock.advance(16 * 60)
        direct = await server.until(lambda: [m for m in server.messages.values() if m.channel.recipient])
    assert read(direct[0])[0] == "I restored the article:"
    server.violations.clear()  # that the bot tried the old token first is what this test is about


async def test_whoever_presses_without_right_is_refused_and_stands_in_the_audit_once(with_dam: Scene) -> None:
    scene, server = with_dam, with_dam.server
    report = await pressed(scene, await asked(scene), "Remove")
    for _ in range(3):
        refused = await pressed(scene, report, "Undo", scene.alice)
        assert (refused.ephemeral, read(refused)) == (True, [Message.REFUSAL])
        used = await server.slash(scene.alice, scene.general, "admin reindex", force=True)
        assert read(await used.shown()) == [Message.REFUSAL]
    await server.settle()
    used = await server.slash(scene.keeper, scene.general, "admin audit")
    lines = read(await used.shown())[0].split("\n")[1:]
    said = [line.partition(": ")[2].replace("\u2068", "").replace("\u2069", "") for line in lines]
    assert sorted(line for line in said if scene.alice.mention in line) == [
        f"{scene.alice.mention} tried admin reindex without being allowed to",
        f"{scene.alice.mention} tried admin restore without being allowed to",
    ]
    used = await server.slash(scene.alice, scene.general, "privacy", delete=True)
    await used.answered()
    used = await server.slash(scene.keeper, scene.general, "admin audit")
    assert scene.alice.mention not in read(await used.shown())[0]
    assert not (scene.seeds / "dam.txt").exists()


async def test_where_the_audit_cannot_be_written_an_article_is_removed_and_comes_back_all_the_same(
    with_dam: Scene,
) -> None:
    scene = with_dam
    question = await asked(scene)
    async with unreadable(scene):
        report = await pressed(scene, question, "Remove")
        assert read(report)[0].startswith(Message.ARTICLE_REMOVED)
        assert read(await pressed(scene, report, "Undo", scene.alice)) == [Message.REFUSAL]
        assert read(await pressed(scene, report, "Undo"))[0] == "I restored the article:"
    assert (scene.seeds / "dam.txt").read_bytes() == DAM


async def test_german_admins_are_asked_in_german(with_dam: Scene) -> None:
    scene = with_dam
    scene.keeper.locale = "de"
    question = await asked(scene)
    assert [label for label, _ in buttons(question)] == ["Entfernen", "Abbrechen"]
    report = await pressed(scene, question, "Entfernen")
    assert read(report)[0].startswith("Ich habe diesen Artikel entfernt.")
    assert read(await pressed(scene, report, "Rückgängig"))[0] == "Ich habe den Artikel wiederhergestellt:"
