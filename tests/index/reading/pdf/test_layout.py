"""No half of a sentence of a PDF is quotable, however the page is laid out, and whole sentences are."""

from __future__ import annotations

import pytest

from tests.index.reading.pdf.layouts import LAYOUTS
from tests.index.reading.pdf.test_visibility import quotable


def printed(text: str) -> str:
    """The letters of a text, without white space and hyphens."""
    return "".join(text.split()).replace("-", "")


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_is_quotable_of_a_page_is_whole(name: str) -> None:
    layout = LAYOUTS[name]
    found = {printed(sentence) for sentence in quotable(layout.pdf)}
    assert found <= set(map(printed, layout.units))
    assert found >= set(map(printed, layout.expected))
