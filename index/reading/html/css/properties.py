"""CSS properties that can hide text, and the values with which they do not.

No value is looked for that hides: whatever is not known to be harmless, by its range or by name, is doubtful.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import tinycss2
from tinycss2 import color5

from index.reading.html.css.selectors import Token, split_at_commas

FONT = 16.0
"""Default font size in pixels."""
WINDOW = 1000.0
"""Assumed size of the window in pixels, for percentages."""
UNITS = {
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "q": 2.4 / 2.54,
    **dict.fromkeys(("vw", "vh", "vmin", "vmax", "svw", "svh", "lvw", "lvh", "dvw", "dvh", "vi", "vb"), WINDOW / 100),
    **dict.fromkeys(("deg", "grad", "rad", "turn", "fr"), 1.0),
}
"""Pixels per unit; what is no length counts as it stands."""
OF_FONT = {"em": 1.0, "ex": 0.5, "ch": 0.5, "lh": 1.2, "ic": 1.0, "cap": 0.7}
SUMS: dict[str, Callable[[list[float]], float]] = {
    "calc": lambda sums: sums[0],
    "max": max,
    "min": min,
    "clamp": lambda sums: max(sums[0], min(sums[1], sums[2])),
}
"""What functions that calculate make of their arguments."""
SIDES = ("top", "right", "bottom", "left")
ANY = "*"
"""Any word and any function."""
NO_FUNCTIONS: Mapping[str, tuple[float, float]] = MappingProxyType({})


class Harmless(NamedTuple):
    """Values that hide nothing."""

    words: str = ""
    low: float = 1.0
    high: float = 0.0
    """The least and greatest length in pixels."""
    functions: Mapping[str, tuple[float, float]] = NO_FUNCTIONS
    """Functions, with the least and greatest arguments."""
    one: float = 1.0
    whole: float = WINDOW
    """What the numbers 1 and 100 % stand for."""


NONE = Harmless("none")
MOVES, SCALES = (-100.0, 999.0), (0.5, 4.0)
OFFSET = Harmless("auto", *MOVES)
DISPLAYS = """
    contents block inline inline-block flow-root flow list-item run-in flex inline-flex grid inline-grid table
    inline-table table-row-group table-header-group table-footer-group table-row table-cell table-column-group
    table-column table-caption ruby ruby-base ruby-text math -webkit-box -webkit-inline-box -webkit-flex
    -webkit-inline-flex -moz-box -ms-flexbox -ms-inline-flexbox
