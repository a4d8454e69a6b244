"""Small documents of each format, which the sandbox reads to load its libraries."""

from __future__ import annotations

import io
import zipfile

from index.reading.formats import Format

TEXT = "The ferry crosses the river every morning. It carries people, bicycles and small cars to the other bank."
MARKDOWN = f"""---
title: A ferry
---

# A ferry

{TEXT}

- A [timetable](https://example.com) & *notes* on `tides`.
"""
HTML = (
    "<!doctype html><html><head><title>A ferry</title><style>.a { display: none } p { color: #000 }</style></head>"
    f'<body><article><h1>A ferry</h1>{f"<p>{TEXT}</p>" * 5}<p class="a">x</p></article></body></html>'
)
WITHOUT_ARTICLE = "<!doctype html><html><head><title>A ferry</title></head><body><p>A page.</p></body></html>"
"""A page in which trafilatura finds so little that it asks justext, which first loads its stop words for 0.3 s."""
PDF = """%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [3 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>
endobj
4 0 obj
<< /Length 72 >>
stream
BT /F 12 Tf 72 720 Td (The ferry crosses the river every morning.) Tj ET
endstream
endobj
5 0 obj
<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>
endobj
xref
0 6
0000000000 65535 f\x20
0000000009 00000 n\x20
0000000058 00000 n\x20
0000000115 00000 n\x20
0000000240 00000 n\x20
0000000362 00000 n\x20
trailer << /Size 6 /Root 1 0 R >>
startxref
432
%%EOF
"""
DOCX_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Target="word/document.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "word/document.xml": (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p></w:body></w:document>"
    ),
}


def _packed() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in DOCX_PARTS.items():
            packed.writestr(name, part)
    return archive.getvalue()


SAMPLES = {
    Format.HTML: (HTML.encode(), WITHOUT_ARTICLE.encode()),
    Format.MARKDOWN: (MARKDOWN.encode(),),
    Format.PDF: (PDF.encode(),),
    Format.DOCX: (_packed(),),
}
