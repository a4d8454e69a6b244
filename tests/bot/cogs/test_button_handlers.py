"""Members press what stands under an answer, also after the bot was restarted."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import pytest

from bot.policy.cooldowns import PRESSES
from tests.bot.conftest import Scene, lasting_bot
from tests.bot.reading import quoted, read
from tests.bot.scene import LONG_QUESTION, give_old_delete_button, write_long_article
from tests.discord_server import Interaction, ServerMessage, User, buttons
from tests.discord_server.components import Component
from tests.properties import one_in

QUESTION = "Who is the White House science and technology chief?"
UNANSWERED = "What is the capital of France?"
UNSURE = "is deepseek banned anywhere?"
CHIEF = "Michael Kratsios"
CONTEXT = "The quotation in its context:"
THANKS = ["Thank you for your feedback!"]
DELETED = ["I deleted the answer."]
NOT_YOURS = ["Only the person who asked, or a member with “Manage Messages”, can delete this answer."]
EXPIRED = "I no longer have this answer, so its buttons have stopped working. Please ask again."


async def answer(scene: Scene, text: str = QUESTION) -> ServerMessage:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {text}")
    return await scene.server.reply_to(question)


def sources(message: ServerMessage, length: int = 37) -> list[str]:
    """The beginnings of the titles under the quotations of a message, as long as a button's label may be."""
    lines = (line for text in read(message) for line in text.split("\n"))
    return [line.removesuffix("**")[: len("**") + length] for line in lines if line.startswith("**")]


async def pressed(scene: Scene, message: ServerMessage, label: str, by: User | None = None) -> Interaction:
    used = await scene.server.click(by or scene.alice, message, label)
    await used.answered()
    return used


@lasting_bot
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


@lasting_bot
async def test_more_goes_through_the_further_passages_page_by_page(scene: Scene) -> None:
    used = await pressed(scene, await answer(scene), "More")
    seen: list[str] = []
    while True:
        assert used.ephemeral
        assert read(used.messages[0])[0] == "More passages. They may not answer the question."
        seen += quoted(used.messages[0])
        if "More" not in dict(buttons(used.messages[0])):
            break
        used = await pressed(scene, used.messages[0], "More")
    assert len(seen) == len(set(seen)) > 3


@pytest.mark.usefixtures("bot")
async def test_what_may_answer_has_context_further_passages_and_is_a_gap(scene: Scene) -> None:
    found = await answer(scene, UNSURE)
    shown = quoted(found)
    used = await pressed(scene, found, "Context")
    assert [line for text in read(used.messages[0]) for line in text.split("\n") if line in shown] == shown
    used = await pressed(scene, found, "More")
    assert read(used.messages[0])[0] == "More passages. They may not answer the question."
    assert not set(quoted(used.messages[0])) & set(shown)
    assert read((await pressed(scene, found, "👍")).messages[0]) == THANKS
    gaps = await scene.server.slash(scene.keeper, scene.general, "admin gaps")
    await gaps.answered()
    [file] = gaps.messages[0].attachments
    [gap] = [json.loads(line) for line in file.data.decode().splitlines()]
    assert (gap["question"], gap["verdict"]) == (UNSURE, "may_answer")


@lasting_bot
async def test_what_is_nearest_is_said_not_to_answer(scene: Scene) -> None:
    used = await pressed(scene, await answer(scene, UNANSWERED), "Nearest")
    assert used.ephemeral
    assert read(used.messages[0])[0] == "These passages come closest to the question. They may not answer it."
    assert read(used.messages[0])[1].startswith("> ")


@lasting_bot
async def test_a_thumb_up_is_thanked_for(scene: Scene) -> None:
    used = await pressed(scene, await answer(scene), "👍", by=scene.keeper)
    assert used.ephemeral
    assert read(used.messages[0]) == THANKS


