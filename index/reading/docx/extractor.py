"""Word documents: the zip archive is checked first, then mammoth converts the paragraphs."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

from index.errors import ArticleRejected
from index.reading.docx.package import DOCUMENT, Parts, packed_parts, read_parts
from index.reading.docx.preprocess import STYLE_MAP, normalise_document
from index.reading.docx.properties import word_facts
from index.reading.extracted import Extracted, document, with_versions
from index.reading.formats import Format
from index.reading.html.dom_blocks import MAYBE_HIDDEN, page_blocks, parse_page
from index.reading.questions import with_questions_and_lists

MAX_PARTS = 2000
MAX_UNPACKED_BYTES = 64 * 2**20
"""Maximum uncompressed bytes of all parts together."""
MAX_RATIO, RATIO_FROM = 200, 2**20
"""Maximum compression ratio of a part larger than this many bytes."""


def extract(data: bytes, file: str) -> Extracted:
    """Extract a Word document's text; ArticleRejected if it is none, protected, too large unpacked or without text."""
    packed = _opened(data, file)
    import mammoth  # noqa: PLC0415  # only needed for Word documents

    try:
        parts = read_parts(packed, file)
        _check_document(parts, file)
        normalise_document(parts)
        made = mammoth.convert_to_html(
            io.BytesIO(packed_parts(parts)),
            style_map=STYLE_MAP,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda _: {}),
        )
    except (ArticleRejected, MemoryError):
        raise
    except Exception as error:  # an untrusted file can make a library raise anything
        problem = f"{file} cannot be read as a Word document."
        raise ArticleRejected(problem, "Save it again as .docx, or save its text as plain text.") from error
    tree = parse_page(f"<body>{made.value}</body>", file) if made.value.strip() else None
    if tree is not None:
        _remove_note_marks(tree)
        etree.strip_attributes(tree, "id")  # Word's bookmarks, which no link to the file opens
    blocks = [] if tree is None else with_questions_and_lists(page_blocks(tree))
    if blocks and all(block.left_out == MAYBE_HIDDEN for block in blocks):
        problem = f"{file} contains only text that a reader may not see, such as white or tiny text."
        raise ArticleRejected(problem, "Save its text as plain text.")
    return document(blocks, file, Format.DOCX, with_versions("mammoth", "lxml"), word_facts(parts))


def _opened(data: bytes, file: str) -> zipfile.ZipFile:
    """Open the zip archive; raise ArticleRejected if it is damaged, protected or too large unpacked."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        _check_sizes(packed.infolist(), file)
    except (ArticleRejected, MemoryError):
        raise
    except Exception as error:  # as above
        problem = f"{file} is a damaged zip archive and cannot be read as a Word document."
        raise ArticleRejected(problem, "Save it again as .docx, or save its text as plain text.") from error
    return packed


def _check_document(parts: Parts, file: str) -> None:
    if DOCUMENT not in parts:
        problem = f"{file} is a zip archive, but not a Word document."
        raise ArticleRejected(problem, "Save the article as .docx, or save its text as plain text.")


def _check_sizes(parts: list[zipfile.ZipInfo], file: str) -> None:
    encrypted = 0x1
    if any(part.flag_bits & encrypted for part in parts):
        problem = f"{file} is protected by a password."
        raise ArticleRejected(problem, "Save it without a password.")
    for part in parts:
        swells = part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(1, part.compress_size)
        if swells or part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/"):
            problem = f"{file} contains a part that Word documents never have ({part.filename[:80]!r})."
            raise ArticleRejected(problem, "Save it again with a word processor.")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        problem = f"{file} unpacks to more than {MAX_PARTS:,} parts or {MAX_UNPACKED_BYTES:,} bytes."
        raise ArticleRejected(problem, "Split it into separate articles, or remove its pictures.")


def _remove_note_marks(tree: Any) -> None:  # noqa: ANN401  # an lxml element
    """Remove mammoth's note numbers and back links: they are not words of the document."""
    for link in list(tree.iter("a")):
        target = link.get("href", "")
        if target.startswith(("#footnote", "#endnote", "#comment")):
            link.drop_tree()
