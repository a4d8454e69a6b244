"""Headings and header rows that a Word document states in ways that mammoth does not read (ECMA-376, part 1)."""

from __future__ import annotations

import regex

from index.reading.docx.package import DOCUMENT, Element, Parts
from index.reading.docx.styles import Styles, W, first_child, is_on, setting

STOPPED = regex.compile(r"[.,;]\s*$")
"""The end of a sentence, which is no heading unless its style is named as one."""
FIRST_ROW = 0x0020
"""Of `w:tblLook` (17.4.55): the first row is formatted as its table style says."""


def mark_structure(parts: Parts, styles: Styles) -> None:
    """Make headings of what has an outline level (17.3.1.20), and header rows of first rows that are set apart."""
    for paragraph in parts[DOCUMENT].iter(f"{W}p"):
        level = styles.heading_level(paragraph)
        if level and not STOPPED.search("".join(text.text or "" for text in paragraph.iter(f"{W}t"))):
            first_child(first_child(paragraph, "pPr"), "pStyle").set(f"{W}val", f"Heading{level}")
    for table in parts[DOCUMENT].iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        if len(rows) > 1 and rows[0].find(f"{W}trPr/{W}tblHeader") is None and _is_set_apart(table, rows[0], styles):
            first_child(first_child(rows[0], "trPr"), "tblHeader")


def _is_set_apart(table: Element, row: Element, styles: Styles) -> bool:
    """Whether all words of a row are bold, by themselves or by the style of the table."""
    runs = [run for run in row.iter(f"{W}r") if any((text.text or "").strip() for text in run.iter(f"{W}t"))]
    look = table.find(f"{W}tblPr/{W}tblLook")
    is_styled = look is not None and _formats_first_row(look)
    by_style = is_styled and setting(styles.first_row_of(table.find(f"{W}tblPr/{W}tblStyle")).run, f"{W}b") is True
    return bool(runs) and all(_is_bold(run, by_style=by_style) for run in runs)


def _formats_first_row(look: Element) -> bool:
    stated = look.get(f"{W}firstRow")
    if stated is not None:
        return is_on(stated)
    try:
        return bool(int(look.get(f"{W}val", "0"), 16) & FIRST_ROW)
    except ValueError:
        return False


def _is_bold(run: Element, *, by_style: bool) -> bool:
    stated = run.find(f"{W}rPr/{W}b")
    return by_style if stated is None else is_on(stated.get(f"{W}val", "1"))
