"""Blocks of code, and the language that they name."""

from __future__ import annotations

import regex

from index.reading.html.inline import Element

CODE_ELEMENTS = frozenset({"pre", "listing", "xmp"})
LANGUAGE_CLASS = regex.compile(r"(?<!\S)lang(?:uage)?-(?P<name>[A-Za-z0-9_+.#-]{1,30})(?!\S)")
"""The class that HTML recommends for the language of code."""


def language_of(element: Element) -> str:
    """The language that a block of code names in a class; empty if it names none."""
    named = (LANGUAGE_CLASS.search(each.get("class", "")) for each in (element, *element.iter("code")))
    return next((found["name"].lower() for found in named if found), "")