@pytest.mark.usefixtures("bot")
async def test_a_thumb_down_asks_what_is_wrong(scene: Scene) -> None:
    used = await scene.server.click(scene.keeper, await answer(scene), "👎")
    await used.acknowledged()
    assert used.modal
    assert used.modal["title"] == "What is wrong with the answer?"
    [why] = [row["component"] for row in used.modal["components"]]
    assert [option["label"] for option in why["options"]] == [
        "quotes the wrong passage",
        "does not answer the question",
        "is outdated",
        "something else",
    ]
    sent = await scene.server.submit(scene.keeper, used, {"The answer…": "outdated"})
    await sent.answered()
    assert sent.ephemeral
    assert read(sent.messages[0]) == THANKS
    assert b'"complaints": ["outdated"]' in await gaps(scene)
    assert QUESTION.encode() in await gaps(scene)


@pytest.mark.usefixtures("bot")
async def test_the_form_of_an_older_version_is_taken(scene: Scene) -> None:
    used = await scene.server.click(scene.keeper, await answer(scene), "👎")
    await used.acknowledged()
    assert used.modal
    [why] = [row["component"] for row in used.modal["components"]]
    why["type"] = Component.SELECT
    sent = await scene.server.submit(scene.keeper, used, {"why": "no-answer"})
    await sent.answered()
    assert read(sent.messages[0]) == THANKS
    assert b'"complaints": ["no-answer"]' in await gaps(scene)


@pytest.mark.usefixtures("bot")
async def test_a_reason_of_another_version_is_something_else(scene: Scene) -> None:
    used = await scene.server.click(scene.keeper, await answer(scene), "👎")
    await used.acknowledged()
    assert used.modal
    [why] = [row["component"] for row in used.modal["components"]]
    why["options"][0]["value"] = "too-long"
    sent = await scene.server.submit(scene.keeper, used, {"why": "too-long"})
    await sent.answered()
    assert read(sent.messages[0]) == THANKS
    assert b'"complaints": ["other"]' in await gaps(scene)


async def gaps(scene: Scene) -> bytes:
    """The file of questions that were not answered well."""
    used = await scene.server.slash(scene.keeper, scene.general, "admin gaps")
    await used.answered()
    [file] = used.messages[0].attachments
    return file.data


@lasting_bot
async def test_an_answer_has_one_row_of_short_buttons(scene: Scene) -> None:
    for question, shown in (
        (QUESTION, ["Context", "More", "👍", "👎"]),
        (UNANSWERED, ["Nearest", "👎"]),
    ):
        found = await answer(scene, question)
        rows = [part for part in found.components if part["type"] == Component.ROW]
        labels = [part.get("label") or part["emoji"]["name"] for row in rows for part in row["components"]]
        assert labels == shown
        assert len(rows) == 1


@pytest.mark.usefixtures("bot")
async def test_buttons_of_an_older_version_still_work(scene: Scene) -> None:
    found = await answer(scene)
    row = next(part for part in found.components if part["type"] == Component.ROW)
    old = ["Context", "More passages", "👍 Helpful", "👎 Not helpful"]
    for part, label in zip(row["components"], old, strict=True):
        part.pop("emoji", None)
        part["label"] = label
    for label in old[:3]:
        used = await pressed(scene, found, label)
        assert used.ephemeral
        assert read(used.messages[0]) != [EXPIRED]
    used = await scene.server.click(scene.alice, found, "👎 Not helpful")
    await used.acknowledged()
    assert used.modal
    give_old_delete_button(found)
    used = await scene.server.click(scene.keeper, found, "Delete")
    await scene.server.until(lambda: used.followups)
    assert used.followups[0].ephemeral
    assert read(used.followups[0]) == NOT_YOURS
    assert not found.deleted
    await scene.restart()
    await scene.server.click(scene.alice, found, "Delete")
    await scene.server.until(lambda: found.deleted)


