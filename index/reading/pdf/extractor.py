"""PDF documents: the text as pypdf extracts it, page by page; what repeats on every page is excluded."""

from __future__ import annotations

import io
import itertools
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import regex

from index.errors import ArticleRejected
from index.models import Exclusion, MetadataField, collapse_whitespace
from index.reading.blocks import BLOCK_SEPARATOR, BROKEN, MAX_TEXT_BYTES, ExclusionReason
from index.reading.document_properties import property_facts
from index.reading.extracted import Extracted, with_versions
from index.reading.formats import Format
from index.reading.pdf.layout import (
    Joint,
    Row,
    columns,
    footnote_lines,
    is_table,
    joints,
    large_initials,
    page_rows,
)
from index.reading.pdf.lines import Line, PageReader
from index.reading.pdf.objects import PdfObject, if_well_formed
from index.sentences import ends_sentence, sentence_spans
from index.sentences.paragraphs import NUMBER as NUMBERED
from index.sentences.word_classes import is_small

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
TABLE = ExclusionReason("table", "across-columns")
DOUBTFUL = ExclusionReason("boilerplate", "may-be-invisible")
LINE_SEPARATOR = "\n"
RELATIONS = ("<", ">", "=", "≤", "≥", "≈", "±", "×", "→")
"""Signs that stand between two things."""
BRACKET = regex.compile(r"[(\[)]")
MARK = regex.compile(rf"(?<!\w){NUMBERED.pattern}")
"""The mark of a list item, at the beginning of a line or in it."""
HYPHENATED = regex.compile(r"\p{L}[-\u2010\u00ad]$")


def extract(data: bytes, file: str) -> Extracted:
    """Extract the printed lines, hyphens included; ArticleRejected if damaged, protected, too long or without text."""
    pages, facts = _read(data, file)
    lines = [line for page in pages for line in page]
    if sum(len(line.text) + 2 for line in lines) > MAX_TEXT_BYTES:
        problem = f"{file} contains more than {MAX_TEXT_BYTES:,} characters of text."
        raise ArticleRejected(problem, "Split the file into separate articles.")
    if not lines:
        problem = f"{file} contains no text; it may be a scan."
        raise ArticleRejected(problem, "Run OCR on it, check the result, and add that as plain text.")
    if all(line.is_doubtful for line in lines):
        problem = f"{file} contains only text that may be invisible: white, covered, or in a layer that is off."
        raise ArticleRejected(problem, "If the text is visible, save it as plain text.")
    placed = _placed(pages)
    return Extracted(
        text="".join(row.text for row in placed).rstrip(),
        exclusions=tuple(sorted({*_exclusions(placed), *_halves(placed)}, key=lambda exclusion: exclusion.span)),
        facts=facts,
        form=Format.PDF,
        by=with_versions("pypdf"),
    )


def _read(data: bytes, file: str) -> tuple[list[list[Line]], dict[str, MetadataField]]:
    """Return the lines of each page, and the facts that the document's properties state."""
    import pypdf  # noqa: PLC0415  # only needed for PDFs

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        return _lines_of_pages(reader, file), if_well_formed(partial(_facts, reader)) or {}
    except pypdf.errors.DependencyError as error:
        problem = f"{file} has a kind of protection that is not supported."
        raise ArticleRejected(problem, "Save it without protection.") from error
    except (ArticleRejected, MemoryError):
        raise
    except Exception as error:  # an untrusted file can make a library raise anything
        problem = f"{file} is damaged and cannot be read as a PDF document."
        raise ArticleRejected(problem, "Save it again, or save its text as plain text.") from error


def _lines_of_pages(reader: PdfObject, file: str) -> list[list[Line]]:
    if reader.is_encrypted and not reader.decrypt(""):
        problem = f"{file} is protected by a password."
        raise ArticleRejected(problem, "Save it without a password.")
    if len(reader.pages) > MAX_PAGES:
        problem = f"{file} has more than {MAX_PAGES:,} pages."
        raise ArticleRejected(problem, "Split the file into separate articles.")
    page_reader = PageReader(reader)
    return [page_reader.lines(page) for page in reader.pages]


def _facts(reader: PdfObject) -> dict[str, MetadataField]:
    stated = reader.metadata or {}
    title, authors, *programs = (stated.get(name) for name in ("/Title", "/Author", "/Creator", "/Producer"))
    return property_facts(title, authors, programs)


class _PlacedRow(NamedTuple):
    row: Row
    reason: ExclusionReason | None
    """Why it is excluded; None if it is not."""
    joint: Joint
    """How it is joined to the next."""
    is_cut: bool = False
    """Whether the rest of its line is excluded."""

    @property
    def text(self) -> str:
        """Its text and the white space after it; a hyphen stays at the end of its line, as printed."""
        if self.joint in {Joint.NEXT_BLOCK, Joint.BROKEN}:
            return f"{self.row.text}{BLOCK_SEPARATOR}"
        is_same_line = self.joint is Joint.SAME_LINE and not HYPHENATED.search(self.row.text)
        return f"{self.row.text}{' ' if is_same_line else LINE_SEPARATOR}"


