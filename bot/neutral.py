"""Text of others, made so that Discord shows it exactly as it is written: no ping, no markup, no link of its own."""

from __future__ import annotations

import re

import regex

# What Discord's markdown acts on anywhere: emphasis, code, spoilers, mentions, emoji, links, quotes, headings.
ACTIVE = re.compile(r"[\\*_~`|<>\[\]#@:]")
# What it acts on only where a line begins: lists and small print.
AT_START = re.compile(r"^([^\S\n]*(?=[-+])|[^\S\n]*[0-9]+(?=[.)](?:\s|$)))(.)", re.MULTILINE)
# Discord takes a backslash away before anything but letters, digits and white space.
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
# Controls, bidi marks, zero width, surrogates, and letters that show nothing.
UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]")

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
INITIATORS = "\u2066\u2067\u2068"


def neutral(text: str) -> str:
    """Markdown that reads exactly as `text`; only signs are escaped, never letters or digits."""
    return AT_START.sub(r"\1\\\2", ACTIVE.sub(r"\\\g<0>", text))


def reads_as(markdown: str) -> str:
    """What a reader sees of markdown that `neutral` made: its exact inverse."""
    return ESCAPED.sub(r"\1", markdown)


def isolated(text: str) -> str:
    """The text between marks that keep its writing direction to itself, whatever marks it holds (UAX #9)."""
    open_inside = closed_too_often = 0
    for character in text:
        if character in INITIATORS:
            open_inside += 1
        elif character == END_ISOLATE and open_inside:
            open_inside -= 1
        elif character == END_ISOLATE:
            closed_too_often += 1
    return ISOLATE * (1 + closed_too_often) + text + END_ISOLATE * (1 + open_inside)


def user_words(text: str) -> str:
    """A user's words on one line, without what cannot be seen."""
    return " ".join(UNSEEN.sub("", " ".join(text.split())).split())
