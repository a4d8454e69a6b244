"""Places of every kind: forums, threads, servers without the bot, talks without it; and places that change or go."""

from __future__ import annotations

from functools import partial

import pytest

from tests.bot.conftest import lasting_bot
from tests.bot.reading import read
from tests.bot.scene import LONG_QUESTION, Scene, write_long_article
from tests.discord_server import Channel, Permission, ServerMessage, User
from tests.discord_server.models import FORUM

from .test_following import CHIEF, QUESTION, answers_in, has_two_messages, used

UNANSWERED = "What is the capital of France?"
NOT_SAID = "Dazu habe ich in den Artikeln nichts gefunden."


async def ask(
    scene: Scene, text: str = QUESTION, where: Channel | None = None, by: User | None = None
) -> ServerMessage:
    return await scene.server.post(by or scene.alice, where or scene.general, f"{scene.server.mention} {text}")


# ---- channels that a server has chosen -------------------------------------------------------------------------------


async def test_in_a_forum_it_answers_what_a_post_begins_with(open_scene: Scene) -> None:
    scene = open_scene
    forum = scene.server.add_channel(scene.guild, "help", FORUM)
    await used(scene, scene.guild.owner, "channels add", channel=forum, kind="unasked")
    post = await scene.server.begin_post(scene.alice, forum, "A question", QUESTION)
    assert CHIEF in read(await scene.server.reply_to(post))[0]
    further = await scene.server.post(scene.keeper, post.channel, QUESTION)
    await scene.server.settle()
    assert scene.server.replies(further) == []


async def test_a_channel_that_is_deleted_leaves_the_lists(open_scene: Scene) -> None:
    scene = open_scene
    one, other = (scene.server.add_channel(scene.guild, name) for name in ("one", "other"))
    for channel in (one, other):
        for kind in ("unasked", "allowed"):
            await used(scene, scene.guild.owner, "channels add", channel=channel, kind=kind)
    scene.server.remove_channel(one)
    await scene.server.settle()
    listed = "\n".join(read((await used(scene, scene.guild.owner, "channels list")).messages[0]))
    assert one.mention not in listed
    assert other.mention in listed


@lasting_bot
async def test_where_every_chosen_channel_is_gone_it_answers_nowhere_says_so_and_can_be_set_back(scene: Scene) -> None:
    owner, library = scene.guild.owner, scene.server.add_channel(scene.guild, "library")
    await used(scene, owner, "channels add", channel=library, kind="allowed")
    await used(scene, owner, "channels set", threads=True, user_seconds=7)
    assert "All of these channels" not in "\n".join(read((await used(scene, owner, "channels list")).messages[0]))
    scene.server.remove_channel(library)
    question = await ask(scene)
    await scene.server.until(lambda: answers_in(scene, scene.server.dm(scene.alice)))
    assert scene.server.replies(question) == []
    assert "All of these channels" in "\n".join(read((await used(scene, owner, "channels list")).messages[0]))
    shown = read((await used(scene, owner, "channels reset")).messages[0])
    assert "**Channels where I answer in public**: all" in shown[1]
    assert "**Answers to mentions**: as replies" in shown[1]
    assert "**Seconds between questions from one member**: 0\n" in shown[1]
    assert CHIEF in read(await scene.server.reply_to(await ask(scene)))[0]


async def test_who_must_wait_where_it_does_not_answer_is_told_directly(scene: Scene) -> None:
    async with scene.running(VERBATIM_USER_SECONDS="30"):
        library = scene.server.add_channel(scene.guild, "library")
        await used(scene, scene.guild.owner, "channels add", channel=library, kind="allowed")
        for _ in range(5):
            await ask(scene)
        await scene.server.until(lambda: len(answers_in(scene, scene.server.dm(scene.alice))) == 4)
        await scene.server.settle()
        told = sorted(read(one)[0][:14] for one in answers_in(scene, scene.server.dm(scene.alice)))
        assert told == ["I don't answer"] * 3 + ["That was quick"]
        assert {
            one.author for one in scene.server.messages.values() if one.channel is scene.general and not one.used
        } == {scene.alice}


