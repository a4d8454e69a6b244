"""Which text of a PDF page is visible: drawn, large enough, on the page, uncovered, and unlike what is behind it."""

from __future__ import annotations

import enum
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.reading.pdf.areas import Area, Inside, Points, Shape
from index.reading.pdf.pieces import Piece

TINY = 2.0
"""Font size in points below which text is unreadable."""
CONTRAST = 0.1
"""Minimum difference of text from its background, in one of red, green and blue."""
SOLID = 0.5
"""Alpha from which an area covers what is below it."""
SLANT = 10
"""Degrees from the nearest page edge above which text is a stamp."""
PAPER = (1.0, 1.0, 1.0)


class TextVisibility(enum.Enum):
    """Visibility of a piece of text."""

    SEEN = enum.auto()
    DOUBTFUL = enum.auto()
    """It may be covered, faint, clipped or in a layer that is off, or that cannot be evaluated."""
    RECOGNISED = enum.auto()
    """Not drawn: recognised in an image on the page, or hidden."""
    NONE = enum.auto()
    """Too small to be read, off the page, or a stamp across it."""


def visibilities(pieces: Sequence[Piece], areas: Sequence[Area], page: Shape) -> list[TextVisibility]:
    """Return the visibility of each piece of text on a page."""
    owners = np.repeat(np.arange(len(pieces)), [len(piece.points) for piece in pieces])
    points = np.array([point for piece in pieces for point in piece.points], dtype=np.float64).reshape(-1, 2)
    on_page = page.contains(points)
    hidden = _clipped(pieces, owners, points) | ~on_page | _covered_or_faint(pieces, owners, points, areas)
    is_hidden = np.zeros(len(pieces), dtype=np.bool_)
    is_hidden[owners[hidden]] = True
    is_on_page = np.zeros(len(pieces), dtype=np.bool_)
    is_on_page[owners[on_page]] = True
    return [
        _visibility(piece, is_hidden=bool(is_hidden[number]), is_on_page=bool(is_on_page[number]))
        for number, piece in enumerate(pieces)
    ]


def _visibility(piece: Piece, *, is_hidden: bool, is_on_page: bool) -> TextVisibility:
    if not piece.points:
        return TextVisibility.SEEN if piece.is_sure else TextVisibility.DOUBTFUL
    if not piece.inks:
        return TextVisibility.RECOGNISED
    if not is_on_page or min(piece.height, piece.width) < TINY or SLANT < piece.angle % 90 < 90 - SLANT:
        return TextVisibility.NONE
    return TextVisibility.SEEN if piece.is_sure and not is_hidden else TextVisibility.DOUBTFUL


def _clipped(pieces: Sequence[Piece], owners: NDArray[np.int64], points: Points) -> Inside:
    """Tell which points are outside the clip of their piece."""
    clipped = np.zeros(len(points), dtype=np.bool_)
    numbers: dict[int, list[int]] = {}
    shapes: dict[int, Shape] = {}
    for number, piece in enumerate(pieces):
        for clip in piece.clips:
            shapes[id(clip)] = clip
            numbers.setdefault(id(clip), []).append(number)
    for key, clip in shapes.items():
        own = np.isin(owners, numbers[key])
        clipped[own] |= ~clip.contains(points[own])
    return clipped


def _covered_or_faint(
    pieces: Sequence[Piece], owners: NDArray[np.int64], points: Points, areas: Sequence[Area]
) -> Inside:
    """Tell which points are below an area, or hardly differ from what is behind them.

    An area that is mixed with what is below it, or whose colour is unknown, makes the background unknown.
    """
    covered = np.zeros(len(points), dtype=np.bool_)
    behind = np.tile(np.array(PAPER), (len(points), 1))
    for area in areas:
        if area.alpha <= CONTRAST:
            continue
        inside = area.contains(points)
        below = inside & (owners < area.after)
        covered |= below & (area.alpha >= SOLID or area.is_blended)
        above = inside & (owners >= area.after)
        if area.is_blended or area.colour is None:
            behind[above] = np.nan
        else:
            behind[above] += area.alpha * (np.array(area.colour) - behind[above])
    differs = np.zeros(len(points), dtype=np.bool_)
    for rank in range(2):
        inks = [piece.inks[rank] if rank < len(piece.inks) else (None, 0.0) for piece in pieces]
        colours = np.array([colour or (np.nan,) * 3 for colour, _ in inks]).reshape(-1, 3)
        alphas = np.array([alpha for _, alpha in inks])
        contrast = np.abs(colours[owners] - behind).max(axis=1) * alphas[owners]
        differs |= contrast >= CONTRAST
    return covered | ~differs
