"""What no reader sees of a PDF is not quoted, and what a reader sees is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from index.cleaning import built_in_rules
from index.reading import read_article
from tests.index.reading.pdf.hidden import ENDED, HIDDEN, OPENED, SECRET, SEEN
from tests.properties import one_in

pytestmark = pytest.mark.usefixtures("in_this_process")


def quotable(data: bytes) -> list[str]:
    entry = read_article("a.pdf", data, None, built_in_rules())
    return [" ".join(entry.article.text[slice(*sentence.span)].split()) for sentence in entry.body_sentences]


def some_colours(names: Iterable[str]) -> list[Any]:
    """One in three of the names of a colour, which are many, and all others."""
    colours = [name for name in names if name.startswith(("white in", "dark in"))]
    return [*one_in(3, colours), *(name for name in names if name not in colours)]


@pytest.mark.parametrize("name", some_colours(HIDDEN))
def test_what_no_reader_sees_is_not_quoted(name: str) -> None:
    assert quotable(HIDDEN[name].pdf()) == [OPENED, ENDED]


@pytest.mark.parametrize("name", some_colours(SEEN))
def test_what_a_reader_sees_is_quoted(name: str) -> None:
    assert quotable(SEEN[name].pdf()) == [OPENED, SECRET, ENDED]
