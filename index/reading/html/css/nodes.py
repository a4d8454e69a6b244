"""The elements of a page with their places, which lxml would count anew for each selector."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

Element = Any
"""An lxml element; lxml's type stubs are loose."""
Fold = Callable[[str], str]
NO_ELEMENT = f"data-{secrets.token_hex()}"
"""Attribute of an element that the reader has put into the page and selectors do not count; no page can know it."""


class Node:
    """An element and its place in the page."""

    __slots__ = ("children", "element", "names", "of_type", "parent", "place", "tag")

    def __init__(self, element: Element, fold: Fold, parent: Node | None = None) -> None:
        """Make a node without children; `open` makes them."""
        self.element = element
        self.parent = parent
        self.tag: str = element.tag
        own = element.get("id")
        classes = (f".{fold(name)}" for name in element.get("class", "").split())
        self.names = frozenset({self.tag, *classes, *(() if own is None else (f"#{fold(own)}",))})
        """Its tag, its id with a leading hash, its classes with a leading dot."""
        self.children: list[Node] = []
        self.place = self.of_type = (0, 0)
        """How many siblings are before and after it, and how many of them have its tag."""

    def open(self, fold: Fold) -> list[Node]:
        """Make and return the children."""
        self.children = [
            Node(child, fold, self) for child in self.element.iterchildren("*") if NO_ELEMENT not in child.attrib
        ]
        of_tag: dict[str, list[Node]] = defaultdict(list)
        for place, child in enumerate(self.children):
            child.place = place, len(self.children) - place - 1
            of_tag[child.tag].append(child)
        for alike in of_tag.values():
            for place, child in enumerate(alike):
                child.of_type = place, len(alike) - place - 1
        return self.children

    def has_text(self) -> bool:
        """Whether it has text of its own, not of a child."""
        texts = (self.element.text, *(child.tail for child in self.element))
        return any(text and not text.isspace() for text in texts)

    def ancestors(self) -> Iterator[Node]:
        """Those above it, the nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def before(self) -> list[Node]:
        """Siblings before it, the nearest first."""
        return self.parent.children[: self.place[0]][::-1] if self.parent else []

    def after(self) -> list[Node]:
        """Siblings after it."""
        return self.parent.children[self.place[0] + 1 :] if self.parent else []

    def within(self) -> Iterator[Node]:
        """Those below it."""
        for child in self.children:
            yield child
            yield from child.within()


def open_all(tree: Element, fold: Fold) -> list[Node]:
    """Return all elements of a page, each after its parent."""
    nodes = [Node(tree, fold)]
    for node in nodes:
        nodes += node.open(fold)
    return nodes


def name_folding(tree: Element) -> Fold:
    """Return what is done with names before they are compared: in quirks mode, their case does not matter."""
    told = tree.getroottree().docinfo
    is_quirky = not told.doctype or ("transitional" in (told.public_id or "").lower() and not told.system_url)
    return str.lower if is_quirky else str
