"""Convert the DOM of a page to its visible blocks, in order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import regex
from lxml import etree, html

from index.errors import ArticleRejected
from index.models import QUESTION_LEVEL, BlockKind
from index.reading.blocks import HEADING, ExclusionReason, TextBlock, code_text, table_row, visible_text
from index.reading.html.anchors import heading_anchors
from index.reading.html.code import CODE_ELEMENTS, language_of
from index.reading.html.css import BLOCKS, NO_ELEMENT, VISIBLE, ElementVisibility, element_visibilities
from index.reading.html.inline import (
    RAISED_OR_LOWERED,
    STRUCK,
    Element,
    is_advertisement,
    is_for_screen_readers,
    is_shown_without_text,
    quotation_marks,
    set_raised_or_lowered,
)
from index.reading.html.links import links_alone
from index.reading.html.sections import mark_sections
from index.reading.html.tables_and_lists import columns, numbers_of, unwrap_layout_tables

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "dt": QUESTION_LEVEL, "summary": QUESTION_LEVEL}
NO_SECTIONS = frozenset({*HEADINGS, "p"})
"""Elements that end no section: what a question at the beginning of a paragraph heads goes on after it."""
UNSEEN_ELEMENTS = """
    applet area audio base basefont canvas datalist frame frameset head iframe input link map meta noembed noframes
    noscript object param progress meter rp rt script select style svg template textarea title video
"""
# Not `embed`, `source`, `track` and `wbr`: they are void, and the parser nests what follows inside them.
UNSEEN = frozenset(UNSEEN_ELEMENTS.split())
STRUCK_OUT = ExclusionReason("struck", "struck-out")
ADVERTISEMENT = ExclusionReason("boilerplate", "page-advertisement")
MAYBE_HIDDEN = ExclusionReason("boilerplate", "page-maybe-hidden")
LEFT_OUT = {
    "maybe-hidden": MAYBE_HIDDEN,  # of Word documents
    "figcaption": ExclusionReason("caption", "page-caption"),
    "caption": ExclusionReason("caption", "page-caption"),
    "button": ExclusionReason("boilerplate", "page-button"),
    "math": ExclusionReason("code", "page-formula"),
    **dict.fromkeys(STRUCK, STRUCK_OUT),
}
"""Excluded elements: their text is on the page but in no sentence of the article."""
UNCERTAIN = {ADVERTISEMENT, MAYBE_HIDDEN, STRUCK_OUT}
"""Why a whole row of a table or block of code is excluded, and why a heading heads nothing."""
ITEMS, WITHIN_ITEMS = frozenset({"li", "dd"}), frozenset({"dl", "ol", "p", "pre", "table", "ul"})
LINE_NUMBERS = ExclusionReason("code", "line-numbers")
LINKS = ExclusionReason("link-promo", "page-links")
# If a nested block has already ended the paragraph, browsers read `</p>` as an empty paragraph, and this parser drops
# it, which would join the texts around it. A break after any other `</p>` has no effect.
END = regex.compile(r"</p\s*+>", regex.IGNORECASE)
BREAK = f"<br {NO_ELEMENT}>"
RAW_TEXT = ("plaintext", "xmp", "listing", "textarea", "title", "noembed", "noframes", "iframe", "script", "style")
"""Elements whose content is text, whatever tags are written in it: a break would be words there."""
LETTER = regex.compile(r"\p{L}")
DECLARATION = regex.compile(r"\A\s*<\?xml[^>]*\?>")


def parse_page(page: str, file: str) -> Element:
    """Parse a page without loading anything else; raise ArticleRejected if that fails."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True)
    try:
        tree = html.document_fromstring(
            END.sub(rf"\g<0>{BREAK}", DECLARATION.sub("", page)).encode("utf-8", "replace"), parser=parser
        )
    except (etree.LxmlError, ValueError, AssertionError) as error:
        problem = f"{file} contains nothing that can be read as a web page."
        raise ArticleRejected(problem, "Save the page again, or save its text as plain text.") from error
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        # The rest of the page is missing then, and its last sentence may be cut.
        problem = f"{file} cannot be read completely: its elements are nested more than 250 deep."
        raise ArticleRejected(problem, "Save the article's text as plain text.")
    for element in tree.iter(*RAW_TEXT):
        element.text = element.text and element.text.replace(BREAK, "")
    return tree


def page_blocks(tree: Element, visibilities: Mapping[Element, ElementVisibility] | None = None) -> list[TextBlock]:
    """Return the blocks of a page, none of them empty; without visibilities, its structure is marked first."""
    known = element_visibilities(tree) if visibilities is None else visibilities
    if visibilities is None:
        mark_structure(tree)
    return list(_BlockBuilder(tree, known).blocks(tree, None, 1, NOWHERE))


def mark_structure(tree: Element) -> bool:
    """Rewrite what only looks like a table or a heading; return whether there is any."""
    return any([unwrap_layout_tables(tree), mark_sections(tree)])


