"""Where the lines of a page are: which continue on the next, which run across columns, which are footnotes."""

from __future__ import annotations

import enum
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple, TypeVar

import regex

from index.models import collapse_whitespace
from index.reading.pdf.lines import Line, plain
from index.reading.pdf.pieces import Piece
from index.sentences.boundaries import first_word
from index.sentences.paragraphs import BULLET, DASH, NUMBER, STOPPED, begins_item
from index.sentences.word_classes import is_small

WIDE, NARROW = 1.5, 0.45
"""Gaps between columns, in sizes of the font: the first alone, the second if it is at the same place in other lines."""
BEHIND_MARK = 4.0
"""Maximum gap between the mark of a list item and its text, in sizes of the font."""
UNUSUAL = 0.1
"""How much it differs then from the usual gap between the words of the line."""
ALIGNED = 1.0
"""Points by which the left edge of a column may differ from line to line."""
NEARBY = 6
"""Lines above and below that are searched for the same gap."""
LINES_OF_COLUMN, LETTERS_OF_COLUMN = 3, 15
"""Minimum lines of a column of text, and letters of each on average."""
WITHIN_WORD = 0.15
"""Maximum gap between the pieces of a word, in sizes of the font."""
SAME_LINE = 0.2
"""Maximum difference of height between parts of a line that pypdf divides, in sizes of the font."""
ONE_LINE = 0.9
"""Maximum difference of height between the pieces of a line, in sizes of the font."""
SAME_SIZE, HEADLINE = 1.06, 1.8
"""Maximum ratio of two sizes that are the same, and of a headline to the text below it."""
BELOW, SAME_BLOCK = 2.5, 1.3
"""Distance of a line from the next: maximum in sizes of the font; of the usual distance on the page."""
INITIAL = 2
"""Maximum letters of a large initial."""
FOOT = 20
"""Lines at the end of a page that are searched for the first footnote."""
NOTE = regex.compile(r"(?:\d{1,3}|[*†‡§]{1,3})(?:\s*|\s*[\p{Lu}“\"(].*)")
REFERENCE = regex.compile(r"\[\w{1,6}\]")
Item = TypeVar("Item")
RIGHT_TO_LEFT = regex.compile(r"[\p{Hebrew}\p{Arabic}\p{Syriac}\p{Thaana}]")


class PlacedWord(NamedTuple):
    """A word of a row, with its place and its style."""

    start: float
    end: float
    text: str
    up: float
    size: float
    font: str


class Row(NamedTuple):
    """A line, or its part in one column, with its place; turned so that it runs to the right."""

    text: str
    page: int
    turn: int
    """Quarter turns, counterclockwise, by which it is turned on the page."""
    up: float
    size: float
    font: str
    words: tuple[PlacedWord, ...]
    is_doubtful: bool
    is_part: bool = False
    """Whether the line as pypdf extracts it has other parts, beside this one or elsewhere."""
    is_followed: bool = False
    """Whether another part of its line, the next row of the page, follows it."""

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.words[0].start if self.words else 0.0

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.words[-1].end if self.words else 0.0

    @property
    def first_word_width(self) -> float:
        """Width of the first word, with the space before it."""
        return self.words[0].end - self.words[0].start + self.size / 4 if self.words else 0.0

    def is_above(self, other: Row) -> bool:
        """Tell whether another row is directly below this one."""
        smaller, larger = sorted((self.size, other.size))
        return self.is_higher(other) and larger <= HEADLINE * smaller and self.up - other.up <= BELOW * smaller

    def is_higher(self, other: Row) -> bool:
        """Tell whether another row is below this one at any distance, in the same column of the page."""
        overlaps = self.left < other.right and other.left < self.right
        return overlaps and self.up > other.up and (self.page, self.turn) == (other.page, other.turn)

    def has_style_of(self, other: Row) -> bool:
        """Tell whether two rows have the same font and size."""
        return self.font == other.font and self.has_size_of(other)

    def has_size_of(self, other: Row) -> bool:
        """Tell whether the letters of two rows have the same size."""
        return max(self.size, other.size) <= SAME_SIZE * min(self.size, other.size)


