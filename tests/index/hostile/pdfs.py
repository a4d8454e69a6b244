"""PDF documents."""

from __future__ import annotations

import zlib

from tests.index.documents import pdf

from .making import (
    BODY,
    CATALOG,
    LEAF,
    MORE,
    PAGES,
    Case,
    circle,
    deflated,
    encrypted,
    made,
    raw_pdf,
    shown,
    stream,
    with_aes,
)

PDFS = {
    "an empty file for a PDF": Case("empty.pdf", made(b""), "but its content is something else"),
    "nothing but the mark": Case("mark.pdf", made(b"%PDF-1.7\n"), "damaged"),
    "half a PDF": Case("half.pdf", lambda: pdf([BODY])[:300], "damaged|no text"),
    "a table that names itself": Case(
        "xref.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown()), trailer=b"/Prev 9"), ""
    ),
    "tables in a circle": Case("circle.pdf", circle, ""),
    "a tree of pages in a circle": Case(
        "tree.pdf", lambda: raw_pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"), "damaged|no text"
    ),
    "pages that are their own parents": Case(
        "parents.pdf",
        lambda: raw_pdf(
            CATALOG,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>",
            b"<< /Type /Page /Parent 3 0 R /Contents 3 0 R >>",
        ),
        "damaged|no text",
    ),
    "a stream that holds itself": Case(
        "objstm.pdf",
        lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(b"4 0 << >>", b"/Type /ObjStm /N 1 /First 4 /Extends 4 0 R")),
        "damaged|no text",
    ),
    "a form that draws itself": Case(
        "form.pdf",
        lambda: raw_pdf(
            CATALOG,
            PAGES,
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>",
            stream(b"/X Do"),
            stream(b"/X Do", b"/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>"),
        ),
        "damaged|no text",
    ),
    "a hundred filters": Case(
        "filters.pdf",
        lambda: raw_pdf(
            CATALOG, PAGES, LEAF, stream(deflated(100, shown()), b"/Filter [" + b"/FlateDecode " * 100 + b"]")
        ),
        "",
    ),
    "a billion pages": Case(
        "billion.pdf",
        lambda: raw_pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>", LEAF, stream(shown())),
        says=(BODY,),
    ),
    "a wrong length": Case("length.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown(), length=5)), ""),
    "a length beyond all measure": Case(
        "longer.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown(), length=10**12)), ""
    ),
    "a password of the reader": Case("locked.pdf", lambda: encrypted("secret"), "protected by a password"),
    "an empty password": Case("open.pdf", lambda: encrypted(""), says=(MORE,)),
    "AES": Case("aes.pdf", with_aes, "protection"),
    "a script": Case(
        "script.pdf",
        lambda: raw_pdf(
            b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
            PAGES,
            LEAF,
            stream(shown()),
        ),
        says=(BODY,),
        never=("alert",),
    ),
    "a file within": Case(
        "within.pdf",
        lambda: raw_pdf(
            b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(evil.exe) 5 0 R] >> >> >>",
            PAGES,
            LEAF,
            stream(shown()),
            b"<< /Type /Filespec /F (evil.exe) /EF << /F 6 0 R >> >>",
            stream(b"MZ evil"),
        ),
        says=(BODY,),
        never=("evil",),
    ),
    "a scan": Case(
        "scan.pdf",
        lambda: raw_pdf(
            CATALOG,
            PAGES,
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
            stream(b"/I Do"),
            stream(
                b"\x00" * 100,
                b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace /DeviceGray",
            ),
        ),
        "may be a scan",
    ),
    "zeros deflated": Case(
        "zeros.pdf",
        lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(zlib.compress(b"\0" * (10 * 2**20), 9), b"/Filter /FlateDecode")),
        "damaged|no text|takes more",
    ),
    "a bomb": Case(
        "bomb.pdf",
        lambda: raw_pdf(
            CATALOG, PAGES, LEAF, stream(deflated(2, b"\0" * (200 * 2**20)), b"/Filter [/FlateDecode /FlateDecode]")
        ),
        "damaged|no text|takes more",
    ),
    "rubbish in front": Case("offset.pdf", lambda: b"rubbish\n" * 20 + pdf([BODY]), says=(BODY,)),
    "turned text": Case(
        "turned.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown(at=b"0 1 -1 0 72 72 Tm"))), ""
    ),
    "ligatures and soft hyphens": Case(
        "ligature.pdf",
        lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown("The dam was of\xadficially opened today."))),
        "",
    ),
    "rubbish": Case("rubbish.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 200, "damaged"),
    "a line in two columns of objects": Case(
        "array.pdf",
        lambda: raw_pdf(
            CATALOG,
            PAGES,
            LEAF,
            stream(b"BT /F1 12 Tf 72 720 Td [" + b"(" + BODY.encode() + b") " + b"[" * 5000 + b"] TJ ET"),
        ),
        "",
    ),
}
