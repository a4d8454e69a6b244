"""What stands on a printed page and is no running text: what nobody sees, lines across columns, notes at the foot."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import regex

from index.article import fold

INVISIBLE = frozenset({3, 7})
"""Modes of rendering that draw nothing (ISO 32000-1, table 106): text recognised in a picture, or put there unseen."""
SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
SLANT = 10
"""Degrees from the nearest edge of the page from which on text is stamped across it."""
GAP = regex.compile(r"\S {5,}\S")
"""What parts columns: five spaces where a page is laid out by width."""
BETWEEN = 2
"""Lines that two lines across columns may leave between each other, and belong to them."""
FOOT = 20
"""Lines at the end of a page among which notes begin."""
NOTE = regex.compile(r"(?:\d{1,3}|[*†‡§]{1,3})(?:\s*|\s*[\p{Lu}“\"(].*)")
STOPPED = regex.compile(r"[\p{STerm}…:][\p{Pe}\p{Pf}\p{Pi}\"'\d\[\]]*$")
Page = Any
"""A page of pypdf's, which is imported where a PDF is read."""


def text_of(page: Page) -> str:
    """The text of a page as far as it is seen; of a scan, all that was recognised in it."""
    looked = _Looking(without_invisible=False)
    text: str = page.extract_text(visitor_operand_before=looked)
    if looked.has_visible and looked.has_invisible:
        text = page.extract_text(visitor_operand_before=_Looking(without_invisible=True))
    return text


class _Looking:
    """Asked before each operation of a page: takes away what is not to be read."""

    def __init__(self, *, without_invisible: bool) -> None:
        self.has_visible = self.has_invisible = False
        self._without_invisible = without_invisible
        self._mode = 0
        self._saved: list[int] = []

    def __call__(self, operator: bytes, operands: list[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        match operator:
            case b"q":
                self._saved.append(self._mode)
            case b"Q" if self._saved:
                self._mode = self._saved.pop()
            case b"Tr" if operands and isinstance(operands[0], int):
                self._mode = int(operands[0])
            case operator if operator in SHOWING and operands:
                self._look(operands, cm, tm)

    def _look(self, operands: list[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        is_invisible = self._mode in INVISIBLE
        self.has_invisible |= is_invisible
        self.has_visible |= not is_invisible
        if (is_invisible and self._without_invisible) or _is_slanted(cm, tm):
            operands[-1] = type(operands[-1])()


def _is_slanted(cm: Sequence[float], tm: Sequence[float]) -> bool:
    """Whether text runs neither along nor down the page, as a stamp such as DRAFT does."""
    a, b = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
    turned = math.degrees(math.atan2(b, a)) % 90
    return SLANT < turned < 90 - SLANT


def across_columns(lines: Sequence[str], laid_out: str) -> set[int]:
    """The numbers of the lines that run from one column, or one cell, into the next one beside it.

    Args:
        lines: of a page, in the order in which they were drawn.
        laid_out: the same page with spaces where it has gaps. Where columns were drawn one after the other, its lines
            are not those that were drawn.
    """
    gapped = {fold(line) for line in laid_out.splitlines() if GAP.search(line)}
    across = [number for number, line in enumerate(lines) if fold(line) in gapped]
    found = set(across)
    for first, second in itertools.pairwise(across):
        if second - first <= BETWEEN + 1:
            found |= set(range(first, second))
    return found


def notes_at_the_foot(lines: Sequence[str]) -> Iterator[int]:
    """The numbers of the lines of notes, where the sentence above them goes on with the next page."""
    for number in range(max(1, len(lines) - FOOT), len(lines)):
        if NOTE.fullmatch(lines[number]) and not STOPPED.search(lines[number - 1]):
            yield from range(number, len(lines))
            return
