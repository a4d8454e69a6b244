"""Colours of a PDF as red, green and blue; None for a colour that is not evaluated here."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.reading.pdf.objects import PdfObject, resolved

RGB = tuple[float, float, float]
BLACK: RGB = (0.0, 0.0, 0.0)
WHITE: RGB = (1.0, 1.0, 1.0)
GREY, COLOURS, INKS = 1, 3, 4
"""Components of a grey, an RGB and a CMYK colour."""
DEVICE = {"/DeviceGray": GREY, "/G": GREY, "/DeviceRGB": COLOURS, "/RGB": COLOURS, "/DeviceCMYK": INKS, "/CMYK": INKS}
MAX_DEPTH = 4
"""Colour spaces and functions within each other."""
SAMPLED, EXPONENTIAL, STITCHED = 0, 2, 3
"""Types of functions (ISO 32000-1, 7.10)."""
BYTE = 8


def device_colour(parts: Sequence[float]) -> RGB | None:
    """Return a grey, RGB or CMYK colour, by its number of components."""
    if len(parts) == GREY:
        return (parts[0], parts[0], parts[0])
    if len(parts) == COLOURS:
        return (parts[0], parts[1], parts[2])
    if len(parts) == INKS:
        cyan, magenta, yellow, black = parts
        return ((1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black))
    return None


def colour_in(space: PdfObject, parts: Sequence[float], depth: int = 0) -> RGB | None:
    """Return the colour of these components in a colour space (ISO 32000-1, 8.6)."""
    space = resolved(space)
    stated: list[PdfObject] = [space] if isinstance(space, str) else [*map(resolved, space)]
    family, *rest = stated
    if DEVICE.get(family) == len(parts) or (family == "/ICCBased" and rest[0]["/N"] == len(parts)):
        return device_colour(parts)
    if family in {"/CalGray", "/CalRGB"}:
        return _calibrated(rest[0], parts)
    if family == "/Lab":
        return _lab(*parts)
    if family in {"/Indexed", "/I"} and depth < MAX_DEPTH:
        return _indexed(rest[0], rest[2], int(parts[0]), depth)
    if family in {"/Separation", "/DeviceN"} and depth < MAX_DEPTH:
        return _mixed(rest, parts, depth)
    return None


def _mixed(stated: Sequence[PdfObject], parts: Sequence[float], depth: int) -> RGB | None:
    """Return the colour of one ink, of which another space says how it looks; several are not evaluated."""
    name, alternate, function = stated[:3]
    mixed = _value(function, parts[0], depth) if len(parts) == 1 and name != "/None" else None
    return None if mixed is None else colour_in(alternate, mixed, depth + 1)


def initial_colour(space: PdfObject) -> RGB | None:
    """Return the colour that choosing a colour space sets."""
    space = resolved(space)
    family = space if isinstance(space, str) else space[0]
    if family in {"/Separation", "/DeviceN"}:
        return colour_in(space, [1.0])
    return None if family == "/Pattern" else colour_in(space, [0.0]) if family in {"/Indexed", "/I"} else BLACK


def _calibrated(stated: PdfObject, parts: Sequence[float]) -> RGB | None:
    gamma = stated.get("/Gamma", 1)
    powers = gamma if isinstance(gamma, list) else [gamma]
    return device_colour([max(0.0, part) ** float(power) for part, power in zip(parts, powers * 3, strict=False)])


def _lab(lightness: float, a: float, b: float) -> RGB:
    """Return a CIE L*a*b* colour in linear RGB; its lightness and hue are what matters."""
    middle = (lightness + 16) / 116
    x, y, z = (_cube(each) for each in (middle + a / 500, middle, middle - b / 200))
    red, green, blue = 3.24 * x - 1.54 * y - 0.54 * z, -0.97 * x + 1.88 * y + 0.04 * z, 0.06 * x - 0.2 * y + 1.06 * z
    return (_displayed(red), _displayed(green), _displayed(blue))


def _displayed(linear: float) -> float:
    return float(min(1.0, max(0.0, linear)) ** (1 / 2.2))


def _cube(value: float) -> float:
    return float(value**3) if value > 6 / 29 else 3 * (6 / 29) ** 2 * (value - 4 / 29)


def _indexed(base: PdfObject, table: PdfObject, index: int, depth: int) -> RGB | None:
    known: bytes = table.get_data() if hasattr(table, "get_data") else table.original_bytes
    size = next((size for size in (GREY, COLOURS, INKS) if colour_in(base, [0.0] * size, depth + 1)), 0)
    family = base if isinstance(base, str) else base[0]
    entry = known[index * size : index * size + size]
    if family in {"/Lab", "/Indexed"} or not size or len(entry) < size:
        return None
    return colour_in(base, [byte / 255 for byte in entry], depth + 1)


def _value(function: PdfObject, at: float, depth: int) -> list[float] | None:
    """Return the value of a function of one number; None for a program, which is not run."""
    function = resolved(function)
    if depth > MAX_DEPTH:
        return None
    kind = function["/FunctionType"]
    if kind == EXPONENTIAL:
        first, last = function.get("/C0", [0.0]), function.get("/C1", [1.0])
        return [
            float(a) + at ** float(function["/N"]) * (float(b) - float(a)) for a, b in zip(first, last, strict=True)
        ]
    if kind == STITCHED:
        return _stitched(function, at, depth)
    if kind == SAMPLED and function["/BitsPerSample"] == BYTE and len(function["/Size"]) == 1:
        return _sampled(function, at)
    return None


def _stitched(function: PdfObject, at: float, depth: int) -> list[float] | None:
    low, high = map(float, function["/Domain"])
    bounds = [low, *map(float, function["/Bounds"]), high]
    encode = [*map(float, function["/Encode"])]
    for number, (start, end) in enumerate(pairwise(bounds)):
        if at < end or number == len(bounds) - 2:
            first, last = encode[2 * number : 2 * number + 2]
            share = (at - start) / (end - start) if end > start else 0.0
            return _value(function["/Functions"][number], first + share * (last - first), depth + 1)
    return None


def _sampled(function: PdfObject, at: float) -> list[float]:
    samples = function.get_data()
    pairs = [*map(float, function.get("/Decode", function["/Range"]))]
    outputs = len(pairs) // 2
    place = round(min(1.0, max(0.0, at)) * (int(function["/Size"][0]) - 1)) * outputs
    read = zip(samples[place : place + outputs], pairs[::2], pairs[1::2], strict=True)
    return [low + byte / 255 * (high - low) for byte, low, high in read]
