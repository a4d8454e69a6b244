"""Posts of forums: a title and a first message that ask together; and the tag of those that are answered."""

from __future__ import annotations

import pytest

from bot.conversation.forum_posts import post_readings
from bot.i18n.messages import Message
from tests.bot.reading import read
from tests.bot.scene import Scene
from tests.discord_server import Channel, Permission
from tests.discord_server.models import FORUM, Tag

from .test_following import CHIEF, QUESTION, used

HUAWEI = "adapted for Huawei chip technology"
POSTS = [
    ("Who is the White House science and technology chief?", "I could not find it anywhere.", CHIEF),
    ("A question", QUESTION, CHIEF),
    ("White House", "Hi all! Does anyone know who the science and technology chief is? Thanks in advance", CHIEF),
    ("DeepSeek V4", "I read about it today. Which chip technology is it adapted for?", HUAWEI),
    ("Which chip technology is V4 adapted for?", "", HUAWEI),
]
UNANSWERED = [
    ("Router trouble", "My router drops the connection every hour. Any ideas?"),
    ("Release party", "It is on Friday, wish me luck"),
]


async def forum_in(scene: Scene, *, unasked: bool = True) -> Channel:
    forum = scene.server.add_channel(scene.guild, "help", FORUM)
    if unasked:
        await used(scene, scene.guild.owner, "channels add", channel=forum, kind="unasked")
    return forum


async def settings_after(scene: Scene, tag: str) -> list[str]:
    made = await used(scene, scene.guild.owner, "channels set", answered_tag=tag)
    return [text.translate({0x2068: None, 0x2069: None}) for text in read(made.messages[0])]


def may_tag(scene: Scene, forum: Channel) -> None:
    scene.server.overwrite(forum, scene.server.bot, allow=Permission.MANAGE_THREADS)


async def tagged(scene: Scene, post: Channel, tag: Tag) -> None:
    await scene.server.until(lambda: post.tags == [tag], what="the post to be tagged")


async def test_a_post_is_its_title_and_its_first_message(open_scene: Scene) -> None:
    scene = open_scene
    forum = await forum_in(scene)
    for title, body, said in POSTS:
        post = await scene.server.begin_post(scene.alice, forum, title, body)
        assert said in read(await scene.server.reply_to(post))[0], title
    silent = [await scene.server.begin_post(scene.alice, forum, *post) for post in UNANSWERED]
    await scene.server.settle()
    assert [scene.server.replies(post) for post in silent] == [[], []]


async def test_a_mention_in_a_post_asks_what_the_post_asks(open_scene: Scene) -> None:
    scene = open_scene
    forum = await forum_in(scene, unasked=False)
    mention = scene.server.mention
    post = await scene.server.begin_post(scene.alice, forum, "Which chip technology is V4 adapted for?", mention)
    assert HUAWEI in read(await scene.server.reply_to(post))[0]
    post = await scene.server.begin_post(scene.alice, forum, "White House", f"Who is the science chief? {mention}")
    assert CHIEF in "\n".join(read(await scene.server.reply_to(post)))
    post = await scene.server.begin_post(scene.alice, forum, "DeepSeek V4", "Which chip technology is it adapted for?")
    asked = await scene.server.post(scene.keeper, post.channel, mention)
    assert HUAWEI in read(await scene.server.reply_to(asked))[0]
    other = await scene.server.post(scene.keeper, post.channel, f"{mention} {QUESTION}")
    assert CHIEF in read(await scene.server.reply_to(other))[0]


@pytest.mark.usefixtures("bot")
async def test_without_the_intent_a_mention_in_a_post_asks_by_its_title(scene: Scene) -> None:
    forum = await forum_in(scene, unasked=False)
    post = await scene.server.begin_post(scene.alice, forum, QUESTION, "I could not find it anywhere.")
    asked = await scene.server.post(scene.alice, post.channel, scene.server.mention)
    assert CHIEF in read(await scene.server.reply_to(asked))[0]


async def test_an_answered_post_gets_the_tag_that_a_manager_names(open_scene: Scene) -> None:
    scene = open_scene
    forum = await forum_in(scene)
    other, tag = (scene.server.add_tag(forum, name, moderated=True) for name in ("Open", "Answered"))
    may_tag(scene, forum)
    assert "**Tag of forum posts that I have answered**: answered" in (await settings_after(scene, "answered"))[-1]
    post = await scene.server.begin_post(scene.alice, forum, "A question", QUESTION)
    await tagged(scene, post.channel, tag)
    unsure, unknown = [
        await scene.server.begin_post(scene.alice, forum, "A question", text)
        for text in ("is deepseek banned anywhere?", "What is the capital of France?")
    ]
    asked = await scene.server.post(scene.alice, unsure.channel, f"{scene.server.mention} {QUESTION}")
    await scene.server.reply_to(asked)
    await scene.server.settle()
    assert unsure.channel.tags == unknown.channel.tags == []
    assert other not in post.channel.tags
    choices = await scene.server.autocomplete(scene.guild.owner, scene.general, "channels set", "answered_tag", "an")
    assert [choice.name for choice in choices] == ["Answered"]
    await settings_after(scene, "-")
    untagged = await scene.server.begin_post(scene.alice, forum, "A question", QUESTION)
    await scene.server.reply_to(untagged)
    await scene.server.settle()
    assert untagged.channel.tags == []


async def test_what_keeps_it_from_tagging_is_told_to_the_manager_and_spoils_no_answer(open_scene: Scene) -> None:
    scene = open_scene
    assert (await settings_after(scene, "answered"))[1].startswith("No forum that I can see has a tag called answered.")
    forum = await forum_in(scene)
    tag = scene.server.add_tag(forum, "answered")
    told = (await settings_after(scene, "answered"))[1]
    assert told == Message.LACKING_FOR_TAG.format(channel=forum.mention, permission=Message.MANAGE_THREADS)
    listed = read((await used(scene, scene.guild.owner, "channels list")).messages[0])
    assert listed[0] == told
    post = await scene.server.begin_post(scene.alice, forum, "A question", QUESTION)
    assert CHIEF in read(await scene.server.reply_to(post))[0]
    await scene.server.settle()
    may_tag(scene, forum)
    scene.server.fail("PATCH", "/channels/*", 403)
    post = await scene.server.begin_post(scene.alice, forum, "A question", QUESTION)
    assert CHIEF in read(await scene.server.reply_to(post))[0]
    await scene.server.settle()
    assert post.channel.tags == []
    post = await scene.server.begin_post(scene.alice, forum, "A question", "Is there anything about the weather?")
    await scene.server.settle()
    await scene.server.edit(post, QUESTION)
    await tagged(scene, post.channel, tag)


@pytest.mark.parametrize(
    ("title", "body", "first"),
    [
        ("Who built the dam?", "Is that known?", "Who built the dam?"),
        ("The dam", "Hello. Who built it? Any ideas?", "The dam Who built it?"),
        ("The dam", "I like it.", "The dam I like it."),
        ("Who built the dam", "who built the dam of Oberstein?", "Who built the dam"),
        ("The dam", "", "The dam"),
    ],
)
def test_the_likeliest_reading_of_a_post_comes_first_and_all_of_it_last(title: str, body: str, first: str) -> None:
    readings = post_readings(title, body)
    assert readings[0] == first
    assert readings[-1] in {f"{title} {body}".strip(), body}
    assert len(readings) == len(set(readings)) <= 5
