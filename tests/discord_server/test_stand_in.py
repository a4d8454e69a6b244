"""The stand-in, tried with the real discord.py: what people do reaches the bot, and what it answers reaches them."""

import asyncio
import io
import sys

import discord
import pytest

from . import Channel, Choice, DiscordServer, Guild, Impossible, Permission, User, buttons, texts
from .conftest import running, send_to
from .tiny import Tiny


async def test_a_bot_in_its_own_process_answers_a_mention(server: DiscordServer, general: Channel, alice: User) -> None:
    environment = server.environment(DISCORD_TOKEN=server.token)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.discord_server.tiny", env=environment)
    try:
        await server.ready()
        question = await server.post(alice, general, f"{server.mention} who is there?")
        answer = await server.reply_to(question)
    finally:
        process.terminate()
        await process.wait()
    assert texts(answer) == ["You said: @Verbatim who is there?"]
    assert buttons(answer) == [("Source", "https://example.org/a")]
    assert server.typing == [general]
    assert server.violations == []


@pytest.mark.usefixtures("discord_py")
async def test_a_wrong_token_is_refused() -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")


@pytest.mark.usefixtures("discord_py")
async def test_a_wrong_token_on_the_gateway_closes_it_with_4004(server: DiscordServer) -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(server.token)
        client.http.token = "wrong"
        with pytest.raises(discord.ConnectionClosed) as refused:
            await client.connect()
    assert refused.value.code == 4004


@pytest.mark.usefixtures("discord_py")
async def test_an_intent_that_is_not_switched_on_is_refused(server: DiscordServer) -> None:
    async with Tiny(message_content=True) as bot:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start(server.token)


@pytest.mark.usefixtures("tiny")
async def test_content_comes_only_where_the_bot_is_meant(
    server: DiscordServer, tiny: Tiny, general: Channel, alice: User
) -> None:
    first = await server.post(alice, general, "not for you")
    question = await server.post(alice, general, f"{server.mention} hello")
    answer = await server.reply_to(question)
    await server.post(alice, general, "why?", reply_to=answer)
    await server.post(alice, general, "silent", reply_to=answer, ping=False)
    await server.post(alice, server.dm(alice), "in private")
    used = await server.slash(alice, general, "now")
    await used.answered()
    await server.post(alice, general, "to a slash answer", reply_to=used.messages[0])
    await server.until(lambda: len(tiny.seen) == 6, what="every message to arrive")
    assert tiny.seen == ["", f"{server.mention} hello", "why?", "", "in private", ""]
    assert (await tiny.get_partial_messageable(int(general.id)).fetch_message(int(first.id))).content == ""


async def test_with_the_content_intent_every_message_is_read() -> None:
    async with DiscordServer(message_content=True) as server:
        guild = server.add_guild("Readers")
        general = server.add_channel(guild, "general")
        with pytest.MonkeyPatch.context() as patched:
            send_to(server, patched)
            async with running(server, Tiny(message_content=True)) as bot:
                await server.post(server.owner, general, "for all")
                await server.until(lambda: bot.seen == ["for all"], what="the message to arrive")


@pytest.mark.usefixtures("tiny")
async def test_a_deferred_command_is_answered_by_its_first_follow_up(
    server: DiscordServer, general: Channel, alice: User
) -> None:
    used = await server.slash(alice, general, "echo", text="again")
    await used.answered()
    await server.until(lambda: used.followups, what="the second follow-up")
    assert used.deferred
    assert used.ephemeral
    assert [texts(message) for message in used.messages] == [["again"], ["And that was it."]]
    assert all(message.ephemeral for message in used.messages)
    assert server.violations == []


@pytest.mark.usefixtures("tiny")
async def test_a_command_answers_at_once_and_edits_itself(server: DiscordServer, general: Channel, alice: User) -> None:
    used = await server.slash(alice, general, "now", channel=general)
    await server.until(lambda: used.messages and used.messages[0].edited_at, what="the edit")
    assert texts(used.messages[0]) == ["alice in general!"]
    assert not used.deferred
    assert not used.ephemeral


@pytest.mark.usefixtures("tiny")
async def test_a_command_works_in_direct_messages(server: DiscordServer, alice: User) -> None:
    used = await server.slash(alice, server.dm(alice), "choose", item="apple")
    await used.answered()
    assert texts(used.messages[0]) == ["1 apple"]


@pytest.mark.usefixtures("tiny")
async def test_an_option_offers_choices_while_it_is_typed(server: DiscordServer, general: Channel, alice: User) -> None:
    choices = await server.autocomplete(alice, general, "choose", "item", "ap")
    assert choices == [Choice("Apple", "apple"), Choice("Apricot", "apricot")]


@pytest.mark.usefixtures("tiny")
async def test_a_hidden_command_is_impossible_unless_forced(
    server: DiscordServer, guild: Guild, general: Channel, alice: User
) -> None:
    with pytest.raises(Impossible, match="hidden"):
        await server.slash(alice, general, "secret")
    forced = await server.slash(alice, general, "secret", force=True)
    await forced.answered()
    assert texts(forced.messages[0]) == ["no"]
    server.join(guild, alice, roles=[server.add_role(guild, "admins", Permission.ADMINISTRATOR)])
    used = await server.slash(alice, general, "secret")
    await used.answered()
    assert texts(used.messages[0]) == ["yes"]