def _placed(pages: Sequence[Sequence[Line]]) -> list[_PlacedRow]:
    """Return all rows as they are read, and how each is joined to the next."""
    rows = [page_rows(page, number) for number, page in enumerate(pages)]
    often = Counter(key for page in rows for key in {_key(row.text) for row in _edge(page)})
    found: list[_PlacedRow] = []
    for page in rows:
        reasons = _reasons(page, often, has_others=len(pages) > 1)
        order = itertools.chain.from_iterable(columns(page))
        found += [
            _PlacedRow(
                page[number], reasons.get(number), Joint.NEXT_BLOCK, page[number].is_followed and number + 1 in reasons
            )
            for number in order
        ]
    for is_kept, run in itertools.groupby(range(len(found)), lambda number: found[number].reason is None):
        numbers = list(run) if is_kept else []
        for number, joint in zip(numbers, joints([found[number].row for number in numbers]), strict=False):
            found[number] = found[number]._replace(joint=Joint.BROKEN if found[number].is_cut else joint)
    return found


def _exclusions(placed: Sequence[_PlacedRow]) -> Iterator[Exclusion]:
    place = 0
    for row in placed:
        if row.reason and row.row.text:  # of signs in no font some rows are empty
            yield row.reason.at(place, place + len(row.row.text))
        place += len(row.text)


def _halves(placed: Sequence[_PlacedRow]) -> Iterator[Exclusion]:
    """Yield the sentences that may be halves.

    They are those at both sides of a broken joint, those with which a block begins with a small letter, and those that
    close a bracket which none opens.
    """
    place, above, is_broken, before = 0, "", False, (0, 0)
    for rows in _blocks(placed):
        text = "".join(row.text for row in rows)
        if rows[0].reason is None and (spans := sentence_spans(text)):
            first, last = ((place + start, place + end) for start, end in (spans[0], spans[-1]))
            is_cut = is_broken and not ends_sentence(above, text)
            is_rest = is_small(text) and not NUMBERED.match(text) and (not above or ends_sentence(above, ""))
            yield from (BROKEN.at(place + a, place + b) for a, b in spans if _begins_within(text[a:b]))
            if is_cut:
                yield BROKEN.at(*before)
            if is_cut or is_rest:
                yield BROKEN.at(*first)
            above, is_broken, before = text, rows[-1].joint is Joint.BROKEN, last
        place += len(text)


def _begins_within(sentence: str) -> bool:
    """Tell whether a sentence begins within another one: with a sign of relation, or before a bracket that it closes.

    The bracket of the mark of a list item is none.
    """
    if sentence.startswith(RELATIONS):
        return True
    depth = 0
    for bracket in BRACKET.findall(MARK.sub("", sentence)):
        depth += -1 if bracket == ")" else 1
        if depth < 0:
            return True
    return False


def _blocks(placed: Sequence[_PlacedRow]) -> Iterator[list[_PlacedRow]]:
    block: list[_PlacedRow] = []
    for row in placed:
        block.append(row)
        if row.joint in {Joint.NEXT_BLOCK, Joint.BROKEN}:
            yield block
            block = []
    if block:
        yield block


def _reasons(page: Sequence[Row], often: Mapping[str, int], *, has_others: bool) -> dict[int, ExclusionReason]:
    """Return the rows that are not running text: heads, page numbers, cells of tables, footnotes.

    Rows that may be invisible are excluded too, and no sentence is quoted with or without them.
    """
    reasons: dict[int, ExclusionReason] = {}
    for stack in columns(page):
        if is_table([page[number] for number in stack]):
            reasons |= dict.fromkeys((number for number in stack if page[number].is_part), TABLE)
    reasons |= dict.fromkeys(large_initials(page), ExclusionReason("boilerplate", "large-initial"))
    for number, row in enumerate(page):
        if row.is_doubtful:
            reasons[number] = DOUBTFUL
        if _is_at_the_edge(number, page) and often[_key(row.text)] >= RUNNING_FROM:
            reasons[number] = ExclusionReason("boilerplate", "running-head")
        elif _is_at_the_edge(number, page) and has_others and NUMBER.fullmatch(row.text):
            reasons[number] = ExclusionReason("boilerplate", "page-number")
    own = [number for number in range(len(page)) if number not in reasons]
    notes = [own[place] for place in footnote_lines([page[number].text for number in own])]
    return reasons | dict.fromkeys(notes, ExclusionReason("boilerplate", "note-at-the-foot"))


def _edge(page: Sequence[Row]) -> list[Row]:
    return [line for number, line in enumerate(page) if _is_at_the_edge(number, page)]


def _is_at_the_edge(number: int, page: Sequence[object]) -> bool:
    return number < AT_THE_EDGE or number >= len(page) - AT_THE_EDGE


def _key(line: str) -> str:
    return DIGITS.sub("0", collapse_whitespace(line))
