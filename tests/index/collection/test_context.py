"""Around a quotation stand the sentences beside it, or the rest of its section, and no item without its lead-in."""

from __future__ import annotations

import pytest

from index.collection.collection import Collection, quote_of
from index.collection.context import MAX_AROUND, quote_in_context, surrounding_quotes
from index.models import IndexedArticle, Quote
from tests.index.reading.test_documents import entry_of

OPENED = "The dam was opened on Saturday."
LOAN = """# Harbour loan

The office lends money. The loan is not open to:

- young firms,
- fishing boats.

Ask at the harbour office. It opens at nine. It closes at noon. Bring a pen.
"""
STEPS = [
    f"{number}. Turn wheel {number} until the lamp above it is lit, and wait for the bell." for number in range(1, 31)
]
GUIDE = (
    f"# Dam\n\n## Before\n\n{OPENED}\n\n## How do I open the dam?\n\nTo open it:\n\n"
    + "\n".join(STEPS)
    + ("\n\n## After\n\nClose it.\n")
)


def quote_at(entry: IndexedArticle, words: str) -> Quote:
    collection = Collection([entry])
    chunk = next(chunk for chunk in collection.chunks() if words in collection.text(chunk))
    return quote_of(collection.passage(chunk, 0.0, frozenset()), entry)


def texts(entry: IndexedArticle, words: str, reach: int) -> tuple[str | None, str | None]:
    before, after = surrounding_quotes(quote_at(entry, words), entry, reach)
    return before.text if before else None, after.text if after else None


def test_without_headings_they_are_the_sentences_beside_it() -> None:
    entry = entry_of("loan.md", LOAN)
    assert texts(entry, "It closes at noon.", 1) == ("It opens at nine.", "Bring a pen.")
    assert texts(entry, "Bring a pen.", 2) == ("It opens at nine. It closes at noon.", None)


@pytest.mark.parametrize("reach", [1, 2, 3])
def test_an_item_never_stands_before_a_quotation_without_its_lead_in(reach: int) -> None:
    before, _ = texts(entry_of("loan.md", LOAN), "Ask at the harbour office.", reach)
    assert before is not None
    assert "The loan is not open to:\nyoung firms,\nfishing boats." in before


def test_a_lead_in_never_stands_after_a_quotation_without_what_it_introduces() -> None:
    assert texts(entry_of("loan.md", LOAN), "The office lends money.", 1) == (None, None)


def test_under_a_heading_it_is_the_section_as_far_as_it_fits() -> None:
    entry = entry_of("dam.md", GUIDE)
    before, after = texts(entry, "wheel 3 ", 2)
    assert before == "\n".join(["To open it:", *STEPS[:2]])
    assert after is not None
    assert after.splitlines() == STEPS[3 : 3 + len(after.splitlines())]
    assert MAX_AROUND - len(STEPS[0]) <= len(after) <= MAX_AROUND
    assert texts(entry, OPENED, 2) == (None, None)


def test_the_quotation_in_its_context_is_one_slice_where_it_is_adjacent() -> None:
    entry = entry_of("loan.md", LOAN)
    wide = quote_in_context(quote_at(entry, "It opens at nine."), {entry.article.id: entry})
    assert wide.text == "Ask at the harbour office. It opens at nine. It closes at noon."
