"""Chunks by the blocks of an article: sentences of prose, list items and definitions; whole table rows and code."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from index.cleaning.apply import trim_span
from index.models import WHOLE_BLOCKS, Article, Block, BlockKind, Sentence, SentenceKind, Span
from index.sentences.quotable import numbered

KINDS = {
    BlockKind.LIST_ITEM: SentenceKind.LIST_ITEM,
    BlockKind.DEFINITION: SentenceKind.DEFINITION,
    BlockKind.TABLE_ROW: SentenceKind.TABLE_ROW,
    BlockKind.CODE: SentenceKind.CODE,
}

LISTED = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})


def blocks_outside(blocks: Sequence[Block], left_out: Iterable[Span]) -> tuple[Block, ...]:
    """The headings, and the other blocks of which nothing is left out."""
    gone = sorted(left_out)
    return tuple(block for block in blocks if block.kind is BlockKind.HEADING or not _touches(block.span, gone))


def _touches(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span has a character of the last of these, which are in order, that begins before its end."""
    place = bisect_right(others, span.end - 1, key=attrgetter("start"))
    return place > 0 and others[place - 1].end > span.start


def item_ends(text: str, blocks: Iterable[Block]) -> frozenset[int]:
    """Where a list item ends that another one follows, with no words between."""
    ends = (
        one.span.end
        for one, following in pairwise(blocks)
        if one.kind is following.kind is BlockKind.LIST_ITEM
        and not _has_words(text[one.span.end : following.span.start])
    )
    return frozenset(ends)


def split_at_items(text: str, kept: Sequence[Span], blocks: Iterable[Block]) -> list[Span]:
    """The kept spans, divided where a list item or definition begins or ends: no sentence crosses that."""
    borders = sorted({place for block in blocks if block.kind in KINDS for place in block.span})
    pieces = (trim_span(text, piece) for span in kept for piece in _divided(span, borders))
    return [piece for piece in pieces if piece.start < piece.end]


def _divided(span: Span, borders: Sequence[int]) -> Iterator[Span]:
    start = span.start
    for place in borders[bisect_right(borders, span.start) : bisect_right(borders, span.end - 1)]:
        yield Span(start, place)
        start = place
    yield Span(start, span.end)


def below_lost_lead_ins(text: str, blocks: Iterable[Block], lost: Iterable[Span]) -> list[Span]:
    """The list items and rows below a lead-in that cannot be quoted, as "The loan is not open to:"."""
    ends = sorted(end for _, end in lost if text.endswith((":", "："), 0, end))
    found: list[Span] = []
    previous, is_below = 0, False
    for start, end in (block.span for block in blocks if block.kind in LISTED):
        if _has_words(text[previous:start]):
            place = bisect_right(ends, start)
            is_below = place > 0 and not _has_words(text[ends[place - 1] : start])
        if is_below:
            found.append(Span(start, end))
        previous = end
    return found


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def with_blocks(
    article: Article, sentences: Iterable[Sentence], blocks: Sequence[Block], gone: Sequence[Span] = ()
) -> tuple[Sentence, ...]:
    """The sentences, with the kind of their blocks, and a chunk for each table row and block of code.

    None of them has a character of the spans in `gone`, which are in order.
    """
    inside = [block for block in blocks if block.kind in KINDS]
    spans = {block.span: KINDS[block.kind] for block in inside if block.kind in WHOLE_BLOCKS and not is_header(block)}
    for sentence in sentences:
        place = bisect_right(inside, sentence.span.start, key=lambda block: block.span.start)
        block = inside[place - 1] if place else None
        is_in = block is not None and sentence.span.end <= block.span.end
        spans[sentence.span] = KINDS[block.kind] if block is not None and is_in else sentence.kind
    return tuple(
        sentence.model_copy(update={"kind": spans[sentence.span]})
        for sentence in numbered(article.id, article.text, sorted(spans))
        if not _touches(sentence.span, gone)
    )


def is_header(block: Block) -> bool:
    """Whether it is a row that labels the cells of the rows below it."""
    return block.kind is BlockKind.TABLE_ROW and block.level > 0
