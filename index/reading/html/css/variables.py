"""Custom properties and `var()` (https://www.w3.org/TR/css-variables-1/)."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping

import tinycss2

from index.reading.html.css.selectors import COMMA, Token, split_at_commas

MAX_DEPTH = 12
"""Variables within variables."""
MAX_LENGTH = 2000
"""Characters of a value."""


def substituted(value: str, variables: Mapping[str, str]) -> str | None:
    """Replace each `var()` in a value; None if one is not declared, or if it never ends."""
    for _ in range(MAX_DEPTH):
        if "var(" not in value.lower():
            return value.strip().lower()
        try:
            value = tinycss2.serialize(_replaced(tinycss2.parse_component_value_list(value), variables))
        except (KeyError, RecursionError):
            return None
        if len(value) > MAX_LENGTH:
            return None
    return None


def _replaced(written: Iterable[Token], variables: Mapping[str, str]) -> Iterator[Token]:
    """Replace the outermost `var()`; KeyError if one is not declared."""
    for token in written:
        if token.type != "function":
            yield token
        elif token.lower_name == "var":
            name, *fallback = split_at_commas(token.arguments)
            held = variables.get(tinycss2.serialize(name).strip())
            if held is None and not fallback:
                raise KeyError(token)
            yield from fallback[0] if held is None else tinycss2.parse_component_value_list(held)
            yield from (part for each in fallback[1:] if held is None for part in (COMMA, *each))
        else:
            within = copy.copy(token)
            within.arguments = list(_replaced(token.arguments, variables))
            yield within
