"""Which messages are meant for the bot, and the question in each."""

from __future__ import annotations

import contextlib
import re

import discord

from bot.conversation.forum_posts import is_in_post, is_start_of_post, post_readings, post_text
from bot.monitoring.metrics import Trigger
from bot.state import ServerSettings
from index.analysis.follow_up import FollowUpKind, parse_follow_up

WITHOUT_NAMES = frozenset({FollowUpKind.BARE, FollowUpKind.MORE, FollowUpKind.RECORD})
USER_MESSAGE_TYPES = frozenset({discord.MessageType.default, discord.MessageType.reply})
# Mentions of users, roles, channels and commands, custom emoji and timestamps: never part of a question.
TOKENS = re.compile(r"<(?:@[!&]?|\#|/[^:>]*:|a?:\w+:|t:-?)[0-9]+(?::[A-Za-z])?>")


def plain_words(text: str) -> str:
    """Return a message's words on one line, without mentions, custom emoji and timestamps."""
    return " ".join(TOKENS.sub(" ", text).split())


def is_bare_follow_up(text: str) -> bool:
    """Whether a text is a follow-up that names nothing: "tell me more", "source"."""
    follow_up = parse_follow_up(text)
    return follow_up is not None and follow_up.kind in WITHOUT_NAMES


def is_user_message(message: discord.Message) -> bool:
    """Whether a person wrote the message."""
    return not message.author.bot and message.webhook_id is None and message.type in USER_MESSAGE_TYPES


def trigger_of(message: discord.Message, bot: discord.ClientUser) -> Trigger | None:
    """Return how a message addresses the bot; None if it does not.

    A direct mention counts, including the one in a reply, and a mention of the bot's own role, which Discord makes with
    its name; other roles and @everyone do not. A reply to the bot that mentions nobody counts, too, if its words are
    shown.
    """
    if not is_user_message(message):
        return None
    if message.guild is None:
        return Trigger.DIRECT
    is_mentioned = any(user.id == bot.id for user in message.mentions) or mentions_own_role(message)
    return Trigger.MENTION if is_mentioned or _replies_to(message, bot) else None


def _replies_to(message: discord.Message, bot: discord.ClientUser) -> bool:
    """Whether a message with words replies to one of the bot's."""
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author.id == bot.id and bool(message.content)


def mentions_own_role(message: discord.Message) -> bool:
    """Whether a message mentions the role that Discord made for the bot."""
    own = message.guild.self_role if message.guild else None
    return own is not None and own in message.role_mentions


def has_words(message: discord.Message) -> bool:
    """Whether a message has words, its own or those of the title of the forum post that it begins."""
    return bool(message.content) or is_start_of_post(message)


def is_unasked_question(message: discord.Message, settings: ServerSettings, *, in_own_thread: bool) -> bool:
    """Whether a message is a question in a place where the bot answers without a mention, and not addressed to others.

    Threads in such a channel do not count, except the bot's own. In a forum, only the first message of a post counts,
    which asks by its title, too.
    """
    said_to_others = message.reference is not None or message.mentions or message.role_mentions
    stands_right = in_own_thread or _channel_id(message) in settings.unasked
    return is_user_message(message) and has_words(message) and not said_to_others and stands_right


def _channel_id(message: discord.Message) -> int:
    """Return the message's channel; for the first message of a forum post, the forum."""
    channel = message.channel
    return channel.parent_id if isinstance(channel, discord.Thread) and is_start_of_post(message) else channel.id


def question_in(message: discord.Message, bot: discord.ClientUser) -> str | None:
    """Return the message's own words, else those of the message it replies to; "" if there are none.

    None if Discord does not show the bot the message that it replies to, or its own words.
    """
    if not message.content and message.role_mentions:  # shown only to bots that are mentioned as members
        return None
    own = plain_words(message.content)
    replied = message.reference.resolved if message.reference else None
    if own or not isinstance(replied, discord.Message):
        return own
    return "" if replied.author.id == bot.id else plain_words(replied.content) or None


async def question_of_thread(thread: discord.Thread) -> str:
    """Return the words of a thread's first message, those of a post below its title; the name if that is not shown."""
    title = plain_words(thread.name)
    if isinstance(thread.parent, discord.TextChannel | discord.ForumChannel):
        with contextlib.suppress(discord.HTTPException):
            place = thread if isinstance(thread.parent, discord.ForumChannel) else thread.parent
            start = await place.fetch_message(thread.id)
            if words := plain_words(start.content):
                return post_text(title, words) if is_in_post(thread) else words
    return title


def readings_in(channel: object, text: str) -> tuple[str, ...]:
    """Return what to ask where a text is that of the forum post that it stands in; none for any other text."""
    if not isinstance(channel, discord.Thread) or not is_in_post(channel):
        return ()
    title = plain_words(channel.name)
    body = text[len(title) :].strip() if text.casefold().startswith(title.casefold()) else None
    return () if body is None else post_readings(title, body)
