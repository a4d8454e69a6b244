"""A Markdown document as the page that a site makes of it: only what the reader of pages needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import regex
from lxml.html import defs
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from index.reading.html.dom_blocks import UNSEEN
from index.reading.html.tables_and_lists import DATA_ROLE
from index.reading.markdown.site_tags import SiteTags

TAG = regex.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w.:-]*)(?P<attributes>[^<>]*+)>")
FORMATTING_TAGS = """
    a abbr acronym b bdi bdo big cite code dfn em font i ins kbd label mark samp small span strong time tt u var
"""
FORMATTING = frozenset(FORMATTING_TAGS.split())
HIDES = regex.compile(r"style|hidden", regex.IGNORECASE)
VOID = frozenset({"br", "hr", "img", "wbr"})


def keep_paired_tags(state: StateCore, tags: SiteTags) -> None:
    """Remove tags that change nothing, and mark those that no browser knows: they stand for words, as in `/ban <user>`.

    A tag that its paragraph does not close would hide or enclose all that follows.
    """
    for block in state.tokens:
        written = [token for token in block.children or () if token.type == "html_inline"]
        if not written:
            continue
        paired = _paired(written)
        for token in written:
            found = TAG.match(token.content)
            name = found["name"].lower() if found else ""
            is_plain = name in FORMATTING and not HIDES.search(paired.get(id(token), token.content))
            is_known = name in VOID or (id(token) in paired and name in defs.tags)
            if is_known and not is_plain:
                # Some sites show what others hide, so the sentence has a gap.
                hides = found is not None and not found["end"] and (name in UNSEEN or HIDES.search(token.content))
                token.content = f"{tags.mark(token.content)}{token.content}" if hides else token.content
                continue
            is_nothing = found is None or is_plain or id(token) in paired or found["end"] or name in FORMATTING
            token.type, token.content = "text", "" if is_nothing else tags.mark(token.content)


def _paired(written: Sequence[Token]) -> dict[int, str]:
    """Return the tags that are opened and closed, by identity, each with the one that opens."""
    paired: dict[int, str] = {}
    opened: list[tuple[str, Token]] = []
    waiting: Counter[str] = Counter()
    for token in written:
        found = TAG.match(token.content)
        if found is None or found["name"].lower() in VOID or found["attributes"].endswith("/"):
            continue
        name = found["name"].lower()
        if not found["end"]:
            opened.append((name, token))
            waiting[name] += 1
        while found["end"] and waiting[name]:
            before, opening = opened.pop()
            waiting[before] -= 1
            if before == name:
                paired |= {id(opening): opening.content, id(token): opening.content}
                break
    return paired


class PageRenderer(RendererHTML):
    """Writes elements for blocks, breaks and what is struck out or left out; other marks change no words."""

    def em_open(self, *_: Any) -> str:  # noqa: ANN401  # as the class above calls it
        """Nothing: emphasis, strength and links change no words."""
        return ""

    em_close = strong_open = strong_close = link_open = link_close = em_open

    def image(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401  # likewise
        """An image, which may stand for words if it has a description."""
        return '<img alt="image">' if tokens[idx].content.strip() else ""

    def code_inline(self, tokens: Sequence[Token], idx: int, _options: Any, env: Any) -> str:  # noqa: ANN401  # likewise
        """Code within a sentence, where tags of a site are words."""
        return escapeHtml(env["tags"].restore(tokens[idx].content))

    def code_block(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401  # likewise
        """A block of code, with the first word of what is written on its fence."""
        named = "".join(tokens[idx].info.split()[:1])
        return f'<pre class="language-{escapeHtml(named)}">\n{escapeHtml(tokens[idx].content)}</pre>\n'

    def fence(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401  # likewise
        """Likewise."""
        return self.code_block(tokens, idx)

    def html_block(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401  # likewise
        """HTML without the tags of components, whose text is read."""
        return TAG.sub(lambda tag: tag[0] if tag["name"].lower() in defs.tags else "", tokens[idx].content)

    def container_open(self, *_: Any) -> str:  # noqa: ANN401  # likewise
        """The beginning of an admonition, a tab or a footnote."""
        return "<div>\n"

    def container_close(self, *_: Any) -> str:  # noqa: ANN401  # likewise
        """The end of it."""
        return "</div>\n"

    footnote_reference_open, footnote_reference_close = container_open, container_close

    def table_open(self, *_: Any) -> str:  # noqa: ANN401  # likewise
        """A table, which is never a page's layout."""
        return f'<table role="{DATA_ROLE}">'

    def td_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401  # likewise
        """A cell, without its alignment."""
        return f"<{tokens[idx].tag}>"

    th_open = td_open
