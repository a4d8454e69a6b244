"""The ids with which a link opens a page at its headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from index.reading.html.inline import Element

MAX_BEFORE, MAX_DEPTH = 5, 5
"""Elements that may be before a heading in its section, none with text, and sections around it that are looked at."""
WHOLE_PAGE = frozenset({"html", "body", "main"})


def heading_anchors(tree: Element, tags: Iterable[str]) -> dict[Element, str]:
    """The id of each of these headings that has one: its own, of an element in it, or of a section that it begins.

    Of several elements with the same id, a browser opens the first.
    """
    named = [(element, name) for element in tree.iter("*") for name in _names(element)]
    first = {name: element for element, name in reversed(named)}
    found: dict[Element, str] = {}
    for heading in tree.iter(*tags):
        places = chain(heading.iter("*"), _sections_begun_by(heading))
        anchor = next((name for place in places for name in _names(place) if first[name] is place), None)
        if anchor is not None:
            found[heading] = anchor
    return found


def _names(element: Element) -> Iterator[str]:
    """What a link may call an element."""
    for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
        if name and not any(character.isspace() for character in name):
            yield name


def _sections_begun_by(heading: Element) -> Iterator[Element]:
    """Yield the elements around a heading that have no text before it, from the innermost."""
    element = heading
    for _ in range(MAX_DEPTH):
        parent = element.getparent()
        if parent is None or parent.tag in WHOLE_PAGE or (parent.text or "").strip():
            return
        before = list(islice(element.itersiblings(preceding=True), MAX_BEFORE + 1))
        if len(before) > MAX_BEFORE or any(
            text.strip() for one in before for text in (*one.itertext(), one.tail or "")
        ):
            return
        yield parent
        element = parent
