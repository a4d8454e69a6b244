"""Questions that change, that reply, that stand in threads; and places where the bot answers unasked, or not at all."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.i18n.messages import Message
from tests.bot.conftest import lasting_bot
from tests.bot.reading import read
from tests.bot.scene import Scene
from tests.discord_server import Channel, Interaction, Permission, ServerMessage, User
from tests.discord_server.options import Value

QUESTION = "Who is the White House science and technology chief?"
UNSURE = "is deepseek banned anywhere?"
OTHER = "Whose chips is the newest DeepSeek made for?"
CHIEF = "Michael Kratsios"
DEEPSEEK = "003_10f24738130fbaea"
ABOUT_DEEPSEEK = "US orders global warning over alleged AI theft by DeepSeek and Chinese firms"


async def ask(
    scene: Scene, text: str, channel: Channel | None = None, reply_to: ServerMessage | None = None
) -> ServerMessage:
    mention = f"{scene.server.mention} {text}"
    return await scene.server.post(scene.alice, channel or scene.general, mention, reply_to=reply_to)


async def answer(
    scene: Scene, text: str, channel: Channel | None = None, reply_to: ServerMessage | None = None
) -> ServerMessage:
    return await scene.server.reply_to(await ask(scene, text, channel, reply_to))


def answers_in(scene: Scene, channel: Channel) -> list[ServerMessage]:
    """The bot's messages in a channel, but for the one that says how to go on in a thread."""
    own = [one for one in scene.server.messages.values() if one.author is scene.server.bot and one.channel is channel]
    return [one for one in own if read(one) != [Message.REPLY_IN_THREAD]]


async def used(scene: Scene, user: User, name: str, where: Channel | None = None, **options: Value) -> Interaction:
    made = await scene.server.slash(user, where or scene.general, name, force=False, **options)
    await made.answered()
    return made


def has_two_messages(made: Interaction) -> bool:
    return len(made.messages) == 2


# ---- questions that change -------------------------------------------------------------------------------------------


@lasting_bot
async def test_an_edited_question_is_answered_anew_in_place(scene: Scene) -> None:
    question = await ask(scene, "What is the capital of France?")
    first = await scene.server.reply_to(question)
    assert read(first) == ["I found nothing about this in the articles."]
    await scene.server.edit(question, f"{scene.server.mention} {QUESTION}")
    await scene.server.until(lambda: CHIEF in read(first)[0], what="the answer to change")
    assert scene.server.replies(question) == [first]
    used_ = await scene.server.click(scene.alice, first, "Context")
    await used_.answered()
    assert CHIEF in "".join(read(used_.messages[0]))


@lasting_bot
async def test_an_edited_question_whose_answer_somebody_deleted_is_answered_once_more(scene: Scene) -> None:
    question = await ask(scene, "What is the capital of France?")
    first = await scene.server.reply_to(question)
    await scene.server.settle()
    scene.server.remove(first)
    await scene.server.edit(question, f"{scene.server.mention} {QUESTION}")
    second = await scene.server.until(lambda: next((m for m in scene.server.replies(question) if not m.deleted), None))
    assert CHIEF in read(second)[0]
    await scene.server.settle()
    assert scene.server.replies(question)[-1] is second


@lasting_bot
async def test_a_question_edited_long_after_it_was_asked_keeps_its_answer(scene: Scene) -> None:
    question = await ask(scene, "What is the capital of France?")
    first = await scene.server.reply_to(question)
    old = int(question.id) - (6 * 60 * 1000 << 22)
    scene.server.messages[str(old)] = scene.server.messages.pop(question.id)
    question.id = str(old)
    await scene.server.edit(question, f"{scene.server.mention} {QUESTION}")
    await scene.server.settle()
    assert read(first) == ["I found nothing about this in the articles."]


@lasting_bot
async def test_an_edit_that_changes_nothing_of_the_question_changes_nothing(scene: Scene) -> None:
    question = await ask(scene, QUESTION)
    await scene.server.reply_to(question)
    await scene.server.settle()
    before = len(scene.server.requests)
    await scene.server.edit(question, f"{scene.server.mention}   {QUESTION}")
    await scene.server.settle()
    assert len(scene.server.requests) == before


