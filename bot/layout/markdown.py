"""Escaping: article and user text as Discord markdown that displays exactly as written, with no ping and no link."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

import regex

# Active anywhere in Discord's markdown: emphasis, code, spoilers, mentions, emoji, links, quotes, headings.
SPECIAL = re.compile(r"[\\*_~`|<>\[\]#@:]")
# Active only at the start of a line: lists and small print.
AT_START = re.compile(r"^([^\S\n]*(?=[-+])|[^\S\n]*[0-9]+(?=[.)](?:\s|$)))(.)", re.MULTILINE)
# Discord removes a backslash before anything but letters, digits and white space.
# The only unescaped asterisks come from `emphasise`, since `escape_markdown` escapes those of the text.
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])|\*\*")
# Controls, bidi marks, zero-width characters, surrogates, and other invisible letters.
INVISIBLE = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]")

BOLD = "**"
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
INITIATORS = "\u2066\u2067\u2068"


def escape_markdown(text: str) -> str:
    """Escape a text; letters and digits are never escaped."""
    return AT_START.sub(r"\1\\\2", SPECIAL.sub(r"\\\g<0>", text))


def emphasise(text: str, words: Iterable[str], max_runs: int) -> str:
    """Escape a text, with the first `max_runs` runs of these words, as whole words, in bold."""
    runs = _runs_pattern(frozenset(filter(None, words)))
    if runs is None:
        return escape_markdown(text)
    pieces: list[str] = []
    place = 0
    for match in itertools.islice(runs.finditer(text), max_runs):
        if match.start() == place and pieces:  # markers next to the previous ones would be shown as asterisks
            continue
        between = text[place : match.start()]
        pieces.append(_escape_inline(between) if pieces else escape_markdown(between))
        pieces.append(BOLD + _escape_inline(match.group()) + BOLD)
        place = match.end()
    return "".join(pieces) + (_escape_inline(text[place:]) if pieces else escape_markdown(text))


def _runs_pattern(words: frozenset[str]) -> regex.Pattern[str] | None:
    """Return a pattern for runs of these words; None if there are none. Not cached: questions are private."""
    if not words:
        return None
    alternatives = "|".join(map(regex.escape, sorted(words, key=lambda word: (-len(word), word))))
    word = rf"(?<!\w)(?:{alternatives})(?!\w)"
    return regex.compile(rf"{word}(?: {word})*", cache_pattern=False)


def _escape_inline(text: str) -> str:
    """Escape a text that does not start a line."""
    return SPECIAL.sub(r"\\\g<0>", text)


def unescape_markdown(markdown: str) -> str:
    """Return what a reader sees of markdown made by `escape_markdown` or `emphasise`: their exact inverse."""
    return ESCAPED.sub(lambda found: found[1] or "", markdown)


def isolate_direction(text: str) -> str:
    """Wrap a text in isolates, so that its writing direction does not affect its surroundings (UAX #9).

    Balances isolates inside the text.
    """
    open_inside = closed_too_often = 0
    for character in text:
        if character in INITIATORS:
            open_inside += 1
        elif character == END_ISOLATE and open_inside:
            open_inside -= 1
        elif character == END_ISOLATE:
            closed_too_often += 1
    return ISOLATE * (1 + closed_too_often) + text + END_ISOLATE * (1 + open_inside)


def single_line(text: str) -> str:
    """Return a user's words on one line, without invisible characters."""
    return " ".join(INVISIBLE.sub("", " ".join(text.split())).split())