def page_rows(lines: Sequence[Line], page: int) -> list[Row]:
    """Return the rows of a page in drawing order; a line that runs from column to column is divided."""
    rows: list[Row] = []
    for row in (part for line in lines for part in _divided(line, page)):
        if rows and _is_rest(rows[-1], row):
            rows[-1] = _merged(rows[-1], row)
        else:
            rows.append(row)
    gaps = [_gaps(row) for row in rows]
    return [part for number, row in enumerate(rows) for part in _parts(row, _columns(number, rows, gaps))]


def _is_rest(row: Row, other: Row) -> bool:
    """Tell whether another row, drawn next, is the rest of the same line."""
    if (row.page, row.turn) != (other.page, other.turn) or RIGHT_TO_LEFT.search(row.text + other.text):
        return False
    larger = max(row.size, other.size)
    return (
        abs(row.up - other.up) <= SAME_LINE * larger
        and -WITHIN_WORD * larger <= other.left - row.right <= WIDE * larger
    )


def _merged(row: Row, other: Row) -> Row:
    space = " " if other.left - row.right > WITHIN_WORD * row.size else ""
    return row._replace(
        text=f"{row.text}{space}{other.text}",
        words=(*row.words, *other.words),
        is_doubtful=row.is_doubtful or other.is_doubtful,
    )


def _divided(line: Line, page: int) -> Iterator[Row]:
    """Yield the parts of a line that have a height of their own, or begin before the one drawn before them ends."""
    pieces = [piece for piece in line.pieces if piece.words] or [*line.pieces]
    longest = max(pieces, key=lambda piece: len(piece.points))
    turn = round(longest.angle / 90) % 4
    is_rtl = RIGHT_TO_LEFT.search(line.text) is not None
    runs: list[list[tuple[Piece, float, float]]] = []
    for piece in pieces:
        along, up = _turned(piece.start, turn)
        if runs and _continues(runs[-1], piece, along, up, is_rtl=is_rtl):
            runs[-1].append((piece, along, up))
        else:
            runs.append([(piece, along, up)])
    for run in runs:
        main, _, up = max(run, key=lambda each: len(each[0].points))
        words = tuple(_words(run, main.height))
        text = line.text if len(runs) == 1 else _joined(words)
        yield Row(text, page, turn, up, main.height, main.font, words, line.is_doubtful, is_part=len(runs) > 1)


def _continues(
    run: Sequence[tuple[Piece, float, float]], piece: Piece, along: float, up: float, *, is_rtl: bool
) -> bool:
    before, start, height = run[-1]
    size = max(before.height, piece.height)
    if abs(up - height) > ONE_LINE * size or abs(before.angle - piece.angle) > 1:
        return False
    if is_rtl or not (before.words and piece.words):
        return True
    return along + piece.words[0].start > start + before.words[-1].end - size


def _turned(point: tuple[float, float], turn: int) -> tuple[float, float]:
    x, y = point
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def _words(run: Sequence[tuple[Piece, float, float]], size: float) -> Iterator[PlacedWord]:
    """Yield the words of a run, whatever pieces they are shown by."""
    word: PlacedWord | None = None
    for piece, along, up in run:
        for start, end, text in piece.words:
            if word and along + start - word.end <= WITHIN_WORD * size:
                word = word._replace(end=max(word.end, along + end), text=word.text + text)
                continue
            if word:
                yield word
            word = PlacedWord(along + start, along + end, text, up, piece.height, piece.font)
    if word:
        yield word


def _joined(words: Sequence[PlacedWord]) -> str:
    return collapse_whitespace(plain(" ".join(word.text for word in words)))


class _Gap(NamedTuple):
    """A gap before a word."""

    word: int
    place: float
    """Where the word begins."""
    width: float
    """In sizes of the font."""
    is_unusual: bool
    """Whether the words of the row usually have other gaps between them."""
    is_behind_mark: bool
    """Whether the word before it may be the mark of a list item."""


def _gaps(row: Row) -> list[_Gap]:
    """Return the gaps of a row that could be between columns."""
    widths = [(after.start - before.end) / (row.size or 1) for before, after in itertools.pairwise(row.words)]
    usual = median(widths) if len(widths) > 1 else 0.0
    return [
        _Gap(
            number,
            row.words[number].start,
            width,
            abs(width - usual) > UNUSUAL,
            width < BEHIND_MARK and _is_mark(row.words[number - 1].text),
        )
        for number, width in enumerate(widths, 1)
        if width >= NARROW
    ]