@lasting_bot
async def test_an_edit_that_adds_the_mention_makes_it_a_question(scene: Scene) -> None:
    question = await scene.server.post(scene.alice, scene.general, QUESTION)
    await scene.server.settle()
    await scene.server.edit(question, f"{scene.server.mention} {QUESTION}")
    assert CHIEF in read(await scene.server.reply_to(question))[0]


@lasting_bot
async def test_a_deleted_question_takes_its_answer_along(scene: Scene) -> None:
    question = await ask(scene, QUESTION)
    found = await scene.server.reply_to(question)
    await scene.server.delete(question)
    await scene.server.until(lambda: found.deleted, what="the answer to go")


@pytest.mark.usefixtures("bot")
async def test_a_question_deleted_after_a_restart_takes_its_answer_along(scene: Scene) -> None:
    question = await ask(scene, QUESTION)
    found = await scene.server.reply_to(question)
    await scene.server.settle()
    await scene.restart()
    await scene.server.delete(question)
    await scene.server.until(lambda: found.deleted, what="the answer to go")


@lasting_bot
async def test_an_answer_in_a_thread_changes_and_goes_with_its_question(scene: Scene) -> None:
    await used(scene, scene.guild.owner, "channels set", threads=True)
    question = await ask(scene, "What is the capital of France?")
    thread = await scene.server.until(lambda: scene.server.channels.get(question.id))
    [found] = await scene.server.until(lambda: answers_in(scene, thread))
    await scene.server.settle()
    await scene.server.edit(question, f"{scene.server.mention} {QUESTION}")
    await scene.server.until(lambda: CHIEF in read(found)[0], what="the answer to change")
    await scene.server.settle()
    assert scene.server.replies(question) == []
    assert answers_in(scene, thread) == [found]
    await scene.server.delete(question)
    await scene.server.until(lambda: found.deleted, what="the answer to go")


@lasting_bot
async def test_an_answer_that_had_to_come_directly_changes_and_goes_with_its_question(scene: Scene) -> None:
    scene.server.overwrite(scene.general, scene.server.bot, deny=Permission.SEND_MESSAGES)
    question = await ask(scene, "What is the capital of France?")
    direct = scene.server.dm(scene.alice)
    await scene.server.until(lambda: len(answers_in(scene, direct)) == 2)
    told, found = answers_in(scene, direct)
    await scene.server.settle()
    await scene.server.edit(question, f"{scene.server.mention} {QUESTION}")
    await scene.server.until(lambda: CHIEF in "".join(read(found)), what="the answer to change")
    assert QUESTION in read(found)[0]
    await scene.server.settle()
    assert answers_in(scene, direct) == [told, found]
    await scene.server.delete(question)
    await scene.server.until(lambda: found.deleted, what="the answer to go")


@pytest.mark.usefixtures("bot")
async def test_a_question_deleted_while_its_thread_is_opened_is_not_answered(scene: Scene) -> None:
    await used(scene, scene.guild.owner, "channels set", threads=True)
    scene.server.fail("POST", "/channels/*/messages/*/threads", 429, retry_after=1)
    question = await ask(scene, QUESTION)
    await scene.server.until(lambda: [call for call in scene.server.requests if str(call).endswith("/threads")])
    await scene.server.delete(question)
    await scene.server.settle(1.5)
    answers = [one for one in scene.server.messages.values() if one.author is scene.server.bot and not one.used]
    assert all(one.deleted for one in answers)
    scene.server.violations.clear()  # that the bot asks for a thread at what is gone is what this test is about


async def test_edits_are_held_to_the_cool_down_too(scene: Scene) -> None:
    async with scene.running(VERBATIM_USER_SECONDS="30"):
        question = await ask(scene, "What is the capital of France?")
        found = await scene.server.reply_to(question)
        for country in ("Spain", "Italy", "Norway", "Sweden"):
            await scene.server.edit(question, f"{scene.server.mention} What is the capital of {country}?")
            await scene.server.settle()
        edits = [call for call in scene.server.requests if call.method == "PATCH"]
        assert len(edits) == 2
        [told] = [one for one in scene.server.replies(question) if one is not found]
        assert read(told)[0].startswith("That was quick!")