async def menu(scene: Scene, by: User, message: ServerMessage) -> list[str]:
    """Choose “Delete answer” in a message's menu; returns what the bot says, to this member alone."""
    used = await scene.server.menu(by, message, "Delete answer")
    await used.answered()
    assert used.ephemeral
    return read(used.messages[0])


@pytest.mark.usefixtures("bot")
async def test_the_asker_deletes_an_answer_in_its_menu_all_messages_of_it(scene: Scene) -> None:
    await write_long_article(scene)
    asked = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {LONG_QUESTION}")
    await scene.server.until(lambda: len(scene.server.replies(asked)) == 3)
    await scene.server.settle()
    messages = scene.server.replies(asked)
    await scene.restart()
    assert await menu(scene, scene.alice, messages[1]) == DELETED
    assert all(message.deleted for message in messages)


@lasting_bot
async def test_a_moderator_deletes_an_answer_in_its_menu_and_nobody_else(scene: Scene) -> None:
    found, other = await answer(scene), await answer(scene, "China")
    await scene.server.settle()
    for message in (found, other):
        assert await menu(scene, scene.keeper, message) == NOT_YOURS
        assert not message.deleted
    assert await menu(scene, scene.guild.owner, found) == DELETED
    assert await menu(scene, scene.alice, other) == DELETED
    assert found.deleted and other.deleted


@lasting_bot
async def test_what_a_command_shows_is_deleted_by_whoever_used_it(scene: Scene) -> None:
    for used in (
        await scene.server.slash(scene.alice, scene.general, "search", terms="China"),
        await scene.server.slash(scene.alice, scene.general, "articles"),
        await scene.server.slash(scene.alice, scene.general, "ask", question=QUESTION),
    ):
        await used.answered()
        await scene.server.settle()
        assert await menu(scene, scene.keeper, used.messages[0]) == NOT_YOURS
        assert await menu(scene, scene.alice, used.messages[0]) == DELETED
        assert not used.messages


@lasting_bot
async def test_the_menu_deletes_nothing_but_the_bots_messages(scene: Scene) -> None:
    written = await scene.server.post(scene.alice, scene.general, "The dam opens in May.")
    assert await menu(scene, scene.guild.owner, written) == [
        "This is not an answer of mine. Choose “Delete answer” in the menu of an answer."
    ]
    assert not written.deleted


@lasting_bot
async def test_in_direct_messages_everything_can_be_deleted(scene: Scene) -> None:
    found = await directly(scene)
    await scene.server.settle()
    told = await scene.server.slash(scene.alice, scene.server.dm(scene.alice), "privacy", delete=True)
    await told.answered()
    assert await menu(scene, scene.alice, found) == DELETED
    assert found.deleted


@lasting_bot
async def test_an_answer_in_a_thread_is_deleted_in_its_menu(scene: Scene) -> None:
    found = await in_a_thread(scene)
    await scene.server.settle()
    assert await menu(scene, scene.alice, found) == DELETED
    assert found.deleted


@lasting_bot
async def test_a_deleted_answer_is_forgotten(scene: Scene) -> None:
    found = await answer(scene)
    await scene.server.settle()
    assert await menu(scene, scene.alice, found) == DELETED
    used = await scene.server.slash(scene.alice, scene.general, "privacy", delete=True)
    await used.answered()
    assert read(used.messages[0])[0].endswith("Answers deleted: 0.")


@pytest.mark.usefixtures("bot")
async def test_the_asker_deletes_the_answer_in_the_form_also_after_a_restart(scene: Scene) -> None:
    found = await answer(scene)
    used = await scene.server.click(scene.alice, found, "👎")
    await used.acknowledged()
    assert used.modal
    assert [row["label"] for row in used.modal["components"]] == ["The answer…", "Delete this answer"]
    await scene.restart()
    await scene.server.submit(scene.alice, used, {"Delete this answer": True})
    await scene.server.until(lambda: found.deleted)