@lasting_bot
async def test_a_server_can_have_answers_to_commands_private_unless_the_asker_says_otherwise(scene: Scene) -> None:
    await used(scene, scene.guild.owner, "channels set", private=True)
    assert (await used(scene, scene.alice, "ask", question=QUESTION)).ephemeral
    assert not (await used(scene, scene.alice, "ask", question=QUESTION, private=False)).ephemeral


async def test_many_questions_in_a_channel_make_all_wait(scene: Scene) -> None:
    async with scene.running(VERBATIM_CHANNEL_SECONDS="30"):
        for user in (scene.alice, scene.keeper, scene.alice):
            assert CHIEF in read(await scene.server.reply_to(await ask(scene, by=user)))[0]
        told = await scene.server.reply_to(await ask(scene, by=scene.keeper))
        assert read(told)[0].startswith("There are many questions in this channel right now. Please ask again <t:")
        elsewhere = scene.server.add_channel(scene.guild, "elsewhere")
        assert CHIEF in read(await scene.server.reply_to(await ask(scene, where=elsewhere)))[0]


# ---- threads ---------------------------------------------------------------------------------------------------------


@lasting_bot
async def test_who_wants_threads_where_it_cannot_open_any_is_told_which_permission_is_missing(scene: Scene) -> None:
    scene.server.overwrite(scene.general, scene.server.bot, deny=Permission.CREATE_PUBLIC_THREADS)
    shown = await used(scene, scene.guild.owner, "channels set", threads=True)
    assert "Create Public Threads" in read(shown.messages[0])[1]
    shown = await used(scene, scene.guild.owner, "channels set", private=False)
    assert "Create Public Threads" not in "".join(read(shown.messages[0]))


@pytest.mark.usefixtures("bot")
async def test_a_thread_that_is_refused_once_leaves_the_whole_answer_in_one_place(scene: Scene) -> None:
    await write_long_article(scene)
    await used(scene, scene.guild.owner, "channels set", threads=True)
    scene.server.fail("POST", "/channels/*/messages/*/threads", 403)
    question = await ask(scene, LONG_QUESTION)
    await scene.server.until(lambda: len(scene.server.replies(question)) == 3)
    assert question.id not in scene.server.channels


@lasting_bot
@pytest.mark.parametrize("status", [403, 404])
async def test_a_thread_that_discord_refuses_to_a_command_is_told(scene: Scene, status: int) -> None:
    scene.server.fail("POST", "/channels/*/messages/*/threads", status)
    made = await used(scene, scene.alice, "ask", question=QUESTION, thread=True)
    await scene.server.until(partial(has_two_messages, made))
    assert read(made.messages[1])[0].startswith("I couldn't open a thread")
    assert made.messages[1].ephemeral


@lasting_bot
async def test_a_thread_at_an_answer_that_had_to_be_private_is_told(scene: Scene) -> None:
    library = scene.server.add_channel(scene.guild, "library")
    await used(scene, scene.guild.owner, "channels add", channel=library, kind="allowed")
    made = await used(scene, scene.alice, "ask", question=QUESTION, thread=True)
    await scene.server.until(partial(has_two_messages, made))
    assert read(made.messages[1])[0].startswith("I couldn't open a thread")


# ---- without being a member ------------------------------------------------------------------------------------------


