"""Text of others, made so that Discord shows it exactly as it is written: no ping, no markup, no link of its own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

import regex

# What Discord's markdown acts on anywhere: emphasis, code, spoilers, mentions, emoji, links, quotes, headings.
ACTIVE = re.compile(r"[\\*_~`|<>\[\]#@:]")
# What it acts on only where a line begins: lists and small print.
AT_START = re.compile(r"^([^\S\n]*(?=[-+])|[^\S\n]*[0-9]+(?=[.)](?:\s|$)))(.)", re.MULTILINE)
# Discord takes a backslash away before anything but letters, digits and white space.
# The only unescaped stars are those of `emphasised`, since `neutral` escapes each star of a text.
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])|\*\*")
# Controls, bidi marks, zero width, surrogates, and letters that show nothing.
UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]")

BOLD = "**"
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
INITIATORS = "\u2066\u2067\u2068"


def neutral(text: str) -> str:
    """Markdown that reads exactly as `text`; only signs are escaped, never letters or digits."""
    return AT_START.sub(r"\1\\\2", ACTIVE.sub(r"\\\g<0>", text))


def emphasised(text: str, words: Iterable[str], at_most: int) -> str:
    """As `neutral`, the first so many runs of these words in bold, where they stand as whole words."""
    runs = _runs_of(frozenset(filter(None, words)))
    if runs is None:
        return neutral(text)
    pieces: list[str] = []
    place = 0
    for match in itertools.islice(runs.finditer(text), at_most):
        if match.start() == place and pieces:  # what touches the bold words before would be read with stars inside
            continue
        between = text[place : match.start()]
        pieces.append(_escaped(between) if pieces else neutral(between))
        pieces.append(BOLD + _escaped(match.group()) + BOLD)
        place = match.end()
    return "".join(pieces) + (_escaped(text[place:]) if pieces else neutral(text))


def _runs_of(words: frozenset[str]) -> regex.Pattern[str] | None:
    """Finds runs of these words; None where there are none. Nothing keeps it, for the words were asked for."""
    if not words:
        return None
    alternatives = "|".join(map(regex.escape, sorted(words, key=lambda word: (-len(word), word))))
    word = rf"(?<!\w)(?:{alternatives})(?!\w)"
    return regex.compile(rf"{word}(?: {word})*", cache_pattern=False)


def _escaped(text: str) -> str:
    """As `neutral`, for a piece that no line begins with."""
    return ACTIVE.sub(r"\\\g<0>", text)


def reads_as(markdown: str) -> str:
    """What a reader sees of markdown that `neutral` or `emphasised` made: their exact inverse."""
    return ESCAPED.sub(lambda found: found[1] or "", markdown)


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
