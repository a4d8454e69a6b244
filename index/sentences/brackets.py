"""Pairs of brackets and quotation marks, and sentences that are merged because a boundary would divide a pair."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import regex

CLOSED_BY = {
    "(": ")",
    "[": "]",
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    '"': '"',
    "‘": "’",
    "‚": "‘’",
    "'": "'",
}
BRACKETS = "(["
MARK = regex.compile(r"[()\[\]“”„«»\"‘’‚']")
BEFORE_OPENING = regex.compile(r"[\s\p{Ps}\p{Pd}\p{Pi}„‚\"'/:]|^")
AFTER_CLOSING = regex.compile(r"[^\w$€£]|$")
STOPS = frozenset(".,!?…;:")
WORD = regex.compile(r"\p{L}{2}")

MAX_LENGTH = 600
"""Most characters of a pair: a mark without its other one merges no more."""
MAX_DEPTH = 8
REACH = 40
"""Characters behind a quotation in which the sentence goes on, if it does."""

Span = tuple[int, int]


def merge_divided(shadow: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """Yield the sentences of a paragraph, those merged between which a pair is open.

    A sentence with brackets is whole. One with a quotation is whole if it goes on behind it: “Nobody came. Nobody
    called,” she said. If not, each sentence of the quotation is one: “Nobody came. Nobody called.”
    """
    pairs = deque(sorted(_pairs_that_merge(shadow, sentences)))
    (start, end), *rest = sentences
    closed = 0
    for following, following_end in rest:
        while pairs and pairs[0][0] < end:
            closed = max(closed, pairs.popleft()[1])
        if closed < following:
            yield start, end
            start = following
        end = following_end
    yield start, end


def _pairs_that_merge(shadow: str, sentences: Sequence[Span]) -> Iterator[Span]:
    ends = iter(sentences)
    _, end = next(ends)
    for opening, closing in _pairs(shadow):
        while end <= closing:
            _, end = next(ends)
        if shadow[opening] in BRACKETS or WORD.search(shadow, closing + 1, min(end, closing + REACH)):
            yield opening, closing


def _pairs(shadow: str) -> Iterator[Span]:
    """Yield the offsets of the marks of each pair, in the order of the closing ones."""
    opened: deque[int] = deque(maxlen=MAX_DEPTH)
    for match in MARK.finditer(shadow):
        place, mark = match.start(), match[0]
        while opened and place - opened[0] > MAX_LENGTH:
            opened.popleft()
        partner = next((one for one in reversed(opened) if mark in CLOSED_BY[shadow[one]]), None)
        if partner is not None and _closes(shadow, place):
            yield partner, place
            while opened and opened[-1] >= partner:
                opened.pop()
        elif mark in CLOSED_BY and _opens(shadow, place):
            opened.append(place)


def _opens(shadow: str, place: int) -> bool:
    mark, before, after = shadow[place], shadow[place - 1 : place], shadow[place + 1 : place + 2]
    if mark in BRACKETS or mark in "“„‚":
        return True
    if mark == "«":
        return not before.strip() or not AFTER_CLOSING.match(after)
    return BEFORE_OPENING.match(before) is not None and after.strip() != ""


def _closes(shadow: str, place: int) -> bool:
    mark, before, after = shadow[place], shadow[place - 1 : place], shadow[place + 1 : place + 2]
    if mark in ")]”":
        return True
    if mark in "'’" and before not in STOPS and after != ",":  # an apostrophe: the boys’ room
        return False
    return AFTER_CLOSING.match(after) is not None and (mark == "»" or before.strip() != "")
