"""Areas of a page: what a path encloses, and which points are in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.reading.pdf.colours import RGB

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Points = NDArray[np.float64]
"""Rows of x and y."""
Inside = NDArray[np.bool_]
"""For each point, whether it is inside."""
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
COMPARED = 2**20
"""Pairs of a point and an edge that are compared at once."""
CURVE_STEPS = 6
"""Straight lines that a curve is divided into."""


def multiplied(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that applies one matrix, then another; ValueError if it is not finite."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    both = (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)
    if not all(map(math.isfinite, both)):
        message = "A matrix is out of range."
        raise ValueError(message)
    return both


def placed(matrix: Matrix, x: float, y: float) -> Point:
    """Return where a point is after a matrix is applied."""
    return (matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5])


def quadrilateral(matrix: Matrix, x1: float, y1: float, x2: float, y2: float) -> list[Point]:
    """Return the corners of a rectangle after a matrix is applied."""
    return [placed(matrix, x, y) for x, y in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))]


def curve(start: Point, first: Point, second: Point, end: Point) -> Iterator[Point]:
    """Yield points on a Bézier curve, without its start."""
    for step in range(1, CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        corners = (start, first, second, end)
        yield (
            sum(share * corner[0] for share, corner in zip(shares, corners, strict=True)),
            sum(share * corner[1] for share, corner in zip(shares, corners, strict=True)),
        )


def outlined(path: Sequence[Sequence[Point]], width: float) -> list[list[Point]]:
    """Return the areas of the lines of a path that is stroked with a pen of this width."""
    found = []
    for line in path:
        for (x1, y1), (x2, y2) in pairwise(line):
            length = math.hypot(x2 - x1, y2 - y1) or 1.0
            across, along = (y1 - y2) / length * width / 2, (x2 - x1) / length * width / 2
            found.append(
                [
                    (x1 + across, y1 + along),
                    (x2 + across, y2 + along),
                    (x2 - across, y2 - along),
                    (x1 - across, y1 - along),
                ]
            )
    return found


class Shape(NamedTuple):
    """The inside of some closed lines."""

    lines: Sequence[Sequence[Point]]
    even_odd: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top; nothing is within the box of no lines."""
        xs = [x for line in self.lines for x, _ in line]
        ys = [y for line in self.lines for _, y in line]
        return (min(xs), min(ys), max(xs), max(ys)) if xs else (math.inf, math.inf, -math.inf, -math.inf)

    def contains(self, points: Points) -> Inside:
        """Tell which points are inside, by the winding number or by even and odd crossings (ISO 32000-1, 8.5.3.3)."""
        left, bottom, right, top = self.box
        x, y = points[:, 0], points[:, 1]
        near = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
        inside = np.zeros(len(points), dtype=np.bool_)
        if near.any():
            inside[near] = self._winding(points[near])
        return inside

    def _winding(self, points: Points) -> Inside:
        edges = np.array([(*start, *end) for line in self.lines for start, end in pairwise([*line, line[0]])])
        winding = np.zeros(len(points), dtype=np.int64)
        x, y = points[:, :1], points[:, 1:]
        at_once = max(1, COMPARED // len(points))
        for place in range(0, len(edges), at_once):
            x1, y1, x2, y2 = edges[place : place + at_once].T
            rise = np.where(y2 == y1, 1.0, y2 - y1)
            crossed = (y >= np.minimum(y1, y2)) & (y < np.maximum(y1, y2)) & (x < x1 + (y - y1) * (x2 - x1) / rise)
            winding += (crossed * np.sign(y2 - y1)).sum(axis=1).astype(np.int64)
        inside: Inside = winding % 2 == 1 if self.even_odd else winding != 0
        return inside


class Area(NamedTuple):
    """What is painted at once."""

    shape: Shape
    clips: tuple[Shape, ...]
    colour: RGB | None
    """None if unknown, as of an image."""
    alpha: float
    is_blended: bool
    """Whether it does not simply replace what is below it: a blend mode, a soft mask."""
    after: int
    """How many pieces of text were shown before it."""

    def contains(self, points: Points) -> Inside:
        """Tell which points it paints."""
        inside = self.shape.contains(points)
        for clip in self.clips:
            if not inside.any():
                break
            inside[inside] = clip.contains(points[inside])
        return inside
