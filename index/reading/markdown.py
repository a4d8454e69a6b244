"""Markdown: its text without the marks, block by block, and the front matter above it."""

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
from pydantic import ValidationError

from index.article import Fact, Origin, checked_url, fold
from index.errors import ArticleRejected
from index.reading.blocks import Block, Reason, beside, laid_out, seen
from index.reading.decoding import decode
from index.reading.extracted import Extracted
from index.reading.formats import Format
from index.reading.page import HEADING

FRONT_MATTER = regex.compile(
    r"\A(?:---[ \t]*\r?\n(?P<yaml>.*?\r?\n)?(?:---|\.\.\.)|\+\+\+[ \t]*\r?\n(?P<toml>.*?\r?\n)?\+\+\+)"
    r"[ \t]*(?:\r?\n|\Z)",
    regex.DOTALL,
)
FRONT_MATTER_AT_MOST = 64 * 1024
NAMES = {
    "title": ("title", "headline"),
    "url": ("url", "canonical_url", "canonicalurl", "canonical", "source_url", "source", "link", "original"),
    "publisher": ("publisher", "site", "site_name", "publication"),
    "author": ("author", "authors", "byline", "creator"),
    "published": ("published", "datepublished", "date_published", "pubdate", "publishdate", "date"),
}
"""Our facts by the names that front matter gives them, the surest first."""
VALUE_AT_MOST = 500
CODE, MARKUP, TABLE = Reason("code", "markdown-code"), Reason("code", "markdown-html"), Reason("table", "page-table")


def extract(data: bytes, file: str) -> Extracted:
    """The text of a Markdown file (CommonMark, and tables).

    Raises:
        ArticleRejected: it is not text, holds none, or its front matter cannot be read.
    """
    source, _ = decode(data, file)
    matter = FRONT_MATTER.match(source[:FRONT_MATTER_AT_MOST])
    facts = _facts(_stated(matter, file)) if matter else {}
    parser = MarkdownIt("commonmark").enable("table")
    blocks = list(_blocks(parser.parse(source[matter.end() :] if matter else source)))
    if not any(block.left_out is None for block in blocks):
        what = f"{file} holds no text but headings, code and tables."
        raise ArticleRejected(what, "Put the article's text into it, or take it away.")
    laid = laid_out(blocks, file)
    first = [span for block, span in zip(blocks, laid.spans, strict=True) if block.level == 1]
    headline = first[0] if first else None
    if "title" not in facts and headline is not None:
        title = fold(laid.text[slice(*headline)])[:VALUE_AT_MOST]
        facts["title"] = Fact(value=title, origin=Origin.TEXT)
    return Extracted(
        text=laid.text,
        headline=headline,
        exclusions=beside(laid.exclusions, headline),
        apart=laid.apart,
        facts=facts,
        form=Format.MARKDOWN,
        by=f"markdown-it-py {importlib.metadata.version('markdown-it-py')}",
    )


# ---- front matter ----------------------------------------------------------------------------------------------------


def _stated(matter: regex.Match[str], file: str) -> Mapping[str, Any]:
    """What the front matter states."""
    try:
        held = tomllib.loads(matter["toml"]) if matter["toml"] else yaml.safe_load(matter["yaml"] or "")
    except (tomllib.TOMLDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        what = f"The front matter of {file} cannot be read: {fold(str(error))[:200]}."
        raise ArticleRejected(what, "Correct it, or take it away with the lines around it.") from error
    if held is None:
        return {}
    if not isinstance(held, dict):
        what = f"The front matter of {file} is no list of names and values."
        raise ArticleRejected(what, "Correct it, or take it away with the lines around it.")
    return {str(name).strip().lower(): value for name, value in held.items()}


def _facts(stated: Mapping[str, Any]) -> dict[str, Fact]:
    """The facts of record among it; what cannot be relied on is not there."""
    found: dict[str, Fact] = {}
    for name, written in NAMES.items():
        for value in (_value(name, stated[each]) for each in written if each in stated):
            if value is not None:
                found.setdefault(name, Fact(value=value, origin=Origin.FRONT_MATTER))
    return found


def _value(name: str, written: Any) -> str | None:  # noqa: ANN401  # as it was written
    if name == "published":
        return _day(written)
    if name == "author" and isinstance(written, list):
        names = [_line(each.get("name") if isinstance(each, dict) else each) for each in written]
        return ", ".join(filter(None, names))[:VALUE_AT_MOST] or None
    value = _line(written.get("name") if isinstance(written, dict) else written)
    if name != "url" or value is None:
        return value
    try:
        return checked_url(value)
    except (ValueError, ValidationError):
        return None


def _line(written: Any) -> str | None:  # noqa: ANN401  # as it was written
    line = fold(written) if isinstance(written, str) else ""
    return line if 0 < len(line) <= VALUE_AT_MOST and line.isprintable() else None


def _day(written: Any) -> str | None:  # noqa: ANN401  # as it was written
    if isinstance(written, datetime.date):
        return written.isoformat()
    try:
        return (
            written.strip() if isinstance(written, str) and datetime.datetime.fromisoformat(written.strip()) else None
        )
    except ValueError:
        return None


# ---- blocks ----------------------------------------------------------------------------------------------------------


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    level = 0
    cell = False
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type in {"td_open", "th_open"}:
            cell = True
        elif token.type in {"heading_close", "td_close", "th_close"}:
            level, cell = 0, False
        elif token.type in {"fence", "code_block", "html_block"}:
            if text := seen(token.content):
                yield Block(text, MARKUP if token.type == "html_block" else CODE)
        elif token.type == "inline" and (text := seen(_words(token))):
            yield Block(text, HEADING if level else TABLE if cell else None, level=level)


def _words(inline: Token) -> str:
    """The text of a paragraph: marks taken off, tags left out, a picture's description not said."""
    pieces = []
    for token in inline.children or ():
        if token.type in {"text", "code_inline"}:
            pieces.append(token.content)
        elif token.type == "softbreak":
            pieces.append(" ")
        elif token.type == "hardbreak":
            pieces.append("\n")
    return "".join(pieces)
