"""Whether a selector matches an element: yes, no, or unknown.

cssselect2's own matching compiles the page's text to Python with `eval`, and has no third answer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from cssselect2 import parser
from tinycss2.nth import parse_nth

from index.reading.html.css.nodes import Fold, Node
from index.reading.html.css.selectors import Tree

Truth = bool | None
"""None: unknown."""
MAX_STEPS = 2_000_000
"""Comparisons of an element with a part of a selector for one page."""
ON_DEMAND = ("hover", "active", "focus", "focus-within", "focus-visible", "target", "target-within", "visited")
"""States that no element has before the reader does something."""
STATES: dict[str, Callable[[Node], bool]] = {
    **dict.fromkeys(ON_DEMAND, lambda _: False),
    "root": lambda node: node.parent is None,
    "scope": lambda node: node.parent is None,
    "empty": lambda node: not node.children and not node.has_text(),
    "first-child": lambda node: node.place[0] == 0,
    "last-child": lambda node: node.place[1] == 0,
    "only-child": lambda node: node.place == (0, 0),
    "first-of-type": lambda node: node.of_type[0] == 0,
    "last-of-type": lambda node: node.of_type[1] == 0,
    "only-of-type": lambda node: node.of_type == (0, 0),
    "link": lambda node: node.tag in {"a", "area"} and "href" in node.element.attrib,
    "any-link": lambda node: node.tag in {"a", "area"} and "href" in node.element.attrib,
    "checked": lambda node: "checked" in node.element.attrib or "selected" in node.element.attrib,
}
PLACES: dict[str, Callable[[Node], int]] = {
    "nth-child": lambda node: node.place[0],
    "nth-last-child": lambda node: node.place[1],
    "nth-of-type": lambda node: node.of_type[0],
    "nth-last-of-type": lambda node: node.of_type[1],
}
ASIDE: dict[str, Callable[[Node], Iterable[Node]]] = {
    ">": lambda node: [node.parent] if node.parent else [],
    "+": lambda node: node.before()[:1],
    "~": Node.before,
}
"""Where the left side of a combinator is."""
AHEAD: dict[str, Callable[[Node], Iterable[Node]]] = {
    " ": Node.within,
    ">": lambda node: node.children,
    "+": lambda node: node.after()[:1],
    "~": Node.after,
}
"""Where the right side of a combinator is."""
COMPARED: dict[str, Callable[[str, str], bool]] = {
    "=": lambda held, value: held == value,
    "~=": lambda held, value: value in held.split(),
    "|=": lambda held, value: held == value or held.startswith(f"{value}-"),
    "^=": lambda held, value: bool(value) and held.startswith(value),
    "$=": lambda held, value: bool(value) and held.endswith(value),
    "*=": lambda held, value: bool(value) and value in held,
}


class Matcher:
    """Compares selectors with elements until it has made too many steps; what is left then is unknown."""

    def __init__(self, fold: Fold) -> None:
        """Take what is done with names before they are compared."""
        self._fold = fold
        self._steps = MAX_STEPS
        self._known: dict[tuple[Tree, Node], Truth] = {}
        self._within: dict[tuple[Tree, Node], Truth] = {}
        """Whether an element or one above it matches."""
        self._parts: dict[Tree, tuple[frozenset[str], list[Tree]]] = {}

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing more is known."""
        return self._steps < 0

    def matches(self, selector: Tree, node: Node) -> Truth:
        """Whether a complex or compound selector matches an element."""
        self._steps -= 1
        if self._steps < 0:
            return None
        if isinstance(selector, parser.CombinedSelector):
            return self._matches_combined(selector, node)
        if selector not in self._parts:
            self._parts[selector] = self._split(selector)
        names, others = self._parts[selector]
        return names <= node.names and _all(self._matches_simple(each, node) for each in others)

    def _split(self, compound: Tree) -> tuple[frozenset[str], list[Tree]]:
        """Split a compound into names that an element must have and other conditions."""
        named = [(_name(simple, self._fold), simple) for simple in compound.simple_selectors]
        return frozenset(name for name, _ in named if name), [simple for name, simple in named if not name]

    def _matches_simple(self, simple: Tree, node: Node) -> Truth:
        match simple:
            case parser.AttributeSelector():
                return _has_attribute(simple, node)
            case parser.PseudoClassSelector():
                return STATES[simple.name](node) if simple.name in STATES else None
            case parser.FunctionalPseudoClassSelector():
                return self._is_at_place(simple, node)
            case parser.RelationalSelector():
                return _any(self._has(each, node) for each in simple.selector_list)
            case parser.NegationSelector() | parser.MatchesAnySelector() | parser.SpecificityAdjustmentSelector():
                found = _any(self.matches(each.parsed_tree, node) for each in simple.selector_list)
                return not found if isinstance(simple, parser.NegationSelector) and found is not None else found
        return None

    def _matches_combined(self, selector: Tree, node: Node) -> Truth:
        if (selector, node) not in self._known:
            found = self.matches(selector.right, node)
            if found is not False:
                found = _all((found, self._matches_aside(selector, node)))
            self._known[selector, node] = found
        return self._known[selector, node]

    def _matches_aside(self, selector: Tree, node: Node) -> Truth:
        """Whether the left side of a selector matches where its combinator says."""
        if selector.combinator != " ":
            return _any(self.matches(selector.left, other) for other in ASIDE[selector.combinator](node))
        passed: list[Node] = []
        found: Truth = False
        for above in node.ancestors():
            if (selector.left, above) in self._within:
                found = self._within[selector.left, above]
                break
            passed.append(above)
        for above in reversed(passed):
            found = _any((found, self.matches(selector.left, above)))
            self._within[selector.left, above] = found
        return found

    def _has(self, relative: Tree, node: Node) -> Truth:
        tree = relative.selector.parsed_tree
        if not isinstance(tree, parser.CombinedSelector):
            return _any(self.matches(tree, other) for other in AHEAD[relative.combinator](node))
        # Its left side must not be found outside: that is not looked at.
        top = node.parent if relative.combinator in {"+", "~"} and node.parent else node
        return None if _any(self.matches(tree, other) for other in top.within()) is not False else False

    def _is_at_place(self, simple: Tree, node: Node) -> Truth:
        series, counted = _arguments(simple)
        if simple.name not in PLACES or series is None:
            return None
        place = PLACES[simple.name](node)
        if counted:
            siblings = node.after() if simple.name == "nth-last-child" else node.before()
            found = [_any(self.matches(each.parsed_tree, other) for each in counted) for other in (node, *siblings)]
            if None in found or not found[0]:
                return None if None in found else False
            place = sum(map(bool, found)) - 1
        step, first = series
        steps = place + 1 - first
        return steps == 0 if step == 0 else steps % step == 0 and steps // step >= 0


