"""What people say around a question: wrappers, small talk, stray letters. `conversation.toml` has the patterns."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import regex

from index.analysis.analyzer import WORD

MAX_LENGTH = 300
"""Characters of a message up to which these patterns are tried: a longer one says more than they could take away."""
MAX_WRAPPERS = 6
"""Wrappers that may stand one in another: hey, can you tell me …"""
FLAGS = regex.VERBOSE | regex.IGNORECASE


class SmallTalk(StrEnum):
    """A message that asks nothing of the articles; the value names the rule that decides it."""

    THANKS = "thanks"
    """Thanks, praise, an acknowledgement."""
    CHAT = "small-talk"
    """A greeting, laughter, a word about the bot."""
    STRAY = "too-short"
    """Single letters, in no sentence."""
    WORDLESS = "wordless"
    """Signs and emoji without a word."""


@cache
def conversation_patterns() -> dict[str, Any]:
    """conversation.toml, parsed once."""
    return tomllib.loads(resources.files("index.analysis").joinpath("conversation.toml").read_text("utf-8"))


@cache
def _wrapper(name: str) -> regex.Pattern[str]:
    wrappers = conversation_patterns()["wrappers"]
    return regex.compile(f"{wrappers['define']}(?:{wrappers[name]})", FLAGS)


@cache
def _small_talk() -> tuple[tuple[SmallTalk, regex.Pattern[str]], ...]:
    """The patterns in the order in which they are tried: what begins with thanks is thanks, whatever chat follows."""
    talk = conversation_patterns()["small-talk"]
    words = f"{talk['thanks']} | {talk['chat']}"
    return (
        (SmallTalk.THANKS, _all_of(rf"(?:(?:{talk['opening']})(?!\w)\W*?)*(?:{talk['thanks']})", words)),
        (SmallTalk.CHAT, _all_of(talk["chat"], words)),
        (SmallTalk.STRAY, _all_of(talk["stray"], talk["stray"])),
    )


def _all_of(first: str, following: str) -> regex.Pattern[str]:
    """The pattern for a message of nothing but these words."""
    return regex.compile(rf"\W*?(?:{first})(?!\w)\W*?(?:(?:{following})(?!\w)\W*?)*", FLAGS)


def small_talk(text: str) -> SmallTalk | None:
    """The kind of small talk that a whole message is; None where it says anything else."""
    if len(text) > MAX_LENGTH:
        return None
    kind = next((kind for kind, pattern in _small_talk() if pattern.fullmatch(text)), None)
    return kind or (None if WORD.search(text) else SmallTalk.WORDLESS)


def unwrap(text: str) -> str:
    """The text with spaces for what people say around a question, so that the rest keeps its place.

    "hey bot, can you tell me who that is please?" becomes "who that is       ?".
    """
    if len(text) > MAX_LENGTH:
        return text
    start = 0
    for _ in range(MAX_WRAPPERS):
        found = _wrapper("greeting").match(text, start) or _wrapper("request").match(text, start)
        if found is None or found.end() == start:
            break
        start = found.end()
    end = len(text)
    for found in _wrapper("closing").finditer(text, start):
        text = text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
    rest = text[start:end]
    return " " * start + rest if WORD.search(rest) else text
