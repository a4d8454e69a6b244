"""PDF documents: the text as pypdf reads it, page after page; what stands on every page is left out."""

from __future__ import annotations

import importlib.metadata
import io
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import regex

from index.article import Exclusion, Span, fold
from index.errors import ArticleRejected
from index.reading.blocks import CONTROL, REPLACEMENT, SURROGATE, TEXT_AT_MOST
from index.reading.extracted import Extracted
from index.reading.formats import Format

PAGES_AT_MOST = 2000
AT_THE_EDGE = 3
"""Lines at the top and at the bottom of a page among which running heads and page numbers stand."""
RUNNING_FROM = 3
"""Pages on which a line stands at the edge, from which on it is a running head."""
NUMBER = regex.compile(
    r"(?:page\s+|seite\s+|[-–—|]\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|von|/)\s*\d{1,4})?(?:\s*[-–—|])?",
    regex.IGNORECASE,
)
DIGITS = regex.compile(r"\d+")


def extract(data: bytes, file: str) -> Extracted:
    """The text of a PDF document: lines as they are printed, hyphens at their ends too.

    Raises:
        ArticleRejected: it is damaged, protected, too long, or holds no text.
    """
    pages = [_plain(page) for page in _pages(data, file)]
    text = "\n".join(pages)
    if len(text) > TEXT_AT_MOST:
        what = f"{file} holds more than {TEXT_AT_MOST:,} characters of text."
        raise ArticleRejected(what, "Split it into its articles.")
    if not text.strip():
        what = f"{file} holds no text; it may be a scan."
        raise ArticleRejected(
            what, "Run text recognition over it, check what it recognised, and add that as plain text."
        )
    return Extracted(
        text=text,
        exclusions=tuple(_running(pages)),
        form=Format.PDF,
        by=f"pypdf {importlib.metadata.version('pypdf')}",
    )


def _pages(data: bytes, file: str) -> Iterator[str]:
    import pypdf  # noqa: PLC0415  # only a PDF needs it

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        yield from _pages_of(pypdf.PdfReader(io.BytesIO(data)), file)
    except pypdf.errors.DependencyError as error:
        what = f"{file} is protected in a way that is not read."
        raise ArticleRejected(what, "Save it without protection.") from error
    except (ArticleRejected, MemoryError):
        raise
    except Exception as error:  # a stranger's file can make a library raise anything
        what = f"{file} is damaged and cannot be read as a PDF document."
        raise ArticleRejected(what, "Save it anew, or its text as plain text.") from error


def _pages_of(reader: Any, file: str) -> Iterator[str]:  # noqa: ANN401  # pypdf's, which is imported above
    if reader.is_encrypted and not reader.decrypt(""):
        what = f"{file} is protected by a password."
        raise ArticleRejected(what, "Save it without one.")
    if len(reader.pages) > PAGES_AT_MOST:
        what = f"{file} has more than {PAGES_AT_MOST:,} pages."
        raise ArticleRejected(what, "Split it into its articles.")
    for page in reader.pages:
        yield page.extract_text()


def _plain(text: str) -> str:
    return SURROGATE.sub(REPLACEMENT, CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def _running(pages: Sequence[str]) -> Iterator[Exclusion]:
    """The lines that stand on many pages at the edge, whatever number is in them, and page numbers."""
    lines = list(_lines(pages))
    often = Counter(key for page in lines for key in {_key(line) for _, line in _edge(page)})
    for page in lines:
        for start, line in _edge(page):
            is_head = often[_key(line)] >= RUNNING_FROM
            if is_head or (len(pages) > 1 and NUMBER.fullmatch(line)):
                rule = "running-head" if is_head else "page-number"
                yield Exclusion(span=Span(start, start + len(line)), kind="boilerplate", rule=rule)


def _lines(pages: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """Of each page its lines that hold something, with where they begin in the whole text."""
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
    return page if len(page) <= 2 * AT_THE_EDGE else page[:AT_THE_EDGE] + page[-AT_THE_EDGE:]


def _key(line: str) -> str:
    return DIGITS.sub("0", fold(line))
