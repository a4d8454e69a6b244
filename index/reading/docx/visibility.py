"""Whether a reader of a Word document sees a run of its text.

What cannot be evaluated is doubtful: a property that is not known here, a colour that may be that of the ground, a
number out of its limits. Names are those of WordprocessingML (ECMA-376, part 1, section 17).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from lxml import etree

from index.reading.docx.colours import WHITE, Colour, Colours, Special, can_be_read, highlight
from index.reading.docx.package import DOCUMENT, Element, Parts
from index.reading.docx.styles import NOTHING, Level, StatedProperties, Styles, W, is_on, properties, setting
from index.reading.docx.text_boxes import box_ground, is_plain_box

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
HARMLESS = """
    rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid kern
    szCs u effect bdr vertAlign rtl cs em lang eastAsianLayout oMath ins del moveFrom moveTo rPrChange
    vanish specVanish webHidden color highlight shd sz w spacing position fitText
"""
HARMLESS_2010 = """
    glow shadow reflection textOutline textFill scene3d props3d ligatures numForm numSpacing stylisticSets cntxtAlts
"""
EVALUATED = frozenset({*(W + name for name in HARMLESS.split()), *(W14 + name for name in HARMLESS_2010.split())})
"""Properties of a run that hide nothing, or that are looked at below; any other one makes it doubtful."""
SYMBOLS = frozenset({"wingdings", "wingdings 2", "wingdings 3", "webdings", "symbol", "marlett", "zapf dingbats"})
"""Fonts that show other characters than those of the text."""
FONTS = ("ascii", "hAnsi")
SHADING = f"{W}shd"


class Limits(NamedTuple):
    """Least and greatest number in an attribute with which text is certainly seen."""

    tag: str
    attribute: str
    least: float
    greatest: float


OF_RUNS = (
    Limits("sz", "val", 4, 3276),  # half points
    Limits("szCs", "val", 4, 3276),
    Limits("w", "val", 33, 600),  # per cent of a letter's width
    Limits("spacing", "val", -40, 31680),  # twentieths of a point between letters
    Limits("position", "val", -200, 200),  # half points above the line
    Limits("fitText", "val", 200, 31680),
)
SIDES = ("left", "right", "start", "end", "firstLine", "hanging")
OF_PARAGRAPHS = (  # twentieths of a point
    *(Limits("ind", side, -1440, 8640) for side in SIDES),
    *(Limits("framePr", side, -1440, 15840) for side in ("x", "y")),
    *(Limits("framePr", side, 200, 31680) for side in ("w", "h")),
)
OF_TABLES = (Limits("tblInd", "w", -1440, 8640), *(Limits("tblpPr", side, -1440, 15840) for side in ("tblpX", "tblpY")))
LEAST_HEIGHT = 80
"""Twentieths of a point of a line or table row whose height is exact: lower ones are cut."""
NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?%?")
STRUCK = (f"{W}strike", f"{W}dstrike")


class Visibility(IntEnum):
    """Whether text is seen."""

    SEEN = 0
    DOUBTFUL = 1
    HIDDEN = 2


class _Place(NamedTuple):
    """What a paragraph and all around it say about its runs, for one of the looks that its table may give it."""

    styles: tuple[Level, ...]
    """Of the paragraph's style, the table's and the defaults, nearest first."""
    grounds: tuple[Colour, ...]
    is_doubtful: bool


class VisibilityReader:
    """Tells which runs of a document are seen."""

    def __init__(self, parts: Parts) -> None:
        self.styles = Styles(parts)
        self._colours = Colours(parts)
        background = parts[DOCUMENT].find(f"{W}background")
        shown = () if background is None else (self._colours.text(background),)
        self._page: tuple[Colour, ...] = (WHITE, *shown)
        self._places: dict[Element | None, list[_Place]] = {}
        self._known: dict[tuple[Element | None, bytes], Visibility] = {}

    def of_run(self, run: Element) -> Visibility:
        """Return whether a run is seen; doubtful if that depends on what part of a table it is in."""
        paragraph = next(run.iterancestors(f"{W}p"), None)
        stated = run.findall(f"{W}rPr")
        key = paragraph, b"".join(map(etree.tostring, stated))
        if key not in self._known:
            self._known[key] = self._evaluated(properties(stated), self._places_of(paragraph))
        return self._known[key]

    def hides_its_end(self, paragraph: Element) -> bool:
        """Whether the mark that ends a paragraph is hidden, so that the next one follows on the same line."""
        own = properties(paragraph.findall(f"{W}pPr/{W}rPr"))
        return bool(setting(own, f"{W}vanish") or setting(own, f"{W}specVanish"))

    def is_struck(self, run: Element) -> bool:
        """Whether a run may be struck out."""
        paragraph = next(run.iterancestors(f"{W}p"), None)
        own, character = self._of_characters(properties(run.findall(f"{W}rPr")))
        levels = [character, *(level for place in self._places_of(paragraph) for level in place.styles)]
        stated = [setting(own, tag) for tag in STRUCK if tag in own]
        return any(stated) if stated else any(setting(level, tag) for level in levels for tag in STRUCK)

    def _of_characters(self, own: Level) -> tuple[Level, Level]:
        return own, self.styles.stated_by("character", own.get(f"{W}rStyle")).run

    def _evaluated(self, own: Level, places: Sequence[_Place]) -> Visibility:
        found = {self._in_place(self._of_characters(own), place) for place in places}
        return found.pop() if len(found) == 1 else Visibility.DOUBTFUL

    def _in_place(self, near: tuple[Level, Level], place: _Place) -> Visibility:
        levels = [*near, *place.styles]
        vanishing = _vanishing(levels)
        if vanishing is not Visibility.SEEN or any(setting(level, f"{W}specVanish") for level in levels):
            return vanishing or Visibility.HIDDEN
        doubtful = place.is_doubtful or _is_unknown(levels) or self._is_like_its_ground(levels, place.grounds)
        return Visibility.DOUBTFUL if doubtful else Visibility.SEEN

    def _is_like_its_ground(self, levels: Sequence[Level], below: Sequence[Colour]) -> bool:
        highlighted, shaded = nearest(levels, f"{W}highlight"), nearest(levels, SHADING)
        grounds = [
            Special.AUTOMATIC if highlighted is None else highlight(highlighted),
            Special.AUTOMATIC if shaded is None else self._colours.shading(shaded),
        ]
        own = next((ground for ground in grounds if ground is not Special.AUTOMATIC), None)
        stated, filled = nearest(levels, f"{W}color"), nearest(levels, f"{W14}textFill")
        inks = [] if stated is None else [self._colours.text(stated)]
        inks += [] if filled is None else [self._filling(filled)]
        return not all(can_be_read(ink, ground) for ink in inks for ground in ([own] if own else below))

    def _filling(self, filled: Element) -> Colour:
        solid = filled.find(f"{W14}solidFill")
        return Special.UNKNOWN if solid is None else self._colours.drawing(solid)

    # ---- paragraphs and what they stand in ---------------------------------------------------------------------------

    def _places_of(self, paragraph: Element | None) -> list[_Place]:
        if paragraph not in self._places:
            self._places[paragraph] = list(self._around(paragraph))
        return self._places[paragraph]

    def _around(self, paragraph: Element | None) -> Iterator[_Place]:
        own = {} if paragraph is None else properties(paragraph.findall(f"{W}pPr"))
        style = self.styles.stated_by("paragraph", own.get(f"{W}pStyle"))
        above = [] if paragraph is None else list(paragraph.iterancestors())
        table = next((each for each in above if each.tag == f"{W}tbl"), None)
        looks = [NOTHING] if table is None else self.styles.stated_by_table(table.find(f"{W}tblPr/{W}tblStyle"))
        for look in looks:
            levels = [own, style.paragraph, look.paragraph, self.styles.defaults.paragraph]
            yield _Place(
                (style.run, look.run, self.styles.defaults.run),
                self._grounds(levels, above, look),
                _is_out_of_limits(levels, OF_PARAGRAPHS) or _is_cut(levels) or any(map(_is_out_of_sight, above)),
            )

    def _grounds(self, levels: Sequence[Level], above: Sequence[Element], look: StatedProperties) -> tuple[Colour, ...]:
        """Return what may be behind a paragraph's text: its own shading, its cell's, its box's, or the page."""
        for stated in self._stated_grounds(levels, above, look):
            is_box = stated.tag == f"{W}txbxContent"
            ground = box_ground(stated, self._colours) if is_box else self._colours.shading(stated)
            if ground is not Special.AUTOMATIC:
                return (ground,)
        return self._page

    def _stated_grounds(
        self, levels: Sequence[Level], above: Sequence[Element], look: StatedProperties
    ) -> Iterator[Element]:
        """Yield the shadings behind a paragraph, and the text box that it is in, nearest first."""
        cells = look.cell
        own = nearest(levels, SHADING)
        if own is not None:
            yield own
        for each in above:
            if each.tag == f"{W}tc":
                yield from each.iterfind(f"{W}tcPr/{SHADING}")
            elif each.tag == f"{W}tbl":
                yield from [cells[SHADING]] if SHADING in cells else each.iterfind(f"{W}tblPr/{SHADING}")
                cells = {}
            elif each.tag == f"{W}txbxContent":
                yield each
                return