"""
TRANSFORMS = {
    **dict.fromkeys(("translate", "translatex", "translatey", "translatez", "translate3d"), MOVES),
    **dict.fromkeys(("scale", "scalex", "scaley", "scalez", "scale3d"), SCALES),
    **dict.fromkeys(("rotate", "rotatez"), (-400.0, 400.0)),
}
HARMLESS: dict[str, Harmless] = {
    "all": Harmless(),
    "clip": Harmless("auto"),
    "clip-path": NONE,
    "content": Harmless("none normal"),
    "content-visibility": Harmless("visible auto"),
    "display": Harmless(DISPLAYS),
    "filter": NONE,
    "font-size": Harmless("", 6, 400),
    "font-size-adjust": Harmless("none from-font"),
    "grid-template-columns": Harmless(ANY, 0.01, 1e6),
    "grid-template-rows": Harmless(ANY, 0.01, 1e6),
    "letter-spacing": Harmless("normal", -2, 40),
    "line-clamp": NONE,
    "line-height": Harmless("normal", 7, 400, one=16, whole=16),
    "mask": NONE,
    "mask-border": NONE,
    "mask-border-source": NONE,
    "mask-box-image": NONE,
    "mask-box-image-source": NONE,
    "mask-image": NONE,
    "mix-blend-mode": Harmless("normal"),
    "offset": NONE,
    "offset-path": NONE,
    "opacity": Harmless("", 0, 1, whole=1),
    "outline-offset": Harmless("", -5, 1000),
    "position-visibility": Harmless("always"),
    "rotate": Harmless("none z", -400, 400),
    "scale": Harmless("none", *SCALES, whole=1),
    "text-indent": Harmless("hanging each-line", *MOVES),
    "text-security": NONE,
    "transform": Harmless("none", functions=TRANSFORMS),
    "transform-origin": Harmless("center left right top bottom", *MOVES),
    "translate": Harmless("none", *MOVES),
    "unicode-bidi": Harmless("normal embed isolate"),
    "visibility": Harmless("visible"),
    "word-spacing": Harmless("normal", -2, 40),
    "z-index": Harmless("auto", 0, 1e99),
    "zoom": Harmless("normal", *SCALES, whole=1),
    **dict.fromkeys(SIDES, OFFSET),
    **dict.fromkeys((f"margin-{side}" for side in SIDES), OFFSET),
}
INHERITED = frozenset(
    {
        "font-size-adjust",
        "letter-spacing",
        "line-height",
        "text-indent",
        "text-security",
        "visibility",
        "word-spacing",
    }
)
"""Properties of text, which children have as well."""
ROOM = Harmless("auto none min-content max-content fit-content stretch -webkit-fill-available", 30, 1e9)
HEIGHT = ROOM._replace(whole=1e6)  # a percentage mostly has no effect
SIZES = {"width": ROOM, "max-width": ROOM, "height": HEIGHT, "max-height": HEIGHT}
"""Sizes at which a box shows its text though it cuts off what is outside it."""
FONT_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
    "initial": FONT,
}
SMALLER, LARGER = 5 / 6, 6 / 5
OTHERS = """
    color text-fill-color background-color background-image background-clip text-shadow text-stroke box-shadow position
    float overflow-x overflow-y contain text-decoration-line animation animation-name font-size
"""
RELEVANT = frozenset((*HARMLESS, *SIZES, *OTHERS.split()))
SHORTHANDS = {
    "inset": SIDES,
    "margin": tuple(f"margin-{side}" for side in SIDES),
    "inset-block": ("top", "bottom"),
    "inset-inline": ("left", "right"),
    "margin-block": ("margin-top", "margin-bottom"),
    "margin-inline": ("margin-left", "margin-right"),
    "overflow": ("overflow-x", "overflow-y"),
    "font": ("font-size", "line-height"),
    "background": ("background-color", "background-image"),
    "text-decoration": ("text-decoration-line",),
}
LOGICAL = {
    "inline-start": "left",
    "inline-end": "right",
    "block-start": "top",
    "block-end": "bottom",
    "inline-size": "width",
    "block-size": "height",
}
"""Sides and sizes in text from left to right."""
IMAGES = ("gradient", "url", "image", "image-set", "cross-fade", "element", "paint")


def physical_name(name: str) -> str:
    """Return the name of a property without a browser's prefix and without logical directions."""
    if name.startswith("--"):
        return name
    name = name.lower().removeprefix("-webkit-").removeprefix("-moz-")
    for logical, physical in LOGICAL.items():
        if logical in name:
            return name.removeprefix("inset-").replace(logical, physical)
    return name


def longhands(name: str, value: str) -> dict[str, str]:
    """Return the properties that a declaration sets, with their values."""
    names, parts = SHORTHANDS.get(name, (name,)), tokens(value)
    if len(names) == 1 or (len(parts) == 1 and parts[0].type == "ident" and name != "background"):
        return dict.fromkeys(names, value)
    if name == "background":
        images = [part for part in parts if part.type == "url" or _is_image(part)]
        colors = [part for part in parts if part.type == "function" or color5.parse_color(part)]
        written = [part for part in colors if part not in images]
        return dict(zip(names, (tinycss2.serialize(written) or "transparent", tinycss2.serialize(images)), strict=True))
    if name == "font":
        at = next((number for number, part in enumerate(parts) if _is_font_size(part)), None)
        if at is None:
            return {}
        height = parts[at + 2 : at + 3] if "/" in parts[at + 1 : at + 2] else ()
        return dict(zip(names, map(tinycss2.serialize, ([parts[at]], height)), strict=True))
    sides = [tinycss2.serialize([part]) for part in parts]
    return {each: sides[_side(number, len(sides))] for number, each in enumerate(names)}


