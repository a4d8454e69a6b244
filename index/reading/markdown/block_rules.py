"""Blocks that sites and note apps add to Markdown: containers, tabs, comments, components, marks alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

import regex
from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote.index import footnote_def

from index.reading.markdown import site_tags
from index.reading.markdown.paragraphs import summary
from index.reading.markdown.site_tags import SiteTags

CONTAINER = regex.compile(
    r":{3,}[ \t]*(?:\{[^{}\n]*\}|[\w-]+)?[ \t]*"
    r"(?:\[(?P<bracketed>[^\[\]\n]*)\]|(?P<title>[^{}\n]*+))(?:\{[^{}\n]*\})?[ \t]*"
)
INDENTED = regex.compile(
    r"(?:(?:!!!|\?\?\?\+?)[ \t]+[\w-]+(?:[ \t]+[\w-]+)*+|===[!+]*)"
    r"(?:[ \t]+(?P<mark>[\"'])(?P<title>[^\n]*)(?P=mark))?[ \t]*"
)
MARKS_ALONE = regex.compile(
    r"(?:\{:[^{}\n]*\}|\{[#.][^{}\n]*\}|-{1,2}8<-{1,2}[^\n]*|\[TOC\]|\[\[_?TOC_?\]\]|"
    rf"{site_tags.MARKS_ALONE.pattern})[ \t]*",
    regex.IGNORECASE,
)
"""Attributes of the block before, an inclusion, a table of contents, tags of a site."""
MODULE_LINE = regex.compile(
    r"import\s+(?:[\w*{][^\n]{0,300}\s)?(?:from\s+)?(['\"])[^'\"\n]+\1;?[ \t]*"
    r"|import\s+\{[ \t]*|export\s+(?:const|let|var|function|class|default)\s+[\w{(\[][^\n]*"
)
"""JavaScript in MDX; not prose that begins with such a word."""
BRACED = r"\{(?:[^{}<]|\{[^{}<]{0,300}+\}){0,300}+\}"
COMPONENT = regex.compile(
    rf"<(?P<end>/?)(?P<name>[A-Z][\w.]*)(?P<attributes>(?:[^<>{{}}\"'/]|/(?!>)|\"[^\"<]{{0,300}}+\"|'[^'<]{{0,300}}+'|{BRACED}){{0,500}}+)(?P<closed>/?)>"
)
LABEL = regex.compile(r"\s(?:label|title|heading|summary)=(?:\{\s*)?([\"'])(?P<label>(?:(?!\1).)+)\1")
COMMENT = "%%"
INDENT = 4
MAX_OPEN = 20
"""Containers within each other; further ones do not count as such."""


def add_block_rules(parser: MarkdownIt, tags: SiteTags) -> None:
    """Add the rules; each ends the paragraph before it."""
    rules: dict[str, Callable[[StateBlock, int, int, bool], bool]] = {
        "comment": _comment,
        "site_code": lambda state, start, end, silent: _site_code(state, start, end, silent=silent, tags=tags),
        "marks_alone": _marks_alone,
        "module": _module,
        "container": _container,
        "indented": _indented,
        "component": _component,
    }
    breaking: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    for name, rule in rules.items():
        parser.block.ruler.before("fence", name, rule, breaking)
    parser.block.ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    deflist_plugin(parser)


def _line(state: StateBlock, number: int) -> str:
    """The text of a line without its indentation; empty if that makes it code."""
    if state.is_code_block(number):
        return ""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """An Obsidian comment `%%…%%` that begins a line and ends one."""
    line = _line(state, start).rstrip()
    if not line.startswith(COMMENT):
        return False
    is_closed = line.endswith(COMMENT) and len(line) > len(COMMENT)
    last = start if is_closed else _next_line(state, start, COMMENT, lambda written: written.endswith(COMMENT))
    if last >= end:
        return False
    if not silent:
        state.line = last + 1
    return True


def _site_code(state: StateBlock, start: int, end: int, *, silent: bool, tags: SiteTags) -> bool:
    """Code between two tags of a site."""
    name = tags.name_of_code(_line(state, start).strip())
    if name is None:
        return False
    last = _next_line(state, start, name, lambda written: tags.ends_code(written, name))
    if last >= end:
        return False
    if not silent:
        token = state.push("fence", "code", 0)
        token.content = state.getLines(start + 1, last, state.blkIndent, keepLastLF=True)
        state.line = last + 1
    return True


def _next_line(state: StateBlock, after: int, name: str, is_wanted: Callable[[str], bool]) -> int:
    """Return the next line of the file that is wanted, or the number of its lines; all are looked for once."""
    found = state.env.setdefault("lines", {})
    if name not in found:
        found[name] = [number for number, line in enumerate(state.src.split("\n")) if is_wanted(line.strip())]
    place = bisect_right(found[name], after)
    return found[name][place] if place < len(found[name]) else len(state.bMarks)


def _marks_alone(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001  # as rules are called
    if not MARKS_ALONE.fullmatch(_line(state, start)):
        return False
    if not silent:
        state.line = start + 1
    return True


def _module(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines of JavaScript, up to a blank line."""
    if silent or state.blkIndent or not MODULE_LINE.fullmatch(_line(state, start)):
        return False
    state.line = next((number for number in range(start, end) if state.isEmpty(number)), end)
    return True


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001  # as rules are called
    """A line that begins or ends a container, `:::tip Title`, `:::`, or a tab in it, `== Linux`."""
    line = _line(state, start)
    if line.startswith("== ") and state.env.get("open"):
        if not silent:
            state.tokens += summary(line.removeprefix("== "))
            state.line = start + 1
        return True
    found = CONTAINER.fullmatch(line) if line.startswith(":::") else None
    if found is None:
        return False
    if silent:
        return True
    if line.strip(": \t"):
        _open(state, found["bracketed"] or found["title"])
    else:
        _close(state)
    state.line = start + 1
    return True