# ---- what a mention without words asks -------------------------------------------------------------------------------


@lasting_bot
async def test_a_mention_that_replies_to_a_message_which_cannot_be_read_says_so(scene: Scene) -> None:
    asked = await scene.server.post(scene.keeper, scene.general, QUESTION)
    assert read(await answer(scene, "", reply_to=asked))[0].startswith("I can't read that message, ")


@lasting_bot
async def test_a_mention_without_words_in_somebodys_thread_asks_what_the_thread_is_called(scene: Scene) -> None:
    thread = scene.server.add_thread(scene.general, QUESTION)
    assert CHIEF in read(await answer(scene, "", thread))[0]


@lasting_bot
async def test_a_mention_without_words_elsewhere_is_told_how_to_ask(scene: Scene) -> None:
    assert read(await answer(scene, ""))[0].startswith("Mention me and write your question ")
    found = await answer(scene, QUESTION)
    assert read(await answer(scene, "", reply_to=found))[0].startswith("Mention me and write your question ")


# ---- threads ---------------------------------------------------------------------------------------------------------


@lasting_bot
async def test_ask_opens_a_thread_and_the_article_is_looked_in_first_there(scene: Scene) -> None:
    made = await used(scene, scene.alice, "ask", question=OTHER, thread=True)
    thread = await scene.server.until(
        lambda: next((one for one in scene.server.channels.values() if one.parent is scene.general), None)
    )
    assert thread.name == OTHER
    assert thread.id == made.messages[0].id
    await scene.server.settle()
    followed = await answer(scene, "Who warned of theft?", thread)
    assert ABOUT_DEEPSEEK in "\n".join(read(followed))
    assert CHIEF in read(await answer(scene, QUESTION, thread))[0]


@lasting_bot
async def test_where_no_thread_can_be_opened_the_asker_is_told_and_answered_all_the_same(scene: Scene) -> None:
    thread = scene.server.add_thread(scene.general, "Talk")
    for where, options in ((thread, {}), (scene.general, {"private": True})):
        made = await used(scene, scene.alice, "ask", where, question=QUESTION, thread=True, **options)
        await scene.server.until(partial(has_two_messages, made), what="the asker to be told")
        assert CHIEF in "".join(read(made.messages[0]))
        assert read(made.messages[1]) == [
            "I couldn't open a thread. That only works for a public answer in a text channel of a server."
        ]
    assert [one for one in scene.server.channels.values() if one.parent is scene.general] == [thread]


@lasting_bot
async def test_in_a_thread_of_its_own_commands_look_in_its_article_first_too(scene: Scene) -> None:
    both = "Who accused DeepSeek?"
    assert ABOUT_DEEPSEEK not in read((await used(scene, scene.alice, "ask", question=both)).messages[0])[1]
    made = await used(scene, scene.alice, "ask", question=OTHER, thread=True)
    thread = await scene.server.until(lambda: scene.server.channels.get(made.messages[0].id))
    await scene.server.settle()
    assert ABOUT_DEEPSEEK in "\n".join(read(await answer(scene, both, thread)))
    assert ABOUT_DEEPSEEK in "\n".join(read((await used(scene, scene.alice, "ask", thread, question=both)).messages[0]))


@lasting_bot
async def test_a_server_can_have_answers_to_mentions_in_threads(scene: Scene) -> None:
    owner = scene.guild.owner
    shown = await used(scene, owner, "channels set", threads=True)
    assert "**Answers to mentions**: in a new thread" in read(shown.messages[0])[1]
    question = await ask(scene, QUESTION)
    thread = await scene.server.until(lambda: scene.server.channels.get(question.id))
    await scene.server.until(lambda: answers_in(scene, thread))
    assert CHIEF in read(answers_in(scene, thread)[0])[0]
    assert not answers_in(scene, scene.general)[1:]


