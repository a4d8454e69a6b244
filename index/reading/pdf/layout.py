"""What stands on a printed page and is no running text: lines across columns, notes at the foot."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import regex
from rapidfuzz.distance import LCSseq

from index.models import fold

GAP = regex.compile(r"\S {5,}\S")
"""What parts columns: five spaces where a page is laid out by width."""
BETWEEN = 2
"""Lines that two lines across columns may leave between each other, and belong to them."""
FOOT = 20
"""Lines at the end of a page among which notes begin."""
NOTE = regex.compile(r"(?:\d{1,3}|[*†‡§]{1,3})(?:\s*|\s*[\p{Lu}“\"(].*)")
STOPPED = regex.compile(r"[\p{STerm}…:][\p{Pe}\p{Pf}\p{Pi}\"'\d\[\]]*$")


def not_among(lines: Sequence[str], fewer: Sequence[str]) -> Iterator[int]:
    """The numbers of the lines that are not among others, which stand in the same order."""
    codes = LCSseq.opcodes([fold(line) for line in lines], [fold(line) for line in fewer])
    for code in codes:
        if code.tag != "equal":
            yield from range(code.src_start, code.src_end)


def across_columns(lines: Sequence[str], laid_out: str) -> set[int]:
    """The numbers of the lines that run from one column, or one cell, into the next one beside it.

    Args:
        lines: of a page, in the order in which they were drawn.
        laid_out: the same page with spaces where it has gaps. Where columns were drawn one after the other, its lines
            are not those that were drawn.
    """
    gapped = {fold(line) for line in laid_out.splitlines() if GAP.search(line)}
    across = [number for number, line in enumerate(lines) if fold(line) in gapped]
    found = set(across)
    for first, second in itertools.pairwise(across):
        if second - first <= BETWEEN + 1:
            found |= set(range(first, second))
    return found


def notes_at_the_foot(lines: Sequence[str]) -> Iterator[int]:
    """The numbers of the lines of notes, where the sentence above them goes on with the next page."""
    for number in range(max(1, len(lines) - FOOT), len(lines)):
        if NOTE.fullmatch(lines[number]) and not STOPPED.search(lines[number - 1]):
            yield from range(number, len(lines))
            return
