"""How a browser finds a text fragment.

Independent of `bot/layout`: follows https://wicg.github.io/scroll-to-text-fragment/#find-a-range-from-a-text-directive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

Place = tuple[int, int]
"""A block of the page, and an offset in its text."""


@dataclass(frozen=True)
class Directive:
    """The terms of a text fragment; empty where it has none."""

    prefix: str
    start: str
    end: str
    suffix: str


def parse(fragment: str) -> Directive:
    """The terms of what follows `:~:text=`."""
    terms = fragment.split(",")
    prefix = terms.pop(0)[:-1] if terms[0].endswith("-") else ""
    suffix = terms.pop()[1:] if terms[-1].startswith("-") else ""
    start, end = [*terms, ""][:2]
    assert len(terms) in {1, 2}
    return Directive(*map(unquote, (prefix, start, end, suffix)))


@dataclass(frozen=True)
class WebPage:
    """The texts of a page's blocks, each run of white space one space."""

    blocks: Sequence[str]

    def find(self, directive: Directive) -> tuple[Place, Place] | None:
        """The range that a browser shows."""
        place: Place = (0, 0)
        ends_word = bool(directive.end) or not directive.suffix
        while True:
            if directive.prefix:
                before = self._find(directive.prefix, place, starts_word=True, ends_word=False)
                if before is None:
                    return None
                place = self._next(before[0])
                following = self._skip_white_space(before[1])
                found = self._find(directive.start, following, starts_word=False, ends_word=ends_word)
                if found is None:
                    return None
                if found[0] != following:
                    continue
            else:
                found = self._find(directive.start, place, starts_word=True, ends_word=ends_word)
                if found is None:
                    return None
                place = self._next(found[0])
            end = self._find_end(directive, found[1])
            if end is not None:
                return found[0], end
            if directive.end:
                return None

    def _find_end(self, directive: Directive, start_end: Place) -> Place | None:
        end = start_end
        while True:
            if directive.end:
                found = self._find(directive.end, end, starts_word=True, ends_word=not directive.suffix)
                if found is None:
                    return None
                end = found[1]
            if not directive.suffix:
                return end
            following = self._skip_white_space(end)
            after = self._find(directive.suffix, following, starts_word=False, ends_word=True)
            if after is not None and after[0] == following:
                return end
            if after is None or not directive.end:
                return None

    def _find(self, term: str, place: Place, *, starts_word: bool, ends_word: bool) -> tuple[Place, Place] | None:
        """The first place of a term at or after a place, within one block."""
        wanted = term.lower()
        for number in range(place[0], len(self.blocks)):
            text = self.blocks[number].lower()
            start = text.find(wanted, place[1] if number == place[0] else 0)
            while start >= 0:
                end = start + len(wanted)
                if not (starts_word and _is_inside_word(text, start)) and not (
                    ends_word and _is_inside_word(text, end)
                ):
                    return (number, start), (number, end)
                start = text.find(wanted, start + 1)
        return None

    def _next(self, place: Place) -> Place:
        return place[0], place[1] + 1

    def _skip_white_space(self, place: Place) -> Place:
        number, offset = place
        while number < len(self.blocks):
            text = self.blocks[number]
            while offset < len(text) and text[offset] == " ":
                offset += 1
            if offset < len(text):
                break
            number, offset = number + 1, 0
        return number, offset


def _is_inside_word(text: str, offset: int) -> bool:
    """Whether an offset is between two letters or digits, or they have one mark between them, as in "left.She"."""
    left, right = text[:offset], text[offset:]
    if not left or not right:
        return False
    if left[-1].isalnum() and right[0].isalnum():
        return True
    return any(
        mark in ".:'’" and before.isalnum() and after.isalnum()
        for mark, before, after in (
            (left[-1], left[-2:-1], right[0]),
            (right[0], left[-1], right[1:2]),
        )
    )