def nearest(levels: Sequence[Level], tag: str) -> Element | None:
    """Return a property from the nearest level that states it."""
    return next((level[tag] for level in levels if tag in level), None)


def _vanishing(levels: Sequence[Level]) -> Visibility:
    """Return whether text vanishes: what two styles say turns each other off (section 17.7.3), in some programs."""
    own, *styled, default = (setting(level, f"{W}vanish") for level in levels)
    if own is not None:
        return Visibility.HIDDEN if own else Visibility.SEEN
    if default:
        return Visibility.HIDDEN if styled.count(None) == len(styled) else Visibility.DOUBTFUL
    return (Visibility.SEEN, Visibility.HIDDEN, Visibility.DOUBTFUL)[min(2, styled.count(True))]


def _is_unknown(levels: Sequence[Level]) -> bool:
    """Whether a run has properties that may hide it."""
    fonts, online = nearest(levels, f"{W}rFonts"), nearest(levels, f"{W}webHidden")
    is_symbols = fonts is not None and any(fonts.get(W + name, "").lower() in SYMBOLS for name in FONTS)
    is_hidden_online = online is not None and is_on(online.get(f"{W}val", "1"))
    stated_elsewhere = any(not level.keys() <= EVALUATED for level in levels)
    return is_symbols or is_hidden_online or stated_elsewhere or _is_out_of_limits(levels, OF_RUNS)