@lasting_bot
async def test_the_form_of_another_member_does_not_delete_even_if_it_is_forged(scene: Scene) -> None:
    found = await answer(scene)
    own = await scene.server.click(scene.alice, found, "👎")
    others = await scene.server.click(scene.keeper, found, "👎")
    for used in (own, others):
        await used.acknowledged()
    assert others.modal
    assert [row["label"] for row in others.modal["components"]] == ["The answer…"]
    sent = await scene.server.submit(scene.keeper, own, {"Delete this answer": True})
    await scene.server.until(lambda: sent.followups)
    assert read(sent.followups[0]) == NOT_YOURS
    assert not found.deleted


@pytest.mark.usefixtures("bot")
async def test_who_may_delete_the_answer_can_also_only_say_what_is_wrong(scene: Scene) -> None:
    found = await answer(scene)
    for values in ({"The answer…": "outdated"}, {}):
        used = await scene.server.click(scene.alice, found, "👎")
        await used.acknowledged()
        sent = await scene.server.submit(scene.alice, used, values)
        await sent.answered()
        assert read(sent.messages[0]) == THANKS
    assert not found.deleted
    assert b'"complaints": ["outdated"]' in await gaps(scene)


@pytest.mark.usefixtures("bot")
async def test_who_presses_buttons_without_end_is_asked_to_wait(scene: Scene) -> None:
    await scene.restart(VERBATIM_USER_SECONDS="3")
    found = await answer(scene)
    for label in ("Context", "More", "👍", "Context", "More", "👍"):
        assert not read((await pressed(scene, found, label)).messages[0])[0].startswith("That was quick!")
    refused = []
    for _ in range(PRESSES):
        used = await scene.server.click(scene.alice, found, "Context")
        await used.answered()
        assert used.ephemeral
        refused += [text for text in read(used.messages[0]) if text.startswith("That was quick! Please try again <t:")]
    assert refused
    form = await scene.server.click(scene.alice, found, "👎")
    await form.answered()
    assert form.modal is None
    assert [read(message)[0].startswith("That was quick!") for message in form.messages] == [True]
    assert read((await pressed(scene, found, "Context", by=scene.keeper)).messages[0])[0] == CONTEXT
    assert CHIEF in "".join(read(await answer(scene))), "questions have a cool-down of their own"
    changed = await scene.server.slash(scene.guild.owner, scene.general, "channels set", user_seconds=0)
    await changed.answered()
    for _ in range(PRESSES + 1):
        assert read((await pressed(scene, found, "Context")).messages[0])[0] == CONTEXT


@lasting_bot
async def test_an_unclear_question_is_asked_back_with_suggestions(scene: Scene) -> None:
    found = await answer(scene, "China")
    assert read(found)[0].split("\n")[-1] == "You could ask about one of these:"
    labels = [label for label, _ in buttons(found)]
    assert 2 <= len(labels) <= 5
    assert all(len(label) <= 38 for label in labels)
    name, title = labels[0], labels[-1]
    used = await pressed(scene, found, name)
    assert used.ephemeral
    assert read(used.messages[0])[0] == f"You searched for: \u2068{name}\u2069"
    assert name.lower() in read(used.messages[0])[2].lower()
    used = await pressed(scene, found, title)
    assert sources(used.messages[0]) == [f"**{title.removesuffix('…')}"]


@pytest.mark.parametrize(
    ("question", "label"),
    [
        (QUESTION, "Context"),
        (QUESTION, "More"),
        (QUESTION, "👍"),
        (UNANSWERED, "Nearest"),
        ("China", "Beijing"),
    ],
)
@pytest.mark.usefixtures("bot")
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