@pytest.mark.usefixtures("tiny")
async def test_the_client_refuses_options_that_do_not_fit(server: DiscordServer, general: Channel, alice: User) -> None:
    with pytest.raises(Impossible, match="missing"):
        await server.slash(alice, general, "choose")
    with pytest.raises(Impossible, match="does not fit"):
        await server.slash(alice, general, "choose", item="apple", number="two")
    with pytest.raises(Impossible, match="no option"):
        await server.slash(alice, general, "choose", item="apple", colour="red")
    with pytest.raises(Impossible, match="not registered"):
        await server.slash(alice, general, "choice", item="apple")


@pytest.mark.usefixtures("tiny")
async def test_a_message_menu_gets_the_message_whole(server: DiscordServer, general: Channel, alice: User) -> None:
    message = await server.post(alice, general, "not for the bot")
    used = await server.menu(alice, message, "Quote it")
    await used.answered()
    assert texts(used.messages[0]) == ["not for the bot"]


@pytest.mark.usefixtures("tiny")
async def test_buttons_change_their_message_and_open_forms(
    server: DiscordServer, guild: Guild, general: Channel, alice: User
) -> None:
    used = await server.slash(alice, general, "press")
    await used.answered()
    shown = used.messages[0]
    assert buttons(shown) == [("Change", "change"), ("Form", "form")]
    await (await server.click(alice, shown, "Change")).answered()
    assert texts(shown) == ["changed"]
    opened = await server.click(alice, shown, "form")
    await opened.answered()
    submitted = await server.submit(alice, opened, {"Name": "Alice"})
    await submitted.answered()
    assert texts(submitted.messages[0]) == ["Hello Alice"]
    with pytest.raises(Impossible, match="not there"):
        await server.click(alice, shown, "Other")
    bob = server.add_user("bob")
    server.join(guild, bob)
    with pytest.raises(Impossible, match="only one other person"):
        await server.click(bob, shown, "Change")
    assert server.violations == []


async def test_a_dropped_connection_is_resumed_and_nothing_is_lost(
    server: DiscordServer, tiny: Tiny, general: Channel, alice: User
) -> None:
    server.drop(4000)
    question = await server.post(alice, general, f"{server.mention} still there?")
    await server.ready()
    await server.reply_to(question)
    assert tiny.resumed == 1
    assert len(server.gateway.sessions) == 1


@pytest.mark.usefixtures("tiny")
async def test_a_rate_limit_and_a_failure_are_tried_again(server: DiscordServer, general: Channel, alice: User) -> None:
    server.fail("POST", "/channels/*/messages", 429, retry_after=0.1)
    server.fail("POST", "/channels/*/messages", 502)
    question = await server.post(alice, general, f"{server.mention} hello")
    await server.reply_to(question)
    posts = [call.status for call in server.requests if call.path.endswith("/messages")]
    assert posts == [429, 502, 200]
    assert server.violations == []


async def test_a_file_that_a_person_posts_can_be_downloaded(
    server: DiscordServer, tiny: Tiny, general: Channel, alice: User
) -> None:
    message = await server.post(alice, general, server.mention, files=[server.attach("a.txt", b"text", "text/plain")])
    await server.reply_to(message)
    fetched = await tiny.get_partial_messageable(int(general.id)).fetch_message(int(message.id))
    assert await fetched.attachments[0].read() == b"text"


async def test_a_file_that_the_bot_sends_arrives(server: DiscordServer, tiny: Tiny, alice: User) -> None:
    private = await tiny.fetch_user(int(alice.id))
    sent = await private.send("here", file=discord.File(io.BytesIO(b"text"), "a.txt"))
    assert [(file.name, file.data) for file in server.messages[str(sent.id)].attachments] == [("a.txt", b"text")]
    assert server.messages[str(sent.id)].channel is server.dm(alice)
    assert server.violations == []


async def test_a_thread_is_a_place_to_ask_in(server: DiscordServer, tiny: Tiny, general: Channel, alice: User) -> None:
    start = await server.post(alice, general, "a question")
    thread = server.add_thread(general, "about it", start)
    question = await server.post(alice, thread, f"{server.mention} well?")
    answer = await server.reply_to(question)
    assert answer.channel is thread
    assert isinstance(tiny.get_channel(int(thread.id)), discord.Thread)


@pytest.mark.usefixtures("discord_py")
async def test_the_application_has_an_owner_and_perhaps_a_team(server: DiscordServer) -> None:
    client = discord.Client(intents=discord.Intents.none())
    await client.login(server.token)
    information = await client.application_info()
    assert str(information.owner.id) == server.owner.id
    server.team.append(server.add_user("colleague"))
    information = await client.application_info()
    assert information.team is not None
    assert [str(member.id) for member in information.team.members] == [server.team[0].id]
    await client.close()