@lasting_bot
async def test_where_it_may_not_write_into_threads_none_is_opened_and_left_empty(scene: Scene) -> None:
    await used(scene, scene.guild.owner, "channels set", threads=True)
    scene.server.overwrite(scene.general, scene.server.bot, deny=Permission.SEND_MESSAGES_IN_THREADS)
    question = await ask(scene, QUESTION)
    assert CHIEF in read(await scene.server.reply_to(question))[0]
    assert question.id not in scene.server.channels


@lasting_bot
async def test_two_managers_at_once_do_not_undo_each_other(scene: Scene) -> None:
    owner, rooms = scene.guild.owner, [scene.server.add_channel(scene.guild, name) for name in ("one", "two", "three")]
    await asyncio.gather(*(used(scene, owner, "channels add", channel=room, kind="allowed") for room in rooms))
    shown = await used(scene, owner, "channels list")
    assert all(room.mention in "\n".join(read(shown.messages[0])) for room in rooms)


@lasting_bot
async def test_where_no_thread_can_be_opened_the_answer_is_a_reply(scene: Scene) -> None:
    await used(scene, scene.guild.owner, "channels set", threads=True)
    scene.server.overwrite(scene.general, scene.server.bot, deny=Permission.CREATE_PUBLIC_THREADS)
    assert CHIEF in read(await answer(scene, QUESTION))[0]
    made = await used(scene, scene.alice, "ask", question=QUESTION, thread=True)
    await scene.server.until(lambda: len(made.messages) == 2)
    assert read(made.messages[1]) == [
        "I can't do this here, because I don't have this permission: Create Public Threads."
    ]
    assert made.messages[1].ephemeral


# ---- where it answers ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
async def test_outside_the_channels_of_a_server_it_answers_in_private_only(scene: Scene) -> None:
    library = scene.server.add_channel(scene.guild, "library")
    owner = scene.guild.owner
    shown = await used(scene, owner, "channels add", channel=library, kind="allowed")
    assert read(shown.messages[0]) == [f"I added {library.mention}."]
    question = await ask(scene, QUESTION)
    told = await scene.server.until(lambda: answers_in(scene, scene.server.dm(scene.alice)))
    assert read(told[0])[0].startswith("I don't answer in this channel.")
    assert scene.server.replies(question) == []
    assert (await used(scene, scene.alice, "ask", question=QUESTION)).ephemeral
    assert not (await used(scene, scene.alice, "ask", library, question=QUESTION)).ephemeral
    for where in (scene.general, library):
        looked = [
            await used(scene, scene.alice, "search", where, terms="China"),
            await used(scene, scene.alice, "articles", where),
            await scene.server.slash(scene.alice, where, "article", name=DEEPSEEK),
        ]
        for made in looked:
            await made.answered()
            assert made.ephemeral == (where is scene.general)
    assert CHIEF in read(await answer(scene, QUESTION, library))[0]
    listed = await used(scene, owner, "channels list")
    assert library.mention in read(listed.messages[0])[0].split("\n")
    await used(scene, owner, "channels remove", channel=library)
    assert CHIEF in read(await answer(scene, QUESTION))[0]
    await scene.restart()
    assert CHIEF in read(await answer(scene, QUESTION))[0]


@lasting_bot
async def test_channels_are_for_those_who_manage_the_server(scene: Scene) -> None:
    made = await scene.server.slash(scene.alice, scene.general, "channels list", force=True)
    await made.answered()
    assert made.ephemeral
    assert read(made.messages[0]) == ["You need the “Manage Server” permission to use this command."]


@lasting_bot
async def test_without_the_intent_an_unasked_channel_says_what_is_missing_and_mentions_go_on(scene: Scene) -> None:
    shown = await used(scene, scene.guild.owner, "channels add", channel=scene.general, kind="unasked")
    assert read(shown.messages[0])[1].startswith("Discord doesn't show me messages without a mention yet. ")
    question = await scene.server.post(scene.alice, scene.general, QUESTION)
    await scene.server.settle()
    assert scene.server.replies(question) == []
    assert CHIEF in read(await answer(scene, QUESTION))[0]


