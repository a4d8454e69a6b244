"""Headings, rows and items that name what is asked about are ranked first, and a denied heading is no answer."""

from __future__ import annotations

import pytest

from index.answering.pipeline import answer_question
from index.collection.collection import Collection
from index.models import Answer, Verdict
from tests.index.reading.test_documents import entry_of

GUIDE = """# Harbour handbook

## Subscribe to several boats

Ask at the desk. Several boats are on the list, and you can subscribe to all of them.

## What happens if there are several subscribers to the same boat?

All of them sail.

## Who may use the crane?

Members above eighteen.

## Settings of the server

The server reads these settings when it starts, and the port is the first one it needs.

| Setting | Meaning |
|---------|---------|
| log_level | How much is written down. |
| port | Where it listens. Set log_level as well. |
| quay-count | How many quays there are. |

Marks on the chart:

- buoy: moored and lit.
- wreck: keep clear of it, and of the buoy beside it.

## How many tickets do I get?

| Class | Tickets a day |
|-------|---------------|
| adult | 12 |
| child | 30 |
"""


@pytest.fixture(scope="module")
def collection() -> Collection:
    return Collection([entry_of("handbook.md", GUIDE)])


def first(answer: Answer) -> str:
    return (*answer.quotes, *answer.possible, *answer.nearest)[0].text


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("What happens if there are several subscribers to the same boat?", "All of them sail."),
        ("Subscribe to several boats", "Ask at the desk."),
        ("What does wreck mean?", "Marks on the chart:"),
        ("How many tickets a day does a child get?", "Class: adult; Tickets a day: 12\nClass: child"),
    ],
)
def test_what_names_the_thing_asked_about_is_shown_first(collection: Collection, question: str, beginning: str) -> None:
    assert first(answer_question(collection, question)).startswith(beginning)


@pytest.mark.parametrize(
    ("question", "setting"),
    [("What is log_level?", "log_level"), ("What does the setting quay-count mean?", "quay-count")],
)
def test_a_row_that_names_the_thing_asked_about_is_shown_without_the_others(
    collection: Collection, question: str, setting: str
) -> None:
    rows = [line for line in first(answer_question(collection, question)).splitlines() if line.startswith("Setting:")]
    assert [row.split(";")[0] for row in rows] == [f"Setting: {setting}"]


def test_a_heading_that_says_the_opposite_is_not_the_answer(collection: Collection) -> None:
    assert answer_question(collection, "Who may use the crane?").verdict is Verdict.ANSWERED
    assert answer_question(collection, "Who may not use the crane?").verdict is not Verdict.ANSWERED
