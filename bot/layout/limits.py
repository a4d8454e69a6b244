"""Discord's limits on the size of a message, and where to split a text that is too long."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from bot.layout.markdown import SPECIAL

START_ESCAPE = 1
"""Room for one more backslash: a list marker at the start of a part is escaped."""
LAST_BMP_CODE_POINT = 0xFFFF


@dataclass(frozen=True)
class Size:
    """UTF-16 code units (never fewer than characters) and UTF-8 bytes."""

    characters: int
    octets: int

    @classmethod
    def of(cls, text: str) -> Size:
        """Measure a text."""
        return cls(len(text.encode("utf-16-le")) // 2, len(text.encode()))

    def __add__(self, other: Size) -> Size:
        return Size(self.characters + other.characters, self.octets + other.octets)

    def __sub__(self, other: Size) -> Size:
        return Size(self.characters - other.characters, self.octets - other.octets)

    def fits(self, room: Size) -> bool:
        """Whether it fits."""
        return self.characters <= room.characters and self.octets <= room.octets


PAGE = Size(4000, 9500)
"""All text displays of a message together; above 10,170 bytes Discord answers with HTTP 500."""
TEXT_DISPLAY = Size(0, 12)
"""Overhead of a text display."""
COMPONENTS = 40
BUTTONS = 5
"""Buttons in a row."""


def longest_fitting(text: str, room: Size) -> int:
    """Return how many characters of a text fit once it is escaped.

    Ends after a space if one is near, else at the end of a grapheme; 0 if nothing fits.
    """
    end = _longest_prefix(text, room - Size(START_ESCAPE, START_ESCAPE))
    if end in (0, len(text)):
        return end
    space = text.rfind(" ", end * 2 // 3, end)
    if space > 0:
        return space + 1
    return max((match.end() for match in regex.finditer(r"\X", text[: end + 1]) if match.end() <= end), default=end)


def _longest_prefix(text: str, room: Size) -> int:
    characters = octets = 0
    for place, character in enumerate(text):
        escape = 1 if SPECIAL.match(character) else 0
        characters += escape + (2 if ord(character) > LAST_BMP_CODE_POINT else 1)
        octets += escape + len(character.encode())
        if characters > room.characters or octets > room.octets:
            return place
    return len(text)
