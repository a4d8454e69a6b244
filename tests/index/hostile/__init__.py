"""Hostile, damaged and odd files, generated for each test."""

from __future__ import annotations

from .making import BODY, LAST, MORE, Case, page
from .marks import MARKDOWN
from .pages import PAGE
from .pdfs import PDFS
from .sidecars import SIDECARS
from .texts import TEXTS
from .words import WORDS

__all__ = ["BODY", "CASES", "LAST", "MORE", "PAGE", "PDFS", "TEXTS", "Case", "page"]


def _distinct(case: Case, number: int) -> Case:
    """The case with a unique name and text, so that it is not refused as a duplicate."""
    file = f"{number:03}-{case.file}"
    if file.endswith(".docx"):  # compressed; these differ already
        return case._replace(file=file)
    word = "thi" + "".join("bcdfghklmn"[int(digit)] for digit in f"{number:03}")
    return case._replace(
        file=file,
        make=lambda: case.make().replace(b"thirty", word.encode()),
        says=tuple(said.replace("thirty", word) for said in case.says),
    )


CASES = {
    name: _distinct(case, number)
    for number, (name, case) in enumerate({**TEXTS, **PAGE, **WORDS, **PDFS, **MARKDOWN, **SIDECARS}.items())
}
