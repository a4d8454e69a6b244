"""Markdown: its text without markup, block by block, and its front matter."""

from __future__ import annotations

import datetime
import importlib.metadata
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import regex
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import ArticleRejected
from index.models import BlockKind, MetadataField, Origin
from index.reading.blocks import ExclusionReason, TextBlock, code_text, table_row, visible_text
from index.reading.decoding import decode
from index.reading.extracted import Extracted, document
from index.reading.fields import clean_date, clean_line, clean_url, join_names
from index.reading.formats import Format
from index.reading.html.dom_blocks import HEADING, STRUCK_OUT
from index.reading.html.inline import QUOTED, RAISED_OR_LOWERED, set_raised_or_lowered

FRONT_MATTER = regex.compile(
    r"\A(?:---[ \t]*\r?\n(?P<yaml>.*?\r?\n)?(?:---|\.\.\.)|\+\+\+[ \t]*\r?\n(?P<toml>.*?\r?\n)?\+\+\+)"
    r"[ \t]*(?:\r?\n|\Z)",
    regex.DOTALL,
)
UNCLOSED = regex.compile(
    r"(?:---[ \t]*\r?\n[ \t]*[\w.-]{1,60}[ \t]*:(?:\s|$)|\+\+\+[ \t]*\r?\n[ \t]*[\w.-]{1,60}[ \t]*=)"
)
MAX_FRONT_MATTER_BYTES = 64 * 1024
NAMES = {
    "title": ("title", "headline"),
    "url": ("url", "canonical_url", "canonicalurl", "canonical", "source_url", "source"),
    "publisher": ("publisher", "site", "site_name", "publication"),
    "author": ("author", "authors", "byline", "creator"),
    "published": ("published", "datepublished", "date_published", "pubdate", "publishdate", "date"),
}
"""Front matter names of each metadata field, most reliable first.

`link` is missing because it may lead anywhere, `original` because its wording may differ."""
MAX_NESTING = 100
NAMED = regex.compile(r"<(?P<end>/?)(?P<name>[A-Za-z]+)")
NOTE = regex.compile(r"\^\S{1,60}")
PLAIN_TAG = regex.compile(
    r"</?(?:a|abbr|b|bdi|bdo|br|cite|code|dfn|em|i|img|ins|kbd|mark|q|samp|small|span|strong|sub|sup|time|u|var|wbr)"
    r"(?:\s(?!.*(?:style|hidden)).*)?/?>|<!--.*-->",
    regex.IGNORECASE | regex.DOTALL,
)
"""An inline tag that neither hides nor separates text."""
MARKUP = ExclusionReason("code", "markdown-html")


def extract(data: bytes, file: str) -> Extracted:
    """Extract the text of a Markdown file (CommonMark with tables and strikethrough).

    Raises:
        ArticleRejected: it is not text, holds none, or its front matter is invalid.
    """
    source, _ = decode(data, file)
    matter = FRONT_MATTER.match(source[:MAX_FRONT_MATTER_BYTES])
    if matter is None and UNCLOSED.match(source):
        problem = f"The front matter of {file} has no end, or more than {MAX_FRONT_MATTER_BYTES:,} characters."
        raise ArticleRejected(problem, "End it with a line like its first, and keep only metadata in it.")
    facts = _facts(_stated(matter, file)) if matter else {}
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    tokens = parser.parse(source[matter.end() :] if matter else source)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):  # the parser drops deeper ones
        problem = f"{file} contains lists or quotations nested more than {MAX_NESTING // 2} deep."
        raise ArticleRejected(problem, "Reduce the nesting.")
    by = f"markdown-it-py {importlib.metadata.version('markdown-it-py')}"
    return document(list(_blocks(tokens)), file, Format.MARKDOWN, by, facts)


class _Yaml(yaml.SafeLoader):
    """Plain values only, without `<<` merges: a few lines of them can exhaust any memory."""


_Yaml.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:merge"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

# ---- front matter ----------------------------------------------------------------------------------------------------


