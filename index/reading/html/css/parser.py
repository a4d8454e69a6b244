"""Parse style sheets (https://www.w3.org/TR/css-syntax-3/) into rules and declarations.

Only rules that apply on every screen are returned: not those for print, for some width or for a browser's features, as
the reader's device is unknown. Nested rules are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}\s?|[^0-9a-fA-F\n])"
STRING = r""""(?:[^"\\\n]|\\[\s\S])*+"?+|'(?:[^'\\\n]|\\[\s\S])*+'?+"""
TOKEN = re.compile(
    rf"""
    (?P<comment>/\*(?:[^*]|\*(?!/))*+(?:\*/)?)
    | (?P<mark>[{{}}()\[\];,])
    | {STRING}
    | url\(\s*+(?!["'])(?:[^)\\]|\\[\s\S])*+\)?
    | (?:(?!url\(|/\*)[^{{}}()\[\];,"'\\]|\\[\s\S]?)++
    """,
    re.VERBOSE | re.IGNORECASE,
)
SIMPLE = re.compile(r"[^{}()\[\]\"'\\/]*+")
"""Text without brackets, strings, escapes or comments."""
ESCAPED = re.compile(ESCAPE)
BEFORE = re.compile(r"\A(?:\s|<!--|-->)+")
"""What may precede a rule: white space, and comment marks that hid style sheets from old browsers."""
HOLDS = re.compile(r"\s*(?:(?:only\s+)?(?:all|screen))?\s*", re.IGNORECASE)
MAX_NESTING = 4
"""Depth of nested groups of rules."""
LAYER = re.compile(r"@layer\b[^;]*", re.IGNORECASE)
MEDIA = re.compile(r"@media\b(?P<media>.*)", re.IGNORECASE | re.DOTALL)
IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)
REPLACEMENT, LAST_SIGN = "\ufffd", 0x10FFFF


class Declaration(NamedTuple):
    """A declaration in lower case, comments and escapes resolved."""

    name: str
    value: str
    is_important: bool


def rules(sheet: str, within: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the selectors and declarations, as written, of the rules that apply on every screen."""
    for written, block in _blocks(sheet):
        head = BEFORE.sub("", written)
        if not head.startswith("@"):
            yield head, block
        elif within < MAX_NESTING and _counts(head):
            yield from rules(block, within + 1)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield the blocks in braces, each with the text before it."""
    head: list[str] = []
    block: list[str] = []
    braces = brackets = 0
    for mark, piece in _tokens(text):
        brackets = max(0, brackets + (mark in {"(", "["}) - (mark in {")", "]"}))
        braces += (mark == "{") - (mark == "}") if not brackets else 0
        if brackets or mark not in {"{", "}", ";"}:
            (block if braces else head).append(piece)
        elif mark == "}" and braces == 0:
            yield "".join(head), "".join(block)
            head, block = [], []
        elif braces > (mark == "{"):
            block.append(piece)
        elif braces < 1:
            head, braces = [], 0
    if braces:
        yield "".join(head), "".join(block)


def applies_to_every_screen(media: str) -> bool:
    """Whether a media query matches every screen."""
    return any(HOLDS.fullmatch(medium) for medium in split_at(media, ","))


def declarations(text: str) -> Iterator[Declaration]:
    """Yield the declarations of a rule or a `style` attribute, in order."""
    for part in split_at(text, ";"):
        name, colon, value = part.partition(":")
        if colon:
            plain = unescaped(value)
            bare = IMPORTANT.sub("", plain)
            yield Declaration(unescaped(name).strip().lower(), " ".join(bare.lower().split()), bare != plain)


def split_at(text: str, at: str) -> list[str]:
    """Split at a mark and after a block in braces, but not in brackets or strings; a comment is a space."""
    if SIMPLE.fullmatch(text):
        return text.split(at)
    found: list[list[str]] = [[]]
    depth = 0
    for mark, piece in _tokens(text):
        depth = max(0, depth + (mark in {"(", "[", "{"}) - (mark in {")", "]", "}"}))
        if not depth and mark in {at, "}"}:
            found.append([])
        else:
            found[-1].append(piece)
    return ["".join(pieces) for pieces in found]


def unescaped(text: str) -> str:
    """Resolve escapes."""
    return ESCAPED.sub(lambda found: _escaped_character(found[0][1:].strip()), text) if "\\" in text else text


def _escaped_character(escape: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]+", escape):
        return escape
    code = int(escape, 16)
    is_none = code in {0, *range(0xD800, 0xE000)} or code > LAST_SIGN
    return REPLACEMENT if is_none else chr(code)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield the tokens of a text, each with the mark that it is, if any."""
    for found in TOKEN.finditer(text):
        yield found["mark"] or "", " " if found["comment"] else found[0]


def _counts(at_rule: str) -> bool:
    media = MEDIA.fullmatch(at_rule)
    return applies_to_every_screen(media["media"]) if media else LAYER.fullmatch(at_rule) is not None
