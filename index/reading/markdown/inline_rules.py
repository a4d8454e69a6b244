"""Marks within a paragraph that sites and note apps add to Markdown, and what is shown of them."""

from __future__ import annotations

import regex
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

NOTE = regex.compile(r"\[\^[^\[\]\n]{1,60}+\](?::(?=\s))?")
WIKILINK = regex.compile(r"\[\[(?P<page>[^\[\]|\n\s][^\[\]|\n]{0,300}+)(?:\|(?P<shown>[^\[\]\n]{1,300}+))?\]\](?!\()")
EMBED = regex.compile(r"!\[\[[^\[\]\n]{1,300}+\]\]")
COMMENT = regex.compile(r"%%(?:(?!%%).)+%%", regex.DOTALL)
MARK = regex.compile(r"==(?=[^\s=])(?P<marked>(?:(?!==).){1,1000}?)(?<=\S)==(?!=)", regex.DOTALL)
BLOCK_ID = regex.compile(r"(?<!\S)\^(?=[\w-]*\p{L})[\w-]{1,60}+[ \t]*(?=\n|\Z)")
EMOJI = regex.compile(r"(?<![\w:]):(?=[\w+-]*\p{L})[a-z0-9_+-]{2,60}+:(?![\w:])")
ATTRIBUTE = r"(?:[.#][\w:-]+|[\w:-]+=(?:\"[^\"\n]{0,200}+\"|'[^'\n]{0,200}+'|[^\s{}\"']+))"
ATTRIBUTES = regex.compile(rf"\{{(?::[^{{}}\n]{{0,300}}+|\s*{ATTRIBUTE}(?:\s+{ATTRIBUTE}){{0,20}}+\s*)\}}")
DROPPED = {"[": NOTE, "%": COMMENT, "^": BLOCK_ID, ":": EMOJI, "{": ATTRIBUTES}


def add_inline_rules(parser: MarkdownIt) -> None:
    """Add the rules, before those of links and images."""
    for rule in (_dropped, _wikilink, _embed, _marked):
        parser.inline.ruler.before("link", rule.__name__, rule)


def _dropped(state: StateInline, silent: bool) -> bool:  # noqa: ARG001  # as rules are called
    """A mark of which nothing is shown: a footnote's number, a comment, an id, an emoji's name, attributes."""
    pattern = DROPPED.get(state.src[state.pos])
    found = pattern.match(state.src, state.pos, state.posMax) if pattern else None
    if found is None:
        return False
    state.pos = found.end()
    return True


def _wikilink(state: StateInline, silent: bool) -> bool:
    """A link to a page by its name: `[[page#part|shown]]`."""
    found = WIKILINK.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "[" else None
    if found is None:
        return False
    if not silent:
        page, _, part = found["page"].rstrip("\\").partition("#")
        state.pending += (found["shown"] or page or part).strip()
    state.pos = found.end()
    return True


def _embed(state: StateInline, silent: bool) -> bool:
    """Another page or a picture, shown in place: `![[drawing.png]]`."""
    found = EMBED.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "!" else None
    if found is None:
        return False
    if not silent:
        state.push("image", "img", 0).content = found[0]
    state.pos = found.end()
    return True


def _marked(state: StateInline, silent: bool) -> bool:
    """A text marked as with a pen: `==text==`."""
    found = MARK.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "=" else None
    if found is None:
        return False
    if not silent:
        end = state.posMax
        state.pos, state.posMax = found.span("marked")
        state.md.inline.tokenize(state)
        state.posMax = end
    state.pos = found.end()
    return True
