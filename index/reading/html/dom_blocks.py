"""A page's tree as the blocks that a reader sees, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex
from lxml import etree, html

from index.errors import ArticleRejected
from index.reading.blocks import Block, Reason, seen
from index.reading.html.css import BLOCKS, SHOWN, Look, looks_of
from index.reading.html.inline import (
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
UNSEEN_ELEMENTS = """
    applet area audio base basefont canvas datalist frame frameset head iframe input link map meta noembed noframes
    noscript object param progress meter rp rt script select style svg template textarea title video
"""
# Not `embed`, `source`, `track` and `wbr`: they hold nothing, and the parser puts into them what follows them.
UNSEEN = frozenset(UNSEEN_ELEMENTS.split())
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
MAYBE_HIDDEN = Reason("boilerplate", "page-maybe-hidden")
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
        what = f"{file} contains nothing that can be read as a web page."
        raise ArticleRejected(what, "Save the page again, or save its text as plain text.") from error
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        # The rest of the page is missing then, and its last sentence may be half of one.
        what = f"{file} cannot be read completely: its elements are nested more than 250 deep."
        raise ArticleRejected(what, "Save the article's text as plain text.")
    return tree


def blocks_of(tree: Element) -> list[Block]:
    """The blocks of a page; none of them is empty."""
    return list(_Walk(tree).blocks(tree, None))


class _Walk:
    """One walk through a tree."""

    def __init__(self, tree: Element) -> None:
        self._looks = looks_of(tree)
        self._speaking = self._elements_with_text(tree)
        self._run: list[str] = []
        """The text since the last block."""

    def blocks(self, element: Element, reason: Reason | None) -> Iterator[Block]:
        """The blocks of a block element."""
        reason = reason or self._left_out(element)
        level = HEADINGS.get(element.tag, 0)
        loose = False
        has_words = is_parted = False  # what has been gathered since the last block; by something that is no text
        for piece in self._pieces(element):
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

    def _pieces(self, element: Element, above: str = "") -> Iterator[Any]:
        """The texts of an element, its line breaks and the blocks in it, in order; inline elements are looked through.

        Args:
            element: the element.
            above: what it stands in, where that sets its numbers above or below the line.
        """
        setting = element.tag if element.tag in SET else above
        is_blank = self._look(element).is_blank
        if element.text and not is_blank:
            yield as_set(_folded(element.text), setting)
        for child in element:
            if self._stands_apart(child):
                yield child
            elif self._is_seen(child):
                opening, closing = ("", "") if self._look(child).is_blank else quotation_marks(child)
                yield opening
                yield from self._pieces(child, setting)
                yield closing
            if child.tail and not is_blank:
                yield as_set(_folded(child.tail), setting)

    def _stands_apart(self, element: Element) -> bool:
        """Whether an element is more than text in its line: a break, a block, something else that is seen there."""
        if is_shown_without_text(element):
            return not self._is_hidden(element) and not self._look(element).is_blank
        if not self._is_seen(element):
            return False
        # Of an element that the site made up nobody knows how it is shown: often as an advertisement, a tip, a player.
        is_block = element.tag == "br" or element.tag in BLOCKS or "-" in element.tag or self._look(element).is_block
        return is_block or self._left_out(element) is not None

    def _left_out(self, element: Element) -> Reason | None:
        """Why an element holds no sentence of the article; None where it may."""
        if element.tag not in BLOCKS and is_advertisement(element):
            return ADVERTISEMENT
        look = self._look(element)
        if look.is_doubtful:
            return MAYBE_HIDDEN
        return STRUCK_OUT if look.is_struck else LEFT_OUT.get(element.tag)

    def _look(self, element: Element) -> Look:
        return self._looks.get(element, SHOWN)

    def _is_seen(self, element: Element) -> bool:
        """Whether a reader sees an element: not a script, not what the page hides."""
        return isinstance(element.tag, str) and element.tag not in UNSEEN and not self._is_hidden(element)

    def _is_hidden(self, element: Element) -> bool:
        if "popover" in element.attrib or element.get("role") == "tooltip":
            return True
        if element.tag == "dialog" and "open" not in element.attrib:
            return True
        return self._look(element).is_gone or is_for_screen_readers(element)

    def _elements_with_text(self, tree: Element) -> set[Element]:
        """The elements that show any text, themselves or inside."""
        found: set[Element] = set()
        waiting = [tree]
        while waiting:
            element = waiting.pop()
            children = [child for child in element if self._is_seen(child)]
            texts = () if self._look(element).is_blank else (element.text, *(child.tail for child in element))
            if any(text and not text.isspace() for text in texts):
                above = element
                while above is not None and above not in found:
                    found.add(above)
                    above = above.getparent()
            waiting += children
        return found


def _folded(text: str) -> str:
    """As a browser folds white space: a line break in the source is none on the page."""
    return regex.sub(r"[ \t\r\n\f]+", " ", text)