class _Place:
    """The innermost list item, definition or title around some text, and the number that the item shows before it."""

    def __init__(
        self,
        kind: BlockKind | None = None,
        depth: int = 0,
        number: str = "",
        numbers: Mapping[Element, str] = MappingProxyType({}),
        level: int = 0,
    ) -> None:
        self.kind, self.depth, self.level = kind, depth, level
        self._number, self._numbers = number, numbers

    def inside(self, element: Element) -> _Place:
        """Return the place inside an element."""
        if element.tag == "li":
            return _Place(BlockKind.LIST_ITEM, self.depth + 1, self._numbers.get(element, ""))
        if element.tag == "dd":
            return _Place(BlockKind.DEFINITION, self.depth)
        if HEADINGS.get(element.tag) == QUESTION_LEVEL:
            return _Place(self.kind, self.depth, level=QUESTION_LEVEL)
        if element.tag == "ol":
            return _Place(self.kind, self.depth, self.take_number(), numbers_of(element))
        return self

    def take_number(self) -> str:
        """Return the number, once."""
        number, self._number = self._number, ""
        return number


NOWHERE = _Place()


class _BlockBuilder:
    def __init__(self, tree: Element, visibilities: Mapping[Element, ElementVisibility]) -> None:
        self._looks = visibilities
        self._links_alone = links_alone(tree)
        self._anchors = heading_anchors(tree, HEADINGS)
        self._speaking = self._elements_with_text(tree)
        self._run: list[str] = []
        """The text since the last block."""
        self._flows = itertools.count(2)

    def blocks(
        self, element: Element, reason: ExclusionReason | None, flow: int, around: _Place
    ) -> Iterator[TextBlock]:
        """Yield the blocks of an element; the last one ends what its questions and titles head."""
        found = self._blocks(element, reason, flow, around)
        if element.tag in HEADINGS:
            anchor = self._anchors.get(element, "")
            found = (block._replace(anchor=block.anchor or anchor) if block.level else block for block in found)
        if element.tag in NO_SECTIONS or not any(HEADINGS.get(child.tag) == QUESTION_LEVEL for child in element):
            yield from found
            return
        held = list(found)
        yield from held[:-1]
        yield from (block._replace(ends_section=True) for block in held[-1:])

    def _blocks(
        self, element: Element, reason: ExclusionReason | None, flow: int, around: _Place
    ) -> Iterator[TextBlock]:
        """Yield the blocks of an element; those of its own text have this flow."""
        reason = reason or self._left_out(element)
        if element.tag in CODE_ELEMENTS:
            if text := code_text(self._code(element)):
                uncertain = next(iter({self._left_out(each) for each in element.iter("*")} & UNCERTAIN), None)
                left_out = reason or uncertain or (LINE_NUMBERS if _counts(text) else None)
                yield TextBlock(text, left_out, kind=BlockKind.CODE, language=language_of(element))
        elif element.tag == "table":
            yield from self._rows(element, reason)
        else:
            yield from self._running(element, reason, flow, around)

    def _running(
        self, element: Element, reason: ExclusionReason | None, flow: int, around: _Place
    ) -> Iterator[TextBlock]:
        """Yield the blocks of an element that is neither code nor a table."""
        around = around.inside(element)
        named = element.getparent() if element.tag in STRUCK else element
        level = HEADINGS.get(named.tag, around.level)
        has_words = is_parted = False  # since the last block: any text; an element without text after it
        for piece in self._pieces(element):
            if isinstance(piece, str):
                if is_parted and piece.strip():
                    yield from self._flushed(reason, level, flow, around)
                    has_words, is_parted = False, False
                has_words = has_words or bool(piece.strip())
                self._run.append(piece)
            elif is_shown_without_text(piece):
                is_parted = has_words and not level
            elif piece.tag == "br":
                self._run.append("\n")
            elif piece in self._speaking:
                yield from self._flushed(reason, level, flow, around)
                has_words, is_parted = False, False
                inner = next(self._flows)
                yield from self.blocks(piece, reason, inner, around)
                if _is_cut_off(piece):
                    flow = inner
                elif element.tag in ITEMS and piece.tag in WITHIN_ITEMS:
                    flow = next(self._flows)  # no sentence continues from an item into a list within it
            else:
                self._run.append(" ")
        yield from self._flushed(reason, level, flow, around)

    def _flushed(self, reason: ExclusionReason | None, level: int, flow: int, around: _Place) -> Iterator[TextBlock]:
        text = visible_text("".join(self._run))
        self._run.clear()
        if text and level:
            yield TextBlock(text, reason or HEADING, level=level, heads_nothing=reason in UNCERTAIN)
        elif text:
            number = around.take_number()
            yield TextBlock(number + text, reason, flow, kind=around.kind, depth=around.depth, number=number)

    def _rows(self, table: Element, reason: ExclusionReason | None) -> Iterator[TextBlock]:
        """Yield the visible rows of a data table."""
        spanning: dict[int, tuple[int, str]] = {}
        number = next(self._flows)
        for row in table.iter("tr"):
            around = [row, *itertools.takewhile(lambda above: above is not table, row.iterancestors())]
            cells = [cell for cell in row if cell.tag in {"td", "th"} and self._is_seen(cell)]
            if not cells or not all(map(self._is_seen, around)):
                continue
            texts = columns([(cell, visible_text(" ".join(self._texts(cell)))) for cell in cells], spanning)
            if not any(texts):
                continue
            left_out = {self._left_out(each) for each in (*around, *row.iter("*"))} & UNCERTAIN
            is_header = row.getparent().tag == "thead" or all(cell.tag == "th" for cell in cells)
            has_key = [cell.tag for cell in cells] == ["th", "td"]
            left_out_as = next(iter(left_out), reason)
            yield table_row(texts, left_out_as, is_header=is_header, has_key=has_key)._replace(table=number)

    def _texts(self, element: Element) -> Iterator[str]:
        """Yield the texts of an element and of everything visible in it."""
        for piece in self._pieces(element):
            if isinstance(piece, str):
                yield piece
            elif piece in self._speaking and piece.tag != "button":
                yield from self._texts(piece)

    def _code(self, element: Element) -> str:
        """Return the visible text of an element with its white space, without that of buttons."""
        if element.tag == "button" or not self._is_seen(element) or self._visibility(element).has_invisible_text:
            return ""
        inside = ("\n" if child.tag == "br" else self._code(child) for child in element)
        tails = (child.tail or "" for child in element)
        return (element.text or "") + "".join(one + tail for one, tail in zip(inside, tails, strict=True))

    def _pieces(self, element: Element, above: str = "") -> Iterator[Any]:
        """Yield an element's texts, breaks and blocks in order; `above` is the tag of an enclosing `sup` or `sub`."""
        setting = element.tag if element.tag in RAISED_OR_LOWERED else above
        is_blank = self._visibility(element).has_invisible_text
        if element.text and not is_blank:
            yield set_raised_or_lowered(_folded(element.text), setting)
        for child in element:
            if self._stands_apart(child):
                yield child
            elif self._is_seen(child):
                opening, closing = ("", "") if self._visibility(child).has_invisible_text else quotation_marks(child)
                yield opening
                yield from self._pieces(child, setting)
                yield closing
            if child.tail and not is_blank:
                yield set_raised_or_lowered(_folded(child.tail), setting)

    def _stands_apart(self, element: Element) -> bool:
        """Whether an element is not just inline text: a break, a block, or something else visible."""
        if is_shown_without_text(element):
            return not self._is_hidden(element) and not self._visibility(element).has_invisible_text
        if not self._is_seen(element):
            return False
        # How a custom element is shown is unknown; often it is an advertisement, a tip or a player. One without letters
        # is the number of a note.
        is_custom = "-" in element.tag and any(LETTER.search(text) for text in element.itertext())
        is_block = element.tag == "br" or element.tag in BLOCKS or is_custom or self._visibility(element).is_block
        return is_block or self._left_out(element) is not None

    def _left_out(self, element: Element) -> ExclusionReason | None:
        """Return why an element is excluded, None if it may hold sentences of the article."""
        if element.tag not in BLOCKS and is_advertisement(element):
            return ADVERTISEMENT
        if element in self._links_alone:
            return LINKS
        visibility = self._visibility(element)
        if visibility.is_doubtful:
            return MAYBE_HIDDEN
        return STRUCK_OUT if visibility.is_struck else LEFT_OUT.get(element.tag)

    def _visibility(self, element: Element) -> ElementVisibility:
        return self._looks.get(element, VISIBLE)

    def _is_seen(self, element: Element) -> bool:
        """Whether an element is visible: not a script, not hidden by the page."""
        return isinstance(element.tag, str) and element.tag not in UNSEEN and not self._is_hidden(element)

    def _is_hidden(self, element: Element) -> bool:
        return self._visibility(element).is_hidden or is_for_screen_readers(element)

    def _elements_with_text(self, tree: Element) -> set[Element]:
        """Return the elements with visible text, their own or a descendant's."""
        found: set[Element] = set()
        waiting = [tree]
        while waiting:
            element = waiting.pop()
            children = [child for child in element if self._is_seen(child)]
            texts = (
                ()
                if self._visibility(element).has_invisible_text
                else (element.text, *(child.tail for child in element))
            )
            if any(text and not text.isspace() for text in texts):
                above = element
                while above is not None and above not in found:
                    found.add(above)
                    above = above.getparent()
            waiting += children
        return found


def _is_cut_off(element: Element) -> bool:
    """Whether a paragraph was ended by a block that begins inside it, so that its text continues after that block.

    Each `</p>` has a break after it (see `END`), so a paragraph without one was not ended by its own tag.
    """
    following = element.getnext()
    return element.tag == "p" and not (element.tail or "").strip() and following is not None and following.tag != "br"


def _counts(code: str) -> bool:
    """Whether some code is nothing but the numbers of lines beside it."""
    numbers = code.split()
    first = int(numbers[0]) if len(numbers) > 1 and all(map(str.isdecimal, numbers)) else -1
    return numbers == [str(number) for number in range(first, first + len(numbers))]


def _folded(text: str) -> str:
    """Collapse white space as a browser does: a line break in the source is none on the page."""
    return regex.sub(r"[ \t\r\n\f]+", " ", text)
