"""Lines of a printed page that are not running text: lines across columns, footnotes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import regex
from rapidfuzz.distance import LCSseq

from index.models import collapse_whitespace

GAP = regex.compile(r"\S {5,}\S")
"""Gap between columns: at least five spaces in text laid out by width."""
BETWEEN = 2
"""Maximum lines between two lines across columns that are excluded with them."""
FOOT = 20
"""Lines at the end of a page that are searched for the first footnote."""
NOTE = regex.compile(r"(?:\d{1,3}|[*†‡§]{1,3})(?:\s*|\s*[\p{Lu}“\"(].*)")
STOPPED = regex.compile(r"[\p{STerm}…:][\p{Pe}\p{Pf}\p{Pi}\"'\d\[\]]*$")


def missing_lines(lines: Sequence[str], fewer: Sequence[str]) -> Iterator[int]:
    """Yield the indexes of lines that are not in `fewer`, which has the same order."""
    codes = LCSseq.opcodes([collapse_whitespace(line) for line in lines], [collapse_whitespace(line) for line in fewer])
    for code in codes:
        if code.tag != "equal":
            yield from range(code.src_start, code.src_end)


def lines_across_columns(lines: Sequence[str], laid_out: str) -> set[int]:
    """Return the indexes of lines that run from one column or cell into the next.

    `lines` are in drawing order; `laid_out` has spaces for gaps, and other lines if columns were drawn one by one.
    """
    gapped = {collapse_whitespace(line) for line in laid_out.splitlines() if GAP.search(line)}
    across = [number for number, line in enumerate(lines) if collapse_whitespace(line) in gapped]
    found = set(across)
    for first, second in itertools.pairwise(across):
        if second - first <= BETWEEN + 1:
            found |= set(range(first, second))
    return found


def footnote_lines(lines: Sequence[str]) -> Iterator[int]:
    """Yield the indexes of footnote lines, if the sentence above them continues on the next page."""
    for number in range(max(1, len(lines) - FOOT), len(lines)):
        if NOTE.fullmatch(lines[number]) and not STOPPED.search(lines[number - 1]):
            yield from range(number, len(lines))
            return
