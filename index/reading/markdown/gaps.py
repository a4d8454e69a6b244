"""Leave out the sentences in which a site fills something in."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from index.models import BlockKind
from index.reading.blocks import ExclusionReason, TextBlock, code_text, table_row, visible_text
from index.reading.markdown.site_tags import COMMENT_MARKS, GAP, SiteTags
from index.sentences import sentence_spans

FILLED_IN = ExclusionReason("code", "filled-in")


def without_site_tags(blocks: Iterable[TextBlock], tags: SiteTags) -> Iterator[TextBlock]:
    """Yield the blocks with tags as they are written, but not in headings; excluded where words are missing."""
    for block in blocks:
        text = visible_text((GAP if block.level else COMMENT_MARKS).sub("", COMMENT_MARKS.sub("", block.text)))
        if block.kind is BlockKind.CODE:
            yield block._replace(text=code_text(tags.restore(block.text)))
        elif block.kind is BlockKind.TABLE_ROW:
            reason = FILLED_IN if GAP.search(text) else block.left_out
            cells = [tags.restore(COMMENT_MARKS.sub("", cell)) for cell in block.cells]
            row = table_row(cells, reason, is_header=block.depth > 0)
            yield row._replace(ends_section=block.ends_section)
        elif text and (block.level or block.left_out):
            yield block._replace(text=tags.restore(text))
        elif text:
            yield from _sentences(block._replace(text=text), tags)


def _sentences(block: TextBlock, tags: SiteTags) -> Iterator[TextBlock]:
    """Yield a block, divided where a sentence is excluded."""
    if not GAP.search(block.text):
        yield block
        return
    spans = sentence_spans(block.text)
    for is_filled, run in itertools.groupby(spans, lambda span: GAP.search(block.text, *span) is not None):
        within = list(run)
        piece = block._replace(
            text=tags.restore(block.text[within[0][0] : within[-1][1]]),
            left_out=FILLED_IN if is_filled else None,
            ends_section=block.ends_section and within[-1] == spans[-1],
        )
        yield piece
