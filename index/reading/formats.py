"""Which format a file has: by its ending and by its content; where the two disagree, it is refused by name."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import PurePath

from index.errors import ArticleRejected


class Format(StrEnum):
    """The formats that articles come in."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


ENDINGS = {
    ".txt": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
}
"""The format of a file by its ending."""
CALLED = {
    Format.TEXT: "plain text",
    Format.MARKDOWN: "Markdown",
    Format.HTML: "an HTML page",
    Format.PDF: "a PDF document",
    Format.DOCX: "a Word document",
}
LOOKED_AT = 4096
"""Bytes at the beginning of a file that tell what it is."""
PDF_WITHIN = 1024
"""Bytes within which a PDF's mark stands (ISO 32000, implementation notes)."""
ZIP = b"PK\x03\x04"
OTHERS = {
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}
"""What a file is that begins so, and that no reader takes."""
PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
TAG = re.compile(rb"<(?:html|head|body|article|main|section|header|div|p|h[1-6]|br|span|ul|table)\b", re.IGNORECASE)


def format_by_name(name: str) -> Format | None:
    """The format that a file's ending says; None where no article ends so."""
    return ENDINGS.get(PurePath(name).suffix.lower())


def checked_format(name: str, data: bytes) -> Format:
    """The format of a file whose content is what its ending says.

    Raises:
        ArticleRejected: it ends as no article does, or holds something else than its ending says.
    """
    named = format_by_name(name)
    if named is None:
        what = f"{name} has an unsupported file type."
        raise ArticleRejected(what, f"Supported types: {', '.join(ENDINGS)}.")
    held = _held(data)
    if held is None and named is Format.HTML and TAG.search(data):
        return named
    if held is named or (held is None and named in {Format.TEXT, Format.MARKDOWN}):
        return named
    if held is None and named is not Format.HTML:
        what = f"{name} is named like {CALLED[named]}, but its content is something else."
        raise ArticleRejected(what, "Use the extension of its real file type.")
    if held is None:
        what = f"{name} is named like an HTML page, but contains no HTML."
        raise ArticleRejected(what, "Use the extension of its real file type.")
    if isinstance(held, Format):
        ending = next(ending for ending, form in ENDINGS.items() if form is held)
        what = f"{name} is named like {CALLED[named]}, but its content is {CALLED[held]}."
        raise ArticleRejected(what, f"Change its extension to {ending}.")
    what = f"The content of {name} is {held}."
    raise ArticleRejected(what, f"Save the article as one of {', '.join(ENDINGS)}.")


def _held(data: bytes) -> Format | str | None:
    """What the content says: a format, the name of something that is not read, or nothing that is certain."""
    start = data[:LOOKED_AT].removeprefix(codecs.BOM_UTF8)
    if b"%PDF-" in start[:PDF_WITHIN] and not PAGE.match(start):
        return Format.PDF
    if start.startswith(ZIP):
        return Format.DOCX if b"word/" in data else "a zip archive"
    for mark, called in OTHERS.items():
        if start.startswith(mark):
            return called
    return Format.HTML if PAGE.match(start) else None
