"""The stand-in refuses what Discord refuses, with Discord's numbers, and notes it as a violation."""

import asyncio
from collections.abc import Sequence
from itertools import count
from typing import Any

import aiohttp
import discord
import pytest

from . import Channel, DiscordServer, Guild, Impossible, Interaction, Permission, User
from .conftest import Request
from .models import COMPONENTS_V2, FORUM, Json

SILENT: Json = {"parse": []}
ASK: Json = {"name": "ask", "description": "Ask", "options": []}
names = count()


def text(content: str) -> Json:
    return {"type": 10, "content": content}


def button(**different: Any) -> Json:  # noqa: ANN401  # any JSON
    return {"type": 2, "style": 1, "label": "Go", "custom_id": f"go:{next(names)}", **different}


def link(url: str) -> Json:
    return {"type": 2, "style": 5, "label": "Source", "url": url}


def row(*children: Json) -> Json:
    return {"type": 1, "components": list(children)}


def section(texts: Sequence[Json], accessory: Json | None) -> Json:
    return {"type": 9, "components": list(texts), **({"accessory": accessory} if accessory else {})}


def v2(*components: Json, **others: Any) -> Json:  # noqa: ANN401  # any JSON
    return {"components": list(components), "flags": COMPONENTS_V2, "allowed_mentions": SILENT, **others}


async def refused(request: Request, method: str, path: str, body: Any = None) -> int:  # noqa: ANN401  # any JSON
    """The code with which a request is refused."""
    with pytest.raises(discord.HTTPException) as error:
        await request(method, path, body)
    return error.value.code


async def asked(server: DiscordServer, request: Request, user: User, channel: Channel) -> Interaction:
    """A use of a command that nobody has answered yet."""
    await request("PUT", f"/applications/{server.bot.id}/commands", [ASK])
    return await server.slash(user, channel, "ask")


def callback(used: Interaction) -> str:
    return f"/interactions/{used.id}/{used.token}/callback"


GOOD = [
    {"content": "a" * 2_000, "allowed_mentions": SILENT},
    v2(text("a" * 4_000)),
    v2(*[text("a")] * 40),
    v2({"type": 17, "components": [section([text("a")] * 3, link("https://example.org/" + "a" * 492))]}),
    v2(row(*[button(label="a" * 80, custom_id=f"{n}" * 100) for n in range(5)])),
]
BAD = {
    "content of more than 2,000 characters": {"content": "a" * 2_001},
    "content beside Components V2": v2(text("a"), content="a"),
    "embeds beside Components V2": v2(text("a"), embeds=[{"title": "a"}]),
    "more than 40 components, nested ones too": v2({"type": 17, "components": [text("a")] * 40}),
    "more than 4,000 characters over all texts": v2(text("a" * 4_000), text("a")),
    "an empty text": v2(text(" ")),
    "a text without the flag": {"components": [text("a")]},
    "a link of more than 512 characters": v2(row(link("https://example.org/" + "a" * 493))),
    "a link of another scheme": v2(row(link("ftp://example.org"))),
    "a link that also has a custom_id": v2(row(link("https://example.org") | {"custom_id": "a"})),
    "a button without label": v2(row(button(label=None))),
    "a label of more than 80 characters": v2(row(button(label="a" * 81))),
    "a custom_id of more than 100 characters": v2(row(button(custom_id="a" * 101))),
    "the same custom_id twice": v2(row(button(custom_id="a"), button(custom_id="a"))),
    "six buttons in a row": v2(row(*[button() for _ in range(6)])),
    "a component of no known type": v2({"type": 99}),
    "a button outside a row": v2(button()),
    "a button in a container": v2({"type": 17, "components": [button()]}),
    "a select beside a button": v2(row(button(), {"type": 5, "custom_id": "a"})),
    "an empty row": v2(row()),
    "a section of four texts": v2(section([text("a")] * 4, button())),
    "a section without text": v2(section([], button())),
    "a section without accessory": v2(section([text("a")], None)),
    "a container inside a container": v2({"type": 17, "components": [{"type": 17, "components": [text("a")]}]}),
}