def _is_mark(word: str) -> bool:
    """Tell whether a word may be the mark of a list item or of a reference."""
    return REFERENCE.fullmatch(word) is not None or any(mark.match(f"{word} ") for mark in (BULLET, NUMBER, DASH))


def _columns(number: int, rows: Sequence[Row], gaps: Sequence[Sequence[_Gap]]) -> Iterator[int]:
    """Yield the numbers of the words with which a column begins: behind a wide gap, or one that other rows have too.

    So it does where near rows are beside each other at the same place. The gap behind the mark of a list item with
    which a column begins is none between columns.
    """
    near = _near(number, gaps)
    begin = 0
    for gap in gaps[number]:
        if gap.is_behind_mark and gap.word == begin + 1:
            continue
        same = [each for other in near for each in other if each.is_unusual and _is_aligned(each.place, gap.place)]
        is_shared = len(same) > 1 or any(each.width >= WIDE and not each.is_behind_mark for each in same)
        if gap.width >= WIDE or is_shared or _are_beside(number, rows, gap.place):
            begin = gap.word
            yield begin


def _near(number: int, items: Sequence[Item]) -> list[Item]:
    """Return what belongs to the lines above and below one that are searched."""
    return [*items[max(0, number - NEARBY) : number], *items[number + 1 : number + NEARBY + 1]]


def _is_aligned(one: float, other: float) -> bool:
    return abs(one - other) <= ALIGNED


def _are_beside(number: int, rows: Sequence[Row], place: float) -> bool:
    """Tell whether a row near another ends before a place, and one at its height begins there."""
    near = _near(number, rows)
    ended = [row for row in near if row.right < place]
    begun = [row for row in near if _is_aligned(row.left, place)]
    return any(abs(left.up - right.up) < ONE_LINE * left.size for left in ended for right in begun)


def _parts(row: Row, columns: Iterable[int]) -> Iterator[Row]:
    starts = [0, *columns]
    if len(starts) == 1 or RIGHT_TO_LEFT.search(row.text):
        yield row
        return
    for start, end in zip(starts, [*starts[1:], len(row.words)], strict=True):
        words = row.words[start:end]
        up, size, font = _usual_style(words)
        is_followed = end < len(row.words)
        part = row._replace(text=_joined(words), up=up, size=size, font=font, words=words)
        yield part._replace(is_part=True, is_followed=is_followed)


def _usual_style(words: Sequence[PlacedWord]) -> tuple[float, float, str]:
    """Return the height on the page, the size and the font that most letters of some words have."""
    letters: Counter[tuple[float, float, str]] = Counter()
    for word in words:
        letters[word.up, word.size, word.font] += len(word.text)
    return letters.most_common(1)[0][0]


def columns(rows: Sequence[Row]) -> list[list[int]]:
    """Return the indexes of the rows of a page as they are read: each is followed by the one directly below it."""
    found: list[list[int]] = []
    for number, row in enumerate(rows):
        above = [stack for stack in found if rows[stack[-1]].is_above(row)]
        if above:
            min(above, key=lambda stack: rows[stack[-1]].up).append(number)
        else:
            found.append([number])
    return found


def is_table(rows: Sequence[Row]) -> bool:
    """Whether rows one below the other, parts of lines, are cells of a table and not a column of text."""
    return len(rows) < LINES_OF_COLUMN or sum(len(row.text) for row in rows) < LETTERS_OF_COLUMN * len(rows)


class Joint(enum.Enum):
    """How a row and the next are joined."""

    SAME_LINE = enum.auto()
    """The sentence continues."""
    NEXT_LINE = enum.auto()
    """A paragraph or a list item may end; the words decide."""
    NEXT_BLOCK = enum.auto()
    """A block ends."""
    BROKEN = enum.auto()
    """A block ends, unless a sentence ends with it, both sides are halves of others."""


