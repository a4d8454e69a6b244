"""Build PDF and Word files for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
STYLED = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
    'Target="styles.xml"/></Relationships>'
)
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraph(text: str, style: str = "") -> str:
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{styled}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def docx_body(*paragraphs: str, namespace: str = WORD) -> str:
    """The main part of a Word document of these paragraphs."""
    return f'<?xml version="1.0"?><w:document xmlns:w="{namespace}"><w:body>{"".join(paragraphs)}</w:body></w:document>'


def docx(*paragraphs: str, namespace: str = WORD, **parts: str) -> bytes:
    """A Word document of these paragraphs, and further parts by their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS,
            "word/document.xml": docx_body(*paragraphs, namespace=namespace),
            **parts,
        }.items():
            packed.writestr(name, part)
    return made.getvalue()


def pdf(*pages: Sequence[str]) -> bytes:
    """A PDF document whose pages hold these lines."""
    drawn = (" ".join(f"({line}) Tj T*" for line in lines) for lines in pages)
    return drawn_pdf(*(f"BT /F1 12 Tf 72 720 Td 14 TL {each} ET" for each in drawn))


def drawn(x: int, y: int, text: str, *, mode: int = 0, turned: str = "1 0 0 1") -> str:
    """PDF operators that draw a text at a position."""
    return f"BT /F1 12 Tf {mode} Tr {turned} {x} {y} Tm ({text}) Tj ET\n"


FIRST_ADDED = 6
"""Number of the first object that is added to a document of one page."""


def drawn_pdf(*pages: str, added: Sequence[str] = (), **parts: str) -> bytes:
    """A PDF document whose pages are drawn by these operators.

    The objects that are `added` are numbered from `FIRST_ADDED` if there is one page. The `parts` are put into the
    dictionaries of these names: `resources`, `fonts`, `page`, `catalog`, `trailer`.
    """
    resources, fonts, catalog, trailer = (parts.get(name, "") for name in ("resources", "fonts", "catalog", "trailer"))
    page = parts.get("page", "/MediaBox [0 0 612 792]")
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, operators in enumerate(pages):
        contents, held = (
            f"/Contents {5 + 2 * number} 0 R",
            f"/Resources << /Font << /F1 3 0 R {fonts} >> {resources} >>",
        )
        objects += [f"<< /Type /Page /Parent 2 0 R {page} {contents} {held} >>", pdf_stream(operators)]
    objects += added
    made, places = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{held}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{place:010} 00000 n \n" for place in places
    )
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(made)}\n%%EOF"
    return made + (table + end).encode()


def pdf_stream(data: str, stated: str = "") -> str:
    """A stream object, with further entries of its dictionary."""
    return f"<< /Length {len(data)} {stated} >>\nstream\n{data}\nendstream"
