"""Small talk, chat and wrapped questions: what `small_talk.toml` says is right for each is what members see."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.i18n.messages import Message
from bot.sending.reactions import THUMBS_UP
from tests.bot.reading import read
from tests.bot.scene import Scene
from tests.discord_server import Channel, Interaction, Permission, ServerMessage, User, buttons

from .test_following import CHIEF, QUESTION, ask, used

MESSAGES: list[dict[str, str]] = tomllib.loads((Path(__file__).parents[1] / "small_talk.toml").read_text())["message"]


class Said(NamedTuple):
    """What somebody said, and what came back: the bot's messages, and its reactions."""

    case: dict[str, str]
    said: ServerMessage | Interaction


class Places(NamedTuple):
    """Where the messages of the file are said."""

    scene: Scene
    unasked: Channel
    thread: Channel

    def channel(self, where: str, user: User) -> Channel:
        return {
            "mention": self.scene.general,
            "dm": self.scene.server.dm(user),
            "unasked": self.unasked,
            "thread": self.thread,
        }[where]

    async def say(self, case: dict[str, str], user: User) -> Said:
        server, said = self.scene.server, case["said"]
        if case["where"] == "ask":
            return Said(case, await server.slash(user, self.scene.general, "ask", question=said))
        text = f"{server.mention} {said}" if case["where"] == "mention" else said
        return Said(case, await server.post(user, self.channel(case["where"], user), text))


async def places(scene: Scene) -> Places:
    """A channel that is answered without a mention, and a thread that the bot has opened."""
    owner, unasked = scene.guild.owner, scene.server.add_channel(scene.guild, "questions")
    await used(scene, owner, "channels add", channel=unasked, kind="unasked")
    await used(scene, owner, "channels set", threads=True)
    asked = await ask(scene, QUESTION)
    thread = await scene.server.until(lambda: scene.server.channels.get(asked.id))
    await scene.server.settle()
    await used(scene, owner, "channels set", threads=False)
    return Places(scene, unasked, thread)


def shown(scene: Scene, one: Said) -> tuple[list[str], list[str], int]:
    """The bot's texts without the repeated question, its reactions, and how many buttons there are that it handles."""
    if isinstance(one.said, Interaction):
        answers = one.said.messages
        texts = [text for answer in answers for text in read(answer)][1:]
    else:
        answers = scene.server.replies(one.said)
        texts = [text for answer in answers for text in read(answer)]
    reactions = [] if isinstance(one.said, Interaction) else [emoji for _, emoji in one.said.reactions]
    own = [label for answer in answers for label, opens in buttons(answer) if not str(opens).startswith("http")]
    return texts, reactions, len(own)


def verdict(scene: Scene, one: Said) -> str:
    """What happened, in the words of the file; anything else is described."""
    texts, reactions, own_buttons = shown(scene, one)
    is_shown = one.case.get("shows", "") in "\n".join(texts)
    if reactions:
        return "reaction" if reactions == [THUMBS_UP] and not texts else f"{reactions} and {texts}"
    if not texts:
        return "silence"
    if any(line.startswith("> ") for text in texts for line in text.split("\n")):
        return "quotation" if is_shown else f"other quotations: {texts}"
    if texts == [Message.NOT_FOUND]:
        return "not-found"
    if own_buttons or not is_shown:
        return f"{own_buttons} buttons under {texts}"
    return "record" if one.case["right"] == "record" else "sentence" if len(texts) == 1 else f"several: {texts}"


async def test_sixty_messages_get_what_is_right_for_each(open_scene: Scene) -> None:
    scene = open_scene
    where = await places(scene)
    members = {"en": scene.alice, "de": scene.server.add_user("berta", locale="de")}
    scene.server.join(scene.guild, members["de"])
    await used(scene, members["de"], "help")
    said = [await where.say(case, members[case.get("language", "en")]) for case in MESSAGES]
    for one in said:
        if isinstance(one.said, Interaction):
            await one.said.answered()
    await scene.server.settle()
    wrong = [(one.case, seen) for one in said if (seen := verdict(scene, one)) != one.case["right"]]
    assert not wrong, "\n".join(f"{case['said']!r} in {case['where']}: {seen}" for case, seen in wrong)
    assert len(said) == 60
    assert Counter(case["right"] for case in MESSAGES)["quotation"] >= 10


