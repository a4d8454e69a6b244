"""Join the blocks of a document into one text, separated by blank lines, and exclude broken sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import NamedTuple

import regex

from index.errors import ArticleRejected
from index.models import QUESTION_LEVEL, WHOLE_BLOCKS, Block, BlockKind, Exclusion, Span, collapse_whitespace
from index.sentences import LABEL_WORDS, ends_sentence, is_continuation, sentence_spans, words_continue
from index.sentences.boundaries import first_word
from index.sentences.word_classes import begins_sentence

BLOCK_SEPARATOR = "\n\n"
MAX_TEXT_BYTES = 8 * 2**20
"""Maximum characters of a text: the same as of a plain text file."""
BLANK_LINES = re.compile(r"\n\s*\n")
LEAD_IN = re.compile(r"[^\n]*:\s*\n")
SPACES = re.compile(r"[ \t\r\f\v]+")
AROUND_BREAK = re.compile(r" *\n *")
# Characters that no text should hold and no reader can see: controls except white space; lone surrogates.
CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
SURROGATE = regex.compile(r"\p{Cs}")
REPLACEMENT = "�"


class ExclusionReason(NamedTuple):
    """Why something is excluded: its kind, and the rule that says so."""

    kind: str
    rule: str

    def at(self, start: int, end: int) -> Exclusion:
        """Return the exclusion of a span for this reason."""
        return Exclusion(span=Span(start, end), kind=self.kind, rule=self.rule)


BROKEN = ExclusionReason("boilerplate", "broken-by-layout")
HEADING = ExclusionReason("heading", "heading")


CELL_SEPARATOR = "\n"


class TextBlock(NamedTuple):
    """A block of a document, before it has a place in the article's text."""

    text: str
    """Visible text; of a table row its cells, each followed by `CELL_SEPARATOR`, but the last."""
    left_out: ExclusionReason | None = None
    """Why it is excluded; None if it belongs to the article."""
    flow: int = 0
    """Blocks with the same number, if not 0, are parts of one run of text that other blocks interrupt."""
    level: int = 0
    """Heading level, 1 to 6; 0 for everything else."""
    heads_nothing: bool = False
    """Whether a heading is struck out or perhaps hidden: it ends a section, but is above no other."""
    kind: BlockKind | None = None
    """None for a paragraph or a heading."""
    depth: int = 0
    """Of a list item, from 1; of a table row 1 in the header."""
    number: str = ""
    """The number that a list item begins with, which its list gives it."""
    cells: tuple[str, ...] = ()
    """Of a table row, each without line breaks."""
    has_key: bool = False
    """Whether the first cell of a row says what the other one is."""
    table: int = 0
    """Rows with the same number are of the same table."""
    ends_section: bool = False
    """Whether it is the last one of what a question or title heads, such as a tab."""
    anchor: str = ""
    """As `Block.anchor`."""
    language: str = ""
    """As `Block.language`."""

    @property
    def is_whole(self) -> bool:
        """Whether it is a table row or code, which is not divided into sentences."""
        return self.kind in WHOLE_BLOCKS


class LaidOutText(NamedTuple):
    """The text of some blocks, the span of each block in it, and what is excluded from it."""

    text: str
    spans: tuple[Span, ...]
    exclusions: tuple[Exclusion, ...]
    blocks: tuple[Block, ...]
    """Those that are not paragraphs."""


def table_row(
    cells: Sequence[str], left_out: ExclusionReason | None = None, *, is_header: bool = False, has_key: bool = False
) -> TextBlock:
    """A row of a table; white space in its cells is folded."""
    folded = tuple(collapse_whitespace(visible_text(cell)) for cell in cells)
    text = CELL_SEPARATOR.join(cell for cell in folded if cell)
    return TextBlock(text, left_out, depth=int(is_header), kind=BlockKind.TABLE_ROW, cells=folded, has_key=has_key)


def code_text(text: str) -> str:
    """A block of code as it is shown: line breaks and indentation kept, controls removed."""
    return SURROGATE.sub(REPLACEMENT, CONTROL.sub("", text)).expandtabs(4).strip("\r\n").rstrip()


def visible_text(text: str) -> str:
    """Return a block's visible text: white space collapsed, line breaks kept, trimmed, controls removed."""
    plain = SURROGATE.sub(REPLACEMENT, CONTROL.sub("", text))
    return AROUND_BREAK.sub("\n", SPACES.sub(" ", plain)).strip()


def lay_out(blocks: Sequence[TextBlock], file: str) -> LaidOutText:
    """Join the blocks into one text and collect the exclusions; raise ArticleRejected if it is too long.

    If a block interrupts a run of text where no sentence ends, both sides are halves of a sentence and are excluded:
    "The White House", an advertisement, "science chief said so."
    """
    if sum(len(block.text) + len(BLOCK_SEPARATOR) for block in blocks) > MAX_TEXT_BYTES:
        problem = f"{file} contains more than {MAX_TEXT_BYTES:,} characters of text."
        raise ArticleRejected(problem, "Split the file into separate articles.")
    pieces: list[str] = []
    spans: list[Span] = []
    place = 0
    for block in blocks:
        spans.append(Span(place, place + len(block.text)))
        pieces += [block.text, BLOCK_SEPARATOR]
        place += len(block.text) + len(BLOCK_SEPARATOR)
    text = "".join(pieces).rstrip()
    left_out = [block.left_out.at(*span) for block, span in zip(blocks, spans, strict=True) if block.left_out]
    exclusions = _joined([*left_out, *_halves(blocks, spans)])
    return LaidOutText(text, tuple(spans), tuple(exclusions), tuple(_marked(blocks, spans)))


