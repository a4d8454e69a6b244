"""Blocks of a plain text: questions that head their answers, as in a FAQ, and list items."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from index.cleaning.apply import trim_span
from index.models import QUESTION_LEVEL, Block, BlockKind, Span
from index.reading.marks import ANSWER_MARK, ASKS, BULLET, NUMBERED, QUESTION_MARK, item_mark
from index.reading.text_headings import Line, contents, headings

MAX_QUESTION_LINES = 6
"""Lines that a question may take."""
MIN_NUMBERED, ASKING_SHARE = 3, 0.4
"""Numbered lines are questions, not list items, if there are so many in a row and this share of them asks."""
MARK = regex.compile(rf"{QUESTION_MARK.pattern}(?=\S)|{ANSWER_MARK.pattern}", regex.IGNORECASE)
"""A mark of a question or answer, which is never shown."""
STOPPED = regex.compile(r"[.!?:;,。！？][\"'”’)\]]*$")
AFTER_BLANK_LINE = 2
MAX_CODE_LINE = 80


class TextBlocks(NamedTuple):
    """The blocks of a plain text, and what is never quoted: the marks of answers, list items and headings."""

    blocks: tuple[Block, ...]
    marks: tuple[Span, ...]
    contents: tuple[Span, ...]
    """The lines of a table of contents."""


def text_blocks(text: str, lines: Sequence[Span]) -> TextBlocks:
    """The blocks of a text, whose lines that may belong to the article are given trimmed and in order."""
    every = _with_numbers(text, lines)
    entries = contents(every)
    rows = [row for row in every if row.number not in entries]
    titles = headings(rows)
    taken = {span for title in titles for span in (title.span, *title.marks)}
    rows = [row for row in rows if row.span not in taken]
    questions = {span.start: span for span in _questions(rows)}
    marks = [mark for title in titles for mark in title.marks]
    marks += (Span(row.span.start, row.span.start + found.end()) for row in rows if (found := MARK.match(row.text)))
    begin = {mark.start: mark.end for mark in marks}
    asked = (trim_span(text, Span(begin.get(start, start), end)) for start, end in questions.values())
    blocks = [Block(kind=BlockKind.HEADING, span=title.span, level=title.level) for title in titles]
    blocks += (Block(kind=BlockKind.HEADING, span=span, level=QUESTION_LEVEL) for span in asked)
    asked_lines = {span for question in questions.values() for span in _spans_within(rows, question)}
    free = [row for row in rows if row.span not in asked_lines]
    blocks += (Block(kind=BlockKind.CODE, span=span) for span in _lines_after_colons(free))
    coded = {span for block in blocks if block.kind is BlockKind.CODE for span in _spans_within(free, block.span)}
    for item, mark in _items([row for row in free if row.span not in coded]):
        blocks.append(Block(kind=BlockKind.LIST_ITEM, span=item, level=1))
        if mark is not None:
            marks.append(mark)
    listed = tuple(row.span for row in every if row.number in entries)
    return TextBlocks(tuple(sorted(blocks, key=lambda block: block.span)), tuple(sorted(marks)), listed)


def _with_numbers(text: str, lines: Sequence[Span]) -> list[Line]:
    rows: list[Line] = []
    number = place = 0
    for span in lines:
        number += text.count("\n", place, span.start)
        place = span.start
        indent = span.start - text.rfind("\n", 0, span.start) - 1
        rows.append(Line(span, text[slice(*span)], number, indent))
    return rows


def _questions(rows: Sequence[Line]) -> Iterator[Span]:
    """Yield the spans of the lines that ask or are numbered among those that ask."""
    numbered = {rows[place].number for run in _runs(rows) if _is_faq(rows, run) for place in run}
    for place, row in enumerate(rows):
        is_marked = QUESTION_MARK.match(row.text) is not None or row.number in numbered
        if not is_marked and not (row.text.isupper() and ASKS.search(row.text)):
            continue
        yield Span(row.span.start, _end_of_question(rows, place).span.end)


def _end_of_question(rows: Sequence[Line], place: int) -> Line:
    """The last line of a question: all of its paragraph, if that ends by asking, else the first line that asks.

    A numbered heading that does not ask is the whole paragraph, if another one follows that answers.
    """
    last = _end_of_paragraph(rows, place, place + MAX_QUESTION_LINES)
    asking = [row for row in rows[place : last + 1] if ASKS.search(row.text)]
    if asking:
        return rows[last] if asking[-1] is rows[last] else asking[0]
    is_answered = last + 1 < len(rows) and not NUMBERED.match(rows[last + 1].text) and last - place < MAX_QUESTION_LINES
    return rows[last] if is_answered else rows[place]


def _runs(rows: Sequence[Line]) -> Iterator[list[int]]:
    """Yield the places of each run of lines that are numbered 1, 2, 3; the first one may begin with any number."""
    run: list[int] = []
    first = 1
    for place, row in enumerate(rows):
        found = NUMBERED.match(row.text)
        if found is None:
            continue
        number = int(found["number"])
        if run and number == first + len(run):
            run.append(place)
        elif number == 1 or not run:
            if run:
                yield run
            run, first = [place], number
    if run:
        yield run


def _is_faq(rows: Sequence[Line], run: Sequence[int]) -> bool:
    asking = sum(bool(ASKS.search(_end_of_question(rows, place).text)) for place in run)
    is_apart = all(rows[after].number - rows[before].number > 1 for before, after in pairwise(run))
    return is_apart and asking >= ASKING_SHARE * len(run) and (len(run) >= MIN_NUMBERED or asking == len(run))


def _lines_after_colons(rows: Sequence[Line]) -> Iterator[Span]:
    """Yield the paragraphs of short lines without stops that a line with a colon introduces: commands, examples."""
    for place in range(1, len(rows)):
        before, first = rows[place - 1], rows[place]
        if not before.text.endswith(":") or first.number - before.number < AFTER_BLANK_LINE:
            continue
        lines = rows[place : _end_of_paragraph(rows, place, len(rows)) + 1]
        if all(_may_be_code(row.text) for row in lines):
            yield Span(first.span.start, lines[-1].span.end)


def _may_be_code(line: str) -> bool:
    return len(line) <= MAX_CODE_LINE and not item_mark(line) and not STOPPED.search(line)


def _end_of_paragraph(rows: Sequence[Line], place: int, most: int) -> int:
    """The place of the last line of a paragraph, at most this one."""
    last = place
    while last < min(most, len(rows) - 1) and rows[last + 1].number == rows[last].number + 1:
        last += 1
    return last


def _spans_within(rows: Sequence[Line], span: Span) -> Iterator[Span]:
    places = (bisect_left(rows, place, key=lambda row: row.span.start) for place in span)
    return (row.span for row in rows[slice(*places)])


def _items(rows: Sequence[Line]) -> Iterator[tuple[Span, Span | None]]:
    """Yield each list item, with the mark before it that is not quoted; numbers are quoted."""
    place = 0
    while place < len(rows):
        found = item_mark(rows[place].text)
        if found is None:
            place += 1
            continue
        start, last = rows[place], rows[place]
        while place + 1 < len(rows) and _continues(last, rows[place + 1], start.indent):
            place += 1
            last = rows[place]
        mark = Span(start.span.start, start.span.start + found.end()) if BULLET.match(start.text) else None
        begin = start.span.start if mark is None else mark.end
        yield Span(begin, last.span.end), mark
        place += 1


def _continues(line: Line, following: Line, indent: int) -> bool:
    """Whether an item goes on in the following line: indented below its mark."""
    return not item_mark(following.text) and following.number == line.number + 1 and following.indent > indent
