"""Builders of hostile files, and what is expected of each."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

from tests.index.documents import RELATIONS, TYPES, WORD, docx, paragraph, pdf

BODY = "The dam was opened on Saturday by the governor, who had waited for it for thirty years."
MORE = "It holds forty million cubic metres of water, more than any other dam of the country."
LAST = "Nobody was hurt when it was built, said Ann Karlsson, who led the works for eleven years."
XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MANY = 10_000


class Case(NamedTuple):
    """A file, and its expected outcome."""

    file: str
    make: Callable[[], bytes]
    refused: str | None = None
    """Part of its refusal; None where it is an article."""
    says: tuple[str, ...] = ()
    """Sentences that can be quoted from it."""
    never: tuple[str, ...] = ()
    """Text that must be in no sentence and no recorded fact."""
    facts: tuple[tuple[str, str | None], ...] = ()
    sidecar: Callable[[], bytes] | None = None


def page(inside: str = "", head: str = "", before: str = "", attributes: str = "") -> bytes:
    """A page with an article of three paragraphs; `inside` is among them, `before` in front of the article."""
    return (
        f"<!DOCTYPE html><html{attributes}><head>{head}</head><body>{before}<article><h1>A dam for the valley</h1>"
        f"<p>{BODY}</p>{inside}<p>{MORE}</p><p>{LAST}</p></article></body></html>"
    ).encode()


def ld(held: object) -> str:
    """JSON-LD that describes the page."""
    return f'<script type="application/ld+json">{held if isinstance(held, str) else json.dumps(held)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def archive(
    *parts: tuple[str, bytes | str], whole: bool = True, method: int = zipfile.ZIP_DEFLATED, document: str | None = None
) -> bytes:
    """A zip archive of these parts; with `whole`, also the parts of a Word document."""
    made = io.BytesIO()
    body = f'{XML_HEAD}<w:document xmlns:w="{WORD}"><w:body>{paragraph(BODY)}</w:body></w:document>'
    first = [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document or body)]
    with zipfile.ZipFile(made, "w", method) as packed:
        for name, data in [*(first if whole else []), *parts]:
            packed.writestr(name, data)
    return made.getvalue()


def protected() -> bytes:
    """A zip archive whose parts are flagged as encrypted."""
    made = bytearray(docx(paragraph(BODY)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(mark)
        while place >= 0:
            made[place + offset] |= 1
            place = made.find(mark, place + 4)
    return bytes(made)


def lying(size: int) -> bytes:
    """A zip archive that states a wrong size for its document."""
    made = bytearray(docx(paragraph(BODY)))
    central = made.find(b"PK\x01\x02")
    while central >= 0:
        length = struct.unpack_from("<H", made, central + 28)[0]
        if made[central + 46 : central + 46 + length] == b"word/document.xml":
            struct.pack_into("<I", made, central + 24, size)
        central = made.find(b"PK\x01\x02", central + 4)
    return bytes(made)


def overlapping() -> bytes:
    """A zip archive of many names for the same data: a zip bomb without nesting."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = b"\0" * (2**20 - 1)
    packed = kernel.compress(zeros) + kernel.flush()
    name = b"word/document.xml"
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, zlib.crc32(zeros), len(packed), len(zeros), len(name), 0)
    local = b"PK\x03\x04" + fields + name + packed
    central = b""
    names = [b"[Content_Types].xml", b"_rels/.rels", name, *(b"word/%d.xml" % number for number in range(1000))]
    for each in names:
        head = struct.pack("<HHHHHHIII", 20, 20, 0, 8, 0, 0x21, zlib.crc32(zeros), len(packed), len(zeros))
        central += b"PK\x01\x02" + head + struct.pack("<HHHHHII", len(each), 0, 0, 0, 0, 0, 0) + each
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def entities(levels: int = 12) -> str:
    """A declaration of nested entities, each ten times the one before."""
    each = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE w [<!ENTITY l0 "lol">{each}]>'


def word(head: str, inside: str, encoding: str = "utf-8") -> bytes:
    """A Word document with text in front of the root of its XML, and inside."""
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = f'{declared}{head}<w:document xmlns:w="{WORD}"><w:body>{inside}</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        packed.writestr("_rels/.rels", RELATIONS)
        packed.writestr("word/document.xml", text.encode(encoding))
    return made.getvalue()


def raw_pdf(*objects: bytes, trailer: bytes = b"", size: int | None = None) -> bytes:
    """A PDF document of these objects; the first is its catalog."""
    made, places = b"%PDF-1.7\n", []
    for number, held in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    last = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF"
    return made + head + last % (size or len(objects) + 1, trailer, len(made))


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
LEAF = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources " + FONT + b" >>"


def stream(data: bytes, more: bytes = b"", length: int | None = None) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data) if length is None else length, more, data)


def shown(text: str = BODY, at: bytes = b"72 720 Td") -> bytes:
    """PDF operators that draw a line of text."""
    return b"BT /F1 12 Tf " + at + b" (" + text.encode("latin-1") + b") Tj ET"


def encrypted(user: str) -> bytes:
    """A PDF document protected with RC4 and this password."""
    import pypdf  # noqa: PLC0415  # needed only here

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([MORE])))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def with_aes() -> bytes:
    """A PDF document that states that it is protected with AES."""
    more = b"/Filter /Standard /V 5 /R 6 /StmF /StdCF /StrF /StdCF /CF << /StdCF << /CFM /AESV3 /Length 32 >> >>"
    keys = b"/O (%s) /U (%s) /OE (%s) /UE (%s) /Perms (%s) /P -4" % (
        b"o" * 48,
        b"u" * 48,
        b"e" * 32,
        b"f" * 32,
        b"p" * 16,
    )
    return raw_pdf(
        CATALOG, PAGES, LEAF, stream(shown()), b"<< %s %s >>" % (more, keys), trailer=b"/Encrypt 5 0 R /ID [(a) (a)]"
    )


def deflated(times: int, data: bytes) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def text(content: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: content.encode(encoding)


def made(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def quietly(make: Callable[[], bytes]) -> bytes:
    """Run without warnings."""
    import warnings  # noqa: PLC0415  # needed only here

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


def with_picture() -> str:
    blip = '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:link="rId9" '
    blip += 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    drawing = f'<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">{blip}</wp:inline></w:drawing></w:r>'
    inside = paragraph(LAST) + f"<w:p>{drawing}</w:p>"
    return f'{XML_HEAD}<w:document xmlns:w="{WORD}"><w:body>{inside}</w:body></w:document>'


def circle() -> bytes:
    """A PDF document whose two cross-reference tables each name the other as the previous one."""
    first = raw_pdf(CATALOG, PAGES, LEAF, stream(shown()))
    place = first.rfind(b"xref\n0")
    place = first.rfind(b"xref\n0", 0, place) if first[place - 5 : place] == b"start" else place
    second = len(first) + 1
    head = first[:place] + first[place:].replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % (second + 20))
    return head + b"\nxref\n0 0\ntrailer << /Size 5 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF" % (
        place,
        len(head) + 1,
    )
