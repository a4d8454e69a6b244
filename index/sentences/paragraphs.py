"""Split a text into paragraphs: a wrapped line continues on the next; a heading or list item ends with its line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import regex

from index.sentences.word_lists import words

LINE_BREAK = regex.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
BULLET = regex.compile(r"(?:[•◦▪‣·●○■□►▶✓✔✗➤➢*+>©\p{Co}]|#{1,6}|\p{Extended_Pictographic}\uFE0F?)\s|Q[:.]\s|A:\s")
DASH = regex.compile(r"[-–—]\s")
NUMBER = regex.compile(r"\(?(?:\d{1,3}|\p{L}|[ivx]{1,4})[.)]\s")
RULE = regex.compile(r"[^\w“”‘’\"'«»]+")
BYLINE = regex.compile(r"by(?:\s[\p{Lu}][\w.'’-]*|\sand|,)+")
STOPPED = regex.compile(r"[\p{STerm}…:][\p{Pe}\p{Pf}\p{Pi}\"'\d\[\]]*$")
GOES_ON = regex.compile(r"[,;)\]}»”%]|[-–—&/]\s\p{Ll}|\p{Ll}(?!\p{Ll}{0,6}\p{Lu})")
HYPHENATED = regex.compile(r"\p{L}[-\u2010\u00ad]$")
WORD = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}'’-]*")

WIDTHS = range(40, 121)
"""Characters in the longest line of a text that was wrapped by hand or by a program."""

Line = tuple[int, int]


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """[start, end) of the pieces that no sentence crosses, divided at blank lines, headings and list items."""
    for block in _blocks(text):
        lines = [text[slice(*line)] for line in block]
        wrapped = _Wrapping(lines)
        start = block[0][0]
        for number, (line, following) in enumerate(pairwise(block)):
            if not wrapped.goes_on(number):
                yield start, line[1]
                start = following[0]
        yield start, block[-1][1]


def is_headline(line: str) -> bool:
    """Whether nearly all words that a headline capitalises are capitalised."""
    found = [word for word in WORD.findall(line[:200]) if word not in words("headline_words")]
    return len(found) > 1 and sum(word[0].isupper() for word in found) >= 0.9 * len(found)


def _blocks(text: str) -> Iterator[list[Line]]:
    block: list[Line] = []
    for start, end in _lines(text):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            block.append((first, first + len(stripped)))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _lines(text: str) -> Iterator[Line]:
    start = 0
    for match in LINE_BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


class _Wrapping:
    """The lines of one block, and whether they look wrapped at a common width."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.width = max(map(len, lines))
        full = [self._is_full(number) for number in range(len(lines) - 1)]
        enough = 3  # so many line ends at the margin are not chance, whatever the width
        self.wrapped = sum(full) >= 0.6 * len(full) and (self.width in WIDTHS or sum(full) >= enough)

    def _is_full(self, number: int) -> bool:
        """Whether the first word of the next line would not have fitted on this one."""
        following = self.lines[number + 1]
        return len(self.lines[number]) + 1 + len(following[:200].split(maxsplit=1)[0]) > self.width

    def goes_on(self, number: int) -> bool:
        """Whether the line of this number continues on the next."""
        line, following = self.lines[number], self.lines[number + 1]
        if begins_item(line, following) or any(RULE.fullmatch(each) for each in (line, following)):
            return False
        stopped = STOPPED.search(line[-20:]) is not None
        if not stopped and BYLINE.fullmatch(following):
            return False
        if GOES_ON.match(following) or _is_open(line) or (self.wrapped and _ends_with_dotted_capitals(line)):
            return True
        if not (self.wrapped and self._is_full(number)):
            return False
        return stopped or not is_headline(line)


def _is_open(line: str) -> bool:
    """Whether a line ends with a word or mark that ends no sentence: a comma, a hyphen, an article, "Mr."."""
    last = line[-40:].rsplit(maxsplit=1)[-1]
    if last.endswith(",") or HYPHENATED.search(last):
        return True
    if last.endswith("."):
        return last[:-1] in words("titles") | words("never_last") | words("before_place")
    return last in words("open_ends")


def _ends_with_dotted_capitals(line: str) -> bool:
    """Whether a line ends with U.S. or the like, whose full stop may not end a sentence."""
    return line.endswith(".") and line[-20:-1].rsplit(maxsplit=1)[-1] in words("countries")


def begins_item(line: str, following: str) -> bool:
    """Whether the following line is a list item, a question or an answer."""
    if BULLET.match(following):
        return True
    after_item = STOPPED.search(line[-20:]) or any(mark.match(line) for mark in (BULLET, NUMBER, DASH))
    if NUMBER.match(following):
        return bool(after_item)
    return bool(DASH.match(following)) and (bool(after_item) or not GOES_ON.match(following))
