"""The properties that say whether and where something is seen, and the values of theirs that are understood.

A value that a browser does not understand leaves what was declared before; so does one here that is not understood.
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
"""Pixels of the units that are the same everywhere; of a window of a thousand pixels, where they are parts of it."""
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
UNDERSTOOD = {
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
ALSO = {
    "-webkit-background-clip": "background-clip",
    "-webkit-clip-path": "clip-path",
    "overflow-x": "overflow",
    "overflow-y": "overflow",
}
"""Other names of the same, as far as it matters."""
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
"""Opacity at which nobody sees anything."""
CLEAR = regex.compile(r"#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)")
ALPHA = regex.compile(r"[a-z-]+\((?:[^/]*/|(?:[^,/]*,){3})(?P<alpha>[^,/]*)\)")
FONT_SIZE = regex.compile(rf"(?:^|\s)({NUMBER}(?:%|[a-z]+)?)(?:\s*/|\s)")


def understood(name: str, value: str) -> Iterator[tuple[str, str]]:
    """What a declaration says of the properties that matter here; nothing, where it is not understood."""
    name = ALSO.get(name, name)
    if name == "font" and (size := FONT_SIZE.search(value)):
        yield "font-size", size[1]
    elif name == "margin":
        if all(LENGTHS.fullmatch(side) for side in value.split()):
            top, _, _, left = sides_of(value)
            yield from (("margin-top", top), ("margin-left", left))
    elif name == "text-decoration":
        yield "text-decoration-line", value
    elif name in UNDERSTOOD and UNDERSTOOD[name].fullmatch(value):
        yield name, value


def pixels(value: str | None, font: float, root: float, whole: float) -> float | None:
    """A length in pixels; None for what is none.

    Args:
        value: as it is declared.
        font: the size of the font, in pixels.
        root: that of the whole page.
        whole: what a percentage is a part of.
    """
    found = LENGTH_IN.fullmatch(value or "")
    if found is None:
        return None
    unit = found["unit"]
    units = {"%": whole / 100, "rem": root, **UNITS}
    each = units.get(unit, font * OF_FONT[unit] if unit in OF_FONT else None)
    return None if each is None else float(found["number"]) * each


def sides_of(written: str) -> list[str]:
    """Top, right, bottom and left, as one to four lengths state them."""
    sides = written.replace(",", " ").split() or ["0"]
    return [sides[number if number < len(sides) else max(0, number - 2) % len(sides)] for number in range(4)]


def font_size(value: str | None, around: float, root: float) -> float:
    """The size of a font in pixels.

    Args:
        value: as it is declared; None where it is not.
        around: the size of what it stands in.
        root: that of the whole page.
    """
    relative = {"smaller": around * SMALLER, "larger": around * LARGER}
    stated = {**SIZES, **relative}.get(value or "", pixels(value, around, root, around))
    return around if stated is None or stated < 0 else stated


def is_clear(color: str) -> bool:
    """Whether a colour is none: what is written in it is not seen."""
    if found := ALPHA.fullmatch(color):
        return is_nothing(found["alpha"])
    return color == "transparent" or CLEAR.fullmatch(color) is not None


def is_nothing(share: str) -> bool:
    """Whether a share, as a number or as a percentage, is as good as none."""
    found = LENGTH_IN.fullmatch(share.strip())
    return found is not None and float(found["number"]) / (100 if found["unit"] else 1) <= FAINT
