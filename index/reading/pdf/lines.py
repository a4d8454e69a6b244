"""The printed lines of a page, as pypdf extracts them, with the pieces of text that each is shown by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from index.reading.blocks import CONTROL, REPLACEMENT, SURROGATE
from index.reading.pdf.areas import IDENTITY, Area, Matrix, Shape, quadrilateral
from index.reading.pdf.content import ContentReader
from index.reading.pdf.fonts import Fonts
from index.reading.pdf.layers import Layers
from index.reading.pdf.objects import PdfObject, held, if_well_formed, numbers, resolved
from index.reading.pdf.pieces import Piece
from index.reading.pdf.visibility import TextVisibility, visibilities

SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
MARGIN = 3.0
"""Points beyond the edge of a page where the middle of a letter may be."""
ENDLESS = (-1e6, -1e6, 1e6, 1e6)
UNSEEN_ANNOTATIONS = frozenset({"/Link", "/Popup"})
HIDDEN, NO_VIEW = 2, 32
"""Flags of an annotation that is not shown (ISO 32000-1, table 165)."""


class Line(NamedTuple):
    """A printed line: its text, trimmed, and the pieces that are visible on it."""

    text: str
    pieces: tuple[Piece, ...]
    is_doubtful: bool
    """Whether a reader may not see all of it."""


class PageReader:
    """Reads the pages of a document."""

    def __init__(self, document: PdfObject) -> None:
        """Read the layers of a document; fonts are read when they are used."""
        self._layers = Layers(resolved(document.trailer["/Root"]))
        self._fonts = Fonts(self._extent)

    def lines(self, page: PdfObject) -> list[Line]:
        """Return the lines of a page without text that nobody sees; of a scan, all that was recognised."""
        extraction = self._extracted(page, frozenset())
        pieces = extraction.content.pieces
        found = visibilities(pieces, self._areas(page, extraction.content), _visible_part(page))
        is_printed = any(one is TextVisibility.SEEN and piece.points for one, piece in zip(found, pieces, strict=True))
        unseen = {TextVisibility.NONE, TextVisibility.RECOGNISED} if is_printed else {TextVisibility.NONE}
        removed = {number for number, visibility in enumerate(found) if visibility in unseen}
        if extraction.has_lines_with_some_of(removed):
            extraction = self._extracted(page, removed)
        doubtful = {number for number, visibility in enumerate(found) if visibility is TextVisibility.DOUBTFUL}
        return [
            Line(line.text, tuple(pieces[number] for number in line.shown), not doubtful.isdisjoint(line.shown))
            for line in extraction.lines()
            if line.shown and not removed.issuperset(line.shown)
        ]

    def _extracted(self, page: PdfObject, removed: frozenset[int] | set[int]) -> _Extraction:
        extraction = _Extraction(ContentReader(held(page, "/Resources"), self._layers, self._fonts), removed)
        page.extract_text(
            visitor_operand_before=extraction.before,
            visitor_operand_after=extraction.after,
            visitor_text=extraction.add_text,
        )
        return extraction

    def _areas(self, page: PdfObject, content: ContentReader) -> Sequence[Area]:
        """Return what the page paints, and then what its annotations paint."""
        found = [*content.areas]
        for annotation in resolved(page.get("/Annots")) or ():
            painted = if_well_formed(partial(self._annotated, resolved(annotation))) or ()
            found += [area._replace(after=len(content.pieces)) for area in painted]
        return found

    def _annotated(self, annotation: PdfObject) -> Sequence[Area]:
        if annotation.get("/Subtype") in UNSEEN_ANNOTATIONS or int(annotation.get("/F", 0)) & (HIDDEN | NO_VIEW):
            return ()
        appearance = held(annotation, "/AP").get("/N")
        form = resolved(appearance)
        if isinstance(form, dict) and "/BBox" not in form:
            form = resolved(form.get(annotation.get("/AS")))
        if form is None:
            return ()
        reader = ContentReader({}, self._layers, self._fonts, _fitted(form, numbers(annotation["/Rect"])))
        reader.enter(form)
        reader.run(form)
        return reader.areas

    def _extent(self, procedure: PdfObject, resources: PdfObject, matrix: Matrix) -> float:
        """Return the height of a letter that is drawn by operators, 0 if it paints nothing."""
        reader = ContentReader(resources, self._layers, self._fonts, matrix)
        reader.run(procedure)
        boxes = [area.shape.box for area in reader.areas if area.alpha > 0]
        return max((top for *_, top in boxes), default=0.0) - min((bottom for _, bottom, *_ in boxes), default=0.0)


class _Extraction:
    """Follows pypdf through a page."""

    def __init__(self, content: ContentReader, removed: frozenset[int] | set[int]) -> None:
        """Collect text, without the pieces whose numbers are `removed`."""
        self.content = content
        self._removed = removed
        self._chunks: list[tuple[str, list[int]]] = []
        self._pending: list[int] = []

    def before(self, operator: bytes, operands: PdfObject, _cm: PdfObject, _tm: PdfObject) -> None:
        number = len(self.content.pieces)
        self.content.before(operator, operands)
        if operator in SHOWING and len(self.content.pieces) > number:
            if number in self._removed:
                operands[-1] = type(operands[-1])()
            else:
                self._pending.append(number)

    def after(self, operator: bytes, _operands: PdfObject, _cm: PdfObject, _tm: PdfObject) -> None:
        self.content.after(operator)

    def add_text(self, text: str, _cm: PdfObject, _tm: PdfObject, _font: PdfObject, _size: PdfObject) -> None:
        self._chunks.append((text, self._pending))
        self._pending = []

    def lines(self) -> list[_ShownLine]:
        """Return the lines that are not empty, each with the numbers of its pieces."""
        found: list[_ShownLine] = []
        text, shown = "", list[int]()
        for chunk, numbers_shown in [*self._chunks, ("\n", [])]:
            first, *others = plain(chunk).split("\n")
            text += first
            shown += numbers_shown
            for other in others:
                if text.strip():
                    found.append(_ShownLine(text.strip(), shown))
                text, shown = other, []
        return found

    def has_lines_with_some_of(self, removed: frozenset[int] | set[int]) -> bool:
        """Tell whether a line is shown by some pieces that are removed, and by some that are not."""
        return any(not removed.isdisjoint(line.shown) and not removed.issuperset(line.shown) for line in self.lines())


class _ShownLine(NamedTuple):
    text: str
    shown: list[int]


def plain(text: str) -> str:
    """Return a text without controls and lone surrogates, its line ends as line feeds."""
    return SURROGATE.sub(REPLACEMENT, CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def _visible_part(page: PdfObject) -> Shape:
    """Return the visible part of a page and a margin; everything if that is not stated."""
    box = if_well_formed(lambda: numbers([*page.cropbox.lower_left, *page.cropbox.upper_right]))
    x1, y1, x2, y2 = box or ENDLESS
    left, bottom, right, top = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    if left == right or bottom == top:
        left, bottom, right, top = ENDLESS
    return Shape([quadrilateral(IDENTITY, left - MARGIN, bottom - MARGIN, right + MARGIN, top + MARGIN)])


def _fitted(form: PdfObject, rectangle: Sequence[float]) -> Matrix:
    """Return the matrix that fits the box of an annotation's form into its rectangle (ISO 32000-1, 12.5.5)."""
    a, b, c, d, e, f = numbers(form.get("/Matrix", IDENTITY))
    corners = Shape([quadrilateral((a, b, c, d, e, f), *numbers(form["/BBox"]))])
    left, bottom, right, top = corners.box
    x1, y1, x2, y2 = rectangle
    across, up = abs(x2 - x1) / (right - left), abs(y2 - y1) / (top - bottom)
    return (across, 0.0, 0.0, up, min(x1, x2) - across * left, min(y1, y2) - up * bottom)
