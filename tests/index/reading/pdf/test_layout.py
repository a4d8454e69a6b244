"""No half of a sentence of a PDF is quotable, however the page is laid out, and whole sentences are."""

from __future__ import annotations

import pytest

from tests.index.documents import drawn_pdf
from tests.index.reading.pdf.layouts import (
    COLUMNS,
    ENGLISH,
    FONTS,
    LEADING,
    LEFT,
    OTHERS,
    SIZE,
    TOP,
    layout_of,
    width_of,
    wrapped,
)
from tests.index.reading.pdf.test_visibility import quotable
from tests.properties import one_in

pytestmark = pytest.mark.usefixtures("in_this_process")


def printed(text: str) -> str:
    """The letters of a text, without white space and hyphens."""
    return "".join(text.split()).replace("-", "")


@pytest.mark.parametrize("name", [*one_in(5, COLUMNS), *OTHERS])
def test_what_is_quotable_of_a_page_is_whole(name: str) -> None:
    layout = layout_of(name)
    found = {printed(sentence) for sentence in quotable(layout.pdf)}
    assert found <= set(map(printed, layout.units))
    assert found >= set(map(printed, layout.expected))


def test_words_that_are_placed_one_by_one_are_lines() -> None:
    operators = ""
    for number, line in enumerate(wrapped(" ".join(ENGLISH), 300)):
        x = float(LEFT)
        for word in line.split():
            place = f"1 0 0 1 {x:.2f} {TOP - LEADING * number} cm"
            operators += f"q {place} BT /Plain {SIZE} Tf ({word}) Tj ET Q\n"
            x += width_of(f"{word} ")
    assert quotable(drawn_pdf(operators, fonts=FONTS)) == list(ENGLISH)
