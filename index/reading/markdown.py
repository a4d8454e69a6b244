"""Markdown: its text without markup, block by block."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator, Sequence

import regex
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import ArticleRejected
from index.reading.blocks import Block, ExclusionReason, visible_text
from index.reading.decoding import decode
from index.reading.extracted import Extracted, document
from index.reading.formats import Format
from index.reading.front_matter import read_front_matter
from index.reading.html.dom_blocks import HEADING, STRUCK_OUT
from index.reading.html.inline import QUOTED, RAISED_OR_LOWERED, set_raised_or_lowered

MAX_NESTING = 100
NAMED = regex.compile(r"<(?P<end>/?)(?P<name>[A-Za-z]+)")
NOTE = regex.compile(r"\^\S{1,60}")
PLAIN_TAG = regex.compile(
    r"</?(?:a|abbr|b|bdi|bdo|br|cite|code|dfn|em|i|img|ins|kbd|mark|q|samp|small|span|strong|sub|sup|time|u|var|wbr)"
    r"(?:\s(?!.*(?:style|hidden)).*)?/?>|<!--.*-->",
    regex.IGNORECASE | regex.DOTALL,
)
"""An inline tag that neither hides nor separates text."""
CODE, MARKUP, TABLE = (
    ExclusionReason("code", "markdown-code"),
    ExclusionReason("code", "markdown-html"),
    ExclusionReason("table", "page-table"),
)


def extract(data: bytes, file: str) -> Extracted:
    """Extract the text of a Markdown file (CommonMark with tables and strikethrough).

    Raises:
        ArticleRejected: it is not text, holds none, or its front matter has no end.
    """
    source, _ = decode(data, file)
    matter = read_front_matter(source, file)
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    tokens = parser.parse(source[matter.end :])
    if any(token.level >= MAX_NESTING - 1 for token in tokens):  # the parser drops deeper ones
        problem = f"{file} contains lists or quotations nested more than {MAX_NESTING // 2} deep."
        raise ArticleRejected(problem, "Reduce the nesting.")
    by = f"markdown-it-py {importlib.metadata.version('markdown-it-py')}"
    held = document(list(_blocks(tokens)), file, Format.MARKDOWN, by, matter.facts)
    return held.model_copy(update={"warnings": matter.warnings})


# ---- blocks ----------------------------------------------------------------------------------------------------------


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    level = 0
    cell = False
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type in {"td_open", "th_open"}:
            cell = True
        elif token.type in {"heading_close", "td_close", "th_close"}:
            level, cell = 0, False
        elif token.type in {"fence", "code_block", "html_block"}:
            if text := visible_text(token.content):
                yield Block(text, MARKUP if token.type == "html_block" else CODE)
        elif token.type == "inline":
            reason = HEADING if level else TABLE if cell else None if _is_plain(token) else MARKUP
            yield from _blocks_of(_line_of(token).pieces, reason, level, flow=number)


def _blocks_of(
    pieces: Sequence[tuple[str, bool]], reason: ExclusionReason | None, level: int, flow: int
) -> Iterator[Block]:
    """Yield the blocks of a paragraph; a heading is always one block."""
    if level and pieces:
        yield Block(" ".join(text for text, _ in pieces), reason, level=level)
        return
    for text, is_struck in pieces:
        yield Block(text, reason or (STRUCK_OUT if is_struck else None), flow)


def _is_plain(inline: Token) -> bool:
    """Whether no tag in a paragraph hides or separates its text, as a script would."""
    tags = (token.content for token in inline.children or () if token.type == "html_inline")
    return all(PLAIN_TAG.fullmatch(tag) for tag in tags)


class _Line:
    """Collects the text of a paragraph without markup: one piece, or several if something separates it."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, bool]] = []
        """Texts, and whether each is struck out."""
        self._run: list[str] = []
        self._setting = ""
        self._has_words = self._is_parted = self._is_struck = False

    def append(self, text: str) -> None:
        if self._is_parted and text.strip():
            self.end()
        self._has_words = self._has_words or bool(text.strip())
        self._run.append(set_raised_or_lowered(text, self._setting))

    def append_gap(self) -> None:
        """Note an element without text, which may stand for words."""
        self._is_parted = self._has_words

    def tag(self, written: str) -> None:
        named = NAMED.match(written)
        is_end, name = (named["end"] != "", named["name"].lower()) if named else (False, "")
        if name in RAISED_OR_LOWERED:
            self._setting = "" if is_end else name
        elif name in QUOTED:
            self.append(QUOTED[name][is_end])
        elif name == "br":
            self.append("\n")

    def strike(self, *, begins: bool) -> None:
        self.end()
        self._is_struck = begins

    def end(self) -> None:
        if text := visible_text("".join(self._run)):
            self.pieces.append((text, self._is_struck))
        self._run.clear()
        self._has_words = self._is_parted = False


def _line_of(inline: Token) -> _Line:
    """Return a paragraph's text without markup, tags and image descriptions."""
    line = _Line()
    children = inline.children or []
    for number, token in enumerate(children):
        if token.type in {"text", "code_inline"}:
            line.append(f"[{token.content}]" if _is_note(children, number) else token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            line.append(" " if token.type == "softbreak" else "\n")
        elif token.type == "image" and token.content.strip():
            line.append_gap()
        elif token.type in {"s_open", "s_close"}:
            line.strike(begins=token.type == "s_open")
        elif token.type == "html_inline":
            line.tag(token.content)
    line.end()
    return line


def _is_note(children: Sequence[Token], number: int) -> bool:
    """Whether a text is a footnote mark, which parses as a link if the footnote parses as a link target."""
    before = children[number - 1].type if number else ""
    return before == "link_open" and NOTE.fullmatch(children[number].content) is not None
