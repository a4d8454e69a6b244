"""Parse selectors (https://www.w3.org/TR/selectors-4/)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

import tinycss2
from cssselect2 import parser

from index.reading.html.css.nodes import Fold

Token = Any
"""A token of tinycss2, which has no types."""
Tree = Any
"""A node of cssselect2's tree of a selector, which has no types."""
Specificity = tuple[int, int, int]
HIGHEST: Specificity = (1000, 0, 0)
LONGEST = 200
"""Maximum tokens of a selector; real ones are shorter."""
[COMMA] = tinycss2.parse_component_value_list(",")
COMBINATORS = (">", "+", "~")
AT_LINES = frozenset({"first-line", "first-letter"})
"""Pseudo-elements with text of the element; the others have none of it."""


class Selector(NamedTuple):
    """A complex selector."""

    tree: Tree
    specificity: Specificity
    is_certain: bool
    """False if it matches what is meant, and perhaps more."""
    key: str
    """One name that a matching element must have, as `Node.names`; "" if there is none."""


def parse_selectors(written: Iterable[Token], names: AbstractSet[str], fold: Fold) -> list[Selector]:
    """Parse a list of selectors. One that cannot be parsed is replaced by another that matches at least as much.

    Those are left out that need other names than the page's.
    """
    found: list[Selector] = []
    are_certain = True
    for part in split_at_commas(written):
        needed, key = _needed_names(part, fold)
        if not needed <= names:
            continue
        try:
            [read] = parser.parse(part if len(part) <= LONGEST else ())
        except (ValueError, RecursionError):
            are_certain = False
            if not _is_pseudo_element(part):
                found += _widened(part, key)
        else:
            if read.pseudo_element is None or read.pseudo_element in AT_LINES:
                found.append(Selector(read.parsed_tree, read.specificity, read.pseudo_element is None, key))
    # A browser that does not know one of the selectors drops the rule.
    return found if are_certain else [each._replace(is_certain=False) for each in found]


def split_at_commas(written: Iterable[Token]) -> list[list[Token]]:
    """Split component values at commas."""
    parts: list[list[Token]] = [[]]
    for part in written:
        if part == ",":
            parts.append([])
        else:
            parts[-1].append(part)
    return parts


def _is_pseudo_element(part: list[Token]) -> bool:
    return any(one == other == ":" for one, other in itertools.pairwise(part))


def _needed_names(part: list[Token], fold: Fold) -> tuple[set[str], str]:
    """Return the names that must be on a page for a selector to match, and one of those for the last compound."""
    needed: set[str] = set()
    last: set[str] = set()
    before = None
    for token in part:
        if _is_between(before):
            last = set()
        if token.type == "hash":
            last.add(f"#{fold(token.value)}")
        elif token.type == "ident" and before == ".":
            last.add(f".{fold(token.value)}")
        elif token.type == "ident" and before != ":":
            last.add(token.lower_value)
        needed |= last
        before = token
    return needed, min(last, key=lambda name: (name[0] not in "#.", name), default="")


def _widened(part: list[Token], key: str) -> Iterator[Selector]:
    """Yield the last compound of a selector without pseudo-classes and conditions in brackets."""
    compound: list[Token] = []
    before = None
    for token in part:
        if _is_between(before):
            compound = []
        if before != ":" and token.type not in {"function", "[] block"} and token not in (":", *COMBINATORS):
            compound.append(token)
        before = token
    try:
        [read] = parser.parse(compound or ("*" if part else ()))
    except ValueError:
        return  # no selector in any browser
    yield Selector(read.parsed_tree, HIGHEST, is_certain=False, key=key)


def _is_between(token: Token | None) -> bool:
    """Whether a compound ends with a token."""
    return token is not None and (token.type == "whitespace" or token in COMBINATORS)
