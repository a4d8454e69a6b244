"""The visible text of a page, by the simplest means, so that our reader is not compared with itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import html

BLOCKS = """
address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot th
thead tr ul
"""
"""Elements that browsers show as blocks."""
UNSEEN = """
audio canvas datalist embed frame frameset head iframe math noframes noscript object option script select style svg
template textarea title video
"""
"""Elements that browsers do not show, or not as text of the page."""
BREAK = "\0"
"""Stands for a line break of the page; those in its source are none."""
BLOCK_TAGS, UNSEEN_TAGS = frozenset(BLOCKS.split()), frozenset(UNSEEN.split())


def visible_blocks(page: bytes) -> list[str]:
    """The non-empty texts of a page's blocks; white space folded, line breaks kept."""
    pieces = [""]
    for piece in _pieces(html.document_fromstring(page, parser=html.HTMLParser(encoding=_encoding(page)))):
        if piece is None:
            pieces.append("")
        else:
            pieces[-1] += piece
    folded = ("\n".join(" ".join(line.split()) for line in piece.split(BREAK)).strip() for piece in pieces)
    return [piece for piece in folded if piece]


def _encoding(page: bytes) -> str | None:
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _pieces(element: Any) -> Iterator[str | None]:  # noqa: ANN401  # an lxml element, whose stubs are loose
    """The texts of an element in order, and None where a block begins or ends."""
    if isinstance(element.tag, str) and not _is_unseen(element):
        edge = element.tag in BLOCK_TAGS
        if edge:
            yield None
        if element.tag == "br":
            yield BREAK
        yield element.text or ""
        for child in element:
            yield from _pieces(child)
        if edge:
            yield None
    yield element.tail or ""


def _is_unseen(element: Any) -> bool:  # noqa: ANN401  # as above
    style = "".join(element.get("style", "").split()).lower()
    hidden = "display:none" in style or "visibility:hidden" in style
    return element.tag in UNSEEN_TAGS or "hidden" in element.attrib or hidden
