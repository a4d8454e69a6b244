"""The graphics state of a page, and the pieces of text shown by it."""

from __future__ import annotations

import math
from typing import NamedTuple

from index.reading.pdf.areas import IDENTITY, Matrix, Point, Shape, placed
from index.reading.pdf.colours import BLACK, RGB
from index.reading.pdf.fonts import FontReader
from index.reading.pdf.objects import PdfObject

FILLING, STROKING = frozenset({0, 2, 4, 6}), frozenset({1, 2, 5, 6})
"""Text rendering modes (ISO 32000-1, table 106)."""
MIDDLE = 0.25
"""Height in a letter, as a share of the font's size, where it is looked at."""
WORD_GAP = 0.15
"""Minimum distance of two words without a space between them, as a share of the font's size."""


class State(NamedTuple):
    """The graphics state (ISO 32000-1, 8.4 and 9.3)."""

    ctm: Matrix = IDENTITY
    clips: tuple[Shape, ...] = ()
    fill: RGB | None = BLACK
    stroke: RGB | None = BLACK
    fill_space: PdfObject = "/DeviceGray"
    stroke_space: PdfObject = "/DeviceGray"
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    group_alpha: float = 1.0
    is_blended: bool = False
    """Whether a blend mode or a soft mask applies."""
    is_lost: bool = False
    """Whether something applies that is not evaluated: a clip by letters, an operator with wrong operands."""
    line_width: float = 1.0
    mode: int = 0
    font: FontReader | None = None
    size: float = 0.0
    letter_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


class Word(NamedTuple):
    """Some letters without a space; where they begin and end along the line."""

    start: float
    end: float
    text: str


class Piece(NamedTuple):
    """The text that one operator shows."""

    start: Point
    end: Point
    height: float
    """Size of the letters in points on the page, across the line; `width` is the same along it."""
    width: float
    font: str
    words: tuple[Word, ...]
    """Its words, placed by their distance from the start."""
    points: tuple[Point, ...]
    """A point in each letter."""
    inks: tuple[tuple[RGB | None, float], ...]
    """Colours that it is drawn with, each with its alpha; none if it is not drawn."""
    clips: tuple[Shape, ...]
    is_sure: bool
    """Whether nothing applies whose effect is unknown, and it is in no layer that may be off."""
    angle: float
    """Degrees from the x axis, counterclockwise, at which it runs."""


class PieceBuilder:
    """The letters of a piece, as they are shown one after another."""

    def __init__(self, state: State, matrix: Matrix) -> None:
        """Begin a piece at the origin of a matrix from text to page."""
        self.pen = 0.0  # distance from the start, in units of the text
        self._state, self._matrix = state, matrix
        self._words: list[Word] = []
        self._points: list[Point] = []
        self._is_shaped = state.font is not None
        self._in_word = False
        self._is_vertical = state.font is not None and state.font.is_vertical

    @property
    def moved(self) -> Point:
        """How far the text has moved on."""
        return (0.0, self.pen) if self._is_vertical else (self.pen, 0.0)

    def move(self, thousandths: float) -> None:
        """Move back by thousandths of the size."""
        self.pen -= thousandths / 1000 * self._state.size * (1.0 if self._is_vertical else self._state.stretch)

    def add(self, shown: bytes | str) -> None:
        """Add a string."""
        state = self._state
        if state.font is None:
            return
        stretch = 1.0 if self._is_vertical else state.stretch
        for letter in state.font.letters(shown):
            advance = letter.width * state.size * stretch
            if letter.is_space:
                self._in_word = False
            else:
                middle = self.pen + advance / 2
                at = (0.0, middle) if self._is_vertical else (middle, state.rise + MIDDLE * state.size)
                self._points.append(placed(self._matrix, *at))
                self._is_shaped &= letter.is_shaped
                self._add_to_word(Word(self.pen, self.pen + advance, letter.text))
            self.pen += advance + (state.letter_space + letter.is_widened * state.word_space) * stretch

    def _add_to_word(self, letter: Word) -> None:
        if self._in_word and abs(letter.start - self._words[-1].end) <= WORD_GAP * abs(self._state.size):
            start, _, text = self._words[-1]
            self._words[-1] = Word(start, letter.end, text + letter.text)
        else:
            self._words.append(letter)
        self._in_word = True

    def piece(self, *, is_sure: bool) -> Piece:
        """Return the letters so far."""
        state, matrix = self._state, self._matrix
        along, across = math.hypot(matrix[0], matrix[1]), math.hypot(matrix[2], matrix[3])
        angle = math.degrees(math.atan2(matrix[1], matrix[0]))
        inks = []
        if state.mode in FILLING:
            inks.append((state.fill, state.fill_alpha * state.group_alpha))
        if state.mode in STROKING:
            inks.append((state.stroke, state.stroke_alpha * state.group_alpha))
        scale = state.font.scale if state.font else 1.0
        unit = across if self._is_vertical else along
        return Piece(
            start=placed(matrix, 0.0, state.rise),
            end=placed(matrix, self.moved[0], self.moved[1] + state.rise),
            height=abs(state.size) * across * scale,
            width=abs(state.size * state.stretch) * along * scale,
            font=state.font.name if state.font else "",
            words=tuple(Word(start * unit, end * unit, text) for start, end, text in self._words),
            points=tuple(self._points),
            inks=tuple(inks),
            clips=state.clips,
            is_sure=is_sure and self._is_shaped and not state.is_blended and not state.is_lost,
            angle=angle - 90 if self._is_vertical else angle,
        )
