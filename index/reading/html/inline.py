"""Inline elements: superscripts and subscripts, quotations, struck-out text, and elements without text."""

from __future__ import annotations

from typing import Any

import regex

Element = Any
"""An lxml element; lxml's type stubs are loose."""
RAISED = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
RAISED_OR_LOWERED = {"sup": RAISED, "sub": LOWERED}
NUMBERS = regex.compile(r"[\s0-9+\-−=(),;.–]*[0-9][\s0-9+\-−=(),;.–]*")
QUOTED = {"q": ("“", "”")}
MARKS = regex.compile(r"[\"'“”„‟«»‹›‘’‚「」『』]")  # begin or end a quotation
STRUCK = frozenset({"del", "s", "strike"})
FIELDS = frozenset({"input", "select", "textarea"})
SCREEN_READER_CLASSES = """
    sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only screenreader-only screenreader
    element-invisible a11y-hidden u-visually-hidden visually-hidden-text hidden-visually assistive-text
"""
"""Classes for text that only screen readers get, in Bootstrap, WordPress, Drupal and others."""
FOR_SCREEN_READERS = frozenset(SCREEN_READER_CLASSES.split())
ADVERTISEMENTS = frozenset({"ad", "ads", "advert", "advertisement", "adsbygoogle", "sponsored"})


def set_raised_or_lowered(text: str, tag: str) -> str:
    """Write numbers in `sup` and `sub` as superscripts and subscripts, so that they do not join other numbers.

    "In 2017²" is not the year 20172, and 10⁶ is not 106. Letters stay unchanged, as in 21st.
    """
    table = RAISED_OR_LOWERED.get(tag)
    return text.translate(table) if table and NUMBERS.fullmatch(text) else text


def quotation_marks(element: Element) -> tuple[str, str]:
    """Return the marks that a browser puts around an element; empty if the text already has marks.

    https://html.spec.whatwg.org/multipage/rendering.html, "Flow content": `q` has them before and after.
    """
    opening, closing = QUOTED.get(element.tag, ("", ""))
    previous = element.getprevious()
    above = element.getparent()
    before = previous.tail if previous is not None else above.text if above is not None else ""
    inside = element.text or ""
    is_marked = MARKS.match(inside.lstrip()[:1]) or MARKS.match((before or "").rstrip()[-1:])
    return ("", "") if is_marked else (opening, closing)


def is_for_screen_readers(element: Element) -> bool:
    """Whether a style sheet will hide an element from everyone but screen readers."""
    return not FOR_SCREEN_READERS.isdisjoint(_classes(element))


def is_advertisement(element: Element) -> bool:
    """Whether an element's class says that it is an advertisement."""
    return not ADVERTISEMENTS.isdisjoint(_classes(element))


def is_shown_without_text(element: Element) -> bool:
    """Whether something visible here may stand for words: an image with a description, a form field."""
    if element.tag == "img":
        return bool(element.get("alt", "").strip())
    return element.tag in FIELDS and element.get("type", "").lower() != "hidden"


def _classes(element: Element) -> list[str]:
    written: str = element.get("class", "")
    return written.lower().split()
