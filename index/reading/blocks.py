"""Blocks of a document, one after another, as one text: a blank line between two, and no half of a sentence kept."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from index.analysis.analyzer import stop_list
from index.errors import ArticleRejected
from index.models import Exclusion, Span
from index.sentences import ends_sentence, sentence_spans
from index.sentences.boundaries import first_word
from index.sentences.paragraphs import is_headline
from index.sentences.word_classes import begins_sentence, has_verb, is_small

BETWEEN = "\n\n"
TEXT_AT_MOST = 8 * 2**20
"""Characters of a text: as many as a file of plain text may have."""
SPACES = re.compile(r"[ \t\r\f\v]+")
AROUND_BREAK = re.compile(r" *\n *")
# What no text should hold and no reader can see: controls, less the white space among them; halves of surrogate pairs.
CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
SURROGATE = regex.compile(r"\p{Cs}")
REPLACEMENT = "�"


class Reason(NamedTuple):
    """Why something is not the article: what it is, and by which rule."""

    kind: str
    rule: str


NEAR, FAR = 2, 5
"""Blocks in front of loose text that may hold its first half; more, where it goes on with a small letter."""
BROKEN = Reason("boilerplate", "broken-by-layout")


class Block(NamedTuple):
    """A paragraph, a heading, an item of a list, a cell: what a reader sees as one piece."""

    text: str
    left_out: Reason | None = None
    """Why it is not the article; None where it is."""
    loose: bool = False
    """Whether it is text beside blocks, not a block of its own, so that a sentence may run on from or into it."""
    level: int = 0
    """Of a heading, 1 to 6; 0 of everything else."""


class LaidOut(NamedTuple):
    """The text of some blocks, where each stands in it, and what of it is left out."""

    text: str
    spans: tuple[Span, ...]
    exclusions: tuple[Exclusion, ...]
    apart: tuple[Span, ...]
    """Of what is left out, the blocks that surely stand between two sentences."""


def seen(text: str) -> str:
    """A block's text as a reader sees it: white space folded, line breaks kept, trimmed, nothing that is no text."""
    plain = SURROGATE.sub(REPLACEMENT, CONTROL.sub("", text))
    return AROUND_BREAK.sub("\n", SPACES.sub(" ", plain)).strip()


def laid_out(blocks: Sequence[Block], file: str) -> LaidOut:
    """The text of the blocks, and the exclusions among them.

    Where text stands loosely beside a block and the sentence does not end there, the pieces on both sides are halves:
    "The White House", an advertisement, "science chief said so." They are left out.

    Raises:
        ArticleRejected: it is too long.
    """
    if sum(len(block.text) + len(BETWEEN) for block in blocks) > TEXT_AT_MOST:
        what = f"{file} contains more than {TEXT_AT_MOST:,} characters of text."
        raise ArticleRejected(what, "Split the file into separate articles.")
    pieces: list[str] = []
    spans: list[Span] = []
    place = 0
    for block in blocks:
        spans.append(Span(place, place + len(block.text)))
        pieces += [block.text, BETWEEN]
        place += len(block.text) + len(BETWEEN)
    text = "".join(pieces).rstrip()
    left_out = [
        Exclusion(span=span, kind=block.left_out.kind, rule=block.left_out.rule)
        for block, span in zip(blocks, spans, strict=True)
        if block.left_out
    ]
    exclusions = _joined([*left_out, *_halves(blocks, spans)])
    return LaidOut(text, tuple(spans), tuple(exclusions), tuple(_between_sentences(blocks, spans)))


def _between_sentences(blocks: Sequence[Block], spans: Sequence[Span]) -> Iterator[Span]:
    """The blocks left out between two whole ones of which the first ends a sentence, or leads up to what follows."""
    for is_left_out, run in itertools.groupby(range(len(blocks)), lambda number: blocks[number].left_out is not None):
        numbers = list(run)
        before, after = numbers[0] - 1, numbers[-1] + 1
        if not is_left_out or before < 0 or after == len(blocks):
            continue
        left, right = blocks[before], blocks[after]
        whole = not (left.loose or right.loose)
        if whole and not right.text[0].islower() and (left.text.endswith(":") or ends_sentence(left.text, "")):
            yield from (spans[number] for number in numbers)


