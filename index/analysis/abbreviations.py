"""Abbreviations that a sentence defines: a long form with its abbreviation in brackets, or the other way round.

The algorithm is Schwartz and Hearst's (Pacific Symposium on Biocomputing 2003), but each word of the long form that is
not a stop word must give its first letter.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from index.analysis.analyzer import stop_words

MAX_LETTERS = 10
"""Longest abbreviation."""
MAX_LONG_FORM = 100
"""Characters before a bracket, or in it, that are examined."""
BRACKETS = regex.compile(r"\(([^()]{2,100})\)")
SHORT = regex.compile(r"(?=.*\p{Lu}.*\p{Lu})[\p{L}\p{N}][\p{L}\p{N}.&/-]*")
LAST_WORD = regex.compile(r"[\p{L}\p{N}.&/-]+\s*$")
WORD = regex.compile(r"[\p{L}\p{N}]+")


def defined_abbreviations(text: str) -> Iterator[tuple[str, str]]:
    """Long forms and their abbreviations: `World War II (WWII)`, `WWII (World War II)`."""
    if "(" not in text:
        return
    for match in BRACKETS.finditer(text):
        inside, before = match.group(1).strip(), text[max(0, match.start() - MAX_LONG_FORM) : match.start()].rstrip()
        if _is_abbreviation(inside):
            long = _long_form(before, inside)
            if long:
                yield long, inside
        elif (last := LAST_WORD.search(before)) and _is_abbreviation(last.group().strip()):
            short = last.group().strip()
            if _long_form(inside, short) == inside:
                yield inside, short


def _is_abbreviation(text: str) -> bool:
    return len(text) <= MAX_LETTERS and SHORT.fullmatch(text) is not None


def _long_form(text: str, short: str) -> str:
    """The end of the text that the letters stand for; empty where they stand for nothing in it."""
    place = len(text)
    letters = [letter for letter in short.lower() if letter.isalnum()]
    for number in range(len(letters) - 1, -1, -1):
        place = text.lower().rfind(letters[number], 0, place)
        while number == 0 and place > 0 and text[place - 1].isalnum():
            place = text.lower().rfind(letters[0], 0, place)
        if place < 0:
            return ""
    initials = [word.group()[0].lower() for word in WORD.finditer(text, place)]
    words = [word.group().lower() for word in WORD.finditer(text, place)]
    asked = [letter for letter, word in zip(initials, words, strict=True) if word not in stop_words().words]
    return text[place:] if asked and _is_subsequence(asked, letters) else ""


def _is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(letter in rest for letter in part)