@functools.lru_cache(maxsize=1024)
def _arguments(simple: Tree) -> tuple[tuple[int, int] | None, list[Tree]]:
    """Return a and b of `an+b`, None if they cannot be read, and the selectors after `of`."""
    written = list(simple.arguments)
    at = next(
        (number for number, token in enumerate(written) if token.type == "ident" and token.lower_value == "of"),
        len(written),
    )
    try:
        return parse_nth(written[:at]), list(parser.parse(written[at + 1 :])) if written[at:] else []
    except ValueError:
        return None, []


def _name(simple: Tree, fold: Fold) -> str:
    """Return the name that a simple selector asks for, as `Node.names`; "" if it asks for something else."""
    match simple:
        case parser.LocalNameSelector():
            return str(simple.lower_local_name)
        case parser.IDSelector():
            return f"#{fold(simple.ident)}"
        case parser.ClassSelector():
            return f".{fold(simple.class_name)}"
    return ""


def _all(truths: Iterable[Truth]) -> Truth:
    """Whether all are true; unknown if that depends on something unknown."""
    found: Truth = True
    for truth in truths:
        if truth is False:
            return False
        found = found and truth
    return found


def _any(truths: Iterable[Truth]) -> Truth:
    """Whether any is true; unknown if that depends on something unknown."""
    found: Truth = False
    for truth in truths:
        if truth:
            return True
        found = None if truth is None else found
    return found


def _has_attribute(selector: Tree, node: Node) -> Truth:
    held = node.element.get(selector.lower_name)
    if held is None or selector.operator is None:
        return held is not None
    compare, value = COMPARED[selector.operator], selector.value
    if compare(held, value) and selector.case_sensitive is not False:
        return True
    is_same = selector.case_sensitive is not True and compare(held.lower(), value.lower())
    # Without a flag, the values of some of HTML's attributes are compared in any case.
    return None if is_same and selector.case_sensitive is None else is_same
