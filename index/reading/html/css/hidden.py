"""Indirect ways in which a style hides an element."""

from __future__ import annotations

from collections.abc import Mapping

import regex

from index.reading.html.css.properties import box_sides, is_zero, pixels

Style = Mapping[str, str]
FAR, BEYOND = -500.0, 5000.0
"""Pixels to the left or top, and to the right or bottom, at which text is off every screen."""
WINDOW = 1000.0
"""Assumed size of the window in pixels, for percentages."""
SLIT = 1.0
"""Size in pixels of a box that shows no text."""
WHOLE = 98.0
"""Per cent cut off that leave nothing."""
RECT = regex.compile(r"rect\(([^()]*)\)")
INSET = regex.compile(r"inset\(([^()]*?)(?:\sround\s[^()]*)?\)")
POINT = regex.compile(r"(?:circle|ellipse)\(\s*0*\.?0+[a-z%]*(?:\s[^()]*)?\)")
POLYGON = regex.compile(r"polygon\((?:(?:evenodd|nonzero)\s*,)?([^()]*)\)")
SHRUNK = regex.compile(r"(?:scale(?:x|y|3d)?|matrix)\(\s*([^(),]*)[^()]*\)")
MOVED = regex.compile(r"translate(?:x|y|3d)?\(([^()]*)\)")


def is_nearly_transparent(style: Style) -> bool:
    """Whether the element is practically transparent."""
    return is_zero(style.get("opacity", "1"))


def is_clipped_by_path(style: Style) -> bool:
    """Whether `clip-path` leaves nothing of the element."""
    clip = style.get("clip-path", "")
    if inset := INSET.fullmatch(clip):
        top, right, bottom, left = (_per_cent(side) for side in box_sides(inset[1]))
        return top + bottom >= WHOLE or left + right >= WHOLE
    if polygon := POLYGON.fullmatch(clip):
        return len({" ".join(point.split()) for point in polygon[1].split(",")}) == 1
    return POINT.fullmatch(clip) is not None


def is_clipped_by_rect(style: Style) -> bool:
    """Whether `clip` leaves nothing of the element; it only works on absolute or fixed positions."""
    found = RECT.fullmatch(style.get("clip", ""))
    sides = [pixels(side, 16, 16, WINDOW) for side in box_sides(found[1])] if found else []
    if not sides or None in sides:
        return False
    top, right, bottom, left = (side or 0.0 for side in sides)
    return bottom - top <= SLIT or right - left <= SLIT


def is_off_screen(style: Style, font: float, root: float) -> bool:
    """Whether the element is off the screen, if it is positioned."""
    return any(_is_far(style.get(side), font, root) for side in ("left", "top", "right", "bottom"))


def is_overflow_hidden(style: Style, font: float, root: float, *, is_laid_out: bool) -> bool:
    """Whether the text is hidden outside its box or far from its place, if the element has a box.

    A flex or grid container may give its items more room than they state.
    """
    indent = pixels(style.get("text-indent"), font, root, WINDOW)
    margins = (margin for side in ("left", "top") if not (margin := style.get(f"margin-{side}", "")).endswith("%"))
    sizes = ("max-width", "max-height") if is_laid_out else ("width", "height", "max-width", "max-height")
    lengths = (pixels(style.get(size), font, root, WINDOW) for size in sizes)
    is_out = (indent is not None and indent >= WINDOW) or any(each is not None and each <= SLIT for each in lengths)
    return (
        any(_is_far(length, font, root) for length in (style.get("text-indent"), *margins))
        or (is_out and style.get("overflow", "").split()[:1] in (["hidden"], ["clip"]))
        or _is_transformed(style.get("transform", ""), font, root)
    )


def _is_transformed(transform: str, font: float, root: float) -> bool:
    shrunk, moved = SHRUNK.search(transform), MOVED.search(transform)
    return (shrunk is not None and is_zero(shrunk[1])) or (
        moved is not None and any(_is_far(by.strip(), font, root) for by in moved[1].split(",") if "%" not in by)
    )


def _is_far(length: str | None, font: float, root: float) -> bool:
    found = pixels(length, font, root, WINDOW)
    return found is not None and not FAR < found < BEYOND


def _per_cent(length: str) -> float:
    return float(length[:-1]) if regex.fullmatch(r"[\d.]*\d%", length) else 0.0
