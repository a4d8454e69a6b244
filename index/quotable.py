"""Which sentences of a cleaned text may be quoted: those that nothing excluded cuts through."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from index.article import Sentence, Span
from index.sentences import ends_sentence, sentence_spans

CONTEXT = 2000
"""How many characters on either side of a cut are read to see whether a sentence runs through it."""


def quotable_sentences(
    article: str, text: str, kept: Sequence[Span], body_from: int
) -> tuple[tuple[Sentence, ...], tuple[Span, ...]]:
    """The sentences of the kept spans of a text, and the pieces lost to interruptions.

    Between two kept spans stands something excluded. Where no sentence surely ends there, neither the piece on its
    left nor the one on its right is quotable: a right half can read like a whole ("chief said so.").

    Args:
        article: id of the article.
        text: its text.
        kept: what cleaning left, in order.
        body_from: above this offset each line stands for itself, so that nothing runs through what stands between.
    """
    pieces = [[Span(start + a, start + b) for a, b in sentence_spans(text[start:end])] for start, end in kept]
    cuts = [_cut(text, left, right) for left, right in pairwise(pieces) if left[-1].end > body_from]
    if pieces and text[kept[-1].end :].strip() and not ends_sentence(text[slice(*pieces[-1][-1])], ""):
        cuts.append(pieces[-1][-1])
    everything = [span for spans in pieces for span in spans]
    lost = _touched(everything, [cut for cut in cuts if cut is not None])
    whole = sorted(set(everything) - set(lost))
    return _numbered(article, text, whole), lost


def _touched(spans: Sequence[Span], cuts: Sequence[Span]) -> tuple[Span, ...]:
    """The spans that share a character with a cut; both in order."""
    ahead, touched = deque(cuts), []
    for span in spans:
        while ahead and ahead[0].end <= span.start:
            ahead.popleft()
        if ahead and ahead[0].start < span.end:
            touched.append(span)
    return tuple(touched)


def _cut(text: str, left: Sequence[Span], right: Sequence[Span]) -> Span | None:
    """From the start to the end of what is lost between two pieces; None where a sentence surely ends between them."""
    start = left[-2:][0].start
    before, after = text[start : left[-1].end], text[right[0].start : min(right[-1].end, right[0].start + CONTEXT)]
    if ends_sentence(before, after):
        return None
    joint = len(before)
    through = next(span for span in sentence_spans(f"{before} {after}") if span[1] > joint + 1)
    lost_from = start + through[0] if through[0] < joint else left[-1].start
    lost_to = right[0].start + through[1] - joint - 1
    return Span(min(lost_from, left[-1].start), max(lost_to, right[0].end))


def _numbered(article: str, text: str, spans: Sequence[Span]) -> tuple[Sentence, ...]:
    """The sentences, each with the number of its paragraph: a line break between two sentences begins a new one."""
    paragraph, place = 0, 0
    sentences: list[Sentence] = []
    for span in spans:
        if not sentences or "\n" in text[place : span.start]:
            paragraph += 1
        sentences.append(Sentence(article=article, span=span, paragraph=paragraph))
        place = span.end
    return tuple(sentences)
