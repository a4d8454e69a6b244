"""Forum posts: a title and a first message, which together ask one question."""

from __future__ import annotations

import re

import discord

from index.analysis.analyzer import terms
from index.analysis.conversation import small_talk, unwrap
from index.analysis.question import is_asking
from index.analysis.question_parts import REFERS_BACK

MAX_READINGS = 5
"""Most questions that are asked for one post."""
MIN_TERMS = 2
"""Fewest terms of a sentence that is asked without the title: "Any ideas?" needs it."""
SENTENCE_END = re.compile(r"(?<=[.!?？])\s+|\n+")


def is_in_post(channel: object) -> bool:
    """Whether a channel is a post of a forum."""
    return isinstance(channel, discord.Thread) and isinstance(channel.parent, discord.ForumChannel)


def is_start_of_post(message: discord.Message) -> bool:
    """Whether a message is the first one of a forum post."""
    return is_in_post(message.channel) and message.id == message.channel.id


def post_text(title: str, body: str) -> str:
    """Return the words of a post: its title, then its first message, unless that repeats the title."""
    return body if body.casefold().startswith(title.casefold()) else f"{title} {body}".strip()


def post_readings(title: str, body: str) -> tuple[str, ...]:
    """Return what to ask for a post, the likeliest first: the questions among its sentences, then all of its words.

    Where the title asks, it is the question. Each sentence that asks is asked together with the title, which may name
    what it is about, and alone if it names enough itself.
    """
    sentences = (one for one in SENTENCE_END.split(body) if is_asking(one) and not small_talk(one))
    asking = [" ".join(unwrap(one).split()) for one in sentences]
    readings = [title] if is_asking(title) else []
    for sentence in asking:
        readings.append(f"{title} {sentence}")
        if len({term.term for term in terms(sentence)}) >= MIN_TERMS and not REFERS_BACK.search(sentence):
            readings.append(sentence)
    return tuple(dict.fromkeys([*readings[: MAX_READINGS - 1], post_text(title, body)]))
