"""Text boxes of Word documents: whether they are seen, and their ground.

Names are those of DrawingML (ECMA-376, part 1, section 20) and, in files of older programs, VML (part 4, section 19).
"""

from __future__ import annotations

import re

from index.reading.docx.colours import WHITE, A, Colour, Colours, Special, rgb
from index.reading.docx.package import Element
from index.reading.docx.styles import is_on

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
V = "{urn:schemas-microsoft-com:vml}"
POINT = 12700
"""Of the units in which DrawingML measures (EMU)."""
LEAST_SIDE = 10
"""Points that a box is wide and high at least, if its text is seen."""
LEAST_AREA = 16
"""Square points for each character of its text: more text does not fit in."""
FARTHEST = 1000
"""Points from the page's edge at which a box is outside."""
FILLS = ("noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
LENGTH = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(pt|in|cm|mm|px)?")
POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, None: 1.0}
UNSEEN = frozenset({"hidden", "none"})


def is_plain_box(content: Element) -> bool:
    """Whether the content of a text box is certainly seen: an ordinary box on the page, large enough."""
    shape = _shape(content)
    size = _drawn_size(shape) if shape.tag == f"{WPS}wsp" else _vml_size(shape)
    if size is None or shape.find(f"{WPS}bodyPr/{A}spAutoFit") is not None:  # such a box grows with its text
        return size is not None and size[0] >= LEAST_SIDE
    width, height = size
    characters = len("".join(content.itertext()).strip())
    return min(width, height) >= LEAST_SIDE and width * height >= LEAST_AREA * characters


def box_ground(content: Element, colours: Colours) -> Colour:
    """Return the colour that fills a text box; automatic if nothing fills it."""
    shape = _shape(content)
    if shape.tag != f"{WPS}wsp":
        return _vml_fill(shape)
    for name in FILLS:
        fill = shape.find(f"{WPS}spPr/{A}{name}")
        if fill is not None:
            return Special.AUTOMATIC if name == "noFill" else colours.drawing(fill)
    return Special.AUTOMATIC if shape.find(f"{WPS}style") is None else Special.UNKNOWN


def _shape(content: Element) -> Element:
    """Return the shape that a text box belongs to, or what stands in its place."""
    above = [content, *content.iterancestors()]
    return above[min(2, len(above) - 1)]


def _drawn_size(shape: Element) -> tuple[float, float] | None:
    """Return width and height in points of a shape on its own, None if it may not be seen."""
    above = [each.tag for each in shape.iterancestors()]
    if above[:2] != [f"{A}graphicData", f"{A}graphic"] or above[2] not in {f"{WP}inline", f"{WP}anchor"}:
        return None
    frame = shape.getparent().getparent().getparent()
    named, scaled = frame.find(f"{WP}docPr"), shape.find(f"{WPS}bodyPr/{A}normAutofit")
    is_hidden = named is not None and is_on(named.get("hidden", "0"))
    is_shrunk = scaled is not None and _points(scaled.get("fontScale", "100000")) < 25_000  # noqa: PLR2004  # a quarter
    extents = [*frame.iterfind(f"{WP}extent"), *shape.iterfind(f"{WPS}spPr/{A}xfrm/{A}ext")]
    if is_hidden or is_shrunk or not extents or is_on(frame.get("simplePos", "0")):
        return None
    width, height = (min(_points(extent.get(side, "")) for extent in extents) / POINT for side in ("cx", "cy"))
    offsets = (frame.findtext(f"{WP}{place}/{WP}posOffset", "0") for place in ("positionH", "positionV"))
    return _on_page((width, height), [_points(offset.strip()) / POINT for offset in offsets])


def _vml_size(shape: Element) -> tuple[float, float] | None:
    """Return width and height in points of a shape on its own, None if it may not be seen."""
    if not shape.tag.startswith(V) or shape.getparent().tag == f"{V}group":
        return None
    pairs = (declared.partition(":") for declared in shape.get("style", "").lower().split(";"))
    style = {name.strip(): value.strip() for name, _, value in pairs}
    if UNSEEN & set(style.values()):
        return None
    offsets = [_points(style.get(name, "0")) for name in ("margin-left", "margin-top", "left", "top")]
    size = _points(style.get("width", "")), _points(style.get("height", ""))
    return _on_page(size, [max(offsets[0::2], key=abs), max(offsets[1::2], key=abs)])


def _on_page(size: tuple[float, float], offsets: list[float]) -> tuple[float, float] | None:
    is_there = all(-side < offset < FARTHEST for side, offset in zip(size, offsets, strict=True))
    return size if is_there else None


def _vml_fill(shape: Element) -> Colour:
    if not is_on(shape.get("filled", "1").replace("f", "0", 1)):
        return Special.AUTOMATIC
    colour = shape.get("fillcolor", "white").split(" ")[0]
    if shape.find(f"{V}fill") is not None:
        return Special.UNKNOWN
    return WHITE if colour == "white" else rgb(colour.removeprefix("#"))


def _points(length: str) -> float:
    """Return a length in points, or in the unit that it is in; no number if it is none."""
    found = LENGTH.fullmatch(length)
    return float(found[1]) * POINTS[found[2]] if found else float("nan")