def _side(number: int, given: int) -> int:
    """Return which of the given values is for a side: the opposite one's, if it has none."""
    return number if number < given else max(0, number - 2) % given


def _is_image(token: Token) -> bool:
    return bool(token.type == "function" and token.lower_name.endswith(IMAGES))


def _is_font_size(token: Token) -> bool:
    is_size = token.type in {"dimension", "percentage", "function"} or (token.type == "number" and not token.value)
    return is_size or (token.type == "ident" and token.lower_value in {*FONT_SIZES, "smaller", "larger"})


@functools.lru_cache(maxsize=4096)
def tokens(value: str) -> tuple[Token, ...]:
    """Return the tokens of a value without white space."""
    return tuple(token for token in tinycss2.parse_component_value_list(value) if token.type != "whitespace")


def pixels(token: Token, font: float, root: float, row: Harmless = NONE) -> float | None:
    """Convert a number, a length, a percentage or a sum to pixels, None if it is none; all sizes in pixels."""
    match token.type:
        case "number":
            return float(token.value * row.one)
        case "percentage":
            return float(token.value * row.whole / 100)
        case "dimension":
            unit = token.lower_unit
            each = font * OF_FONT[unit] if unit in OF_FONT else {"rem": root, **UNITS}.get(unit)
            return None if each is None else float(token.value * each)
        case "function" if token.lower_name in SUMS:
            try:
                return SUMS[token.lower_name](
                    [
                        _sum(part, lambda operand: pixels(operand, font, root, row))
                        for part in split_at_commas(token.arguments)
                    ]
                )
            except (ArithmeticError, IndexError, RecursionError, TypeError):
                return None
    return None


def _sum(parts: Iterable[Token], read: Callable[[Token], float | None]) -> float:
    """Calculate a sum of products (https://www.w3.org/TR/css-values-4/#calc-syntax); TypeError if a part is unknown."""
    total, product, sign, divides = 0.0, 1.0, 1, False
    for part in parts:
        match part:
            case "+" | "-":
                total, product, sign = total + sign * product, 1.0, 1 if part == "+" else -1
            case "*" | "/":
                divides = part == "/"
            case _ if part.type != "whitespace":
                operand: Any = _sum(part.content, read) if part.type == "() block" else read(part)
                product, divides = product / operand if divides else product * operand, False
    return total + sign * product


def length(value: str, font: float, root: float, row: Harmless = NONE) -> float | None:
    """Convert a value to pixels, None if it is anything but one length."""
    parts = tokens(value)
    return pixels(parts[0], font, root, row) if len(parts) == 1 else None


@functools.lru_cache(maxsize=4096)
def is_harmless(name: str, value: str, font: float, root: float) -> bool:
    """Whether a value of a property is known to hide nothing; of a size, where a box cuts off what is outside it."""
    row = HARMLESS.get(name) or SIZES.get(name)
    return row is None or all(_is_harmless(token, row, font, root) for token in tokens(value))


def _is_harmless(token: Token, row: Harmless, font: float, root: float) -> bool:
    match token.type:
        case "ident":
            return row.words == ANY or token.lower_value in {*row.words.split(), "inherit", "initial", "unset"}
        case "literal":
            return token.value in {",", "/"}
        case "string" | "[] block":
            return True
        case "function" if token.lower_name in row.functions:
            low, high = row.functions[token.lower_name]
            inner = row._replace(low=low, high=high, whole=WINDOW if "translate" in token.lower_name else 1)
            return all(part.type == "whitespace" or _is_harmless(part, inner, font, root) for part in token.arguments)
        case "function" if token.lower_name not in SUMS:
            return row.words == ANY
    size = pixels(token, font, root, row)
    return size is not None and row.low <= size <= row.high


def font_size(value: str, around: float, root: float) -> float | None:
    """Return the font size in pixels, given the parent's and the root element's; None if it is unknown."""
    stated = {**FONT_SIZES, "smaller": around * SMALLER, "larger": around * LARGER}
    return stated.get(value, length(value, around, root, HARMLESS["font-size"]._replace(whole=around)))
