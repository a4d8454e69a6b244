"""Detect a file's format by suffix and content; reject the file if they disagree."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import PurePath

from index.errors import ArticleRejected


class Format(StrEnum):
    """Formats of article files."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


ENDINGS = {
    ".txt": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".mdx": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
}
FORMAT_NAMES = {
    Format.TEXT: "plain text",
    Format.MARKDOWN: "Markdown",
    Format.HTML: "an HTML page",
    Format.PDF: "a PDF document",
    Format.DOCX: "a Word document",
}
SNIFFED_BYTES = 4096
"""Leading bytes that are searched for signatures."""
PDF_WITHIN = 1024
"""Bytes within which the header of a PDF is (ISO 32000, implementation notes)."""
ZIP = b"PK\x03\x04"
UNSUPPORTED_SIGNATURES = {
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
"""Unsupported file types by their leading bytes."""
PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
TAG = re.compile(rb"<(?:html|head|body|article|main|section|header|div|p|h[1-6]|br|span|ul|table)\b", re.IGNORECASE)


def format_by_name(name: str) -> Format | None:
    """Return the format for a file's suffix, None if there is none."""
    return ENDINGS.get(PurePath(name).suffix.lower())


def checked_format(name: str, data: bytes) -> Format:
    """Return the format by suffix; raise ArticleRejected if it is unknown or the content is something else."""
    named = format_by_name(name)
    if named is None:
        problem = f"{name} has an unsupported file type."
        raise ArticleRejected(problem, f"Supported types: {', '.join(ENDINGS)}.")
    held = _sniff(data)
    if held is None and named is Format.HTML and TAG.search(data):
        return named
    if held is named or (held is None and named in {Format.TEXT, Format.MARKDOWN}):
        return named
    if held is None and named is not Format.HTML:
        problem = f"{name} is named like {FORMAT_NAMES[named]}, but its content is something else."
        raise ArticleRejected(problem, "Use the extension of its real file type.")
    if held is None:
        problem = f"{name} is named like an HTML page, but contains no HTML."
        raise ArticleRejected(problem, "Use the extension of its real file type.")
    if isinstance(held, Format):
        ending = next(ending for ending, form in ENDINGS.items() if form is held)
        problem = f"{name} is named like {FORMAT_NAMES[named]}, but its content is {FORMAT_NAMES[held]}."
        raise ArticleRejected(problem, f"Change its extension to {ending}.")
    problem = f"The content of {name} is {held}."
    raise ArticleRejected(problem, f"Save the article as one of {', '.join(ENDINGS)}.")


def _sniff(data: bytes) -> Format | str | None:
    """Detect the format by content: a format, the name of an unsupported type, or None if uncertain."""
    start = data[:SNIFFED_BYTES].removeprefix(codecs.BOM_UTF8)
    if b"%PDF-" in start[:PDF_WITHIN] and not PAGE.match(start):
        return Format.PDF
    if start.startswith(ZIP):
        return Format.DOCX if b"word/" in data else "a zip archive"
    for mark, called in UNSUPPORTED_SIGNATURES.items():
        if start.startswith(mark):
            return called
    return Format.HTML if PAGE.match(start) else None
