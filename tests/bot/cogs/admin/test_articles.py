"""Admins add, remove and edit articles from Discord, go back, and see what happened."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from pathlib import Path

import pytest

from bot.i18n.messages import Message
from index.evaluation.questions import read_questions
from index.storage.lock import write_lock
from tests.bot.conftest import Scene
from tests.bot.reading import read
from tests.discord_server import Interaction
from tests.discord_server.options import Value

DAM = b"A dam for the valley\n\nThe engineer Ann Karlsson will build a dam in the valley of Lomma.\n"
QUESTION = "Who will build a dam?"
SENTENCE = "> The engineer Ann Karlsson will build a dam in the valley of Lomma."

pytestmark = pytest.mark.usefixtures("bot")


async def admin(scene: Scene, name: str, **options: Value) -> Interaction:
    used = await scene.server.slash(scene.keeper, scene.general, f"admin {name}", force=False, **options)
    await used.shown()
    return used


async def told(scene: Scene, name: str, **options: Value) -> str:
    return "\n".join(read((await admin(scene, name, **options)).messages[0]))


async def removed(scene: Scene, article: str) -> str:
    """Remove an article; what is said about it in the end."""
    asked = await admin(scene, "remove", article=article)
    pressed = await scene.server.click(scene.keeper, asked.messages[0], "Remove")
    said = await scene.server.until(lambda: next((m for m in pressed.messages if "Removing" not in read(m)[0]), None))
    return "\n".join(read(said))


async def answer(scene: Scene, text: str = QUESTION) -> str:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {text}")
    return read(await scene.server.reply_to(question))[0]


async def added(scene: Scene, name: str = "dam.txt", data: bytes = DAM) -> str:
    return await told(scene, "add", file=scene.server.attach(name, data, "text/plain"))


async def test_an_added_file_answers_and_a_removed_one_does_not(scene: Scene) -> None:
    said = await added(scene)
    assert said.startswith("I added the article:\n**Title**, from its text:\nA dam for the valley")
    assert (scene.seeds / "dam.txt").read_bytes() == DAM
    assert (await answer(scene)).startswith(SENTENCE)
    assert await removed(scene, "dam") == (
        "I removed this article. Its files are in the bin of the data folder.\n**A dam for the valley**"
    )
    assert await answer(scene) == "I found nothing about this in the articles."
    assert [path.read_bytes() for path in (scene.data / "bin").rglob("dam.txt")] == [DAM]


async def test_a_file_that_cannot_be_an_article_is_refused_with_the_reason(scene: Scene) -> None:
    before = sorted(path.name for path in scene.seeds.iterdir())
    for name, data, reason in (
        ("dam.exe", DAM, "has an unsupported file type"),
        ("000_88608c0d96434d55.txt", DAM, "The folder of articles already has a file 000_88608c0d96434d55.txt"),
        ("dam.txt", b"\x00\x01\x02", "is not text"),
        ("dam.txt", b"", ""),
        ("dam.txt", b"%PDF-1.7 and so on", "but its content is a PDF document"),
    ):
        said = await added(scene, name, data)
        assert said.startswith("The file was not added, and nothing has changed. The reason:\n"), name
        assert reason in said.replace("\\", "")
        assert sorted(path.name for path in scene.seeds.iterdir()) == before


async def test_a_file_gets_a_plain_name_of_its_own_in_the_folder(scene: Scene) -> None:
    for number, (name, file) in enumerate(
        {
            "Über den Damm.txt": "über-den-damm.txt",
            "con.txt": "article-con.txt",
            "a" * 300 + ".TXT": "a" * 100 + ".txt",
            "The dam_1.txt": "the-dam-1.txt",
        }.items()
    ):
        data = DAM.replace(b"dam", f"dam {number}".encode())
        said = await added(scene, name, data)
        assert said.startswith("I added the article:\n"), name
        assert (scene.seeds / file).read_bytes() == data


async def test_what_is_recorded_is_edited_in_the_sidecar_with_who_and_when(scene: Scene) -> None:
    await added(scene)
    said = await told(
        scene, "edit", article="dam", url="https://example.org/dam", publisher="The Valley", published="2026-04-25"
    )
    assert said.startswith("I changed the article's details:")
    assert "**Source URL**, from an admin:\nhttps://example.org/dam" in said
    sidecar = (scene.seeds / "dam.meta.toml").read_text()
    assert 'url = "https://example.org/dam"' in sidecar
    assert f'editor = "keeper ({scene.keeper.id})"' in sidecar
    assert "dateModified = 2026" in sidecar
    assert "datePublished = 2026-04-25" in sidecar
    assert "https://example.org/dam" in await answer(scene)
    said = await told(scene, "edit", article="dam", publisher="-")
    assert "**Publisher**: not recorded" in said
    assert "https://example.org/dam" in said


async def test_what_cannot_be_recorded_changes_nothing(scene: Scene) -> None:
    for fact, value in (("url", "javascript:alert(1)"), ("published", "yesterday")):
        used = await admin(scene, "edit", article="000_88608c0d96434d55", **{fact: value})
        assert used.ephemeral
        assert read(used.messages[0])[0].startswith("The article's details were not changed. The reason:")
        assert not list(scene.seeds.glob("*.toml"))


async def test_what_takes_long_is_private_until_it_is_done(scene: Scene) -> None:
    with scene.slow_reading(2):
        file = scene.server.attach("dam.txt", DAM, "text/plain")
        used = await scene.server.slash(scene.keeper, scene.general, "admin add", file=file)
        await used.acknowledged()
        assert (used.deferred, used.ephemeral) == (True, True)
        report = await used.shown()
    assert not report.ephemeral
    assert used.messages == [report]
    assert read(report)[0] == "I added the article:"


async def test_an_edit_of_nothing_says_what_can_be_edited(scene: Scene) -> None:
    assert (await told(scene, "edit", article="000_88608c0d96434d55")).startswith("Please say what to change")


async def test_the_index_goes_back_and_the_history_says_where_it_is(scene: Scene) -> None:
    await added(scene)
    lines = (await told(scene, "history")).split("\n")
    assert lines[0].startswith("Versions of the index")
    assert ": 3 articles, " in lines[1]
    assert lines[1].endswith("(in use)")
    assert ": 2 articles, " in lines[2]
    said = await told(scene, "rollback")
    assert said.startswith("I'm back at version ")
    assert await answer(scene) == "I found nothing about this in the articles."
    offered = await scene.server.autocomplete(scene.keeper, scene.general, "admin rollback", "id", "")
    assert len(offered) == 2
    await admin(scene, "rollback", id=offered[0].value)
    assert (await answer(scene)).startswith(SENTENCE)
    assert (await told(scene, "rollback", id="nonsense")).startswith("The index has not changed. The reason:")


async def test_the_audit_says_who_did_what(scene: Scene) -> None:
    assert await told(scene, "audit") == "No changes are recorded."
    await added(scene)
    await told(scene, "edit", article="dam", title="Another")
    await removed(scene, "dam")
    await told(scene, "restore", article="dam")
    await scene.restart()
    heading, *lines = (await told(scene, "audit")).split("\n")
    assert heading == "Changes and refused commands, newest first:"
    assert all(scene.keeper.mention in line for line in lines)
    plain = [line.replace("\u2068", "").replace("\u2069", "").replace("\\", "") for line in lines]
    assert [line.split(", ", 1)[1] for line in plain] == [
        "restore Another (dam)",
        "remove Another (dam)",
        "edit A dam for the valley (dam): title=Another",
        "add A dam for the valley (dam)",
    ]


async def test_gaps_are_a_file_that_the_evaluation_reads(scene: Scene, tmp_path: Path) -> None:
    assert await told(scene, "gaps") == Message.NO_GAPS
    for text in ("What is the capital of France?", "the CAPITAL of France", "Who won the cup?"):
        assert await answer(scene, text) == "I found nothing about this in the articles."
    used = await admin(scene, "gaps")
    assert used.ephemeral
    heading, first, second = read(used.messages[0])
    assert heading == Message.GAPS.format(count=2)
    [asked, last] = first.split("\n")
    assert asked == "**2** · \u2068the CAPITAL of France\u2069"
    assert re.fullmatch(r"Last asked <t:[0-9]+:R>\. I found nothing\.", last)
    assert second.startswith("**1** · \u2068Who won the cup?\u2069\n")
    [file] = used.messages[0].attachments
    (tmp_path / "gaps.jsonl").write_bytes(file.data)
    most, least = read_questions(tmp_path / "gaps.jsonl")
    assert (most.question, least.question) == ("the CAPITAL of France", "Who won the cup?")
    assert json.loads(file.data.split(b"\n")[0])["times"] == 2
    assert scene.alice.id.encode() not in file.data


async def test_the_status_tells_of_time_memory_and_gateway(scene: Scene) -> None:
    assert "**Time to answer**: no questions yet" in await told(scene, "status")
    await answer(scene)
    said = await told(scene, "status")
    assert "**Time to answer**: half within " in said
    assert "**Memory**: " in said
    assert "**Gateway**: 1 of 1 shards connected" in said


async def test_two_admins_at_once_are_told_apart(scene: Scene) -> None:
    for number in range(40):
        (scene.seeds / f"dam-{number}.txt").write_bytes(b"%d\n\n%s" % (number, DAM))
    with scene.slow_reading(0.5):
        both = [
            await scene.server.slash(user, scene.general, "admin reindex")
            for user in (scene.keeper, scene.server.owner)
        ]
        for one in both:
            await one.answered()
    [second] = [one for one in both if one.ephemeral]
    [first] = [one for one in both if one is not second]
    assert read(second.messages[0]) == [
        "The articles are already being indexed. The report will appear where that was started."
    ]
    await scene.server.until(lambda: " sentences." in read(first.messages[0])[0])
    assert "**Added**: 40" in read(first.messages[0])[0]
    assert [len(one.messages) for one in both] == [1, 1]


async def test_admins_of_different_minds_at_the_same_instant_leave_the_index_whole(scene: Scene) -> None:
    await added(scene)
    asked = await scene.server.slash(scene.server.owner, scene.general, "admin remove", article="dam")
    await asked.answered()
    used = [
        await scene.server.slash(scene.keeper, scene.general, "admin reindex"),
        await scene.server.click(scene.server.owner, asked.messages[0], "Remove"),
        await scene.server.slash(scene.keeper, scene.general, "admin edit", article="dam", publisher="The Valley"),
        await scene.server.slash(scene.server.owner, scene.general, "admin rollback"),
        await scene.server.slash(scene.keeper, scene.general, "admin reindex", dry_run=True),
    ]
    for one in used:
        await one.answered(30)
    await scene.server.until(
        lambda: all(one.messages and "Reading the" not in read(one.messages[0])[0] for one in used)
    )
    assert all(len(one.messages) == 1 for one in used)
    assert "log" not in "".join("".join(read(one.messages[0])) for one in used)
    used_ = await admin(scene, "reindex")
    await scene.server.until(lambda: " sentences." in read(used_.messages[0])[0])
    assert "The index has 2 articles" in read(used_.messages[0])[0]
    assert await answer(scene) == "I found nothing about this in the articles."


async def test_while_another_process_writes_the_index_an_admin_is_told_what_was_done_and_what_not(scene: Scene) -> None:
    held, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with write_lock(scene.data):
            held.set()
            enough.wait(60)

    holding = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.to_thread(held.wait, 10)
    add = await scene.server.slash(
        scene.keeper, scene.general, "admin add", file=scene.server.attach("dam.txt", DAM, "text/plain")
    )
    reindex = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await add.answered(30)
    await scene.server.until(lambda: "being written by" in read(reindex.messages[0])[0])
    assert read(reindex.messages[0])[0].startswith("Indexing failed. I keep answering from the previous index.")
    assert read(await add.shown())[0].startswith("The folder of articles was changed, but the index was not updated. ")
    assert (scene.seeds / "dam.txt").read_bytes() == DAM
    enough.set()
    await holding
    again = await admin(scene, "reindex")
    await scene.server.until(lambda: "**Added**: 1" in read(again.messages[0])[0])
    assert (await answer(scene)).startswith(SENTENCE)


async def test_an_admin_is_told_of_a_change_that_the_index_could_not_follow_and_the_audit_has_it(scene: Scene) -> None:
    (scene.data / ".CURRENT").mkdir()  # where the name of the new snapshot is written first
    for said in (
        await added(scene),
        await told(scene, "edit", article="000_88608c0d96434d55", title="Another"),
        await removed(scene, "000_88608c0d96434d55"),
    ):
        changed, reason = said.split(" The reason:\n")
        assert changed.endswith(
            "The folder of articles was changed, but the index was not updated. Run /admin reindex later to update it."
        )
        assert reason.startswith("The index cannot be written to")
    assert said.startswith("I removed this article. Its files are in the bin of the data folder.\n**")
    assert (scene.seeds / "dam.txt").read_bytes() == DAM
    assert not (scene.seeds / "000_88608c0d96434d55.txt").exists()
    lines = (await told(scene, "audit")).split("\n")[1:]
    assert ["remove" in lines[0], "edit" in lines[1], "add" in lines[2]] == [True] * 3
    (scene.data / ".CURRENT").rmdir()
    again = await admin(scene, "reindex")
    await scene.server.until(lambda: "**Added**: 1" in read(again.messages[0])[0])
    assert (await answer(scene)).startswith(SENTENCE)


REFUSED: tuple[tuple[str, dict[str, Value], str], ...] = (
    ("remove", {"article": "nowhere"}, "There is no article 'nowhere' in the index. /articles lists all articles."),
    ("edit", {"article": "nowhere", "title": "x"}, "/articles lists all articles."),
    ("rollback", {"id": "../../x"}, "There is no snapshot '../../x'. /admin history lists all snapshots."),
    ("rollback", {}, "/admin history lists all snapshots."),
    ("edit", {"article": "000_88608c0d96434d55", "url": "ftp://x"}, "have a host. Correct it, or leave it out."),
    (
        "edit",
        {"article": "000_88608c0d96434d55", "url": "https://example.com:65536/"},
        "must be a number of at most 65535. Correct it, or leave it out.",
    ),
)


async def test_reasons_name_what_an_admin_has_in_discord(scene: Scene) -> None:
    for name, options, reason in REFUSED:
        said = (await told(scene, name, **options)).replace("\\", "")
        assert said.endswith(reason)
        assert "`verbatim" not in said