def _marked(blocks: Sequence[TextBlock], spans: Sequence[Span]) -> Iterator[Block]:
    """Yield the blocks that are not paragraphs, each row with the header of its table."""
    labels: tuple[Span, ...] = ()
    table = 0
    is_below_header = False
    ends = [span.end for block, span in zip(blocks, spans, strict=True) if block.ends_section]
    for block, span in zip(blocks, spans, strict=True):
        kind = BlockKind.HEADING if block.level else block.kind
        is_header = kind is BlockKind.TABLE_ROW and block.depth > 0
        cells = tuple(_cells(block, span))
        if kind is not BlockKind.TABLE_ROW or block.table != table:
            labels, is_below_header, table = (), False, block.table
        if is_header:
            labels = () if block.left_out else _merged(labels if is_below_header else (), cells)
        is_below_header = is_header
        if kind is None:
            continue
        level = block.level or block.depth
        place = bisect_left(ends, span.end) if level == QUESTION_LEVEL else len(ends)
        until = ends[place] if place < len(ends) else 0
        of_row = () if is_header else labels
        if block.has_key and not labels:
            of_row, cells = cells[:1], cells[1:]
        yield Block(
            kind=kind,
            span=Span(span.end, span.end) if block.heads_nothing else span,
            level=level,
            cells=cells,
            labels=of_row,
            until=until,
            anchor=block.anchor,
            language=block.language,
        )


def _merged(above: Sequence[Span], below: Sequence[Span]) -> tuple[Span, ...]:
    """The labels of two header rows: those of the lower one, and above its empty cells those of the upper one."""
    pairs = zip_longest(above, below, fillvalue=Span(0, 0))
    return tuple(low if low.start < low.end else high for high, low in pairs)


def _cells(block: TextBlock, span: Span) -> Iterator[Span]:
    """Yield the spans of a row's cells, empty ones where the next one begins."""
    place = span.start
    for cell in block.cells:
        yield Span(place, place + len(cell))
        place += len(cell) + len(CELL_SEPARATOR) if cell else 0


def _halves(blocks: Sequence[TextBlock], spans: Sequence[Span]) -> Iterator[Exclusion]:
    """Yield the halves of sentences that blocks interrupt."""
    latest: dict[int, int] = {}
    continuing: set[int] = set()
    for number, right in enumerate(blocks):
        yield from _broken_lines(right, spans[number].start)
        before = latest.get(right.flow) if right.flow else None
        latest[right.flow] = number
        if before is None or not _may_continue(blocks[before], right, continues=before in continuing):
            continue
        continuing.add(number)
        if not blocks[before].left_out:
            start, end = sentence_spans(blocks[before].text)[-1]
            yield BROKEN.at(spans[before].start + start, spans[before].start + end)
        if not right.left_out:
            start, end = sentence_spans(right.text)[0]
            yield BROKEN.at(spans[number].start + start, spans[number].start + end)


def _broken_lines(block: TextBlock, place: int) -> Iterator[Exclusion]:
    """Yield both sentences around a line break within a block, blank line or not, if it may cut one sentence in two.

    Lines below one that ends with a colon are a list: there only the words show it.
    """
    spans = (
        [] if block.left_out or block.level or block.is_whole or "\n" not in block.text else sentence_spans(block.text)
    )
    is_list = LEAD_IN.match(block.text)
    one_line = BLANK_LINES.sub(lambda found: "\n" + " " * (len(found[0]) - 1), block.text)  # spans stay as they are
    for left, right in pairwise(spans):
        is_broken = "\n" in block.text[left[1] : right[0]]
        goes_on = words_continue if is_list else is_continuation
        if is_broken and goes_on(one_line, Span(*left), Span(*right)):
            yield from (BROKEN.at(place + start, place + end) for start, end in (left, right))


def _may_continue(left: TextBlock, right: TextBlock, *, continues: bool) -> bool:
    """Whether a sentence may go on from one part of a run of text into the next; a label excluded there begins none.

    What itself continues the part before it is no label.
    """
    if ends_sentence(left.text, right.text):
        return False
    may_be_label = not continues and left.left_out is not None and len(left.text.split()) <= LABEL_WORDS
    return not (may_be_label and begins_sentence(first_word(right.text)))


def _joined(exclusions: Iterable[Exclusion]) -> list[Exclusion]:
    """Sort, remove duplicates, and merge neighbours excluded by the same rule."""
    joined: list[Exclusion] = []
    for exclusion in sorted(set(exclusions), key=lambda one: one.span):
        before = joined[-1] if joined else None
        same = before and (before.kind, before.rule) == (exclusion.kind, exclusion.rule)
        if before and same and exclusion.span.start - before.span.end <= len(BLOCK_SEPARATOR):
            joined[-1] = before.model_copy(update={"span": Span(before.span.start, exclusion.span.end)})
        else:
            joined.append(exclusion)
    return joined


def without_headline(exclusions: Iterable[Exclusion], headline: Span | None) -> tuple[Exclusion, ...]:
    """Remove the headline from the exclusions: it is shown as the headline."""
    if headline is None:
        return tuple(exclusions)
    return tuple(
        exclusion.model_copy(update={"span": span})
        for exclusion in exclusions
        for span in (
            Span(exclusion.span.start, min(exclusion.span.end, headline.start)),
            Span(max(exclusion.span.start, headline.end), exclusion.span.end),
        )
        if span.start < span.end
    )
