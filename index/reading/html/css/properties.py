"""CSS properties that decide whether and where an element is visible, and their supported values.

As in a browser, an unsupported value leaves the previous declaration in force.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
UNITS = {
    "px": 1.0,
    "": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "q": 2.4 / 2.54,
    **dict.fromkeys(("vw", "vh", "vmin", "vmax", "svw", "svh", "lvw", "lvh", "dvw", "dvh", "vi", "vb"), 10.0),
}
"""Pixels per unit; viewport units assume a window of 1000 pixels."""
OF_FONT = {"em": 1.0, "ex": 0.5, "ch": 0.5, "lh": 1.2, "ic": 1.0, "cap": 0.7}
LENGTH_IN = regex.compile(rf"(?P<number>{NUMBER})(?P<unit>%|[a-z]*)")
GLOBAL = "inherit|initial|unset|revert|revert-layer"
LENGTH = rf"(?:{NUMBER}(?:%|[a-z]+)?|auto|none|normal|{GLOBAL})"
WORDS = regex.compile(r"[a-z][a-z -]*")
ANY = regex.compile(r".+")
LENGTHS = regex.compile(LENGTH)
DISPLAY = regex.compile(
    rf"""none|contents|block|inline|inline-block|flow-root|list-item|run-in|(?:inline-)?(?:flex|grid|table)
    |(?:block|inline)\ (?:flow|flow-root|flex|grid|table)|table-[a-z-]+|-(?:webkit|ms|moz)-(?:inline-)?(?:flex)?box
    |ruby(?:-[a-z-]+)?|math|{GLOBAL}""",
    regex.VERBOSE,
)
SUPPORTED_PROPERTIES = {
    "display": DISPLAY,
    "visibility": regex.compile(rf"visible|hidden|collapse|{GLOBAL}"),
    "content-visibility": regex.compile(rf"visible|hidden|auto|{GLOBAL}"),
    "opacity": regex.compile(rf"{NUMBER}%?|{GLOBAL}"),
    "color": regex.compile(r"[a-z-]+|#[0-9a-f]{3,8}|[a-z-]+\([^()]*\)"),
    "font-size": regex.compile(rf"{LENGTH}|(?:xx?-|xxx-)?(?:small|large)|medium|smaller|larger"),
    "position": WORDS,
    "float": WORDS,
    "overflow": WORDS,
    "clip": ANY,
    "clip-path": ANY,
    "transform": ANY,
    "background-clip": WORDS,
    "text-decoration-line": WORDS,
    **dict.fromkeys(("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top"), LENGTHS),
    **dict.fromkeys(("width", "height", "max-width", "max-height"), LENGTHS),
}
PROPERTY_ALIASES = {
    "-webkit-background-clip": "background-clip",
    "-webkit-clip-path": "clip-path",
    "overflow-x": "overflow",
    "overflow-y": "overflow",
}
"""Aliases of properties, equivalent for this purpose."""
SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
    "initial": 16.0,
}
SMALLER, LARGER = 5 / 6, 6 / 5
FAINT = 0.01
"""Opacity at which nothing is visible."""
CLEAR = regex.compile(r"#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)")
ALPHA = regex.compile(r"[a-z-]+\((?:[^/]*/|(?:[^,/]*,){3})(?P<alpha>[^,/]*)\)")
FONT_SIZE = regex.compile(rf"(?:^|\s)({NUMBER}(?:%|[a-z]+)?)(?:\s*/|\s)")


def parse_declaration(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield the relevant properties of a declaration, none if it is not supported."""
    name = PROPERTY_ALIASES.get(name, name)
    if name == "font" and (size := FONT_SIZE.search(value)):
        yield "font-size", size[1]
    elif name == "margin":
        if all(LENGTHS.fullmatch(side) for side in value.split()):
            top, _, _, left = box_sides(value)
            yield from (("margin-top", top), ("margin-left", left))
    elif name == "text-decoration":
        yield "text-decoration-line", value
    elif name in SUPPORTED_PROPERTIES and SUPPORTED_PROPERTIES[name].fullmatch(value):
        yield name, value


def pixels(value: str | None, font: float, root: float, whole: float) -> float | None:
    """Convert a length to pixels, None if it is none; all sizes in pixels, `whole` is what 100 % stands for."""
    found = LENGTH_IN.fullmatch(value or "")
    if found is None:
        return None
    unit = found["unit"]
    units = {"%": whole / 100, "rem": root, **UNITS}
    each = units.get(unit, font * OF_FONT[unit] if unit in OF_FONT else None)
    return None if each is None else float(found["number"]) * each


def box_sides(written: str) -> list[str]:
    """Return top, right, bottom and left of one to four lengths."""
    sides = written.replace(",", " ").split() or ["0"]
    return [sides[number if number < len(sides) else max(0, number - 2) % len(sides)] for number in range(4)]


def font_size(value: str | None, around: float, root: float) -> float:
    """Return the font size in pixels, given the parent's and the root element's."""
    relative = {"smaller": around * SMALLER, "larger": around * LARGER}
    stated = {**SIZES, **relative}.get(value or "", pixels(value, around, root, around))
    return around if stated is None or stated < 0 else stated


def is_transparent(color: str) -> bool:
    """Whether a colour is transparent, so that text in it is invisible."""
    if found := ALPHA.fullmatch(color):
        return is_zero(found["alpha"])
    return color == "transparent" or CLEAR.fullmatch(color) is not None


def is_zero(share: str) -> bool:
    """Whether a number or percentage is practically zero."""
    found = LENGTH_IN.fullmatch(share.strip())
    return found is not None and float(found["number"]) / (100 if found["unit"] else 1) <= FAINT