def labelled(component: Json) -> Json:
    return {"type": 18, "label": "Why?", "component": component}


def radios(count: int, **different: Any) -> Json:  # noqa: ANN401  # any JSON
    options = [{"label": f"{number}" * 100, "value": f"{number}" * 100} for number in range(count)]
    return labelled({"type": 21, "custom_id": "why", "options": options, **different})


def upload(**different: object) -> Json:
    return labelled({"type": 19, "custom_id": "files", **different})


GOOD_FORMS = [
    radios(2),
    radios(10, required=False),
    labelled({"type": 23, "custom_id": "delete", "default": True}),
]
BAD_FORMS = {
    "a radio group of one option": radios(1),
    "a radio group of eleven options": radios(11),
    "an option of a radio group without a label": radios(2, options=[{"label": "", "value": "a"}] * 2),
    "a radio group without a label": {"type": 21, "custom_id": "why", "options": [{"label": "a", "value": "a"}] * 2},
    "a label without a component": {"type": 18, "label": "Why?"},
    "a button in a label": labelled(button()),
    "a file upload without a label": {"type": 19, "custom_id": "files"},
    "a file upload of eleven files": upload(max_values=11),
    "a file upload of at most no file": upload(max_values=0),
    "a file upload of fewer files at most than at least": upload(min_values=3, max_values=2),
    "a required file upload of no file": upload(min_values=0),
}


async def form(server: DiscordServer, request: Request, where: tuple[User, Channel], *components: Json) -> Interaction:
    """Answer a command with a form."""
    used = await asked(server, request, *where)
    data = {"title": "Why?", "custom_id": "form", "components": list(components)}
    await request("POST", callback(used), {"type": 9, "data": data})
    return used


@pytest.mark.parametrize("component", GOOD_FORMS)
async def test_a_form_at_its_limits_is_taken(
    server: DiscordServer, request_as_bot: Request, alice: User, general: Channel, component: Json
) -> None:
    used = await form(server, request_as_bot, (alice, general), component)
    inside = component["component"]
    entered = await server.submit(alice, used, {"Why?": inside["options"][1]["value"] if "options" in inside else True})
    [row] = entered.payload["data"]["components"]
    assert (row["type"], row["component"]["custom_id"]) == (18, inside["custom_id"])
    assert row["component"]["value"] == (True if inside["type"] == 23 else "1" * 100)


async def test_files_of_a_form_are_as_many_as_it_takes_and_are_resolved(
    server: DiscordServer, request_as_bot: Request, alice: User, general: Channel
) -> None:
    files = [server.attach(f"{number}.txt", b"A dam.") for number in range(10)]
    for field, least, most in (
        (upload(), 1, 1),
        (upload(max_values=10), 1, 10),
        (upload(min_values=0, required=False), 0, 1),
    ):
        used = await form(server, request_as_bot, (alice, general), field)
        for few in {-1, least - 1, most + 1} & {0, 2}:
            with pytest.raises(Impossible):
                await server.submit(alice, used, {"Why?": files[:few]})
        data = (await server.submit(alice, used, {"Why?": files[:most]})).payload["data"]
        assert data["components"][0]["component"]["values"] == [file.id for file in files[:most]]
        assert [held["filename"] for held in data["resolved"]["attachments"].values()] == [
            file.name for file in files[:most]
        ]


@pytest.mark.parametrize("component", BAD_FORMS.values(), ids=BAD_FORMS.keys())
async def test_a_bad_form_of_questions_is_refused(
    server: DiscordServer, request_as_bot: Request, alice: User, general: Channel, component: Json
) -> None:
    with pytest.raises(discord.HTTPException) as error:
        await form(server, request_as_bot, (alice, general), component)
    assert error.value.code == 50035


async def test_one_option_of_a_radio_group_is_chosen_if_it_must_be(
    server: DiscordServer, request_as_bot: Request, alice: User, general: Channel
) -> None:
    must = await form(server, request_as_bot, (alice, general), radios(2))
    for values in ({}, {"Why?": "another"}):
        with pytest.raises(Impossible):
            await server.submit(alice, must, values)
    may = await form(server, request_as_bot, (alice, general), radios(2, required=False))
    entered = await server.submit(alice, may, {})
    assert entered.payload["data"]["components"][0]["component"]["value"] is None


