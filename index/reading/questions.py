"""Tables of questions and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.models import QUESTION_LEVEL, BlockKind
from index.reading.blocks import TextBlock
from index.reading.html.dom_blocks import HEADING

LABELS = frozenset({("question", "answer"), ("questions", "answers"), ("q", "a"), ("frage", "antwort")})


def question_rows(blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
    """Yield the blocks; in a table whose header says Question and Answer, each question heads its answer."""
    asks = False
    for block in blocks:
        is_row = block.kind is BlockKind.TABLE_ROW
        is_header = is_row and block.depth > 0
        asks = tuple(cell.casefold() for cell in block.cells) in LABELS if is_header else asks and is_row
        if not asks or len(block.cells) != 2 or not all(block.cells):  # noqa: PLR2004  # question and answer
            yield block
        elif not is_header:
            question, answer = block.cells
            yield TextBlock(question, block.left_out or HEADING, level=QUESTION_LEVEL)
            yield TextBlock(answer, block.left_out, ends_section=True)
