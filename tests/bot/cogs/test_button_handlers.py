"""Members press what stands under an answer, also after the bot was restarted."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import pytest

from tests.bot.conftest import Scene
from tests.bot.reading import read
from tests.discord_server import Interaction, ServerMessage, User, buttons

QUESTION = "Who is the White House science and technology chief?"
UNANSWERED = "What is the capital of France?"
UNSURE = "is deepseek banned anywhere?"
EXPIRED = "I no longer have this answer, so its buttons have stopped working. Please ask again."

pytestmark = pytest.mark.usefixtures("bot")


async def answer(scene: Scene, text: str = QUESTION) -> ServerMessage:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {text}")
    return await scene.server.reply_to(question)


async def pressed(scene: Scene, message: ServerMessage, label: str, by: User | None = None) -> Interaction:
    used = await scene.server.click(by or scene.alice, message, label)
    await used.answered()
    return used


async def test_context_shows_the_quotation_between_what_stands_around_it(scene: Scene) -> None:
    used = await pressed(scene, await answer(scene), "Context", by=scene.keeper)
    assert used.ephemeral
    heading, body = read(used.messages[0])
    lines = body.split("\n")
    assert heading == "The quotation in its context:"
    place = lines.index("The quotation:")
    assert lines[place + 1].startswith("> “The US has evidence that foreign entities")
    assert "Before it:" in lines or "After it:" in lines
    assert lines[-1].startswith("https://www.channelstv.com/")


async def test_more_goes_through_the_further_passages_page_by_page(scene: Scene) -> None:
    used = await pressed(scene, await answer(scene), "More passages")
    seen: list[str] = []
    while True:
        assert used.ephemeral
        heading, *found = read(used.messages[0])
        assert heading == "More passages. They may not answer the question."
        seen += [text.split("\n")[0] for text in found]
        if "More passages" not in dict(buttons(used.messages[0])):
            break
        used = await pressed(scene, used.messages[0], "More passages")
    assert len(seen) == len(set(seen)) > 3
    assert all(line.startswith("> ") for line in seen)


async def test_what_may_answer_has_context_further_passages_and_is_a_gap(scene: Scene) -> None:
    found = await answer(scene, UNSURE)
    shown = [text.split("\n")[0] for text in read(found)[1:]]
    used = await pressed(scene, found, "Context")
    assert [line for text in read(used.messages[0]) for line in text.split("\n") if line in shown] == shown
    used = await pressed(scene, found, "More passages")
    heading, *further = read(used.messages[0])
    assert heading == "More passages. They may not answer the question."
    assert not {text.split("\n")[0] for text in further} & set(shown)
    assert read((await pressed(scene, found, "👍 Helpful")).messages[0]) == ["Thank you for your feedback!"]
    gaps = await scene.server.slash(scene.keeper, scene.general, "admin gaps")
    await gaps.answered()
    [file] = gaps.messages[0].attachments
    [gap] = [json.loads(line) for line in file.data.decode().splitlines()]
    assert (gap["question"], gap["verdict"]) == (UNSURE, "may_answer")


async def test_what_is_nearest_is_said_not_to_answer(scene: Scene) -> None:
    used = await pressed(scene, await answer(scene, UNANSWERED), "Nearest passages")
    assert used.ephemeral
    assert read(used.messages[0])[0] == "These passages come closest to the question. They may not answer it."
    assert read(used.messages[0])[1].startswith("> ")


async def test_a_thumb_up_is_thanked_for(scene: Scene) -> None:
    used = await pressed(scene, await answer(scene), "👍 Helpful", by=scene.keeper)
    assert used.ephemeral
    assert read(used.messages[0]) == ["Thank you for your feedback!"]


async def test_a_thumb_down_asks_what_is_wrong(scene: Scene) -> None:
    used = await scene.server.click(scene.alice, await answer(scene), "👎 Not helpful")
    await used.acknowledged()
    assert used.modal
    assert used.modal["title"] == "What is wrong with the answer?"
    sent = await scene.server.submit(scene.alice, used, {"The answer…": "outdated"})
    await sent.answered()
    assert sent.ephemeral
    assert read(sent.messages[0]) == ["Thank you for your feedback!"]
    gaps = await scene.server.slash(scene.keeper, scene.general, "admin gaps")
    await gaps.answered()
    [file] = gaps.messages[0].attachments
    assert b'"complaints": ["outdated"]' in file.data
    assert QUESTION.encode() in file.data


async def test_the_asker_deletes_the_answer(scene: Scene) -> None:
    found = await answer(scene)
    used = await scene.server.click(scene.alice, found, "Delete")
    await used.acknowledged()
    await scene.server.until(lambda: found.deleted)


async def test_a_moderator_deletes_the_answer_and_nobody_else(scene: Scene) -> None:
    found = await answer(scene)
    used = await scene.server.click(scene.keeper, found, "Delete")
    await scene.server.until(lambda: used.followups)
    assert used.followups[0].ephemeral
    assert read(used.followups[0]) == [
        "Only the person who asked, or a member with “Manage Messages”, can delete this answer.",
    ]
    assert not found.deleted
    used = await scene.server.click(scene.guild.owner, found, "Delete")
    await used.acknowledged()
    await scene.server.until(lambda: found.deleted)


async def test_an_unclear_question_is_asked_back_with_suggestions(scene: Scene) -> None:
    found = await answer(scene, "China")
    assert read(found)[0].split("\n")[-1] == "You could ask about one of these:"
    labels = [label for label, _ in buttons(found)]
    assert 2 <= len(labels) <= 6
    name, title = labels[0], labels[-2]
    used = await pressed(scene, found, name)
    assert used.ephemeral
    assert read(used.messages[0])[0] == f"You searched for: \u2068{name}\u2069"
    assert name.lower() in read(used.messages[0])[2].lower()
    used = await pressed(scene, found, title)
    assert all(f"**{title}**" in text for text in read(used.messages[0])[2:])


@pytest.mark.parametrize(
    ("question", "label"),
    [
        (QUESTION, "Context"),
        (QUESTION, "More passages"),
        (QUESTION, "👍 Helpful"),
        (UNANSWERED, "Nearest passages"),
        ("China", "Chinese"),
    ],
)
async def test_every_button_works_after_a_restart(scene: Scene, question: str, label: str) -> None:
    found = await answer(scene, question)
    await scene.restart()
    used = await pressed(scene, found, label)
    assert read(used.messages[0])
    assert read(used.messages[0]) != [EXPIRED]


async def alone(scene: Scene) -> ServerMessage:
    made = await scene.server.slash(scene.alice, scene.general, "ask", question=QUESTION, private=True)
    await made.answered()
    return made.messages[0]


async def directly(scene: Scene) -> ServerMessage:
    question = await scene.server.post(scene.alice, scene.server.dm(scene.alice), QUESTION)
    return await scene.server.reply_to(question)


async def in_a_thread(scene: Scene) -> ServerMessage:
    made = await scene.server.slash(scene.guild.owner, scene.general, "channels set", threads=True)
    await made.answered()
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    thread = await scene.server.until(lambda: scene.server.channels.get(question.id))

    def answered() -> ServerMessage | None:
        return next((one for one in scene.server.messages.values() if one.channel is thread), None)

    return await scene.server.until(answered)


@pytest.mark.parametrize("asked", [alone, directly, in_a_thread])
async def test_buttons_work_after_a_restart_wherever_the_answer_stands(
    scene: Scene, asked: Callable[[Scene], Awaitable[ServerMessage]]
) -> None:
    found = await asked(scene)
    await scene.server.settle()
    await scene.restart()
    used = await pressed(scene, found, "Context")
    assert "Michael Kratsios" in "".join(read(used.messages[0]))
    used = await pressed(scene, found, "👍 Helpful")
    assert read(used.messages[0]) == ["Thank you for your feedback!"]
    if not found.ephemeral:
        await scene.server.click(scene.alice, found, "Delete")
        await scene.server.until(lambda: found.deleted)


async def test_the_title_of_a_suggestion_works_after_a_restart(scene: Scene) -> None:
    found = await answer(scene, "China")
    title = [label for label, _ in buttons(found)][-2]
    await scene.restart()
    used = await pressed(scene, found, title)
    assert all(f"**{title}**" in text for text in read(used.messages[0])[2:])


async def test_a_thumb_down_and_a_further_page_work_after_a_restart(scene: Scene) -> None:
    found = await answer(scene)
    page = await pressed(scene, found, "More passages")
    first = read(page.messages[0])[1:]
    await scene.restart()
    following = await pressed(scene, page.messages[0], "More passages")
    assert read(following.messages[0])[1:]
    assert not set(first) & set(read(following.messages[0])[1:])
    used = await scene.server.click(scene.alice, found, "👎 Not helpful")
    await used.acknowledged()
    assert used.modal
    sent = await scene.server.submit(scene.alice, used, {"The answer…": "wrong-passage"})
    await sent.answered()
    gaps = await scene.server.slash(scene.keeper, scene.general, "admin gaps")
    await gaps.answered()
    assert b'"complaints": ["wrong-passage"]' in gaps.messages[0].attachments[0].data


async def test_a_private_answer_has_no_button_that_deletes(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "ask", question=QUESTION, private=True)
    await used.answered()
    assert "Delete" not in dict(buttons(used.messages[0]))


async def test_a_form_that_was_open_while_the_bot_was_restarted_is_taken(scene: Scene) -> None:
    used = await scene.server.click(scene.alice, await answer(scene), "👎 Not helpful")
    await used.acknowledged()
    await scene.restart()
    sent = await scene.server.submit(scene.alice, used, {"The answer…": "other"})
    await sent.answered()
    assert read(sent.messages[0]) == ["Thank you for your feedback!"]


async def test_delete_works_after_a_restart(scene: Scene) -> None:
    found = await answer(scene)
    await scene.restart()
    await scene.server.click(scene.alice, found, "Delete")
    await scene.server.until(lambda: found.deleted)


async def test_what_is_not_kept_any_more_says_so(scene: Scene) -> None:
    found = await answer(scene)
    used = await scene.server.slash(scene.alice, scene.general, "privacy", delete=True)
    await used.answered()
    used = await pressed(scene, found, "Context")
    assert read(used.messages[0]) == [EXPIRED]


async def test_an_article_that_has_changed_is_not_quoted_from_its_old_place(scene: Scene) -> None:
    found = await answer(scene)
    path = scene.seeds / "000_88608c0d96434d55.txt"
    path.write_text("Something else\n\nThe dam was built in May.\n" + path.read_text())
    reindexed = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await scene.server.until(lambda: reindexed.messages and " sentences." in read(reindexed.messages[0])[0])
    used = await pressed(scene, found, "Context")
    assert read(used.messages[0]) == ["The article has been changed or removed since I quoted it. Please ask again."]


async def test_a_forged_button_does_no_harm(scene: Scene) -> None:
    found = await answer(scene)
    part = next(each for row in found.components for each in row.get("components", ()) if "custom_id" in each)
    for forged in ("v1:context:nonsense:0", "v1:suggestion:nonsense:9999", "v1:nothing:x:0"):
        part["custom_id"] = forged
        used = await pressed(scene, found, forged)
        assert read(used.messages[0]) == [EXPIRED]
