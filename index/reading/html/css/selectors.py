"""Selectors (https://www.w3.org/TR/selectors-4/) that can be decided on the static page.

Supported: elements, classes, ids, attributes, `:root` and `:not()`, with descendant and child combinators. A rule with
any other selector, such as one for the pointer's position or for preceding siblings, is ignored.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from index.reading.html.css.parser import ESCAPE, STRING, unescaped

Element = Any
"""An lxml element; lxml's type stubs are loose."""
Specificity = tuple[int, int, int]
IDENT = rf"(?:[\w-]|[^\x00-\x7f]|{ESCAPE})++"
PIECE = re.compile(
    rf"""
    (?P<combinator>\s*+>\s*+|\s++)
    | \*
    | (?P<tag>{IDENT})
    | \#(?P<id>{IDENT})
    | \.(?P<class>{IDENT})
    | \[\s*(?P<name>{IDENT})\s*(?:(?P<how>[~|^$*]?=)\s*(?P<value>{IDENT}|{STRING})\s*)?\]
    | (?P<root>:root)
    | :not\((?P<not>[^()]*)\)
    """,
    re.VERBOSE,
)
COMPARED: dict[str, Callable[[str, str], bool]] = {
    "=": lambda held, value: held == value,
    "~=": lambda held, value: value in held.split(),
    "|=": lambda held, value: held == value or held.startswith(f"{value}-"),
    "^=": lambda held, value: bool(value) and held.startswith(value),
    "$=": lambda held, value: bool(value) and held.endswith(value),
    "*=": lambda held, value: bool(value) and value in held,
}
LONGEST = 1000
"""Maximum characters of a selector; real ones are shorter."""


class Compound(NamedTuple):
    """A compound selector: conditions on one element."""

    names: frozenset[str]
    """Its tag, its classes with a leading dot, its id with a leading hash."""
    tests: tuple[Callable[[Element], bool], ...]
    attributes: frozenset[str]
    """Attributes that the tests read."""
    specificity: Specificity

    def matches(self, element: Element) -> bool:
        """Whether the element matches."""
        return self.names <= names_of(element) and all(test(element) for test in self.tests)


class Selector(NamedTuple):
    """A complex selector: conditions on an element and its ancestors."""

    compounds: tuple[Compound, ...]
    """From the outermost in."""
    directly: tuple[bool, ...]
    """For each compound but the first, whether it must be a child of the one before."""
    specificity: Specificity

    @property
    def names(self) -> frozenset[str]:
        """Names that must occur on a page for it to match anything."""
        return frozenset[str]().union(*(compound.names for compound in self.compounds))

    @property
    def attributes(self) -> frozenset[str]:
        """Attributes that its tests read."""
        return frozenset[str]().union(*(compound.attributes for compound in self.compounds))

    @property
    def key(self) -> str:
        """One name that a matching element must have, "" if there is none."""
        return min(self.compounds[-1].names, key=lambda name: (name[0] not in "#.", name), default="")

    def matches(self, element: Element) -> bool:
        """Whether the element matches."""
        if not self.compounds[-1].matches(element):
            return False
        # All elements found are on one path to the root: the ancestors of the nearest include those of the others.
        found = [element]
        for compound, directly in zip(reversed(self.compounds[:-1]), reversed(self.directly), strict=True):
            above = [each.getparent() for each in found] if directly else list(found[0].iterancestors())
            found = [each for each in above if each is not None and compound.matches(each)]
            if not found:
                return False
        return True


def names_of(element: Element) -> frozenset[str]:
    """Return an element's tag, its classes with a leading dot, and its id with a leading hash."""
    return _names(element.tag, element.get("class", ""), element.get("id"))


@functools.lru_cache(maxsize=4096)
def _names(tag: str, classes: str, own: str | None) -> frozenset[str]:
    return frozenset({tag, *(f".{name}" for name in classes.split()), *(() if own is None else (f"#{own}",))})


def parse_selector(written: str) -> Selector | None:
    """Parse a selector without surrounding white space; None if it is not supported."""
    compounds: list[list[re.Match[str]]] = [[]]
    directly: list[bool] = []
    place = 0
    while place < len(written) <= LONGEST:
        found = PIECE.match(written, place)
        if found is None:
            return None
        if found["combinator"]:
            compounds.append([])
            directly.append(">" in found[0])
        else:
            compounds[-1].append(found)
        place = found.end()
    read = [_parse_compound(pieces) for pieces in compounds]
    known = [each for each in read if each is not None]
    if len(known) < len(read):
        return None
    return Selector(tuple(known), tuple(directly), _sum([each.specificity for each in known]))


def _parse_compound(pieces: list[re.Match[str]]) -> Compound | None:
    names: set[str] = set()
    tests: list[Callable[[Element], bool]] = []
    attributes: set[str] = set()
    weights: list[Specificity] = [(0, 0, 0)]
    for piece in pieces:
        if piece["tag"]:
            names.add(unescaped(piece["tag"]).lower())
            weights.append((0, 0, 1))
        elif piece["id"]:
            names.add("#" + unescaped(piece["id"]))
            weights.append((1, 0, 0))
        elif piece["class"]:
            names.add("." + unescaped(piece["class"]))
            weights.append((0, 1, 0))
        elif piece["name"]:
            tests.append(_attribute_test(piece["name"].lower(), piece["how"], piece["value"]))
            attributes.add(piece["name"].lower())
            weights.append((0, 1, 0))
        elif piece["root"]:
            tests.append(lambda element: element.getparent() is None)
            weights.append((0, 1, 0))
        elif piece["not"] is not None:
            refused = [parse_selector(part.strip()) for part in piece["not"].split(",")]
            known = [each for each in refused if each is not None]
            if len(known) < len(refused):
                return None
            tests.append(_none_of(known))
            attributes.update(*(each.attributes for each in known))
            weights.append(max(each.specificity for each in known))
    return Compound(frozenset(names), tuple(tests), frozenset(attributes), _sum(weights)) if pieces else None


def _attribute_test(name: str, how: str | None, value: str | None) -> Callable[[Element], bool]:
    if how is None or value is None:
        return lambda element: name in element.attrib
    plain, compared = unescaped(value.strip("\"'") if value[0] in "\"'" else value), COMPARED[how]
    return lambda element: name in element.attrib and compared(element.get(name), plain)


def _none_of(refused: list[Selector]) -> Callable[[Element], bool]:
    return lambda element: not any(each.matches(element) for each in refused)


def _sum(weights: list[Specificity]) -> Specificity:
    ids, classes, tags = map(sum, zip(*weights, strict=True))
    return ids, classes, tags