def joints(rows: Sequence[Row]) -> Iterator[Joint]:
    """Yield how each row is joined to the next.

    A row that stops nowhere continues in the next one below it if that begins with a small letter, or if its first word
    would not have fitted; in another column or page only if both are so, and the style is the same.
    """
    ordinary = _ordinary(rows)
    measures = zip(_margins(rows), _usual_distances(rows), strict=True)
    joint = Joint.NEXT_BLOCK
    for (upper, lower), (margin, usual) in zip(itertools.pairwise(rows), measures, strict=False):
        is_full = upper.right + lower.first_word_width > margin
        begins_small = is_small(first_word(lower.text))
        is_below = upper.is_above(lower)
        is_near = is_below and upper.up - lower.up <= SAME_BLOCK * usual * max(upper.size, lower.size)
        is_alike = upper.has_style_of(lower)
        if begins_item(upper.text, lower.text):
            joint = Joint.NEXT_LINE
        elif STOPPED.search(upper.text[-20:]):
            near = Joint.NEXT_LINE if is_near else Joint.BROKEN
            joint = Joint.SAME_LINE if is_full and is_near and is_alike else near
        elif is_near and is_alike:
            joint = Joint.SAME_LINE if is_full or begins_small else Joint.NEXT_LINE
        elif is_full or begins_small:
            is_certain = is_near and upper.has_size_of(lower)
            is_column = is_alike and not is_below and is_full and begins_small
            joint = Joint.SAME_LINE if is_certain or is_column else Joint.BROKEN
        else:
            is_running = is_near or joint is Joint.SAME_LINE or not upper.is_higher(lower)
            joint = Joint.BROKEN if is_running and upper.has_style_of(ordinary) else Joint.NEXT_BLOCK
        yield joint


def large_initials(rows: Sequence[Row]) -> Iterator[int]:
    """Yield the indexes of rows of a letter or two, much larger than the text, with which its first word begins."""
    ordinary = _ordinary(rows) if rows else None
    for number, row in enumerate(rows):
        if ordinary and len(row.text) <= INITIAL and row.size > HEADLINE * ordinary.size:
            yield number


def _ordinary(rows: Sequence[Row]) -> Row:
    """Return a row in the font that most of the text has."""
    letters: Counter[str] = Counter()
    for row in rows:
        letters[row.font] += len(row.text)
    font, _ = letters.most_common(1)[0]
    return max((row for row in rows if row.font == font), key=lambda row: len(row.text))


def _margins(rows: Sequence[Row]) -> list[float]:
    """Return for each row how far the rows around it extend; if it is alone, rows that begin where it does."""
    found: list[float] = []
    for stack in _stacks(rows):
        of = stack if len(stack) > 1 else [other for other in rows if _begins_like(other, stack[0])]
        found += [max(row.right for row in of)] * len(stack)
    return found


def _stacks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    stack: list[Row] = []
    for row in rows:
        if stack and not stack[-1].is_above(row):
            yield stack
            stack = []
        stack.append(row)
    if stack:
        yield stack


def _begins_like(one: Row, other: Row) -> bool:
    return (one.page, one.turn) == (other.page, other.turn) and abs(one.left - other.left) <= other.size


def _usual_distances(rows: Sequence[Row]) -> list[float]:
    """Return for each row the usual distance in the rows around it; if they are few, that of all."""
    everywhere = _usual_distance(rows)
    found: list[float] = []
    for stack in _stacks(rows):
        found += [_usual_distance(stack) if len(stack) >= LINES_OF_COLUMN else everywhere] * len(stack)
    return found


def _usual_distance(rows: Sequence[Row]) -> float:
    """Return the usual distance of a row from the next, in sizes of the font."""
    distances = [
        (upper.up - lower.up) / max(upper.size, lower.size, math.ulp(1.0))
        for upper, lower in itertools.pairwise(rows)
        if upper.is_above(lower) and upper.has_style_of(lower)
    ]
    return median(distances) if distances else 1.2


def footnote_lines(lines: Sequence[str]) -> Iterator[int]:
    """Yield the indexes of footnote lines, if the sentence above them continues on the next page."""
    for number in range(max(1, len(lines) - FOOT), len(lines)):
        if NOTE.fullmatch(lines[number]) and not STOPPED.search(lines[number - 1]):
            yield from range(number, len(lines))
            return
