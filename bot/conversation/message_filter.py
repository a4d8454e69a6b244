"""Which messages are meant for the bot, and what they ask."""

from __future__ import annotations

import contextlib
import re

import discord

from bot.monitoring.metrics import Way
from bot.state import ServerSettings

WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})
# Mentions of users, roles, channels and commands, emoji and timestamps: nothing that an article could be asked for.
TOKENS = re.compile(r"<(?:@[!&]?|\#|/[^:>]*:|a?:\w+:|t:-?)[0-9]+(?::[A-Za-z])?>")


def words_of(text: str) -> str:
    """What somebody wrote, without mentions, emoji and timestamps, on one line."""
    return " ".join(TOKENS.sub(" ", text).split())


def is_written(message: discord.Message) -> bool:
    """Whether a person wrote it."""
    return not message.author.bot and message.webhook_id is None and message.type in WRITTEN


def way_of(message: discord.Message, bot: discord.ClientUser) -> Way | None:
    """How a message turns to the bot; None where it does not.

    A direct mention of the bot counts, and so does the ping of a reply to it; a role's or everyone's does not.
    """
    if not is_written(message):
        return None
    if message.guild is None:
        return Way.DIRECT
    return Way.MENTION if any(user.id == bot.id for user in message.mentions) else None


def is_unasked_question(message: discord.Message, settings: ServerSettings, *, in_own_thread: bool) -> bool:
    """Whether it stands where the bot answers unasked, and is said to nobody else.

    A thread is no channel: what people say in a thread of theirs is answered only where they mention the bot. In a
    forum it is what a post begins with that asks.
    """
    said_to_others = message.reference is not None or message.mentions or message.role_mentions
    stands_right = in_own_thread or _place_of(message) in settings.unasked
    return is_written(message) and bool(message.content) and not said_to_others and stands_right


def _place_of(message: discord.Message) -> int:
    """The channel that a message stands in, the forum of one that begins a post."""
    channel = message.channel
    if isinstance(channel, discord.Thread) and isinstance(channel.parent, discord.ForumChannel):
        return channel.parent_id if message.id == channel.id else channel.id
    return channel.id


def question_in(message: discord.Message, bot: discord.ClientUser) -> str | None:
    """The question of a message: its own words, else those that it replies to; "" where there are none.

    None where Discord does not show the bot what it replies to.
    """
    own = words_of(message.content)
    replied = message.reference.resolved if message.reference else None
    if own or not isinstance(replied, discord.Message):
        return own
    return "" if replied.author.id == bot.id else words_of(replied.content) or None


async def question_of_thread(thread: discord.Thread) -> str:
    """What a thread begins with; its name where Discord does not show that to the bot."""
    if isinstance(thread.parent, discord.TextChannel | discord.ForumChannel):
        with contextlib.suppress(discord.HTTPException):
            place = thread if isinstance(thread.parent, discord.ForumChannel) else thread.parent
            start = await place.fetch_message(thread.id)
            if words := words_of(start.content):
                return words
    return words_of(thread.name)
