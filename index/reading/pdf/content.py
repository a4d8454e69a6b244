"""What the operators of a page do: the text that they show, where and how, and the areas that they paint."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from index.reading.pdf.areas import (
    IDENTITY,
    Area,
    Matrix,
    Point,
    Shape,
    curve,
    multiplied,
    outlined,
    placed,
    quadrilateral,
)
from index.reading.pdf.colours import RGB, colour_in, device_colour, initial_colour
from index.reading.pdf.fonts import Fonts
from index.reading.pdf.layers import Layers
from index.reading.pdf.objects import MALFORMED, PdfObject, if_well_formed, numbers, resolved
from index.reading.pdf.pieces import Piece, PieceBuilder, State

CLIPPING = frozenset({4, 5, 6, 7})
"""Text rendering modes that clip what follows (ISO 32000-1, table 106)."""
OPAQUE = frozenset({"/Normal", "/Compatible"})
"""Blend modes that replace what is below; of any other, the result is not computed."""
FAINT = 1.0
"""Width in points below which a line or an area covers no letter."""
FAR = 1e6
MAX_DEPTH = 8
"""Forms within forms that are followed."""
MAX_AREAS = 20_000
"""Areas of a page beyond which it is too complex to say what is visible on it."""


class _Frame(NamedTuple):
    """What is set aside while a form is drawn."""

    state: State
    saved: list[State]
    layers: list[bool]
    resources: PdfObject


class ContentReader:
    """Called with each operator of a page in order; collects the text shown and the areas painted."""

    def __init__(self, resources: PdfObject, layers: Layers, fonts: Fonts, ctm: Matrix = IDENTITY) -> None:
        """Begin with these resources, and a matrix from the operators' units to the page."""
        self.pieces: list[Piece] = []
        self.areas: list[Area] = []
        self._resources, self._layers, self._fonts = resources, layers, fonts
        self._state = State(ctm=ctm)
        self._saved: list[State] = []
        self._shown_layers: list[bool] = []
        self._frames: list[_Frame] = []
        self._form: PdfObject = None
        self._tm = self._line = IDENTITY
        self._path: list[list[Point]] = []
        self._pen: Point = (0.0, 0.0)
        self._clip: bool | None = None  # whether the path becomes a clip, and if so, by the even-odd rule
        self._is_text_clip = False

    def before(self, operator: bytes, operands: PdfObject) -> None:
        """Follow one operator; a form is entered by `Do`."""
        try:
            if handler := self._HANDLERS.get(operator):
                handler(self, operands)
        except MALFORMED:
            self._state = self._state._replace(is_lost=True)

    def after(self, operator: bytes) -> None:
        """Leave the form or image that `Do` drew."""
        if operator == b"Do" and self._frames:
            self._state, self._saved, self._shown_layers, self._resources = self._frames.pop()

    def run(self, stream: PdfObject, depth: int = 0) -> None:
        """Follow the operators of a stream, and of the forms that it draws."""
        from pypdf.generic import ContentStream  # noqa: PLC0415  # only needed for PDFs

        for operands, operator in ContentStream(stream, None, "bytes").operations:
            self.before(operator, operands)
            if operator == b"Do" and self._form is not None and depth < MAX_DEPTH:
                self.run(self._form, depth + 1)
            self.after(operator)

    # Graphics state

    def _save(self, _operands: PdfObject) -> None:
        self._saved.append(self._state)

    def _restore(self, _operands: PdfObject) -> None:
        if self._saved:
            self._state = self._saved.pop()

    def _concatenate(self, operands: PdfObject) -> None:
        self._state = self._state._replace(ctm=multiplied(_matrix(operands), self._state.ctm))

    def _extended(self, operands: PdfObject) -> None:
        stated = self._resource("/ExtGState", operands[0])
        for name, field in (("/ca", "fill_alpha"), ("/CA", "stroke_alpha"), ("/LW", "line_width")):
            if name in stated:
                self._set(**{field: float(stated[name])})
        if "/SMask" in stated or "/BM" in stated:
            modes = stated.get("/BM", "/Normal")
            is_masked = resolved(stated.get("/SMask", "/None")) != "/None"
            self._set(is_blended=is_masked or (modes if isinstance(modes, str) else modes[0]) not in OPAQUE)
        if "/Font" in stated:
            self._set(font=self._fonts.reader(stated["/Font"][0]), size=float(stated["/Font"][1]))

    def _set(self, **fields: PdfObject) -> None:
        self._state = self._state._replace(**fields)

    def _resource(self, kind: str, name: PdfObject) -> PdfObject:
        return resolved(resolved(self._resources[kind])[name])

    # Colours

    def _fill_device(self, operands: PdfObject) -> None:
        self._set(fill=device_colour(numbers(operands)))

    def _stroke_device(self, operands: PdfObject) -> None:
        self._set(stroke=device_colour(numbers(operands)))

    def _space(self, name: PdfObject) -> PdfObject:
        return (resolved(self._resources.get("/ColorSpace")) or {}).get(name, name)

    def _fill_space(self, operands: PdfObject) -> None:
        space = self._space(operands[0])
        self._set(fill_space=space, fill=if_well_formed(lambda: initial_colour(space)))

    def _stroke_space(self, operands: PdfObject) -> None:
        space = self._space(operands[0])
        self._set(stroke_space=space, stroke=if_well_formed(lambda: initial_colour(space)))

    def _fill_colour(self, operands: PdfObject) -> None:
        self._set(fill=if_well_formed(lambda: colour_in(self._state.fill_space, numbers(operands))))

    def _stroke_colour(self, operands: PdfObject) -> None:
        self._set(stroke=if_well_formed(lambda: colour_in(self._state.stroke_space, numbers(operands))))

    # Paths

    def _place(self, operands: PdfObject) -> Point:
        return placed(self._state.ctm, float(operands[0]), float(operands[1]))

    def _move(self, operands: PdfObject) -> None:
        self._pen = self._place(operands)
        self._path.append([self._pen])

    def _line_to(self, operands: PdfObject) -> None:
        self._pen = self._place(operands)
        self._path[-1].append(self._pen)

    def _curve(self, operands: PdfObject) -> None:
        self._curve_to(self._place(operands), self._place(operands[2:]), self._place(operands[4:]))

    def _curve_from_pen(self, operands: PdfObject) -> None:
        self._curve_to(self._pen, self._place(operands), self._place(operands[2:]))

    def _curve_into_end(self, operands: PdfObject) -> None:
        self._curve_to(self._place(operands), self._place(operands[2:]), self._place(operands[2:]))

    def _curve_to(self, first: Point, second: Point, end: Point) -> None:
        self._path[-1] += curve(self._pen, first, second, end)
        self._pen = end

    def _close(self, _operands: PdfObject) -> None:
        self._pen = self._path[-1][0]
        self._path[-1].append(self._pen)
        self._path.append([self._pen])

    def _rectangle(self, operands: PdfObject) -> None:
        x, y, width, height = numbers(operands)
        corners = quadrilateral(self._state.ctm, x, y, x + width, y + height)
        self._pen = corners[0]
        self._path += [[*corners, self._pen], [self._pen]]

    def _clip_by(self, *, even_odd: bool) -> None:
        self._clip = even_odd

    def _paint(self, *, fill: bool = False, even_odd: bool = False, stroke: bool = False, close: bool = False) -> None:
        lines = [line for line in self._path if len(line) > 1]
        clip, self._path, self._clip = self._clip, [], None
        state = self._state
        if fill:
            self._add_area(Shape(lines, even_odd), state.fill, state.fill_alpha)
        width = state.line_width * math.sqrt(abs(state.ctm[0] * state.ctm[3] - state.ctm[1] * state.ctm[2]))
        if stroke and width >= FAINT:
            drawn = [[*line, line[0]] for line in lines] if close else lines
            self._add_area(Shape(outlined(drawn, width)), state.stroke, state.stroke_alpha)
        if clip is not None:
            self._set(clips=(*state.clips, Shape(lines, clip)))

    def _shade(self, _operands: PdfObject) -> None:
        self._add_area(Shape([quadrilateral(IDENTITY, -FAR, -FAR, FAR, FAR)]), None, self._state.fill_alpha)

    def _image(self, _operands: PdfObject) -> None:
        self._add_area(Shape([quadrilateral(self._state.ctm, 0, 0, 1, 1)]), None, self._state.fill_alpha)

    def _add_area(self, shape: Shape, colour: RGB | None, alpha: float) -> None:
        left, bottom, right, top = shape.box
        state = self._state
        if len(self.areas) >= MAX_AREAS:
            self._set(is_lost=True)
        elif right - left >= FAINT and top - bottom >= FAINT and all(self._shown_layers):
            opacity = alpha * state.group_alpha
            self.areas.append(Area(shape, state.clips, colour, opacity, state.is_blended, len(self.pieces)))

    # Forms and layers

    def _draw(self, operands: PdfObject) -> None:
        self._form = None
        self._frames.append(_Frame(self._state, self._saved, self._shown_layers, self._resources))
        drawn = self._resource("/XObject", operands[0])
        shown = "/OC" not in drawn or self._layers.is_surely_on(drawn["/OC"])
        self._saved, self._shown_layers = [], [*self._shown_layers, shown]
        if drawn["/Subtype"] == "/Form":
            self.enter(drawn)
            if resolved(drawn.get("/Resources")):
                self._form = drawn
            elif len(self._frames) <= MAX_DEPTH:
                self.run(drawn)  # pypdf does not visit a form without resources, as it can show no text
        else:
            self._image(operands)

    def enter(self, form: PdfObject) -> None:
        """Apply what a form states: its matrix, box and resources."""
        state = self._state
        ctm = multiplied(_matrix(form.get("/Matrix", IDENTITY)), state.ctm)
        box = Shape([quadrilateral(ctm, *numbers(form["/BBox"]))])
        self._set(
            ctm=ctm,
            clips=(*state.clips, box),
            group_alpha=state.group_alpha * min(state.fill_alpha, state.stroke_alpha),
            fill_alpha=1.0,
            stroke_alpha=1.0,
            is_lost=state.is_lost or state.is_blended,
        )
        self._resources = resolved(form.get("/Resources", self._resources))

    def _begin_marked(self, operands: PdfObject) -> None:
        is_layer = bool(operands) and operands[0] == "/OC"
        on = not is_layer or if_well_formed(
            lambda: self._layers.is_surely_on(self._resource("/Properties", operands[1]))
        )
        self._shown_layers.append(bool(on))

    def _end_marked(self, _operands: PdfObject) -> None:
        if self._shown_layers:
            self._shown_layers.pop()

    # Text

    def _begin_text(self, _operands: PdfObject) -> None:
        self._tm = self._line = IDENTITY
        self._is_text_clip = False

    def _end_text(self, _operands: PdfObject) -> None:
        if self._is_text_clip:
            self._set(is_lost=True)

    def _font(self, operands: PdfObject) -> None:
        self._set(font=None, size=float(operands[1]))
        self._set(font=self._fonts.reader(self._resource("/Font", operands[0])))

    def _mode(self, operands: PdfObject) -> None:
        self._set(mode=int(operands[0]))

    def _move_text(self, operands: PdfObject) -> None:
        self._line = self._tm = multiplied((1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1])), self._line)

    def _move_text_leading(self, operands: PdfObject) -> None:
        self._set(leading=-float(operands[1]))
        self._move_text(operands)

    def _text_matrix(self, operands: PdfObject) -> None:
        self._line = self._tm = _matrix(operands)

    def _next_line(self, _operands: PdfObject) -> None:
        self._move_text((0.0, -self._state.leading))

    def _show_on_next_line(self, operands: PdfObject) -> None:
        self._next_line(operands)
        self._show(operands)

    def _show_spaced_on_next_line(self, operands: PdfObject) -> None:
        self._set(word_space=float(operands[0]), letter_space=float(operands[1]))
        self._show_on_next_line(operands[2:])

    def _show(self, operands: PdfObject) -> None:
        """Record what is shown; it counts whatever fails, so that pieces keep their numbers."""
        shown = PieceBuilder(self._state, multiplied(self._tm, self._state.ctm))
        is_sure = False
        try:
            for item in operands[0] if isinstance(operands[0], list) else [operands[0]]:
                if isinstance(item, int | float):
                    shown.move(float(item))
                elif isinstance(item, bytes | str):
                    shown.add(item)
            is_sure = all(self._shown_layers)
        finally:
            self.pieces.append(shown.piece(is_sure=is_sure))
        self._tm = multiplied((1.0, 0.0, 0.0, 1.0, *shown.moved), self._tm)
        self._is_text_clip |= self._state.mode in CLIPPING

    _HANDLERS: ClassVar[Mapping[bytes, Callable[[ContentReader, PdfObject], None]]] = {
        b"q": _save,
        b"Q": _restore,
        b"cm": _concatenate,
        b"gs": _extended,
        b"w": lambda self, operands: self._set(line_width=float(operands[0])),
        b"g": _fill_device,
        b"rg": _fill_device,
        b"k": _fill_device,
        b"G": _stroke_device,
        b"RG": _stroke_device,
        b"K": _stroke_device,
        b"cs": _fill_space,
        b"CS": _stroke_space,
        b"sc": _fill_colour,
        b"scn": _fill_colour,
        b"SC": _stroke_colour,
        b"SCN": _stroke_colour,
        b"m": _move,
        b"l": _line_to,
        b"c": _curve,
        b"v": _curve_from_pen,
        b"y": _curve_into_end,
        b"h": _close,
        b"re": _rectangle,
        b"W": lambda self, _: self._clip_by(even_odd=False),
        b"W*": lambda self, _: self._clip_by(even_odd=True),
        b"n": lambda self, _: self._paint(),
        b"f": lambda self, _: self._paint(fill=True),
        b"F": lambda self, _: self._paint(fill=True),
        b"f*": lambda self, _: self._paint(fill=True, even_odd=True),
        b"S": lambda self, _: self._paint(stroke=True),
        b"s": lambda self, _: self._paint(stroke=True, close=True),
        b"B": lambda self, _: self._paint(fill=True, stroke=True),
        b"B*": lambda self, _: self._paint(fill=True, stroke=True, even_odd=True),
        b"b": lambda self, _: self._paint(fill=True, stroke=True, close=True),
        b"b*": lambda self, _: self._paint(fill=True, stroke=True, close=True, even_odd=True),
        b"sh": _shade,
        b"INLINE IMAGE": _image,
        b"Do": _draw,
        b"BMC": _begin_marked,
        b"BDC": _begin_marked,
        b"EMC": _end_marked,
        b"BT": _begin_text,
        b"ET": _end_text,
        b"Tf": _font,
        b"Tr": _mode,
        b"Tc": lambda self, operands: self._set(letter_space=float(operands[0])),
        b"Tw": lambda self, operands: self._set(word_space=float(operands[0])),
        b"Tz": lambda self, operands: self._set(stretch=float(operands[0]) / 100),
        b"TL": lambda self, operands: self._set(leading=float(operands[0])),
        b"Ts": lambda self, operands: self._set(rise=float(operands[0])),
        b"Td": _move_text,
        b"TD": _move_text_leading,
        b"Tm": _text_matrix,
        b"T*": _next_line,
        b"Tj": _show,
        b"TJ": _show,
        b"'": _show_on_next_line,
        b'"': _show_spaced_on_next_line,
    }


def _matrix(operands: Sequence[PdfObject]) -> Matrix:
    a, b, c, d, e, f = numbers(operands)
    return (a, b, c, d, e, f)
