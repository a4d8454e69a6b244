"""Headings of a plain text, underlined or numbered by sections, and its table of contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from index.models import Span
from index.reading.marks import NUMBERED, item_mark

UNDERLINE = regex.compile(r"(?P<sign>[=\-~^*#])(?P=sign){2,}")
SECTION = regex.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(?=\p{Lu})")
LEADER = regex.compile(r"\s*(?:\.\s?){4,}\s*[\divxlc]{1,4}$|\s*…{2,}\s*\d{1,4}$")
"""The dots and the page number at the end of an entry of a table of contents."""
STOPPED = regex.compile(r"[.,;:]$")
MAX_HEADING, MAX_LEVEL = 100, 6
MIN_ENTRIES, MAX_ENTRY = 3, 200
"""Lines that come again, and characters of an entry of a table of contents."""


class Line(NamedTuple):
    """A line of a text, trimmed."""

    span: Span
    text: str
    number: int
    """Its number, blank lines counted."""
    indent: int


class TextHeading(NamedTuple):
    """A heading, and what is drawn around it."""

    span: Span
    level: int
    marks: tuple[Span, ...] = ()


def headings(rows: Sequence[Line]) -> list[TextHeading]:
    """The headings that are underlined, or that are numbered like 1.2 and alone in their paragraphs."""
    return sorted([*_underlined(rows), *_numbered(rows)])


def contents(rows: Sequence[Line]) -> set[int]:
    """The numbers of the lines of a table of contents: entries with page numbers, or lines that all come again."""
    found = {row.number for row in rows if len(row.text) <= MAX_ENTRY and LEADER.search(row.text)}
    last = {_title(row.text): row.number for row in rows if _may_be_heading(row)}
    run: list[Line] = []
    for row in (*rows, None):
        again = 0 if row is None else last.get(_title(row.text), 0)
        if row is not None and again > row.number and (not run or again > last[_title(run[-1].text)]):
            run.append(row)
            continue
        found |= {each.number for each in run} if len(run) >= MIN_ENTRIES else set()
        run = []
    return found


def _title(line: str) -> str:
    """The words of an entry of a table of contents or of a heading; a longer line as it is."""
    if len(line) > MAX_ENTRY:
        return line
    mark = item_mark(line) or SECTION.match(line)
    return LEADER.sub("", line[mark.end() if mark else 0 :]).casefold()


def _underlined(rows: Sequence[Line]) -> Iterator[TextHeading]:
    levels: dict[tuple[str, bool], int] = {}
    for place, (title, below) in enumerate(pairwise(rows)):
        found = UNDERLINE.fullmatch(below.text)
        above = rows[place - 1] if place else None
        over = above if above is not None and above.number == title.number - 1 else None
        is_overlined = over is not None and over.text == below.text
        if found is None or below.number != title.number + 1 or (over is not None and not is_overlined):
            continue
        is_title = _may_be_heading(title) and not UNDERLINE.match(title.text)
        if is_title and len(title.text) / 2 <= len(below.text) <= 2 * len(title.text) + 2:
            level = levels.setdefault((found["sign"], is_overlined), min(len(levels) + 1, MAX_LEVEL))
            marks = (over.span, below.span) if over is not None else (below.span,)
            yield TextHeading(title.span, level, marks)


def _numbered(rows: Sequence[Line]) -> Iterator[TextHeading]:
    alone = [row for place, row in enumerate(rows) if _is_alone(rows, place)]
    found = [(row, tuple(map(int, mark["number"].split(".")))) for row in alone if (mark := SECTION.match(row.text))]
    if len(found) < 2 or any(before >= after for (_, before), (_, after) in pairwise(found)):  # noqa: PLR2004  # one is none
        return
    chapters = {number[0] for _, number in found}
    for row in alone:
        mark = NUMBERED.match(row.text)
        if mark and int(mark["number"]) in chapters:
            yield TextHeading(row.span, 1)
    yield from (TextHeading(row.span, len(number)) for row, number in found)


def _is_alone(rows: Sequence[Line], place: int) -> bool:
    """Whether a line is a paragraph of its own that may be a heading."""
    beside = [rows[each].number for each in (place - 1, place + 1) if 0 <= each < len(rows)]
    is_apart = all(abs(number - rows[place].number) > 1 for number in beside)
    return is_apart and _may_be_heading(rows[place])


def _may_be_heading(row: Line) -> bool:
    return len(row.text) <= MAX_HEADING and not STOPPED.search(row.text)
