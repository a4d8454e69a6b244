"""Popups: what a page shows only while a reader points at a word or clicks it."""

from __future__ import annotations

from collections.abc import Mapping

import regex

from index.reading.html.css import BLOCKS, ElementVisibility
from index.reading.html.inline import Element

NAMED = regex.compile(
    r"pop[-_]?(?:up|over)|tool[-_]?tip|hover[-_]?card|roll[-_]?over|fly[-_]?out|(?:bio|profile|person|preview)[-_]?card",
    regex.IGNORECASE,
)
TRIGGER = regex.compile(
    r"(?:^|[-_])(?:has|with|no|link|trigger|toggle|target|anchor|wrap(?:per)?|container|icon|button|btn|parent|host)"
    r"(?:[-_]|$)",
    regex.IGNORECASE,
)
"""A class of the words that open a popup, not of the popup."""
BOXES = frozenset({"aside", "article", "div", "dl", "figure", "section", "small", "span", "ul"})


def remove_unseen(tree: Element, visibilities: Mapping[Element, ElementVisibility]) -> bool:
    """Remove popups and hidden inline elements, so that a sentence around one is whole; return whether there were any.

    The reader of the page sees the sentence without them.
    """
    unseen = [
        element
        for element in tree.iter("*")
        if element.getparent() is not None
        and (
            _is_popup(element)
            or (element.tag not in BLOCKS and element in visibilities and visibilities[element].is_hidden)
        )
    ]
    for element in unseen:
        element.drop_tree()
    return bool(unseen)


def _is_popup(element: Element) -> bool:
    if "popover" in element.attrib or element.get("role") == "tooltip":
        return True
    if element.tag == "dialog":
        return "open" not in element.attrib
    if element.tag not in BOXES or not _has_text(element):
        return False
    trigger = element.getprevious()
    if trigger is not None and _is_named(element) and trigger.tag not in BLOCKS and not _is_word(trigger.tail):
        return _has_text(trigger)
    return _ends_words(element) and (_is_named(element) or _repeats_link(element))


def _is_named(element: Element) -> bool:
    """Whether a class says that the element is a popup."""
    return any(NAMED.search(name) and not TRIGGER.search(name) for name in element.get("class", "").split())


def _ends_words(element: Element) -> bool:
    """Whether an element is the end of an inline element that begins with words, which would open it."""
    parent = element.getparent()
    if parent.tag in BLOCKS or _is_word(element.tail) or any(map(_has_text_or_tail, element.itersiblings())):
        return False
    return _is_word(parent.text) or any(map(_has_text_or_tail, element.itersiblings(preceding=True)))


def _repeats_link(element: Element) -> bool:
    """Whether an element has several links, one of them that of the words before it."""
    links = {link.get("href") for link in element.iter("a")} - {None}
    before = {link.get("href") for each in element.itersiblings(preceding=True) for link in each.iter("a")}
    return len(links) > 1 and not links.isdisjoint(before)


def _has_text(element: Element) -> bool:
    return any(map(_is_word, element.itertext()))


def _has_text_or_tail(element: Element) -> bool:
    return _is_word(element.tail) or _has_text(element)


def _is_word(text: str | None) -> bool:
    return text is not None and text != "" and not text.isspace()
