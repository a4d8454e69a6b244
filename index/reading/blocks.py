"""Join the blocks of a document into one text, separated by blank lines, and exclude broken sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from index.analysis.analyzer import stop_words
from index.errors import ArticleRejected
from index.models import Exclusion, Span
from index.sentences import ends_sentence, sentence_spans
from index.sentences.boundaries import first_word
from index.sentences.paragraphs import is_headline
from index.sentences.word_classes import begins_sentence, has_verb, is_small

BLOCK_SEPARATOR = "\n\n"
MAX_TEXT_BYTES = 8 * 2**20
"""Maximum characters of a text: the same as of a plain text file."""
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


NEAR, FAR = 2, 5
"""Blocks before loose text that are searched for its first half; `FAR` if it continues in lower case."""
BROKEN = ExclusionReason("boilerplate", "broken-by-layout")


class Block(NamedTuple):
    """A paragraph, heading, list item or table cell."""

    text: str
    left_out: ExclusionReason | None = None
    """Why it is excluded; None if it belongs to the article."""
    is_unwrapped: bool = False
    """Text beside blocks, not a block of its own: a sentence may continue from or into it."""
    level: int = 0
    """Heading level, 1 to 6; 0 for everything else."""


class LaidOutText(NamedTuple):
    """The text of some blocks, the span of each block in it, and what is excluded from it."""

    text: str
    spans: tuple[Span, ...]
    exclusions: tuple[Exclusion, ...]
    separate: tuple[Span, ...]
    """Excluded blocks that are certainly between two sentences."""


def visible_text(text: str) -> str:
    """Return a block's visible text: white space collapsed, line breaks kept, trimmed, controls removed."""
    plain = SURROGATE.sub(REPLACEMENT, CONTROL.sub("", text))
    return AROUND_BREAK.sub("\n", SPACES.sub(" ", plain)).strip()


def lay_out(blocks: Sequence[Block], file: str) -> LaidOutText:
    """Join the blocks into one text and collect the exclusions; raise ArticleRejected if it is too long.

    If loose text is next to a block and the sentence does not end there, both sides are halves of a sentence and are
    excluded: "The White House", an advertisement, "science chief said so."
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
    left_out = [
        Exclusion(span=span, kind=block.left_out.kind, rule=block.left_out.rule)
        for block, span in zip(blocks, spans, strict=True)
        if block.left_out
    ]
    exclusions = _joined([*left_out, *_halves(blocks, spans)])
    return LaidOutText(text, tuple(spans), tuple(exclusions), tuple(_between_sentences(blocks, spans)))


def _between_sentences(blocks: Sequence[Block], spans: Sequence[Span]) -> Iterator[Span]:
    """Yield excluded blocks between two whole blocks, the first of which ends a sentence or ends in a colon."""
    for is_left_out, run in itertools.groupby(range(len(blocks)), lambda number: blocks[number].left_out is not None):
        numbers = list(run)
        before, after = numbers[0] - 1, numbers[-1] + 1
        if not is_left_out or before < 0 or after == len(blocks):
            continue
        left, right = blocks[before], blocks[after]
        whole = not (left.is_unwrapped or right.is_unwrapped)
        if whole and not right.text[0].islower() and (left.text.endswith(":") or ends_sentence(left.text, "")):
            yield from (spans[number] for number in numbers)


def _broken_lines(block: Block, place: int) -> Iterator[Exclusion]:
    """Yield both sentences around a line break within a block, if it may cut one sentence in two.

    It may if the line before does not end a sentence and the line after does not clearly continue it.
    """
    spans = [] if block.left_out or block.level or "\n" not in block.text else sentence_spans(block.text)
    for left, right in pairwise(spans):
        is_broken = "\n" in block.text[left[1] : right[0]]
        if is_broken and not ends_sentence(block.text[slice(*left)], block.text[slice(*right)]):
            yield from (_broken(place + start, place + end) for start, end in (left, right))


def _halves(blocks: Sequence[Block], spans: Sequence[Span]) -> list[Exclusion]:
    """Return the halves of sentences that a block interrupts."""
    found = []
    for number in range(len(blocks) - 1):
        left, right = blocks[number], blocks[number + 1]
        if (
            left.left_out
            or right.left_out
            or not (left.is_unwrapped or right.is_unwrapped)
            or ends_sentence(left.text, right.text)
        ):
            continue
        last, first = sentence_spans(left.text)[-1], sentence_spans(right.text)[0]
        for (start, end), offset in ((last, spans[number].start), (first, spans[number + 1].start)):
            found.append(_broken(offset + start, offset + end))
    for number, right in enumerate(blocks):
        found += _broken_lines(right, spans[number].start)
        if right.is_unwrapped:
            found += _left_halves(blocks, spans, number)
    return found


def _left_halves(blocks: Sequence[Block], spans: Sequence[Span], number: int) -> list[Exclusion]:
    """Return the first sentence of loose text, and unfinished text before it that it may continue.

    A browser ends a paragraph where a block begins inside it, so the first half looks like a paragraph of its own.
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
    """Whether an excluded block may begin a sentence; most, such as menus and labels, neither begin nor end one."""
    if block.text.split()[-1].casefold() in stop_words().words:
        return True
    last = block.text[slice(*sentence_spans(block.text)[-1])]
    reads_so = block.is_unwrapped or (has_verb(last) and not is_headline(last))
    return reads_so and not begins_sentence(first_word(right))


def _broken(start: int, end: int) -> Exclusion:
    return Exclusion(span=Span(start, end), kind=BROKEN.kind, rule=BROKEN.rule)


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