async def test_with_the_intent_it_answers_unasked_where_a_server_wants_it(open_scene: Scene) -> None:
    scene = open_scene
    questions = scene.server.add_channel(scene.guild, "questions")
    shown = await used(scene, scene.guild.owner, "channels add", channel=questions, kind="unasked")
    assert read(shown.messages[0]) == [f"I added {questions.mention}."]
    question = await scene.server.post(scene.alice, questions, QUESTION)
    assert CHIEF in read(await scene.server.reply_to(question))[0]
    unknown = await scene.server.post(scene.alice, questions, "What is the capital of France?")
    unsure = await scene.server.post(scene.alice, questions, UNSURE)
    elsewhere = await scene.server.post(scene.alice, scene.general, QUESTION)
    chat = await scene.server.post(scene.alice, questions, "Good morning, I had a very fine breakfast")
    said_to_another = await scene.server.post(scene.alice, questions, f"{scene.keeper.mention} {QUESTION}")
    replied = await scene.server.post(scene.keeper, questions, QUESTION, reply_to=chat)
    thread = scene.server.add_thread(questions, "Breakfast")
    in_thread = await scene.server.post(scene.alice, thread, QUESTION)
    wordless = await scene.server.post(scene.alice, questions, f"<:smile:1> {questions.mention}")
    await scene.server.settle()
    for message in (unknown, unsure, elsewhere, chat, said_to_another, replied, in_thread, wordless):
        assert scene.server.replies(message) == []


async def test_a_server_can_have_what_may_answer_shown_where_no_mention_is_needed(open_scene: Scene) -> None:
    scene = open_scene
    await used(scene, scene.guild.owner, "channels add", channel=scene.general, kind="unasked")
    shown = await used(scene, scene.guild.owner, "channels set", unsure=True)
    assert "also when I'm not sure" in "".join(read(shown.messages[0]))
    unsure = await scene.server.post(scene.alice, scene.general, UNSURE)
    assert read(await scene.server.reply_to(unsure))[0] == "This may answer it:"
    unknown = await scene.server.post(scene.alice, scene.general, "What is the capital of France?")
    await scene.server.settle()
    assert scene.server.replies(unknown) == []


async def test_with_the_intent_a_thread_of_its_own_goes_on_without_mentions(open_scene: Scene) -> None:
    scene = open_scene
    await used(scene, scene.guild.owner, "channels set", threads=True)
    question = await ask(scene, QUESTION)
    thread = await scene.server.until(lambda: scene.server.channels.get(question.id))
    await scene.server.until(lambda: answers_in(scene, thread))
    await scene.server.settle()
    further = await scene.server.post(scene.alice, thread, OTHER)
    assert "Huawei" in "\n".join(read(await scene.server.reply_to(further)))
    unsure = await scene.server.post(scene.alice, thread, UNSURE)
    assert read(await scene.server.reply_to(unsure))[0] == "This may answer it:"
    unknown = await scene.server.post(scene.alice, thread, "What is the capital of France?")
    assert read(await scene.server.reply_to(unknown)) == [Message.NOT_FOUND]
    chat = await scene.server.post(scene.alice, thread, "Good morning, I had a very fine breakfast")
    await scene.server.settle()
    assert scene.server.replies(chat) == []


async def test_with_the_intent_a_mention_takes_what_it_replies_to_as_the_question(open_scene: Scene) -> None:
    scene = open_scene
    asked = await scene.server.post(scene.keeper, scene.general, QUESTION)
    assert CHIEF in read(await answer(scene, "", reply_to=asked))[0]
    thread = scene.server.add_thread(scene.general, "Who?", start=asked)
    assert CHIEF in read(await answer(scene, "", thread))[0]


# ---- permissions -----------------------------------------------------------------------------------------------------


