"""Questions and lists that a format does not mark as such: in tables, by "Q:" and "A:", as the lines of a paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import regex

from index.models import QUESTION_LEVEL, BlockKind, Span
from index.reading.blocks import HEADING, TextBlock
from index.reading.marks import ANSWER_MARK, ASKED, ASKS, BULLET, QUESTION_MARK
from index.sentences import words_continue

LABELS = frozenset({("question", "answer"), ("questions", "answers"), ("q", "a"), ("frage", "antwort")})
SIGNS_BEHIND = regex.compile(rf"(?<={ASKED})\s[^\w\s]{{1,3}}$")
"""Signs that open or close an answer."""
LEADS_IN = (":", "：")


def with_questions_and_lists(blocks: Iterable[TextBlock]) -> list[TextBlock]:
    """The blocks, with the questions and list items that only their words and marks tell."""
    return list(listed_lines(question_lines(question_rows(blocks))))


def question_rows(blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
    """Yield the blocks; in a table whose header says Question and Answer, each question heads its answer."""
    asks, table = False, 0
    for block in blocks:
        is_row = block.kind is BlockKind.TABLE_ROW and block.table == table
        is_header = block.kind is BlockKind.TABLE_ROW and block.depth > 0
        table = block.table
        asks = tuple(cell.casefold() for cell in block.cells) in LABELS if is_header else asks and is_row
        if not asks or len(block.cells) != 2 or not all(block.cells):  # noqa: PLR2004  # question and answer
            yield block
        elif not is_header:
            question, answer = block.cells
            yield TextBlock(question, block.left_out or HEADING, level=QUESTION_LEVEL)
            yield TextBlock(answer, block.left_out, ends_section=True)


def question_lines(blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
    """Yield the blocks; lines that are marked as questions head what follows, and answers are without their mark."""
    is_asked = False
    for block in blocks:
        if block.level or block.is_whole:
            yield from _unmarked(block)
            is_asked = block.level > 0 and ASKS.search(block.text) is not None
            continue
        pieces = list(_divided(block))
        for piece in pieces:
            mark = ANSWER_MARK.match(piece.text) if is_asked and not piece.level else None
            is_asked = piece.level > 0
            is_end = block.ends_section and piece is pieces[-1]
            yield piece._replace(text=piece.text[mark.end() if mark else 0 :], ends_section=is_end)


def _unmarked(block: TextBlock) -> Iterator[TextBlock]:
    """Yield a heading without the marks of a question; several questions, each on a line, are as many headings."""
    if block.level == QUESTION_LEVEL and (asked := SIGNS_BEHIND.search(block.text)):
        block = block._replace(text=block.text[: asked.start()])
    marks = [QUESTION_MARK.match(line) for line in block.text.split("\n")] if block.level else [None]
    if not all(marks):
        yield block
        return
    for mark in filter(None, marks):
        yield block._replace(text=mark.string[mark.end() :])


def _divided(block: TextBlock) -> Iterator[TextBlock]:
    """Yield the marked questions among the lines of a paragraph, and what is between them."""
    rest: list[str] = []
    for line in block.text.split("\n"):
        mark = QUESTION_MARK.match(line)
        if mark is None or not ASKS.search(line):
            rest.append(line)
            continue
        if any(rest):
            yield block._replace(text="\n".join(rest).strip())
        yield TextBlock(line[mark.end() :], block.left_out or HEADING, level=QUESTION_LEVEL)
        rest = []
    if any(rest):
        yield block._replace(text="\n".join(rest).strip())


def listed_lines(blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
    """Yield the blocks; the lines of a paragraph that a line with a colon leads up to are list items."""
    leads_in = False
    for block in blocks:
        lines = [] if block.kind or block.level or block.left_out else block.text.split("\n")
        first = 0 if leads_in else next((n + 1 for n, line in enumerate(lines) if line.endswith(LEADS_IN)), len(lines))
        leads_in = not block.left_out and block.text.endswith(LEADS_IN)
        while first < len(lines) and not lines[first]:
            first += 1
        last = next((n for n in range(first, len(lines)) if not lines[n]), len(lines))
        if last - first < 2 or _is_wrapped(lines[first:last]):  # noqa: PLR2004  # one line is no list
            yield block
            continue
        if before := "\n".join(lines[:first]).strip():
            yield block._replace(text=before, ends_section=False)
        for number in range(first, last):
            mark = BULLET.match(lines[number])
            text = lines[number][mark.end() if mark else 0 :]
            is_end = block.ends_section and last == len(lines) and number == last - 1
            yield TextBlock(text, kind=BlockKind.LIST_ITEM, depth=1, ends_section=is_end)
        if after := "\n".join(lines[last:]).strip():
            yield block._replace(text=after)


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a sentence goes on from one line into the next."""
    pairs = (("\n".join(pair), len(pair[0])) for pair in pairwise(lines))
    return any(words_continue(text, Span(0, cut), Span(cut + 1, len(text))) for text, cut in pairs)
