"""What a reader of a page sees, taken from its tree by the simplest means, so that nothing is held against itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import html

# What browsers show in lines of its own, and what they do not show at all.
BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot "
    "th thead tr ul".split()
)
UNSEEN = frozenset(
    "audio canvas datalist embed frame frameset head iframe math noframes noscript object option script select style "
    "svg template textarea title video".split()
)


def visible_blocks(page: bytes) -> list[str]:
    """The text of a page piece by piece, as its blocks break it, white space folded; empty pieces left out."""
    pieces = [""]
    for piece in _pieces(html.document_fromstring(page, parser=html.HTMLParser(encoding=_encoding(page)))):
        if piece is None:
            pieces.append("")
        else:
            pieces[-1] += piece
    return [folded for piece in pieces if (folded := " ".join(piece.split()))]


def _encoding(page: bytes) -> str | None:
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _pieces(element: Any) -> Iterator[str | None]:  # noqa: ANN401  # an element of lxml's, whose stubs are loose
    """The texts of an element in order, and None where a block begins or ends."""
    if isinstance(element.tag, str) and not _is_unseen(element):
        edge = element.tag in BLOCKS
        if edge:
            yield None
        if element.tag == "br":
            yield " "
        yield element.text or ""
        for child in element:
            yield from _pieces(child)
        if edge:
            yield None
    yield element.tail or ""


def _is_unseen(element: Any) -> bool:  # noqa: ANN401  # as above
    style = "".join(element.get("style", "").split()).lower()
    hidden = "display:none" in style or "visibility:hidden" in style
    return element.tag in UNSEEN or "hidden" in element.attrib or hidden
