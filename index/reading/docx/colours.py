"""Colours of a Word document's text and of the ground below it; one that cannot be evaluated is unknown."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from enum import Enum

from index.reading.docx.package import SETTINGS, THEME, Element, Parts
from index.reading.docx.styles import W

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


class Special(Enum):
    """What is no colour: the program chooses one that can be read, or it cannot be known here."""

    AUTOMATIC = 1
    UNKNOWN = 2


Rgb = tuple[int, int, int]
Colour = Rgb | Special
WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
PRESETS = {"white": WHITE, "black": BLACK}
MIN_DIFFERENCE = 40
"""Of red, green or blue, out of 255: a smaller difference between text and ground is hard to see."""
HEX = re.compile(r"[0-9A-Fa-f]{6}")
PERCENT = re.compile(r"pct(\d+)")
HIGHLIGHTS: Mapping[str, Rgb] = {
    "black": BLACK,
    "blue": (0, 0, 255),
    "cyan": (0, 255, 255),
    "darkBlue": (0, 0, 128),
    "darkCyan": (0, 128, 128),
    "darkGray": (128, 128, 128),
    "darkGreen": (0, 128, 0),
    "darkMagenta": (128, 0, 128),
    "darkRed": (128, 0, 0),
    "darkYellow": (128, 128, 0),
    "green": (0, 255, 0),
    "lightGray": (192, 192, 192),
    "magenta": (255, 0, 255),
    "red": (255, 0, 0),
    "white": WHITE,
    "yellow": (255, 255, 0),
}
"""Every colour of `w:highlight` (ECMA-376, part 1, section 17.18.40)."""
OF_THEME = {
    "dark1": "dk1",
    "light1": "lt1",
    "dark2": "dk2",
    "light2": "lt2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}
MAPPED = {
    "text1": ("t1", "dark1"),
    "tx1": ("t1", "dark1"),
    "background1": ("bg1", "light1"),
    "bg1": ("bg1", "light1"),
    "text2": ("t2", "dark2"),
    "tx2": ("t2", "dark2"),
    "background2": ("bg2", "light2"),
    "bg2": ("bg2", "light2"),
}
"""Names that the settings map to a colour of the theme: the attribute that maps them, and what it usually says."""


def can_be_read(ink: Colour, ground: Colour) -> bool:
    """Whether text of a colour is certainly visible on a ground."""
    if ink is Special.AUTOMATIC:
        return True
    if isinstance(ink, Special) or isinstance(ground, Special):
        return False
    return max(abs(one - other) for one, other in zip(ink, ground, strict=True)) >= MIN_DIFFERENCE


def rgb(value: str) -> Colour:
    """Return a colour of six hexadecimal digits."""
    return (int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16)) if HEX.fullmatch(value) else Special.UNKNOWN


def highlight(element: Element) -> Colour:
    """Return the colour of a highlight."""
    value = element.get(f"{W}val", "")
    return Special.AUTOMATIC if value == "none" else HIGHLIGHTS.get(value, Special.UNKNOWN)


class Colours:
    """The colours of a document's theme."""

    def __init__(self, parts: Parts) -> None:
        theme, settings = parts.get(THEME), parts.get(SETTINGS)
        scheme = None if theme is None else theme.find(f".//{A}clrScheme")
        self._mapping = {} if settings is None else self._attributes(settings.find(f"{W}clrSchemeMapping"))
        self._theme: dict[str, Colour] = {}
        for each in () if scheme is None else scheme:
            stated = [child.get("lastClr") or child.get("val", "") for child in each]
            self._theme[each.tag.removeprefix(A)] = rgb(stated[0]) if len(stated) == 1 else Special.UNKNOWN

    @staticmethod
    def _attributes(element: Element | None) -> dict[str, str]:
        return {} if element is None else {name.removeprefix(W): value for name, value in element.attrib.items()}

    def of_theme(self, name: str) -> Colour:
        """Return a colour of the theme by its name."""
        attribute, usual = MAPPED.get(name, (name, name))
        meant = self._mapping.get(attribute, usual)
        return self._theme.get(OF_THEME.get(meant, meant), Special.UNKNOWN)

    def text(self, element: Element) -> Colour:
        """Return the colour that `w:color` states."""
        return self._stated(element, "val", "themeColor", "theme")

    def shading(self, element: Element) -> Colour:
        """Return the ground that `w:shd` states; automatic if it is transparent."""
        pattern = element.get(f"{W}val", "clear")
        if pattern == "nil":
            return Special.AUTOMATIC
        fill = self._stated(element, "fill", "themeFill", "themeFill")
        if pattern == "clear":
            return fill
        drawn = self._stated(element, "color", "themeColor", "theme")
        drawn = BLACK if drawn is Special.AUTOMATIC else drawn
        fill = WHITE if fill is Special.AUTOMATIC else fill
        share = PERCENT.fullmatch("pct100" if pattern == "solid" else pattern)
        if share is None or isinstance(drawn, Special) or isinstance(fill, Special):
            return Special.UNKNOWN
        part = int(share[1]) / 100
        red, green, blue = (round(part * one + (1 - part) * other) for one, other in zip(drawn, fill, strict=True))
        return red, green, blue

    def drawing(self, element: Element | None) -> Colour:
        """Return the colour in a fill of DrawingML, if it is a plain one."""
        if element is None or len(element) != 1 or len(element[0]):
            return Special.UNKNOWN
        value = next((text for name, text in element[0].attrib.items() if name.rpartition("}")[2] == "val"), "")
        kind = element[0].tag.rpartition("}")[2]
        if kind == "schemeClr":
            return self.of_theme(value)
        return rgb(value) if kind == "srgbClr" else PRESETS.get(value, Special.UNKNOWN)

    def _stated(self, element: Element, attribute: str, theme: str, change: str) -> Colour:
        """Return the colour in an attribute, or that of the theme, which goes before, with its tint and shade."""
        name = element.get(W + theme, "none")
        if name == "none":
            value = element.get(W + attribute, "auto")
            return Special.AUTOMATIC if value == "auto" else rgb(value)
        tinted = _lighter(self.of_theme(name), element.get(f"{W}{change}Tint"), is_tint=True)
        return _lighter(tinted, element.get(f"{W}{change}Shade"), is_tint=False)


def _lighter(colour: Colour, by: str | None, *, is_tint: bool) -> Colour:
    """Apply a tint or shade, two hexadecimal digits (ECMA-376, part 1, section 17.3.2.6)."""
    if by is None or isinstance(colour, Special):
        return colour
    try:
        part = int(by, 16) / 255
    except ValueError:
        return Special.UNKNOWN
    hue, light, saturation = colorsys.rgb_to_hls(*(one / 255 for one in colour))
    light = light * part + (1 - part if is_tint else 0)
    red, green, blue = (round(255 * one) for one in colorsys.hls_to_rgb(hue, light, saturation))
    return red, green, blue
