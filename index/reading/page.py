"""A page's tree as the blocks that a reader sees, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex
from lxml import etree, html

from index.errors import ArticleRejected
from index.reading.blocks import Block, Reason, seen
from index.reading.inline import (
    SET,
    STRUCK,
    Element,
    as_set,
    is_advertisement,
    is_for_screen_readers,
    is_shown_without_text,
    quotation_marks,
)

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# https://html.spec.whatwg.org/multipage/rendering.html: what is rendered as a block, a list item or a part of a table.
BLOCK_ELEMENTS = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext
    pre search section summary table tbody td tfoot th thead tr ul xmp button
"""
UNSEEN_ELEMENTS = """
    applet area audio base basefont canvas datalist frame frameset head iframe input link map meta noembed noframes
    noscript object param progress meter rp rt script select style svg template textarea title video
"""
# Not `embed`, `source`, `track` and `wbr`: they hold nothing, and the parser puts into them what follows them.
BLOCKS, UNSEEN = frozenset(BLOCK_ELEMENTS.split()), frozenset(UNSEEN_ELEMENTS.split())
STRUCK_OUT = Reason("struck", "struck-out")
LEFT_OUT = {
    "figcaption": Reason("caption", "page-caption"),
    "caption": Reason("caption", "page-caption"),
    "td": Reason("table", "page-table"),
    "th": Reason("table", "page-table"),
    "pre": Reason("code", "page-code"),
    "listing": Reason("code", "page-code"),
    "xmp": Reason("code", "page-code"),
    "button": Reason("boilerplate", "page-button"),
    "math": Reason("code", "page-formula"),
    **dict.fromkeys(STRUCK, STRUCK_OUT),
}
"""What is on a page and no sentence of its article, by the element that it stands in."""
HEADING = Reason("heading", "heading")
ADVERTISEMENT = Reason("boilerplate", "page-advertisement")
# Not shown, or shown where or as nobody sees it: kept for machines, or put there to be read by machines alone.
HIDDEN = regex.compile(
    r"""(?:^|;)\s*(?:
        display\s*:\s*none | visibility\s*:\s*(?:hidden|collapse) | content-visibility\s*:\s*hidden
        | (?:opacity|font-size)\s*:\s*0*\.?0+(?:%|[a-z]+)?\s*(?=!|;|$)
        | (?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\s*\d{3,}
        | clip\s*:\s*rect\(\s*(?:0|1px)
        | clip-path\s*:\s*inset\(\s*(?:50|100)%
    )""",
    regex.IGNORECASE | regex.VERBOSE,
)
STRUCK_OUT_BY = regex.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", regex.IGNORECASE)
UNASKED = frozenset({"hidden", "popover"})
"""Attributes of what a browser does not show unasked."""
# One that ends no paragraph, for a block within has ended it, is an empty paragraph to a browser, and to this parser
# nothing: the texts around it would be one. A break behind one that does end a paragraph is none.
END = regex.compile(r"</p\s*+>", regex.IGNORECASE)
DECLARATION = regex.compile(r"\A\s*<\?xml[^>]*\?>")