def _is_out_of_limits(levels: Sequence[Level], limits: Sequence[Limits]) -> bool:
    return any(
        not limit.least <= _number(stated) <= limit.greatest
        for limit in limits
        if (stated := _attribute(levels, limit.tag, limit.attribute)) is not None
    )


def _attribute(levels: Sequence[Level], tag: str, name: str) -> str | None:
    stated = (level[W + tag].get(W + name) for level in levels if W + tag in level)
    return next((value for value in stated if value is not None), None)


def _number(value: str) -> float:
    """Return a number, or what is within no limits."""
    return float(value.rstrip("%")) if NUMBER.fullmatch(value) else float("nan")


def _is_cut(levels: Sequence[Level]) -> bool:
    """Whether the lines of a paragraph have an exact height that is too low."""
    is_exact = _attribute(levels, "spacing", "lineRule") == "exact"
    return is_exact and not _number(_attribute(levels, "spacing", "line") or "") >= LEAST_HEIGHT


def _is_out_of_sight(element: Element) -> bool:
    """Whether something that a paragraph stands in may hide it: a row, a table or a text box."""
    if element.tag == f"{W}txbxContent":
        return not is_plain_box(element)
    if element.tag == f"{W}tbl":
        return _is_out_of_limits([properties(element.findall(f"{W}tblPr"))], OF_TABLES)
    row = [properties(element.findall(f"{W}trPr"))]
    is_exact = _attribute(row, "trHeight", "hRule") == "exact"
    is_cut = is_exact and not _number(_attribute(row, "trHeight", "val") or "") >= LEAST_HEIGHT
    return is_cut or bool(setting(row[0], f"{W}hidden"))