@lasting_bot
async def test_where_it_may_not_write_the_answer_comes_directly_and_names_the_permission(scene: Scene) -> None:
    scene.server.overwrite(scene.general, scene.server.bot, deny=Permission.SEND_MESSAGES)
    await ask(scene, QUESTION)
    direct = scene.server.dm(scene.alice)
    await scene.server.until(lambda: len(answers_in(scene, direct)) == 2)
    told = answers_in(scene, direct)
    assert "Send Messages" in read(told[0])[0]
    assert scene.general.mention in read(told[0])[0]
    assert CHIEF in "".join(read(told[1]))
    assert (await used(scene, scene.alice, "ask", question=QUESTION)).ephemeral


# ---- how often -------------------------------------------------------------------------------------------------------


async def test_who_asks_too_fast_is_told_once_when_to_ask_again(scene: Scene) -> None:
    async with scene.running(VERBATIM_USER_SECONDS="30"):
        for _ in range(3):
            assert CHIEF in read(await answer(scene, QUESTION))[0]
        [told] = read(await answer(scene, QUESTION))
        assert told.startswith("That was quick! Please ask again <t:")
        assert told.endswith(":R>.")
        again = await ask(scene, QUESTION)
        await scene.server.settle()
        assert scene.server.replies(again) == []
        made = await used(scene, scene.alice, "ask", question=QUESTION)
        assert made.ephemeral
        assert read(made.messages[0])[0].startswith("That was quick!")
        other = await scene.server.post(scene.keeper, scene.general, f"{scene.server.mention} {QUESTION}")
        assert CHIEF in read(await scene.server.reply_to(other))[0]
        await used(scene, scene.guild.owner, "channels set", user_seconds=0)
        assert CHIEF in read(await answer(scene, QUESTION))[0]


# ---- elsewhere -------------------------------------------------------------------------------------------------------


@lasting_bot
async def test_a_message_is_looked_up_in_the_articles_by_its_menu(scene: Scene) -> None:
    message = await scene.server.post(scene.keeper, scene.general, QUESTION)
    made = await scene.server.menu(scene.alice, message, "Find in articles")
    await made.answered()
    assert made.ephemeral
    assert CHIEF in read(made.messages[0])[0]
    claim = await scene.server.post(scene.keeper, scene.general, "I like the bread of France with chips")
    made = await scene.server.menu(scene.alice, claim, "Find in articles")
    await made.answered()
    assert made.ephemeral
    assert read(made.messages[0])


@lasting_bot
async def test_privacy_says_what_is_kept(scene: Scene) -> None:
    made = await used(scene, scene.alice, "privacy")
    assert made.ephemeral
    assert read(made.messages[0])[0].startswith("For each question I store, for up to 30 days")


@pytest.mark.usefixtures("bot")
async def test_the_commands_serve_users_who_have_installed_them_everywhere(scene: Scene) -> None:
    everywhere = {command["name"]: command for command in scene.server.commands[None]}
    for name in ("ask", "search", "articles", "article", "help", "privacy", "Find in articles"):
        assert everywhere[name]["integration_types"] == [0, 1]
        assert everywhere[name]["contexts"] == [0, 1, 2]
    assert everywhere["channels"]["integration_types"] == [0]
    assert everywhere["channels"]["contexts"] == [0]


@pytest.mark.usefixtures("bot")
async def test_a_german_member_reads_german_around_quotations_that_stay_as_they_are(scene: Scene) -> None:
    berta = scene.server.add_user("berta", locale="de")
    scene.server.join(scene.guild, berta)
    made = await used(scene, berta, "ask", question=QUESTION, private=True)
    asked, quoted = read(made.messages[0])
    assert asked.startswith("Du hast gefragt: ")
    assert quoted.startswith("> “The US has evidence that foreign entities")
    made = await used(scene, berta, "ask", question="What is the capital of France?")
    assert read(made.messages[0])[1] == "Dazu habe ich in den Artikeln nichts gefunden."
    pressed = await scene.server.click(berta, made.messages[0], "Ähnlichste Stellen")
    await pressed.answered()
    assert read(pressed.messages[0])[0].startswith("Diese Stellen kommen der Frage am nächsten.")
    everywhere = {command["name"]: command for command in scene.server.commands[None]}
    assert everywhere["ask"]["name_localizations"] == {"de": "frage"}
