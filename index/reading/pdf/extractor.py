"""PDF documents: the text as pypdf extracts it, page by page; what repeats on every page is excluded."""

from __future__ import annotations

import importlib.metadata
import io
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import regex

from index.errors import ArticleRejected
from index.models import Exclusion, Span, collapse_whitespace
from index.reading.blocks import CONTROL, MAX_TEXT_BYTES, REPLACEMENT, SURROGATE, ExclusionReason
from index.reading.extracted import Extracted
from index.reading.formats import Format
from index.reading.pdf.layout import footnote_lines, lines_across_columns, missing_lines
from index.reading.pdf.visibility import page_text

MAX_PAGES = 2000
AT_THE_EDGE = 3
"""Lines at the top and bottom of a page that are searched for running heads and page numbers."""
RUNNING_FROM = 3
"""Pages on which a line must repeat there to be a running head."""
NUMBER = regex.compile(
    r"(?:page\s+|seite\s+|[-–—|]\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|von|/)\s*\d{1,4})?(?:\s*[-–—|])?",
    regex.IGNORECASE,
)
DIGITS = regex.compile(r"\d+")


def extract(data: bytes, file: str) -> Extracted:
    """Extract the printed lines, hyphens included; ArticleRejected if damaged, protected, too long or without text."""
    pages = list(_pages(data, file))
    text = "\n".join(page.text for page in pages)
    if len(text) > MAX_TEXT_BYTES:
        problem = f"{file} contains more than {MAX_TEXT_BYTES:,} characters of text."
        raise ArticleRejected(problem, "Split the file into separate articles.")
    if not text.strip():
        problem = f"{file} contains no text; it may be a scan."
        raise ArticleRejected(problem, "Run OCR on it, check the result, and add that as plain text.")
    if not any(page.without_white.strip() for page in pages):
        problem = f"{file} contains only white text, which may be invisible on its background."
        raise ArticleRejected(problem, "If the text is visible, save it as plain text.")
    return Extracted(
        text=text,
        exclusions=tuple(_left_out(pages)),
        form=Format.PDF,
        by=f"pypdf {importlib.metadata.version('pypdf')}",
    )


class _Page(NamedTuple):
    text: str
    without_white: str
    laid_out: str
    """With spaces for gaps; empty if unknown."""


def _pages(data: bytes, file: str) -> Iterator[_Page]:
    import pypdf  # noqa: PLC0415  # only needed for PDFs

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        yield from _pages_of(pypdf.PdfReader(io.BytesIO(data)), file)
    except pypdf.errors.DependencyError as error:
        problem = f"{file} has a kind of protection that is not supported."
        raise ArticleRejected(problem, "Save it without protection.") from error
    except (ArticleRejected, MemoryError):
        raise
    except Exception as error:  # an untrusted file can make a library raise anything
        problem = f"{file} is damaged and cannot be read as a PDF document."
        raise ArticleRejected(problem, "Save it again, or save its text as plain text.") from error


def _pages_of(reader: Any, file: str) -> Iterator[_Page]:  # noqa: ANN401  # a pypdf reader; pypdf is imported above
    if reader.is_encrypted and not reader.decrypt(""):
        problem = f"{file} is protected by a password."
        raise ArticleRejected(problem, "Save it without a password.")
    if len(reader.pages) > MAX_PAGES:
        problem = f"{file} has more than {MAX_PAGES:,} pages."
        raise ArticleRejected(problem, "Split the file into separate articles.")
    for page in reader.pages:
        printed = page_text(page)
        yield _Page(_plain(printed.text), _plain(printed.without_white), _laid_out(page))


def _laid_out(page: Any) -> str:  # noqa: ANN401  # a pypdf page
    try:
        text: str = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # pypdf cannot measure some fonts; the page can still be read
        return ""
    return text


def _plain(text: str) -> str:
    return SURROGATE.sub(REPLACEMENT, CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def _left_out(pages: Sequence[_Page]) -> Iterator[Exclusion]:
    """Yield the lines that are not running text: heads, page numbers, columns drawn line by line, footnotes.

    Lines with white text are excluded too: whether it is visible depends on an unknown background.
    """
    lines = list(_lines([page.text for page in pages]))
    often = Counter(key for page in lines for key in {_key(line) for _, line in _edge(page)})
    for page, read in zip(lines, pages, strict=True):
        texts = [line for _, line in page]
        reasons = dict.fromkeys(lines_across_columns(texts, read.laid_out), ExclusionReason("table", "across-columns"))
        if read.without_white != read.text:
            [fewer] = _lines([read.without_white])
            white = missing_lines(texts, [line for _, line in fewer])
            reasons |= dict.fromkeys(white, ExclusionReason("boilerplate", "white-text"))
        for number, (_, line) in enumerate(page):
            if _is_at_the_edge(number, page) and often[_key(line)] >= RUNNING_FROM:
                reasons[number] = ExclusionReason("boilerplate", "running-head")
            elif _is_at_the_edge(number, page) and len(pages) > 1 and NUMBER.fullmatch(line):
                reasons[number] = ExclusionReason("boilerplate", "page-number")
        own = [number for number in range(len(page)) if number not in reasons]
        notes = [own[place] for place in footnote_lines([texts[number] for number in own])]
        reasons |= dict.fromkeys(notes, ExclusionReason("boilerplate", "note-at-the-foot"))
        for number, reason in sorted(reasons.items()):
            start, line = page[number]
            yield Exclusion(span=Span(start, start + len(line)), kind=reason.kind, rule=reason.rule)


def _lines(pages: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """Yield the non-empty lines of each page, with their offsets in the whole text."""
    place = 0
    for page in pages:
        found = []
        start = place
        for line in page.split("\n"):
            if stripped := line.strip():
                found.append((start + len(line) - len(line.lstrip()), stripped))
            start += len(line) + 1
        yield found
        place += len(page) + 1


def _edge(page: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return [line for number, line in enumerate(page) if _is_at_the_edge(number, page)]


def _is_at_the_edge(number: int, page: Sequence[object]) -> bool:
    return number < AT_THE_EDGE or number >= len(page) - AT_THE_EDGE


def _key(line: str) -> str:
    return DIGITS.sub("0", collapse_whitespace(line))
