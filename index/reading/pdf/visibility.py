"""Which text of a PDF page is visible: drawn, large enough, on the page, and not stamped across it."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

INVISIBLE = frozenset({3, 7})
"""Text rendering modes that draw nothing (ISO 32000-1, table 106): text recognised in a scan, or hidden."""
SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
FILLED = frozenset({0, 2, 4, 6})
"""Text rendering modes that fill the letters with the colour."""
MOVING = frozenset({b"BT", b"Td", b"TD", b"Tm", b"T*"})
COLOURS, INKS = 3, 4
"""Components of an RGB and of a CMYK colour."""
LIGHT = 0.03
"""Maximum distance of each component from white."""
TINY = 2.0
"""Font size in points below which text is unreadable."""
DRAWN = "/Type3"
"""Fonts that draw letters in their own size, whatever size is stated."""
SLANT = 10
"""Degrees from the nearest page edge above which text is a stamp."""
ENDLESS = (-math.inf, -math.inf, math.inf, math.inf)
Page = Any
"""A pypdf page; pypdf is only imported when a PDF is read."""


class PageText(NamedTuple):
    """The text of a page."""

    text: str
    """The visible text; of a scan, all that was recognised."""
    without_white: str
    """The same without white text, whose visibility depends on the background."""


def page_text(page: Page) -> PageText:
    """Extract the text of a page."""
    first = _VisibilityFilter(page, frozenset({TextVisibility.NONE}))
    text: str = page.extract_text(visitor_operand_before=first, visitor_operand_after=first.after)
    unseen = {TextVisibility.NONE}
    if {TextVisibility.RECOGNISED, TextVisibility.SEEN} <= first.sights:
        unseen.add(TextVisibility.RECOGNISED)
        text = _text_without(page, unseen)
    return PageText(
        text, _text_without(page, {*unseen, TextVisibility.WHITE}) if TextVisibility.WHITE in first.sights else text
    )


def _text_without(page: Page, unseen: set[TextVisibility]) -> str:
    looking = _VisibilityFilter(page, frozenset(unseen))
    text: str = page.extract_text(visitor_operand_before=looking, visitor_operand_after=looking.after)
    return text


class TextVisibility(enum.Enum):
    """Visibility of a piece of text."""

    SEEN = enum.auto()
    WHITE = enum.auto()
    RECOGNISED = enum.auto()
    """Not drawn: recognised in an image on the page, or hidden."""
    NONE = enum.auto()
    """Too small to be read, or off the page."""


class _State(NamedTuple):
    """State set by the operators so far."""

    mode: int = 0
    is_white: bool = False
    font: str = ""
    size: float = 0.0


class _VisibilityFilter:
    """Called around each operator of a page; removes text that is not to be read."""

    def __init__(self, page: Page, unseen: frozenset[TextVisibility]) -> None:
        """Remove text whose visibility is in `unseen`."""
        self.sights: set[TextVisibility] = set()
        self._unseen = unseen
        self._left, self._bottom, self._right, self._top = _edges(page)
        self._drawn = frozenset(_drawn_fonts(page))
        self._state = _State()
        self._saved: list[_State] = []
        self._forms = self._shown = 0  # depth of forms; characters since the last move

    def __call__(self, operator: bytes, operands: list[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        match operator:
            case b"q":
                self._saved.append(self._state)
            case b"Q" if self._saved:
                self._state = self._saved.pop()
            case b"Do":
                self._forms += 1
            case b"Tr" if operands and isinstance(operands[0], int):
                self._state = self._state._replace(mode=int(operands[0]))
            case b"Tf" if len(operands) > 1 and isinstance(operands[1], int | float):
                self._state = self._state._replace(font=str(operands[0]), size=float(operands[1]))
            case b"g" | b"rg" | b"k" | b"sc" | b"scn" | b"cs":
                self._state = self._state._replace(is_white=_is_white(operator, operands))
            case operator if operator in SHOWING and operands:
                self._classify(operator, operands, cm, tm)
            case operator if operator in MOVING:
                self._shown = 0

    def after(self, operator: bytes, _operands: list[Any], _cm: Sequence[float], _tm: Sequence[float]) -> None:
        self._forms -= operator == b"Do"

    def _classify(self, operator: bytes, operands: list[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        self._shown = _length(operands[-1]) + (self._shown if operator in {b"Tj", b"TJ"} else 0)
        # A form's position is unknown inside it, as is the start of the line for `'` and `"`.
        is_placed = not self._forms and operator in {b"Tj", b"TJ"}
        visibility = TextVisibility.SEEN
        if self._state.mode in INVISIBLE:
            visibility = TextVisibility.RECOGNISED
        elif not self._forms and (self._is_tiny(cm, tm) or (is_placed and self._is_off(cm, tm))):
            visibility = TextVisibility.NONE
        elif self._state.is_white and self._state.mode in FILLED:
            visibility = TextVisibility.WHITE
        self.sights.add(visibility)
        if visibility in self._unseen or _is_slanted(cm, tm):
            operands[-1] = type(operands[-1])()

    def _is_tiny(self, cm: Sequence[float], tm: Sequence[float]) -> bool:
        if self._state.font in self._drawn:
            return False
        across = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
        return bool(abs(self._state.size) * across < TINY)

    def _is_off(self, cm: Sequence[float], tm: Sequence[float]) -> bool:
        """Whether the text since the last move is off the page, wherever in it this piece begins."""
        along = self._state.size * self._shown  # no letter is wider than high
        size = self._state.size
        corners = [_place(cm, tm, x, y) for x in (0.0, along) for y in (0.0, size)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return max(xs) < self._left or min(xs) > self._right or max(ys) < self._bottom or min(ys) > self._top


def _place(cm: Sequence[float], tm: Sequence[float], x: float, y: float) -> tuple[float, float]:
    """Return the position on the page of a point in text space."""
    x, y = x * tm[0] + y * tm[2] + tm[4], x * tm[1] + y * tm[3] + tm[5]
    return x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]


def _edges(page: Page) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of the visible page; infinite if not stated."""
    try:
        (x1, y1), (x2, y2) = page.cropbox.lower_left, page.cropbox.upper_right
        left, bottom, right, top = (float(edge) for edge in (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # a damaged page may be readable
        return ENDLESS
    return (left, bottom, right, top) if left < right and bottom < top else ENDLESS


def _drawn_fonts(page: Page) -> Iterator[str]:
    """Yield the names of the fonts that draw their letters."""
    fonts = _held(_held(page, "/Resources"), "/Font")
    yield from (str(name) for name in fonts if _held(fonts, name).get("/Subtype") == DRAWN)


def _held(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = holder.get(name)
    held = None if found is None else found.get_object()
    return held if isinstance(held, Mapping) else {}


def _is_white(operator: bytes, operands: Sequence[Any]) -> bool:
    """Whether the fill colour is now white: in grey, RGB or CMYK."""
    parts = [float(part) for part in operands if isinstance(part, int | float)]
    inks = b"k" if operator == b"k" or len(parts) == INKS else b""
    is_known = operator in {b"g", b"rg", b"k"} or len(parts) in {COLOURS, INKS}
    return bool(parts) and is_known and all(abs(part - (not inks)) <= LIGHT for part in parts)


def _length(shown: Any) -> int:  # noqa: ANN401  # any operand
    return sum(map(_length, shown)) if isinstance(shown, list) else len(shown) if isinstance(shown, str | bytes) else 0


def _is_slanted(cm: Sequence[float], tm: Sequence[float]) -> bool:
    """Whether text is neither horizontal nor vertical, as a stamp such as DRAFT is."""
    a, b = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
    turned = math.degrees(math.atan2(b, a)) % 90
    return SLANT < turned < 90 - SLANT
