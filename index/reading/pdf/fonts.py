"""Fonts of a PDF: how wide its letters are, and whether they have a shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from index.reading.pdf.areas import Matrix
from index.reading.pdf.objects import MALFORMED, PdfObject, held, numbers, resolved

THOUSAND = 1000.0
CAPITALS = 0.7
"""Height of capitals, as a share of the size of a font."""
WHOLE = 64
"""Letters of a drawn font that are looked at to see how large they are."""
Extent = Callable[[PdfObject, PdfObject, Matrix], float]
"""Height of what a stream of operators paints, with these resources and matrix; 0 if it paints nothing."""


class Letter(NamedTuple):
    """A letter of a font; its width is a share of the font's size."""

    text: str
    width: float
    is_space: bool
    is_shaped: bool
    is_widened: bool
    """Whether the space between words is added to it."""


class FontReader:
    """A font as it is shown."""

    def __init__(self, font: PdfObject, extent: Extent) -> None:
        """Read the font; `extent` measures the letters of a font whose letters are drawn by operators."""
        from pypdf.generic._font import Font  # noqa: PLC0415  # only needed for PDFs

        self._font = Font.from_font_resource(font)
        self.name = str(font.get("/BaseFont", id(font)))
        encoding = resolved(font.get("/Encoding"))
        self.is_vertical = isinstance(encoding, str) and encoding.endswith("-V")
        self._letters: dict[int | str, Letter] = {}
        self._unit = 1 / THOUSAND
        self._extents: dict[int, float] | None = None
        self.scale = 1.0
        """Size of the letters as a share of what the text states."""
        if font.get("/Subtype") == "/Type3":
            self._read_drawn(font, extent)

    def _read_drawn(self, font: PdfObject, extent: Extent) -> None:
        a, b, c, d, _, _ = numbers(font["/FontMatrix"])
        self._unit = a
        procedures, resources = held(font, "/CharProcs"), held(font, "/Resources")
        matrix = (a * THOUSAND, b * THOUSAND, c * THOUSAND, d * THOUSAND, 0.0, 0.0)
        names = dict(_named(held(font, "/Encoding").get("/Differences", [])))
        self._extents = {
            code: extent(resolved(procedures[name]), resources, matrix) / THOUSAND
            for code, name in names.items()
            if name in procedures
        }
        self.scale = max(self._extents.values(), default=0.0) / CAPITALS

    def letters(self, shown: bytes | str) -> Iterator[Letter]:
        """Yield the letters of a string of codes."""
        codes = shown.encode("latin-1", "replace") if isinstance(shown, str) else shown
        encoding = self._font.encoding
        read: bytes | str = codes
        if isinstance(encoding, str):
            try:
                read = codes.decode(encoding, "surrogatepass")
            except UnicodeDecodeError:
                read = codes.decode(encoding, "replace")
        for code in read:
            letter = self._letters.get(code)
            if letter is None:
                letter = self._letters[code] = self._letter(code)
            yield letter

    def _letter(self, code: int | str) -> Letter:
        raw = chr(code) if isinstance(code, int) else code
        encoding = self._font.encoding
        read = encoding.get(code, raw) if isinstance(code, int) and isinstance(encoding, dict) else raw
        text = self._font.character_map.get(read, read)
        is_space = not text.strip()
        width = self._font.space_width if raw == self._font.space_char else self._font.get_text_width(raw)
        if self.is_vertical:
            width = -THOUSAND
        is_shaped = self._extents is None or self._extents.get(ord(raw), 0.0) > 0
        return Letter(text, float(width) * self._unit, is_space, is_shaped, is_widened=code == ord(" "))


class Fonts:
    """The fonts of a document; each is read once."""

    def __init__(self, extent: Extent) -> None:
        self._extent = extent
        self._read: dict[int, tuple[PdfObject, FontReader | None]] = {}

    def reader(self, font: PdfObject) -> FontReader | None:
        """Return the reader of a font, None if the font is malformed."""
        font = resolved(font)
        if id(font) not in self._read:
            try:
                reader = FontReader(font, self._extent)
            except MALFORMED:
                reader = None
            self._read[id(font)] = (font, reader)  # keeps the font, so that its id is not used again
        return self._read[id(font)][1]


def _named(differences: PdfObject) -> Iterator[tuple[int, str]]:
    """Yield the codes and names of letters in an encoding."""
    code = 0
    for each in differences:
        if isinstance(each, int):
            code = int(each)
        else:
            yield code, str(each)
            code += 1