def parsed(page: str, file: str) -> Element:
    """The tree of a page, for which nothing else is loaded; ArticleRejected where it has none."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True)
    try:
        tree = html.document_fromstring(
            END.sub(r"\g<0><br>", DECLARATION.sub("", page)).encode("utf-8", "replace"), parser=parser
        )
    except (etree.LxmlError, ValueError, AssertionError) as error:
        what = f"{file} holds nothing that can be read as a page."
        raise ArticleRejected(what, "Save the page anew, or its text as plain text.") from error
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        # The rest of the page is missing then, and its last sentence may be half of one.
        what = f"{file} cannot be read to its end: its elements stand more than 250 deep in each other."
        raise ArticleRejected(what, "Save the text of the article as plain text.")
    return tree


def blocks_of(tree: Element) -> list[Block]:
    """The blocks of a page; none of them is empty."""
    return list(_Walk(tree).blocks(tree, None))


class _Walk:
    """One walk through a tree."""

    def __init__(self, tree: Element) -> None:
        self._speaking = _elements_with_text(tree)
        self._run: list[str] = []
        """The text since the last block."""

    def blocks(self, element: Element, reason: Reason | None) -> Iterator[Block]:
        """The blocks of a block element."""
        reason = reason or _left_out(element)
        level = HEADINGS.get(element.tag, 0)
        loose = False
        has_words = is_parted = False  # what has been gathered since the last block; by something that is no text
        for piece in _pieces(element):
            if isinstance(piece, str):
                if is_parted and piece.strip():
                    yield from self._flushed(reason, level, loose=True)
                    loose, has_words, is_parted = True, False, False
                has_words = has_words or bool(piece.strip())
                self._run.append(piece)
            elif is_shown_without_text(piece):
                is_parted = has_words and not level
            elif piece.tag == "br":
                self._run.append("\n")
            elif piece in self._speaking:
                yield from self._flushed(reason, level, loose=True)
                loose, has_words, is_parted = True, False, False
                yield from self.blocks(piece, reason)
            else:
                self._run.append(" ")
        yield from self._flushed(reason, level, loose=loose)

    def _flushed(self, reason: Reason | None, level: int, *, loose: bool) -> Iterator[Block]:
        text = seen("".join(self._run))
        self._run.clear()
        if text:
            yield Block(text, HEADING if level and not reason else reason, loose and not level, level)


def _pieces(element: Element, above: str = "") -> Iterator[Any]:
    """The texts of an element, its line breaks and the blocks in it, in order; inline elements are looked through.

    Args:
        element: the element.
        above: what it stands in, where that sets its numbers above or below the line.
    """
    setting = element.tag if element.tag in SET else above
    if element.text:
        yield as_set(_folded(element.text), setting)
    for child in element:
        if _stands_apart(child):
            yield child
        elif is_seen(child):
            opening, closing = quotation_marks(child)
            yield opening
            yield from _pieces(child, setting)
            yield closing
        if child.tail:
            yield as_set(_folded(child.tail), setting)


def _stands_apart(element: Element) -> bool:
    """Whether an element is more than text in its line: a line break, a block, something else that is seen there."""
    if is_shown_without_text(element):
        return not _is_hidden(element)
    if not is_seen(element):
        return False
    # Of an element that the site made up nobody knows how it is shown: often as an advertisement, a tip, a player.
    return element.tag == "br" or element.tag in BLOCKS or "-" in element.tag or _left_out(element) is not None


def _left_out(element: Element) -> Reason | None:
    """Why an element holds no sentence of the article; None where it may."""
    if element.tag not in BLOCKS and is_advertisement(element):
        return ADVERTISEMENT
    if STRUCK_OUT_BY.search(element.get("style", "")):
        return STRUCK_OUT
    return LEFT_OUT.get(element.tag)


def is_seen(element: Element) -> bool:
    """Whether a reader sees an element: not a script, not what the page hides."""
    return isinstance(element.tag, str) and element.tag not in UNSEEN and not _is_hidden(element)


def _is_hidden(element: Element) -> bool:
    if not UNASKED.isdisjoint(element.attrib) or element.get("role") == "tooltip":
        return True
    if element.tag == "dialog" and "open" not in element.attrib:
        return True
    return HIDDEN.search(element.get("style", "")) is not None or is_for_screen_readers(element)


def _folded(text: str) -> str:
    """As a browser folds white space: a line break in the source is none on the page."""
    return regex.sub(r"[ \t\r\n\f]+", " ", text)


def _elements_with_text(tree: Element) -> set[Element]:
    """The elements that show any text, themselves or inside."""
    found: set[Element] = set()
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        children = [child for child in element if is_seen(child)]
        texts = [element.text, *(child.tail for child in element)]
        if any(text and not text.isspace() for text in texts):
            above = element
            while above is not None and above not in found:
                found.add(above)
                above = above.getparent()
        waiting += children
    return found