@lasting_bot
async def test_who_has_installed_it_for_themselves_uses_it_where_it_is_no_member(scene: Scene) -> None:
    scene.server.install(scene.alice)
    abroad = scene.server.add_guild("Abroad", bot=False)
    scene.server.join(abroad, scene.alice)
    square, group = scene.server.add_channel(abroad, "square"), scene.server.add_group()
    for where in (square, group):
        made = await used(scene, scene.alice, "ask", where, question=QUESTION)
        assert CHIEF in read(made.messages[0])[1]
        assert not made.ephemeral
        pressed = await scene.server.click(scene.alice, made.messages[0], "Context")
        await pressed.answered()
        assert CHIEF in "".join(read(pressed.messages[0]))
        threaded = await used(scene, scene.alice, "ask", where, question=QUESTION, thread=True)
        await scene.server.until(partial(has_two_messages, threaded))
        assert read(threaded.messages[1])[0].startswith("I couldn't open a thread")
        menu = await scene.server.menu(scene.alice, made.messages[0], "Delete answer")
        await menu.answered()
        assert read(menu.messages[0])[0].startswith("I can't delete messages here from the menu.")
        form = await scene.server.click(scene.alice, made.messages[0], "👎")
        await form.acknowledged()
        await scene.server.submit(scene.alice, form, {"Delete this answer": True})
        await scene.server.until(lambda made=made: not made.messages)  # type: ignore[misc]  # of this round


# ---- permissions and languages ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
async def test_where_it_cannot_reply_the_answer_says_who_asked_what(scene: Scene) -> None:
    scene.server.overwrite(scene.general, scene.server.bot, deny=Permission.READ_MESSAGE_HISTORY)
    await ask(scene)

    def answered() -> ServerMessage | None:
        found = (one for one in scene.server.messages.values() if one.author is scene.server.bot)
        return next(found, None)

    asked, quoted = read(await scene.server.until(answered))
    assert asked == f"{scene.alice.mention} asked: \u2068{QUESTION}\u2069"
    assert CHIEF in quoted
    assert not [call for call in scene.server.requests if call.status == 403]


@lasting_bot
async def test_a_german_server_is_answered_in_german_and_who_speaks_english_in_english(scene: Scene) -> None:
    guild = scene.server.add_guild("Leser", locale="de")
    berta = scene.server.add_user("berta", locale="de")
    for user in (scene.alice, berta):
        scene.server.join(guild, user)
    place = scene.server.add_channel(guild, "allgemein")
    assert read(await scene.server.reply_to(await ask(scene, UNANSWERED, place))) == [
        "Dazu habe ich in den Artikeln nichts gefunden."
    ]
    await used(scene, scene.alice, "help", place)
    assert read(await scene.server.reply_to(await ask(scene, UNANSWERED, place))) == [
        "I found nothing about this in the articles."
    ]
    await used(scene, berta, "help", place)
    private = scene.server.dm(berta)
    asked = await scene.server.post(berta, private, UNANSWERED)
    assert read(await scene.server.reply_to(asked)) == [NOT_SAID]


@pytest.mark.usefixtures("bot")
async def test_names_of_subcommands_and_options_are_localised(scene: Scene) -> None:
    everywhere = {command["name"]: command for command in scene.server.commands[None]}
    parts = {part["name"]: part for part in everywhere["channels"]["options"]}
    assert {name: part["name_localizations"] for name, part in parts.items()} == {
        "add": {"de": "hinzufügen"},
        "remove": {"de": "entfernen"},
        "list": {"de": "zeigen"},
        "set": {"de": "ändern"},
        "reset": {"de": "zurücksetzen"},
    }
    assert parts["add"]["options"][0]["name_localizations"] == {"de": "kanal"}
    [admin] = scene.server.commands[scene.guild.id]
    names = {part["name"]: part.get("name_localizations") for part in admin["options"]}
    assert names["reindex"] == {"de": "neuindizieren"}


# ---- several connections ---------------------------------------------------------------------------------------------


async def test_with_two_connections_each_server_is_answered(scene: Scene) -> None:
    scene.server.shards = 2
    other = scene.guild
    while (int(other.id) >> 22) % 2 == (int(scene.guild.id) >> 22) % 2:
        other = scene.server.add_guild("Other readers")
    scene.server.join(other, scene.alice)
    elsewhere = scene.server.add_channel(other, "elsewhere")
    async with scene.running():
        for where in (scene.general, elsewhere):
            assert CHIEF in read(await scene.server.reply_to(await ask(scene, where=where)))[0]
        shown = await used(scene, scene.guild.owner, "admin status")
        assert "2 of 2 shards connected" in "".join(read(shown.messages[0]))