def _stated(matter: regex.Match[str], file: str) -> Mapping[str, Any]:
    """Parse the front matter; its names in lower case."""
    try:
        held = tomllib.loads(matter["toml"]) if matter["toml"] else yaml.load(matter["yaml"] or "", _Yaml)  # noqa: S506  # a restricted SafeLoader
    except MemoryError:
        raise
    except Exception as error:  # both raise arbitrary errors on values of a wrong type
        known = isinstance(error, tomllib.TOMLDecodeError | yaml.YAMLError | ValueError)
        why = str(error) if known else "a value does not have the type that it claims"
        why = "it is nested too deep" if isinstance(error, RecursionError) else why
        problem = f"The front matter of {file} cannot be read: {why}."
        raise ArticleRejected(problem, "Correct it, or remove the front matter.") from error
    if held is None:
        return {}
    if not isinstance(held, dict):
        problem = f"The front matter of {file} is not a list of names and values."
        raise ArticleRejected(problem, "Correct it, or remove the front matter.")
    return {str(name).strip().lower(): value for name, value in held.items()}


def _facts(stated: Mapping[str, Any]) -> dict[str, MetadataField]:
    """Return the metadata fields in it, without unreliable values."""
    found: dict[str, MetadataField] = {}
    for name, written in NAMES.items():
        for value in (_value(name, stated[each]) for each in written if each in stated):
            if value is not None:
                found.setdefault(name, MetadataField(value=value, origin=Origin.FRONT_MATTER))
    return found


def _value(name: str, written: Any) -> str | None:  # noqa: ANN401  # any value of YAML or TOML
    if name == "published":
        return written.isoformat() if isinstance(written, datetime.date) else clean_date(written)
    if name == "author" and isinstance(written, list):
        return join_names(filter(None, map(_named, written)))
    return clean_url(_named(written)) if name == "url" else _named(written)


def _named(written: Any) -> str | None:  # noqa: ANN401  # any value of YAML or TOML
    return clean_line(written.get("name") if isinstance(written, dict) else written)


# ---- blocks ----------------------------------------------------------------------------------------------------------


def _blocks(tokens: Sequence[Token]) -> Iterator[TextBlock]:
    """Yield the blocks of a document in order."""
    items: list[_ListItem] = []
    level, cells, is_header, in_cell = 0, list[str](), False, False
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "list_item_open":
                items.append(_ListItem(f"{token.info}{token.markup} " if token.info else ""))
            case "list_item_close":
                items.pop()
            case "thead_open" | "tbody_open":
                is_header = token.type == "thead_open"
            case "tr_close":
                if any(cells):
                    yield table_row(cells, is_header=is_header)
                cells.clear()
            case "fence" | "code_block":
                if text := code_text(token.content):
                    yield TextBlock(text, kind=BlockKind.CODE)
            case "html_block":
                if text := visible_text(token.content):
                    yield TextBlock(text, MARKUP)
            case "td_open" | "th_open":
                in_cell = True
            case "td_close" | "th_close":
                in_cell = False
            case "inline" if in_cell:
                cells.append(" ".join(text for text, _ in _line_of(token).pieces))
            case "inline":
                yield from _blocks_of(token, level, items)


def _blocks_of(inline: Token, level: int, items: list[_ListItem]) -> Iterator[TextBlock]:
    """Yield the blocks of a paragraph; a heading is always one block."""
    pieces = _line_of(inline).pieces
    if level and pieces:
        yield TextBlock(" ".join(text for text, _ in pieces), HEADING, level=level)
        return
    reason = None if _is_plain(inline) else MARKUP
    kind = BlockKind.LIST_ITEM if items else None
    for text, is_struck in pieces:
        numbered = (items[-1].take_number() if items else "") + text
        left_out = reason or (STRUCK_OUT if is_struck else None)
        yield TextBlock(numbered, left_out, is_unwrapped=len(pieces) > 1, kind=kind, depth=len(items))


class _ListItem:
    """An open list item, and its number if that is not written yet."""

    def __init__(self, number: str) -> None:
        self._number = number

    def take_number(self) -> str:
        number, self._number = self._number, ""
        return number


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