@pytest.mark.parametrize("asked", one_in(2, [alone, directly, in_a_thread]))
@pytest.mark.usefixtures("bot")
async def test_buttons_work_after_a_restart_wherever_the_answer_stands(
    scene: Scene, asked: Callable[[Scene], Awaitable[ServerMessage]]
) -> None:
    found = await asked(scene)
    await scene.server.settle()
    await scene.restart()
    used = await pressed(scene, found, "Context")
    assert "Michael Kratsios" in "".join(read(used.messages[0]))
    used = await pressed(scene, found, "👍")
    assert read(used.messages[0]) == THANKS
    if not found.ephemeral:
        assert await menu(scene, scene.alice, found) == DELETED
        assert found.deleted


@pytest.mark.usefixtures("bot")
async def test_the_title_of_a_suggestion_works_after_a_restart(scene: Scene) -> None:
    found = await answer(scene, "China")
    title = [label for label, _ in buttons(found)][-1]
    await scene.restart()
    used = await pressed(scene, found, title)
    assert sources(used.messages[0]) == [f"**{title.removesuffix('…')}"]


@pytest.mark.usefixtures("bot")
async def test_a_thumb_down_and_a_further_page_work_after_a_restart(scene: Scene) -> None:
    found = await answer(scene)
    page = await pressed(scene, found, "More")
    first = quoted(page.messages[0])
    await scene.restart()
    following = await pressed(scene, page.messages[0], "More")
    assert quoted(following.messages[0])
    assert not set(first) & set(quoted(following.messages[0]))
    used = await scene.server.click(scene.alice, found, "👎")
    await used.acknowledged()
    assert used.modal
    sent = await scene.server.submit(scene.alice, used, {"The answer…": "wrong-passage"})
    await sent.answered()
    gaps = await scene.server.slash(scene.keeper, scene.general, "admin gaps")
    await gaps.answered()
    assert b'"complaints": ["wrong-passage"]' in gaps.messages[0].attachments[0].data


@lasting_bot
async def test_the_form_under_a_private_answer_deletes_nothing(scene: Scene) -> None:
    used = await scene.server.click(scene.alice, await alone(scene), "👎")
    await used.acknowledged()
    assert used.modal
    assert [row["label"] for row in used.modal["components"]] == ["The answer…"]


@pytest.mark.usefixtures("bot")
async def test_a_form_that_was_open_while_the_bot_was_restarted_is_taken(scene: Scene) -> None:
    used = await scene.server.click(scene.alice, await answer(scene), "👎")
    await used.acknowledged()
    await scene.restart()
    sent = await scene.server.submit(scene.alice, used, {"The answer…": "other"})
    await sent.answered()
    assert read(sent.messages[0]) == THANKS


@lasting_bot
async def test_what_is_not_kept_any_more_says_so(scene: Scene) -> None:
    found = await answer(scene)
    used = await scene.server.slash(scene.alice, scene.general, "privacy", delete=True)
    await used.answered()
    used = await pressed(scene, found, "Context")
    assert read(used.messages[0]) == [EXPIRED]


@pytest.mark.usefixtures("bot")
async def test_an_article_that_has_changed_is_not_quoted_from_its_old_place(scene: Scene) -> None:
    found = await answer(scene)
    path = scene.seeds / "000_88608c0d96434d55.txt"
    path.write_text("Something else\n\nThe dam was built in May.\n" + path.read_text())
    reindexed = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await scene.server.until(lambda: reindexed.messages and " sentences." in read(reindexed.messages[0])[0])
    used = await pressed(scene, found, "Context")
    assert read(used.messages[0]) == ["The article has been changed or removed since I quoted it. Please ask again."]


@lasting_bot
async def test_a_forged_button_does_no_harm(scene: Scene) -> None:
    found = await answer(scene)
    part = next(each for row in found.components for each in row.get("components", ()) if "custom_id" in each)
    for forged in ("v1:context:nonsense:0", "v1:suggestion:nonsense:9999", "v1:nothing:x:0"):
        part["custom_id"] = forged
        used = await pressed(scene, found, forged)
        assert read(used.messages[0]) == [EXPIRED]