@pytest.mark.parametrize("body", GOOD)
async def test_a_message_at_its_limits_is_taken(
    server: DiscordServer, request_as_bot: Request, general: Channel, body: Json
) -> None:
    await request_as_bot("POST", f"/channels/{general.id}/messages", body)
    assert server.violations == []


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_a_bad_form_is_refused(
    server: DiscordServer, request_as_bot: Request, general: Channel, body: Json
) -> None:
    assert await refused(request_as_bot, "POST", f"/channels/{general.id}/messages", body) == 50035
    assert [violation.code for violation in server.violations] == [50035]
    assert server.messages == {}


async def test_an_empty_message_is_refused(request_as_bot: Request, general: Channel) -> None:
    assert await refused(request_as_bot, "POST", f"/channels/{general.id}/messages", {"content": ""}) == 50006


async def test_an_edit_keeps_to_the_limits_of_components_v2(
    server: DiscordServer, request_as_bot: Request, general: Channel
) -> None:
    made = await request_as_bot("POST", f"/channels/{general.id}/messages", v2(text("a")))
    path = f"/channels/{general.id}/messages/{made['id']}"
    assert await refused(request_as_bot, "PATCH", path, {"content": "a"}) == 50035
    await request_as_bot("PATCH", path, {"components": [text("b")]})
    assert (await request_as_bot("GET", path))["components"][0]["content"] == "b"
    await request_as_bot("DELETE", path)
    assert await refused(request_as_bot, "GET", path) == 10008
    assert len(server.violations) == 1


async def test_bytes_over_the_budget_are_noted_and_over_the_cap_break_discord(
    server: DiscordServer, discord_py: None, general: Channel
) -> None:
    assert discord_py is None
    url, headers = f"{server.api}/channels/{general.id}/messages", {"Authorization": f"Bot {server.token}"}
    statuses = []
    async with aiohttp.ClientSession(headers=headers) as session:  # discord.py would try a 500 again for 25 s
        for size in (3_162, 3_163, 3_386, 3_387):
            async with session.post(url, json=v2(text("語" * size))) as response:
                statuses.append(response.status)
    assert statuses == [200, 200, 200, 500]
    assert ["budget" in violation.what for violation in server.violations] == [True, True, False]


@pytest.mark.parametrize("allowed", [None, {"parse": ["users"]}, {"parse": [], "replied_user": True}, {}])
async def test_a_message_that_may_ping_is_noted(
    server: DiscordServer, request_as_bot: Request, general: Channel, allowed: Json | None
) -> None:
    body = {"content": "a", **({} if allowed is None else {"allowed_mentions": allowed})}
    await request_as_bot("POST", f"/channels/{general.id}/messages", body)
    assert ["allowed_mentions" in violation.what for violation in server.violations] == [True]


async def test_only_allowed_mentions_ping(
    server: DiscordServer, request_as_bot: Request, general: Channel, alice: User
) -> None:
    for allowed, pinged in ({"parse": []}, []), ({"parse": ["users"]}, [alice]), (None, [alice]):
        body = v2(text(f"hello {alice.mention}"), allowed_mentions=allowed)
        made = await request_as_bot("POST", f"/channels/{general.id}/messages", body)
        assert server.messages[made["id"]].mentions == pinged


async def test_a_channel_that_is_closed_to_the_bot_refuses_it(
    server: DiscordServer, request_as_bot: Request, general: Channel
) -> None:
    path, body = f"/channels/{general.id}/messages", {"content": "a", "allowed_mentions": SILENT}
    server.overwrite(general, server.bot, deny=Permission.SEND_MESSAGES)
    assert await refused(request_as_bot, "POST", path, body) == 50013
    server.overwrite(general, server.bot, deny=Permission.VIEW_CHANNEL)
    assert await refused(request_as_bot, "POST", path, body) == 50001
    assert [violation.code for violation in server.violations] == [50013, 50001]


