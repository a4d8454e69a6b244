"""A made-up document as a tree, and Hypothesis strategies for it. Each piece of its text has a word of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from index.models import QUESTION_LEVEL, BlockKind

SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprtv" for vowel in "aeiou"]
ITEM_ENDS = [".", "", ", and", ";", " or"]
SUBJECTS = ["Anna Moen", "Ole Berg", "It also", "Nora Lund", "She"]
CODE_LINES = [
    "lock open --slowly",
    "    indented four",
    "\ttab\tand tab",
    "",
    "# a comment, no heading",
    "> no quotation",
    "- no item",
    "| no | table |",
    "```",
    "~~~",
    "```py",
    "`tick` **stars** _line_ \\back\\",
    "<b>no tag</b> &amp; @everyone <@1>",
    'say "100 %" {count} [link](https://evil.example)',
    "long = " + "0123456789 " * 90 + "end",
]
CELLS = ["", "", "7", "a | b", "two\nlines", "a; b: c", "*stars* _line_", "-", "1. one", "`code`", "word " * 20 + "end"]
LANGUAGES = ["", "python", "c++", "sh", 'js title="a.js"', "no language"]


@dataclass
class Piece:
    """What can be quoted: the sentences of a paragraph, item or definition, a row, a block of code."""

    text: str
    """As it is shown."""
    kind: BlockKind | None = None
    lead_in: Piece | None = None
    """What introduces it, and ends with a colon."""
    parent: Piece | None = None
    """Of an item in an item."""
    cells: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    depth: int = 0
    sentences: int = 1
    language: str = ""


@dataclass
class Node:
    """A paragraph, list, table, block of code, admonition or list of definitions, as it is written."""

    kind: str
    pieces: list[Piece]
    header: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    is_ordered: bool = False


@dataclass
class Section:
    """A heading and what is under it."""

    heading: str
    level: int
    """1 to 6 of a heading; 7 of a question that is none by its markup."""
    nodes: list[Node] = field(default_factory=list)

    @property
    def pieces(self) -> list[Piece]:
        return [piece for node in self.nodes for piece in node.pieces]


class Document:
    """A title, a sentence and sections."""

    def __init__(self, title: str, first: Piece, sections: list[Section]) -> None:
        self.title, self.first, self.sections = title, first, sections

    def __repr__(self) -> str:
        written = (f"{section.heading} {[piece.text[:50] for piece in section.pieces]}" for section in self.sections)
        return f"Document({'; '.join(written)})"[:3000]

    def paths(self) -> Iterator[tuple[tuple[str, ...], Piece]]:
        """Each piece with the headings above it."""
        yield (), self.first
        path: list[Section] = []
        for section in self.sections:
            path = [*(above for above in path if above.level < section.level), section]
            headings = tuple(each.heading for each in path)
            for node in section.nodes:
                for number, piece in enumerate(node.pieces):
                    yield (*headings, node.terms[number]) if node.terms else headings, piece


class Words:
    """Sentences with a word that no other one has."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def next(self) -> str:
        """Return a new word."""
        number = next(self._numbers)
        return "".join(SYLLABLES[number // 60**place % 60] for place in range(3)) + "x"

    def sentence(self, length: int = 0) -> str:
        """Return a sentence with about so many characters."""
        word = self.next()
        longer = " and the old bridge" * (length // 20)
        subject = SUBJECTS[SYLLABLES.index(word[:2]) % len(SUBJECTS)]
        return f"{subject} painted the {word}{longer} on Monday."

    def item(self, *, is_last: bool) -> str:
        """Return the text of a list item."""
        word = self.next()
        end = "." if is_last else ITEM_ENDS[SYLLABLES.index(word[:2]) % len(ITEM_ENDS)]
        return f"Bring the {word} to the pier{end}"

    def lead_in(self) -> str:
        """Return a sentence that introduces something."""
        return f"Do this with the {self.next()}:"

    def heading(self, *, asks: bool) -> str:
        """Return a heading."""
        return f"How do I hold the {self.next()}?" if asks else f"About the {self.next()}"


Write = Callable[[Words], list[Node]]
"""Writes nodes with the next words."""


def _paragraph(length: int, count: int) -> Write:
    return lambda words: [
        Node("paragraph", [Piece(" ".join(words.sentence(length) for _ in range(count)), sentences=count)])
    ]


def _admonition(count: int) -> Write:
    return lambda words: [
        Node("admonition", [Piece(" ".join(words.sentence() for _ in range(count)), sentences=count)])
    ]


def _introduced(words: Words, node: Node) -> list[Node]:
    lead_in = Piece(words.lead_in())
    for piece in node.pieces:
        piece.lead_in = piece.lead_in or lead_in
    return [Node("paragraph", [lead_in]), node]


Shape = list["Shape"]
"""The items in each item."""


def _items(words: Words, shape: Shape, depth: int, parent: Piece | None, *, is_ordered: bool) -> Iterator[Piece]:
    for number, inside in enumerate(shape, 1):
        text = words.lead_in() if inside else words.item(is_last=number == len(shape))
        shown = f"{number}. {text}" if is_ordered else text
        item = Piece(shown, BlockKind.LIST_ITEM, parent=parent, depth=depth)
        yield item
        yield from _items(words, inside, depth + 1, item, is_ordered=is_ordered)


def _with_code(words: Words, items: Iterator[Piece]) -> Iterator[Piece]:
    """Yield the items, and after each third of the first ones some code that it introduces."""
    for place, item in enumerate(items):
        yield item
        if place % 3 == 1 and item.depth == 1 and not item.text.endswith(":"):
            item.text = f"{item.text.rpartition(' pier')[0]} pier:"
            code = f"run {words.next()}\n\n  --now"
            yield Piece(code, BlockKind.CODE, lead_in=item, parent=item)


def _list(shape: Shape, has_lead_in: bool, is_ordered: bool, has_code: bool = False) -> Write:
    def write(words: Words) -> list[Node]:
        items = _items(words, shape, 1, None, is_ordered=is_ordered)
        pieces = list(_with_code(words, items) if has_code else items)
        node = Node("list", pieces, is_ordered=is_ordered)
        return _introduced(words, node) if has_lead_in else [node]

    return write


def _table(columns: int, rows: list[list[str]], has_lead_in: bool) -> Write:
    def write(words: Words) -> list[Node]:
        header = tuple(f"Col {words.next()}" if place else f"Name {words.next()}" for place in range(columns))
        pieces = []
        for row in rows:
            cells = (words.next(), *(" ".join(cell.split()) for cell in row[: columns - 1]))
            cells += ("",) * (columns - len(cells))
            pairs = [f"{label}: {cell}" for label, cell in zip(header, cells, strict=True) if cell]
            pieces.append(Piece("; ".join(pairs), BlockKind.TABLE_ROW, cells=cells, labels=header))
        node = Node("table", pieces, header=header)
        return _introduced(words, node) if has_lead_in else [node]

    return write


def _code(lines: list[str], language: str, has_lead_in: bool) -> Write:
    def write(words: Words) -> list[Node]:
        code = "\n".join([f"run {words.next()}", *lines, "end"])
        node = Node("code", [Piece(code, BlockKind.CODE, language=language)])
        return _introduced(words, node) if has_lead_in else [node]

    return write


def _definitions(count: int) -> Write:
    def write(words: Words) -> list[Node]:
        terms = tuple(f"the {words.next()}" for _ in range(count))
        return [Node("definitions", [Piece(words.sentence(), BlockKind.DEFINITION) for _ in terms], terms=terms)]

    return write


leaves: st.SearchStrategy[Shape] = st.just([])
shapes = st.recursive(leaves, lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=8).filter(bool)
paragraphs = st.builds(_paragraph, st.sampled_from([0, 0, 0, 300]), st.integers(1, 3))
flat: st.SearchStrategy[Shape] = st.lists(leaves, min_size=1, max_size=9)
lists = st.builds(_list, shapes, st.booleans(), st.booleans())
lists |= st.builds(_list, flat, st.booleans(), st.booleans(), st.just(True))
rows = st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=3), min_size=1, max_size=4)
tables = st.builds(_table, st.sampled_from([2, 3]), rows, st.booleans())
of_word = paragraphs | tables
codes = st.builds(_code, st.lists(st.sampled_from(CODE_LINES), max_size=8), st.sampled_from(LANGUAGES), st.booleans())
anything = st.one_of(paragraphs, lists, tables, codes, st.builds(_admonition, st.integers(1, 2)))
plain_text = paragraphs | st.builds(_list, flat, st.just(True), st.booleans())

DEEP: Shape = [[[[[]], []]], [[], [[]]]]
MANY: Shape = [[] for _ in range(90)]
EXTREMES: dict[str, list[Write]] = {
    "a section of 5,000 characters": [_paragraph(100, 45)],
    "a sentence of 5,000 characters": [_paragraph(5000, 2)],
    "lists in lists": [_list(DEEP, True, False), _list([DEEP, DEEP, DEEP, DEEP], True, True)],
    "a list of 90 items": [_list(MANY, True, True)],
    "a list of 90 items with code": [_list(MANY, True, True, True)],
    "a table of 20 columns": [_table(20, [CELLS[:19], CELLS * 2, [""]], True)],
    "a table of 60 rows": [_table(3, [CELLS[place % 6 : place % 6 + 2] for place in range(60)], False)],
    "code of 200 lines": [
        _code(["some = words", *(line for line in CODE_LINES if "```" not in line)] * 18, "sh", True)
    ],
    "code with fences": [_code(CODE_LINES * 4, "sh", True)],
    "a line of code of 9,000 characters": [_code(["0123456789" * 900], "", False)],
}


def document_of(writes: Sequence[Write]) -> Document:
    """A document of a section with these nodes, and a short one."""
    words = Words()
    sections = [
        Section(words.heading(asks=True), 2, [node for write in nodes for node in write(words)])
        for nodes in (writes, [_paragraph(0, 1)])
    ]
    return Document(f"A manual of the {words.next()}", Piece(words.sentence(300)), sections)


@st.composite
def documents(
    draw: st.DrawFn, nodes: st.SearchStrategy[Write] = anything, levels: tuple[int, ...] = (2, 3, 4, 7)
) -> Document:
    """A document of some sections, in each of which some nodes, then perhaps definitions."""
    words = Words()
    sections = []
    for _ in range(draw(st.integers(1, 3))):
        level = draw(st.sampled_from(levels))
        writes = draw(st.lists(nodes, min_size=1, max_size=4))
        if nodes is anything and level < QUESTION_LEVEL and draw(st.integers(0, 3)) == 0:
            writes.append(_definitions(2))
        heading = words.heading(asks=level == QUESTION_LEVEL or draw(st.booleans()))
        sections.append(Section(heading, level, [node for write in writes for node in write(words)]))
    return Document(f"A manual of the {words.next()}", Piece(words.sentence(300)), sections)