def _broken_lines(block: Block, place: int) -> Iterator[Exclusion]:
    """The pieces of sentences that a line break within a block stands in the middle of.

    Where the line before does not end and the one behind does not plainly go on, nobody knows whether it does.
    """
    spans = [] if block.left_out or block.level or "\n" not in block.text else sentence_spans(block.text)
    for left, right in pairwise(spans):
        is_broken = "\n" in block.text[left[1] : right[0]]
        if is_broken and not ends_sentence(block.text[slice(*left)], block.text[slice(*right)]):
            yield from (_broken(place + start, place + end) for start, end in (left, right))


def _halves(blocks: Sequence[Block], spans: Sequence[Span]) -> list[Exclusion]:
    """The pieces of sentences that a block stands in the middle of."""
    found = []
    for number in range(len(blocks) - 1):
        left, right = blocks[number], blocks[number + 1]
        if left.left_out or right.left_out or not (left.loose or right.loose) or ends_sentence(left.text, right.text):
            continue
        last, first = sentence_spans(left.text)[-1], sentence_spans(right.text)[0]
        for (start, end), offset in ((last, spans[number].start), (first, spans[number + 1].start)):
            found.append(_broken(offset + start, offset + end))
    for number, right in enumerate(blocks):
        found += _broken_lines(right, spans[number].start)
        if right.loose:
            found += _left_halves(blocks, spans, number)
    return found


def _left_halves(blocks: Sequence[Block], spans: Sequence[Span], number: int) -> list[Exclusion]:
    """Loose text's first sentence and the pieces in front of it that do not end: it may go on with one of them.

    A browser ends a paragraph where a block begins in it, so that its first half looks like one of its own.
    """
    right = blocks[number]
    goes_on = is_small(right.text)
    is_half = False
    found = []
    for before in range(number - 1, max(-1, number - 1 - (FAR if goes_on else NEAR)), -1):
        block = blocks[before]
        if block.level:
            break
        if ends_sentence(block.text, ""):
            continue
        if not block.left_out:
            start, end = sentence_spans(block.text)[-1]
            found.append(_broken(spans[before].start + start, spans[before].start + end))
        is_half |= not block.left_out or goes_on or _is_begun(block, right.text)
    if is_half and not right.left_out:
        start, end = sentence_spans(right.text)[0]
        found.append(_broken(spans[number].start + start, spans[number].start + end))
    return found


def _is_begun(block: Block, right: str) -> bool:
    """Whether what is left out may be a sentence begun: most of it is none and ends none, a menu, a label."""
    if block.text.split()[-1].casefold() in stop_list().words:
        return True
    last = block.text[slice(*sentence_spans(block.text)[-1])]
    reads_so = block.loose or (has_verb(last) and not is_headline(last))
    return reads_so and not begins_sentence(first_word(right))


def _broken(start: int, end: int) -> Exclusion:
    return Exclusion(span=Span(start, end), kind=BROKEN.kind, rule=BROKEN.rule)


def _joined(exclusions: Iterable[Exclusion]) -> list[Exclusion]:
    """In order, each once; neighbours by the same rule as one."""
    joined: list[Exclusion] = []
    for exclusion in sorted(set(exclusions), key=lambda one: one.span):
        before = joined[-1] if joined else None
        same = before and (before.kind, before.rule) == (exclusion.kind, exclusion.rule)
        if before and same and exclusion.span.start - before.span.end <= len(BETWEEN):
            joined[-1] = before.model_copy(update={"span": Span(before.span.start, exclusion.span.end)})
        else:
            joined.append(exclusion)
    return joined


def beside(exclusions: Iterable[Exclusion], headline: Span | None) -> tuple[Exclusion, ...]:
    """The exclusions less the headline, which is shown as what it is."""
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
