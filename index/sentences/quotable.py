"""Which sentences of a cleaned text can be quoted: those that nothing excluded cuts through."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from index.analysis.analyzer import stop_words
from index.models import Sentence, Span
from index.sentences import (
    BLANK_LINE,
    ENDED,
    ends_sentence,
    is_continuation,
    is_incomplete,
    sentence_spans,
    words_continue,
)
from index.sentences.paragraphs import LINE_BREAK, is_headline
from index.sentences.word_classes import has_verb

CONTEXT = 2000
"""Characters on either side of a cut that are read to see whether a sentence crosses it."""

NEIGHBOUR_CHARACTERS = 200
"""Characters on either side of a kept span that are read to see how its lines are wrapped."""


class BodyContext(NamedTuple):
    """What surrounds the body, each on lines of its own: no sentence crosses it."""

    headline: Span | None
    running: tuple[Span, ...]
    """All but lines of metadata (byline, date, source): text that a sentence may cross; in order and trimmed."""
    labels: tuple[Span, ...]
    """Lines of a few words above the body: kept to see which lines continue, never quotable."""
    has_blocks: bool = False
    """Whether a blank line is the border of two blocks of the document, such as paragraphs: no chance of layout."""
    item_ends: frozenset[int] = frozenset()
    """Where a list item ends that another one follows: it is whole, though its last word be "and" or "or"."""


def quotable_sentences(
    article: str, text: str, kept: Sequence[Span], frame: BodyContext
) -> tuple[tuple[Sentence, ...], tuple[Span, ...]]:
    """The sentences of the kept spans of a text, and the pieces lost to interruptions.

    Between two kept spans is something excluded. Unless a sentence surely ends there, neither the piece on its left nor
    the one on its right is quotable: a right half can look like a whole sentence ("chief said so."). Nor are the halves
    of a sentence that a blank line cuts in two, and a sentence that breaks off. Between two blocks of a document
    (`has_blocks`) a sentence goes on only if their words show it.

    `kept` is what cleaning left, in order, without the headline.
    """
    pieces = [[Span(start + a, start + b) for a, b in sentence_spans(text[start:end])] for start, end in kept]
    cuts = [_cut(text, left, right, frame) for left, right in pairwise(pieces)]
    if pieces:
        cuts = [_cut_at_the_top(text, pieces[0], frame), *cuts, _cut_at_the_end(text, pieces[-1], frame)]
    everything = [span for spans in pieces for span in spans]
    halves = [
        Span(left.start, right.end)
        for spans in pieces
        for left, right in pairwise(spans)
        if _goes_on(text, left, right, frame)
    ]
    for spans, (start, end) in zip(pieces, kept, strict=True):
        halves += _only_here(text, spans, Span(start, end))
    halves += [span for span in everything if span.end not in frame.item_ends and is_incomplete(text[slice(*span)])]
    lost = _touched(everything, sorted([*halves, *(cut for cut in cuts if cut is not None)]))
    # A label may be two sentences ("Why? Yes."), or the beginning of one that continues after it.
    labels = _touched(everything, frame.labels)
    lost = tuple(sorted({*lost, *(span for span in labels if not _is_within(span, frame.labels))}))
    gone = {*lost, *labels}
    return numbered(article, text, [span for span in everything if span not in gone]), lost


def _goes_on(text: str, left: Span, right: Span, frame: BodyContext) -> bool:
    """Whether two adjacent sentences may be one; a line break in a block of a document is as it was written."""
    is_in_block = frame.has_blocks and not BLANK_LINE.search(text, left.end, right.start)
    return words_continue(text, left, right) if is_in_block else is_continuation(text, left, right)


def _only_here(text: str, spans: Sequence[Span], piece: Span) -> Iterator[Span]:
    """Adjacent `spans` of a kept `piece` that are one sentence, judging by how the lines around it are wrapped."""
    parted = [(left, right) for left, right in pairwise(spans) if LINE_BREAK.search(text, left.end, right.start)]
    if not parted:
        return
    before, after = (
        text[max(0, piece.start - NEIGHBOUR_CHARACTERS) : piece.start],
        text[piece.end : piece.end + NEIGHBOUR_CHARACTERS],
    )
    start = piece.start - len(BLANK_LINE.split(before)[-1])
    end = piece.end + len(BLANK_LINE.split(after)[0])
    if (start, end) == piece:
        return
    borders = {start + place for place, _ in sentence_spans(text[start:end])}
    yield from (Span(left.start, right.end) for left, right in parted if right.start not in borders)


def _only_frame(text: str, start: int, end: int, frame: BodyContext) -> bool:
    """Whether only white space and lines of metadata are between two offsets."""
    first = bisect_right(frame.running, start, key=attrgetter("end"))
    # Two spans: of the first, only trailing white space may be there; of the second, its first word.
    return not any(text[max(start, a) : min(end, b)].strip() for a, b in frame.running[first : first + 2])


def _cut_at_the_top(text: str, first: Sequence[Span], frame: BodyContext) -> Span | None:
    """The first sentence, where the line taken for the headline may be its left half.

    A headline followed by an advertisement is common; a text without one whose first sentence is cut in two is not. So
    the halves must show it, by a lower-case letter or by a last word that no headline ends with.
    """
    headline = frame.headline
    if headline is None or headline.start > first[0].start or _only_frame(text, headline.end, first[0].start, frame):
        return None
    last_word = text[slice(*headline)].rsplit(maxsplit=1)[-1]
    broken = text[first[0].start].islower() or last_word.casefold() in stop_words().words
    return first[0] if broken else None


def _cut_at_the_end(text: str, last: Sequence[Span], frame: BodyContext) -> Span | None:
    """The last sentence, where it does not end and something excluded follows it."""
    sentence = text[slice(*last[-1])]
    if _only_frame(text, last[-1].end, len(text), frame) or ends_sentence(sentence, ""):
        return None
    is_whole = frame.has_blocks and BLANK_LINE.match(text, last[-1].end) and not _breaks_off(sentence)
    return None if is_whole else last[-1]


def _breaks_off(sentence: str) -> bool:
    """Whether a sentence has no end, and is not a title or an item of a list."""
    return not ENDED.search(sentence) and has_verb(sentence) and not is_headline(sentence)


def _is_between_blocks(text: str, start: int, end: int) -> bool:
    """Whether something excluded, and the white space around it, begins and ends with a blank line."""
    between = text[start:end]
    after = between[len(between.rstrip()) :]
    return BLANK_LINE.match(between) is not None and BLANK_LINE.search(after) is not None


def _is_within(span: Span, others: Sequence[Span]) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in others)


def _touched(spans: Sequence[Span], cuts: Sequence[Span]) -> tuple[Span, ...]:
    """The spans that overlap a cut; both in order."""
    ahead, touched = deque(cuts), []
    for span in spans:
        while ahead and ahead[0].end <= span.start:
            ahead.popleft()
        if ahead and ahead[0].start < span.end:
            touched.append(span)
    return tuple(touched)


def _cut(text: str, left: Sequence[Span], right: Sequence[Span], frame: BodyContext) -> Span | None:
    """The span of what is lost between two pieces; None where a sentence surely ends between them."""
    if frame.headline and left[-1].end <= frame.headline.start < right[0].start:
        return _cut_at_the_top(text, right, frame)
    if _only_frame(text, left[-1].end, right[0].start, frame):
        return None
    are_blocks = frame.has_blocks and _is_between_blocks(text, left[-1].end, right[0].start)
    if are_blocks and not is_continuation(text, left[-1], right[0]):
        return left[-1] if _breaks_off(text[slice(*left[-1])]) else None
    start = left[-2:][0].start
    before, after = text[start : left[-1].end], text[right[0].start : min(right[-1].end, right[0].start + CONTEXT)]
    if ends_sentence(before, after):
        return None
    candidate = len(before)
    through = next(span for span in sentence_spans(f"{before} {after}") if span[1] > candidate + 1)
    lost_from = start + through[0] if through[0] < candidate else left[-1].start
    lost_to = right[0].start + through[1] - candidate - 1
    return Span(min(lost_from, left[-1].start), max(lost_to, right[0].end))


def numbered(article: str, text: str, spans: Sequence[Span]) -> tuple[Sentence, ...]:
    """The sentences with the numbers of their paragraphs: a line break between two sentences begins a new one."""
    paragraph, place = 0, 0
    sentences: list[Sentence] = []
    for span in spans:
        if not sentences or "\n" in text[place : span.start]:
            paragraph += 1
        sentences.append(Sentence(article=article, span=span, paragraph=paragraph))
        place = span.end
    return tuple(sentences)