def _component(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A tag of an MDX component on lines of its own: `<TabItem label="Linux">`."""
    if not _line(state, start).startswith("<"):
        return False
    found = COMPONENT.match(state.src, state.bMarks[start] + state.tShift[start])
    if found is None:
        return False
    last = start + found[0].count("\n")
    if last >= end or state.src[found.end() : state.eMarks[last]].strip():
        return False
    if silent:
        return True
    label = LABEL.search(found["attributes"])
    if found["end"]:
        _close(state)
    elif not found["closed"]:
        _open(state, label["label"] if label else "")
    state.line = last + 1
    return True


def _indented(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """An admonition or tab of MkDocs, whose body is indented: `!!! note "Title"`, `=== "Linux"`."""
    line = _line(state, start)
    found = INDENTED.fullmatch(line) if line[:3] in {"!!!", "???", "==="} else None
    if found is None or (line.startswith("=") and not found["title"]):
        return False
    if silent:
        return True
    body = state.sCount[start] + INDENT
    last = start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= body):
        last += 1
    before = state.lineMax, state.blkIndent, state.parentType
    state.lineMax, state.blkIndent, state.parentType = last, body, "indented"
    state.push("container_open", "div", 1)
    state.tokens += summary(found["title"] or "")
    state.md.block.tokenize(state, start + 1, last)
    state.push("container_close", "div", -1)
    state.lineMax, state.blkIndent, state.parentType = before
    state.line = last
    return True


def _open(state: StateBlock, title: str | None) -> None:
    """Begin a container that a later line ends; it is not known where."""
    state.env["open"] = state.env.get("open", 0) + 1
    if state.env["open"] <= MAX_OPEN:
        state.push("container_open", "div", 0)
    state.tokens += summary(title or "")


def _close(state: StateBlock) -> None:
    if 0 < state.env.get("open", 0) <= MAX_OPEN:
        state.push("container_close", "div", 0)
    state.env["open"] = max(0, state.env.get("open", 0) - 1)