async def test_thanks_get_a_sentence_where_a_reaction_is_not_allowed_or_fails(open_scene: Scene) -> None:
    scene = open_scene
    scene.server.fail("PUT", "/channels/*/reactions/*", 403)
    thanks = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} thank you!")
    assert read(await scene.server.reply_to(thanks)) == [Message.YOU_ARE_WELCOME]
    scene.server.overwrite(scene.general, scene.server.bot, deny=Permission.ADD_REACTIONS)
    thanks = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} danke!")
    assert read(await scene.server.reply_to(thanks)) == [Message.YOU_ARE_WELCOME]
    assert thanks.reactions == []
    made = await used(scene, scene.alice, "ask", question="thanks")
    assert read(made.messages[0])[1:] == [Message.YOU_ARE_WELCOME]
    assert buttons(made.messages[0]) == []


async def test_small_talk_opens_no_thread_and_goes_with_its_message(open_scene: Scene) -> None:
    scene = open_scene
    await used(scene, scene.guild.owner, "channels set", threads=True)
    hello = await ask(scene, "hello!")
    answer = await scene.server.reply_to(hello)
    assert hello.id not in scene.server.channels
    await scene.server.settle()
    await scene.server.delete(hello)
    await scene.server.until(lambda: answer.deleted, what="the answer to go")


async def test_a_question_about_an_article_is_answered_where_it_is_asked(open_scene: Scene) -> None:
    scene = open_scene
    article: dict[str, Any] = {"article": "003_10f24738130fbaea"}
    made = await used(scene, scene.alice, "ask", question="who wrote this article?", **article)
    assert "Carbonmedia" in "\n".join(read(made.messages[0])[1:])
    made = await used(scene, scene.alice, "ask", question="who wrote this article?", private=True)
    assert read(made.messages[0])[1:] == [Message.WHICH_ARTICLE]
    made = await used(scene, scene.alice, "ask", question="who wrote the article about Huwaei?")
    told, said = read(made.messages[0])[1:]
    assert told.translate({0x2068: None, 0x2069: None}) == "I searched for Huawei instead of Huwaei."
    assert "Carbonmedia" in said


# ---- the bot's own role, and channels where nobody mentions it -------------------------------------------------------


async def test_a_mention_of_its_own_role_is_a_mention(open_scene: Scene) -> None:
    scene = open_scene
    role = scene.server.add_bot_role(scene.guild)
    asked = await scene.server.post(scene.alice, scene.general, f"{role.mention} {QUESTION}")
    assert CHIEF in read(await scene.server.reply_to(asked))[0]
    other = scene.server.add_role(scene.guild, "bots")
    others = await scene.server.post(scene.alice, scene.general, f"{other.mention} {QUESTION}")
    await scene.server.settle()
    assert scene.server.replies(others) == []


@pytest.mark.usefixtures("bot")
async def test_without_the_intent_a_mention_of_its_role_is_told_how_to_mention_it(scene: Scene) -> None:
    role = scene.server.add_bot_role(scene.guild)
    asked = await scene.server.post(scene.alice, scene.general, f"{role.mention} {QUESTION}")
    assert read(await scene.server.reply_to(asked)) == [Message.ROLE_MENTIONED]
    both = await scene.server.post(scene.alice, scene.general, f"{role.mention} {scene.server.mention} {QUESTION}")
    assert CHIEF in read(await scene.server.reply_to(both))[0]


async def test_what_asks_nothing_is_never_answered_unasked_whatever_the_articles_say_of_it(open_scene: Scene) -> None:
    scene = open_scene
    unasked = (await places(scene)).unasked
    await used(scene, scene.guild.owner, "channels set", unsure=True)
    chat = [
        "Huawei",
        "Beijing!",
        "Anthropic accused three Chinese firms, wow",
        "thanks Michael Kratsios",
        "which articles do you have?",
    ]
    said = [await scene.server.post(scene.alice, unasked, text) for text in chat]
    asked = await scene.server.post(scene.alice, unasked, "tell me about Huawei")
    assert "Huawei" in "".join(read(await scene.server.reply_to(asked)))
    await scene.server.settle()
    assert [scene.server.replies(one) for one in said] == [[]] * len(chat)