async def test_a_reaction_needs_its_permission_and_a_known_emoji(
    server: DiscordServer, request_as_bot: Request, general: Channel, alice: User
) -> None:
    message = await server.post(alice, general, "hello")
    path = f"/channels/{general.id}/messages/{message.id}/reactions"
    assert await refused(request_as_bot, "PUT", f"{path}/nothing/@me") == 10014
    await request_as_bot("PUT", f"{path}/%F0%9F%91%8D/@me")
    assert message.reactions == [(server.bot, "👍")]
    server.overwrite(general, server.bot, deny=Permission.ADD_REACTIONS)
    assert await refused(request_as_bot, "PUT", f"{path}/%F0%9F%8E%89/@me") == 50013


async def test_the_tags_of_a_post_are_those_of_its_forum_and_need_a_permission(
    server: DiscordServer, request_as_bot: Request, guild: Guild, alice: User
) -> None:
    forum = server.add_channel(guild, "help", FORUM)
    tag = server.add_tag(forum, "answered")
    post = (await server.begin_post(alice, forum, "Why?", "I wonder")).channel
    path = f"/channels/{post.id}"
    assert await refused(request_as_bot, "PATCH", path, {"applied_tags": [tag.id]}) == 50013
    server.overwrite(forum, server.bot, allow=Permission.MANAGE_THREADS)
    assert await refused(request_as_bot, "PATCH", path, {"applied_tags": ["1"]}) == 50035
    await request_as_bot("PATCH", path, {"applied_tags": [tag.id]})
    assert post.tags == [tag]


async def test_an_interaction_is_answered_once(
    server: DiscordServer, request_as_bot: Request, general: Channel, alice: User
) -> None:
    used = await asked(server, request_as_bot, alice, general)
    answer = {"type": 4, "data": {"content": "a", "allowed_mentions": SILENT}}
    await request_as_bot("POST", callback(used), answer)
    assert await refused(request_as_bot, "POST", callback(used), answer) == 40060


async def test_an_interaction_is_answered_within_three_seconds(
    server: DiscordServer, request_as_bot: Request, general: Channel, alice: User
) -> None:
    used = await asked(server, request_as_bot, alice, general)
    server.clock.advance(3.1)
    assert await refused(request_as_bot, "POST", callback(used), {"type": 5}) == 10062
    assert await refused(request_as_bot, "POST", "/interactions/1/unknown/callback", {"type": 5}) == 10062


async def test_a_token_serves_for_fifteen_minutes(
    server: DiscordServer, request_as_bot: Request, general: Channel, alice: User
) -> None:
    used = await asked(server, request_as_bot, alice, general)
    await request_as_bot("POST", callback(used), {"type": 5})
    server.clock.advance(901)
    path, body = f"/webhooks/{server.bot.id}/{used.token}", {"content": "a", "allowed_mentions": SILENT}
    assert await refused(request_as_bot, "POST", path, body) == 50027
    assert await refused(request_as_bot, "PATCH", f"{path}/messages/@original", body) == 50027


async def test_a_bad_answer_leaves_the_interaction_open_for_a_good_one(
    server: DiscordServer, request_as_bot: Request, general: Channel, alice: User
) -> None:
    used = await asked(server, request_as_bot, alice, general)
    assert await refused(request_as_bot, "POST", callback(used), {"type": 4, "data": v2(text(""))}) == 50035
    assert await refused(request_as_bot, "POST", callback(used), {"type": 7, "data": v2(text("a"))}) == 50035
    await request_as_bot("POST", callback(used), {"type": 4, "data": v2(text("a"))})
    await used.answered()


async def test_an_answer_can_be_edited_read_and_deleted(
    server: DiscordServer, request_as_bot: Request, general: Channel, alice: User
) -> None:
    used = await asked(server, request_as_bot, alice, general)
    await request_as_bot("POST", callback(used), {"type": 5})
    path = f"/webhooks/{server.bot.id}/{used.token}/messages/@original"
    await request_as_bot("PATCH", path, v2(text("a")))
    assert (await request_as_bot("GET", path))["flags"] == COMPONENTS_V2
    await request_as_bot("DELETE", path)
    assert used.messages == []
    assert server.violations == []


