"""What opens a section of a page besides its headings: controls of accordions, and questions in bold or in boxes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import regex

from index.reading.html.css import BLOCKS, VISIBLE, ElementVisibility
from index.reading.html.inline import Element
from index.reading.marks import ASKS

TITLE = "summary"
"""The element whose text heads what follows it."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MAX_QUESTION = 300
SMALL_LETTER = regex.compile(r"\s*\p{Ll}")
WORD = regex.compile(r"\w")
CLOSED = regex.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:!\s*important\s*)?;?", regex.IGNORECASE)
SHOWN = "display:block;visibility:visible;opacity:1;height:auto;max-height:none;overflow:visible"
OPEN = SHOWN.replace(";", " !important;") + " !important"


class _Control(NamedTuple):
    """A control of an accordion (https://www.w3.org/WAI/ARIA/apg/patterns/accordion/)."""

    element: Element
    following: Element
    """The block after it."""
    panel: Element | None
    """What it says that it opens, if that is in this block."""


def open_panels(tree: Element, visibilities: Mapping[Element, ElementVisibility]) -> bool:
    """Show the hidden panels that a visible control says it opens; return whether there are any."""
    has_opened = False
    for control in _controls(tree, _Words(tree)):
        if control.panel is None or not _is_visible(control.element, visibilities):
            continue
        around = [control.panel, *control.panel.iterancestors()]
        boxes = around[: around.index(control.following) + 1]
        if any(visibilities.get(box, VISIBLE) != VISIBLE for box in boxes):
            has_opened = True
            for box in boxes:
                box.attrib.pop("hidden", None)
                box.attrib.pop("aria-hidden", None)
                box.set("style", f"{CLOSED.sub('', box.get('style', ''))};{OPEN}".lstrip(";"))
    return has_opened


def mark_sections(tree: Element) -> bool:
    """Make titles of controls and questions; return whether there are any."""
    words = _Words(tree)
    titles = [
        *(control.element for control in _controls(tree, words)),
        *_boxes_that_ask(tree, words),
        *_items_that_ask(tree, words),
        *_bold_questions(tree, words),
    ]
    for title in titles:
        is_within = any(above.tag in {TITLE, *HEADINGS} for above in title.iterancestors())
        has_heading = next(title.iter(*HEADINGS), None) is not None
        title.tag = "span" if is_within else "div" if has_heading else TITLE
        for sign in title.xpath("./*[not(node()[2])]"):
            if not WORD.search("".join(sign.itertext())):
                sign.drop_tree()
    for items in list(tree.iter("ul", "ol")):
        if len(items) and all(item.tag == "li" and _begins_with_title(item) for item in items):
            for each in (items, *items):
                each.tag = "div"
    return bool(titles)


def _controls(tree: Element, words: _Words) -> Iterator[_Control]:
    by_id = {element.get("id"): element for element in reversed(list(tree.iter("*"))) if "id" in element.attrib}
    for element in list(tree.iter("*")):
        is_stated = "aria-expanded" in element.attrib or "aria-controls" in element.attrib
        is_button = element.tag == "button" or element.get("role") == "button" or "onclick" in element.attrib
        opens_menu = element.get("aria-haspopup", "false") != "false" or element.get("role", "button") != "button"
        if opens_menu or not (is_stated or (is_button and _asks(element))) or not words.within(element):
            continue
        following = _following(element, words)
        if following is None:
            continue
        named = by_id.get(element.get("aria-controls"))
        panel = named if named is not None and following in {named, *named.iterancestors()} else None
        if panel is not None or "aria-expanded" in element.attrib or is_button:
            yield _Control(element, following, panel)


def _following(element: Element, words: _Words) -> Element | None:
    """The block with words after an element and the boxes that hold nothing else, if it is the next."""
    element = words.outermost(element)
    following = element.getnext()
    if following is None or following.tag not in BLOCKS or following.tag in HEADINGS or WORD.search(element.tail or ""):
        return None
    return following if words.within(following) else None


def _boxes_that_ask(tree: Element, words: _Words) -> Iterator[Element]:
    """Yield the boxes of each class whose boxes all ask and have an answer after them."""
    by_class: dict[str, list[Element]] = defaultdict(list)
    for element in tree.iter("a", "div", "p", "span"):
        if name := element.get("class", "").strip():
            by_class[name].append(element)
    for boxes in by_class.values():
        if len(boxes) > 1 and all(map(_asks, boxes)) and all(_is_answered(box, words) for box in boxes):
            yield from boxes


def _is_answered(question: Element, words: _Words) -> bool:
    following = _following(question, words)
    return following is not None and not _asks(following)


def _items_that_ask(tree: Element, words: _Words) -> Iterator[Element]:
    """Yield the questions that are the only item of a list and have an answer after it."""
    for items in list(tree.iter("ol", "ul")):
        if len(items) == 1 and items[0].tag == "li" and _asks(items[0]) and _is_answered(items, words):
            yield items[0]
            items.drop_tag()


def _bold_questions(tree: Element, words: _Words) -> Iterator[Element]:
    """Yield the bold questions that begin a paragraph or are lines, and the paragraphs that are nothing else."""
    for bold in tree.iter("b", "strong"):
        line = bold
        while line.getparent().tag not in BLOCKS and not words.beside(line):
            line = line.getparent()
        block = line.getparent()
        if block.tag not in {"p", "div", "li"} or not _asks(bold):
            continue
        if not words.beside(line):
            yield from [block] if block.tag != "li" else []
        elif _begins_line(line) and not SMALL_LETTER.match(line.tail or ""):
            yield line


def _begins_line(element: Element) -> bool:
    """Whether nothing but white space is before an element in its block, or it is all of a line."""
    before, after = element.getprevious(), element.getnext()
    if before is None:
        return not WORD.search(element.getparent().text or "")
    ends_line = not WORD.search(element.tail or "") and (after is None or after.tag == "br")
    return before.tag == "br" and not WORD.search(before.tail or "") and ends_line


def _begins_with_title(item: Element) -> bool:
    inside = next((each for each in item.iter() if each.tag == TITLE or WORD.search(each.text or "")), item)
    return bool(inside.tag == TITLE)


def _asks(element: Element) -> bool:
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text.strip()) > MAX_QUESTION:
            return False
    return ASKS.search(text) is not None


def _is_visible(element: Element, visibilities: Mapping[Element, ElementVisibility]) -> bool:
    looks = (visibilities.get(each, VISIBLE) for each in (element, *element.iterancestors()))
    return not any(look.is_hidden or look.is_doubtful or look.has_invisible_text for look in looks)


class _Words:
    """Which elements of a page hold words."""

    def __init__(self, tree: Element) -> None:
        self._pieces: Counter[Element] = Counter()
        """Texts and children with words, by element."""
        for element in reversed(list(tree.iter("*"))):
            self._pieces[element] += bool(WORD.search(element.text or ""))
            above = element.getparent()
            if above is not None:
                self._pieces[above] += (self._pieces[element] > 0) + bool(WORD.search(element.tail or ""))

    def within(self, element: Element) -> bool:
        """Whether an element holds words."""
        return self._pieces[element] > 0

    def beside(self, element: Element) -> bool:
        """Whether the element around this one holds words that are not in it."""
        return self._pieces[element.getparent()] > self.within(element)

    def outermost(self, element: Element) -> Element:
        """Return the outermost box that holds no words but those of an element."""
        while element.getparent() is not None and not self.beside(element):
            element = element.getparent()
        return element
