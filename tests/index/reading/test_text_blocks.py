"""Plain text with headings, questions and a table of contents."""

from __future__ import annotations

import pytest

from tests.index.reading.sections import chunks, entry_of, shown

TITLE = "Handbook of the lantern club"
OPENING = "The club lends lanterns to everybody in the valley, and repairs those that are broken."
CLOSING = "Write to the caretaker before the first of December."


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        pytest.param("Borrowing\n=========", "Borrowing", id="underlined"),
        pytest.param("Borrowing\n---------", "Borrowing", id="underlined with hyphens"),
        pytest.param("=========\nBorrowing\n=========", "Borrowing", id="between lines"),
        pytest.param("How do I borrow one?\n~~~~~~~~~~~~~~~~~~~~", "How do I borrow one?", id="an underlined question"),
        pytest.param("HOW DO I BORROW ONE?", "HOW DO I BORROW ONE?", id="capitals that ask"),
        pytest.param("Q: How do I borrow one?", "How do I borrow one?", id="marked as a question"),
        pytest.param(
            "12. How do I borrow one\n    in May?", "12. How do I borrow one in May?", id="a numbered question"
        ),
    ],
)
def test_a_heading_of_plain_text_heads_what_follows(heading: str, path: str) -> None:
    entry = entry_of("a.txt", f"{TITLE}\n\n{OPENING}\n\n{heading}\n\n{CLOSING}\n")
    assert shown(entry) == [("", OPENING), (path, CLOSING)]


def test_headings_below_others_are_within_their_sections() -> None:
    text = f"{TITLE}\n\n{OPENING}\n\nFees\n====\n\nThey are low.\n\nHow to pay\n----------\n\n{CLOSING}\n"
    assert shown(entry_of("a.txt", text))[1:] == [("Fees", "They are low."), ("Fees › How to pay", CLOSING)]


def test_numbered_sections_head_what_follows() -> None:
    text = f"{TITLE}\n\n{OPENING}\n\n4. Fees\n\n4.1 Lamps\n\nThey are low.\n\n4.2 Repairs\n\n{CLOSING}\n"
    expected = [("4. Fees › 4.1 Lamps", "They are low."), ("4. Fees › 4.2 Repairs", CLOSING)]
    assert shown(entry_of("a.txt", text))[1:] == expected


@pytest.mark.parametrize(
    "prose",
    [
        pytest.param("They came home.\n---------------", id="a line below a sentence"),
        pytest.param("The lamps\n\n---------", id="a line on its own"),
        pytest.param("They lend\nlamps here\n----------", id="a line below a paragraph"),
        pytest.param("1.5 Million lamps were lent", id="a single number"),
        pytest.param("1.5 Million lamps\n\n1.2 Million wicks", id="numbers that fall"),
        pytest.param("2.1 million lamps\n\n2.4 million wicks", id="numbers in sentences"),
    ],
)
def test_prose_has_no_headings(prose: str) -> None:
    entry = entry_of("a.txt", f"{TITLE}\n\n{OPENING}\n\n{prose}\n\n{CLOSING}\n")
    assert {path for path, _ in shown(entry)} == {""}


@pytest.mark.parametrize(
    "contents",
    [
        pytest.param("1. Fees ........ 2\n2. Repairs . . . . 14", id="with page numbers"),
        pytest.param("1. How do I pay?\n2. Who lends lamps?\n3. Who repairs them?", id="of the questions below"),
        pytest.param("- How do I pay?\n- Who lends lamps?\n- Who repairs them?", id="with bullets"),
    ],
)
def test_a_table_of_contents_is_not_quoted(contents: str) -> None:
    answers = (
        "1. How do I pay?\n\nBy card.\n\n2. Who lends lamps?\n\nThe club.\n\n3. Who repairs them?\n\nMembers do.\n"
    )
    entry = entry_of("a.txt", f"{TITLE}\n\n{OPENING}\n\n{contents}\n\n{answers}")
    assert shown(entry)[1:] == [
        ("1. How do I pay?", "By card."),
        ("2. Who lends lamps?", "The club."),
        ("3. Who repairs them?", "Members do."),
    ]


def test_answers_in_a_list_are_list_items() -> None:
    text = f"{TITLE}\n\n{OPENING}\n\nQ: How do I pay?\n\n- By card.\n- In cash.\n\nQ: Who lends?\nA: The club.\n"
    assert chunks(entry_of("a.txt", text))[1:] == ["By card.", "In cash.", "The club."]