@pytest.mark.parametrize(
    "different",
    [
        {"name": "Ask"},
        {"name": "a b"},
        {"name": "a" * 33},
        {"description": ""},
        {"description": "a" * 101},
        {"options": [{"type": 3, "name": f"o{n}", "description": "a"} for n in range(26)]},
        {"options": [{"type": 3, "name": "o", "description": "a"}, {"type": 3, "name": "o", "description": "a"}]},
        {"options": [{"type": 3, "name": "o", "description": ""}]},
        {"options": [{"type": 3, "name": f"o{n}", "description": "a", "required": n == 1} for n in range(2)]},
        {"options": [{"type": 3, "name": "o", "description": "a", "choices": [{"name": "a" * 101, "value": "a"}]}]},
        {"options": [{"type": 3, "name": "o", "description": "a", "choices": [{"name": "a", "value": "a"}] * 26}]},
        {"options": [{"type": 7, "name": "o", "description": "a", "channel_types": [0, 16]}]},
        {"options": [{"type": 3, "name": f"o{n}", "description": "a" * 100, "choices": [
            {"name": "a" * 100, "value": "a" * 100}] * 5} for n in range(8)]},
    ],
)  # fmt: skip
async def test_a_command_beyond_the_limits_is_refused(
    server: DiscordServer, request_as_bot: Request, different: Json
) -> None:
    path = f"/applications/{server.bot.id}/commands"
    assert await refused(request_as_bot, "PUT", path, [ASK | different]) == 50035
    assert server.commands[None] == []


async def test_a_command_keeps_its_id_when_it_is_registered_again(
    server: DiscordServer, request_as_bot: Request
) -> None:
    path = f"/applications/{server.bot.id}/commands"
    first = await request_as_bot("PUT", path, [ASK | {"default_member_permissions": 32}])
    again = await request_as_bot("PUT", path, [ASK | {"description": "Ask again"}])
    assert first[0]["id"] == again[0]["id"]
    assert first[0]["default_member_permissions"] == "32"
    assert await request_as_bot("GET", path) == again


async def test_a_command_of_one_guild_is_not_seen_in_another(
    server: DiscordServer, request_as_bot: Request, guild: Guild, general: Channel, alice: User
) -> None:
    other = server.add_guild("Others")
    lobby = server.add_channel(other, "lobby")
    server.join(other, alice)
    await request_as_bot("PUT", f"/applications/{server.bot.id}/guilds/{guild.id}/commands", [ASK])
    await server.slash(alice, general, "ask")
    with pytest.raises(Impossible, match="hidden"):
        await server.slash(alice, lobby, "ask")
    forced = await server.slash(alice, lobby, "ask", force=True)
    assert forced.payload["guild_id"] == other.id
    assert forced.payload["data"]["guild_id"] == guild.id


@pytest.mark.parametrize(
    "choices",
    [
        [{"name": "a", "value": "a"}] * 26,
        [{"name": "a" * 101, "value": "a"}],
        [{"name": "a", "value": "a" * 101}],
        [{"name": "a", "value": 1}],
    ],
)
async def test_an_autocompletion_beyond_the_limits_is_refused(
    server: DiscordServer, request_as_bot: Request, general: Channel, alice: User, choices: list[Json]
) -> None:
    option = {"type": 3, "name": "o", "description": "a", "autocomplete": True}
    await request_as_bot("PUT", f"/applications/{server.bot.id}/commands", [ASK | {"options": [option]}])
    offered = asyncio.create_task(server.autocomplete(alice, general, "ask", "o", "a"))
    await server.until(lambda: server.interactions)
    used = next(iter(server.interactions.values()))
    assert await refused(request_as_bot, "POST", callback(used), {"type": 8, "data": {"choices": choices}}) == 50035
    await request_as_bot("POST", callback(used), {"type": 8, "data": {"choices": choices[:0]}})
    assert await offered == []


async def test_an_endpoint_that_is_missing_here_is_noted(server: DiscordServer, request_as_bot: Request) -> None:
    assert await refused(request_as_bot, "GET", "/sticker-packs") == 0
    assert [violation.request for violation in server.violations] == ["GET /sticker-packs"]
