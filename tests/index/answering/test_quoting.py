"""What is quoted of a document with headings: whole blocks, each with what it needs, and nothing of another section."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.quoting import MAX_SECTION, Extent, quote_passage
from index.collection.collection import Collection
from index.engine import Engine
from index.models import Answer, IndexedArticle, Quote, Verdict
from tests.index.reading.test_documents import entry_of
from tests.properties import one_in

GUIDE = """# Boat club

## Membership

### How do I join the club?

Ask at the boathouse. The fee is thirty euros.

### May I bring my dog?

No.

### How do I hand back an oar?

To hand back an oar:

1. Rinse the blade.
2. Hang it on its hook.
3. Sign the book.

### Who may not row at night?

The following may not row at night:

- guests of other clubs,
- members below sixteen.

## Boats

### Which boats are there?

| Boat | Seats | Hull |
|------|-------|------|
| Heron | 4 | oak |
| Plover | 2 | carbon |

### How do I print the booking list?

Run this in the office:

```
booking --list \\
    --today
```

The printer is below the window.
"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "guide.md").write_text(GUIDE)
    return Engine.open(tmp_path / "seeds", tmp_path / "data")


def answered(engine: Engine, question: str) -> Quote:
    answer: Answer = engine.ask(question)
    assert answer.verdict is Verdict.ANSWERED, answer.explanation
    return answer.quotes[0]


@pytest.mark.parametrize(
    ("question", "text", "headings"),
    [
        (
            "How do I join the club?",
            "Ask at the boathouse. The fee is thirty euros.",
            ("Membership", "How do I join the club?"),
        ),
        ("May I bring my dog?", "No.", ("Membership", "May I bring my dog?")),
        (
            "How do I hand back an oar?",
            "To hand back an oar:\n1. Rinse the blade.\n2. Hang it on its hook.\n3. Sign the book.",
            ("Membership", "How do I hand back an oar?"),
        ),
        (
            "Who may not row at night?",
            "The following may not row at night:\nguests of other clubs,\nmembers below sixteen.",
            ("Membership", "Who may not row at night?"),
        ),
        (
            "Which boats are there?",
            "Boat: Heron; Seats: 4; Hull: oak\nBoat: Plover; Seats: 2; Hull: carbon",
            ("Boats", "Which boats are there?"),
        ),
        (
            "How do I print the booking list?",
            "Run this in the office:\nbooking --list \\\n    --today\nThe printer is below the window.",
            ("Boats", "How do I print the booking list?"),
        ),
    ],
)
def test_a_question_that_is_a_heading_is_answered_by_its_section(
    engine: Engine, question: str, text: str, headings: tuple[str, ...]
) -> None:
    quoted = answered(engine, question)
    assert quoted.text == text
    assert quoted.headings == headings


def test_a_quotation_is_restored_from_its_spans_with_its_rows_code_and_headings(engine: Engine) -> None:
    for question in ("Which boats are there?", "How do I print the booking list?"):
        quoted = answered(engine, question)
        again = engine.quote_again(quoted.article.id, quoted.article.text_sha256, quoted.spans)
        assert (again.text, again.headings, again.passages) == (quoted.text, quoted.headings, quoted.passages)


def test_code_whose_first_line_is_indented_is_verified_and_quoted(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.md").write_text("# Worker\n\nWrite this:\n\n```\n  queue: 50\n  size: 3\n```\n")
    engine = Engine.open(tmp_path / "seeds", tmp_path / "data")
    assert engine.verify() == []
    assert engine.ask("queue 50 size 3").shown_quotes[0].text == "Write this:\n  queue: 50\n  size: 3"


def test_code_is_quoted_with_its_lines_and_indentation(engine: Engine) -> None:
    passages = answered(engine, "How do I print the booking list?").passages
    assert [passage.text for passage in passages if passage.is_code] == ["booking --list \\\n    --today"]


def quotes_of(entry: IndexedArticle) -> list[Quote]:
    collection = Collection([entry])
    passages = [collection.passage(chunk, 0.0, frozenset()) for chunk in collection.chunks()]
    return [quote_passage(one, collection, None, extent) for one in passages for extent in Extent]


@pytest.mark.parametrize(
    "lead_in", one_in(3, ["The loan is not open to:", "Never do this on the pier:", "Nobody may enter without:"])
)
def test_an_item_is_never_quoted_without_its_lead_in(lead_in: str) -> None:
    for numbers in (range(3), range(60), range(150)):
        items = "\n".join(f"- people who carry lamp number {number} by hand" for number in numbers)
        for quoted in quotes_of(entry_of("a.md", f"# Rules\n\nThe pier is old. {lead_in}\n\n{items}\n")):
            assert "people" not in quoted.text or lead_in in quoted.text
            assert quoted.text != lead_in


def test_a_row_of_a_table_is_never_quoted_without_its_lead_in() -> None:
    rows = "\n".join(f"| Boat {number} | {number} euros |" for number in range(150))
    for heading in ("", "## Old boats\n\n"):
        text = f"# Club\n\n{heading}These are no longer hired out:\n\n| Boat | Price |\n|---|---|\n{rows}\n"
        for quoted in quotes_of(entry_of("a.md", text)):
            assert "These are no longer hired out:" in quoted.text
            assert "Boat: Boat" in quoted.text


def test_a_short_paragraph_above_a_list_is_quoted_with_its_items() -> None:
    items = "\n".join(f"- lamps of the kind {number}" for number in range(60))
    for quoted in quotes_of(entry_of("a.md", f"# Rules\n\n## Pier\n\nThe following are forbidden.\n\n{items}\n")):
        assert quoted.text.startswith("The following are forbidden.")


@pytest.mark.parametrize("heading", ["", "## Yard\n\n"])
@pytest.mark.parametrize("asked", ["May I bring my goat?", "*May I bring my goat?*"])
def test_a_question_is_quoted_with_the_paragraph_below_it(tmp_path: Path, heading: str, asked: str) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.md").write_text(f"# Pets\n\n{heading}{asked}\n\nGoats are welcome in the yard.\n")
    quoted = answered(Engine.open(tmp_path / "seeds", tmp_path / "data"), "May I bring my goat?")
    assert quoted.text == "May I bring my goat? Goats are welcome in the yard."


def test_a_lead_in_is_never_found_alone(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.md").write_text("# Pier\n\nThe loan is not open to:\n\n- bakers\n- smiths\n")
    engine = Engine.open(tmp_path / "seeds", tmp_path / "data")
    answer = engine.ask("Who is the loan open to?")
    for quoted in (*answer.shown_quotes, *answer.nearest, *engine.search("loan")):
        assert quoted.text == "The loan is not open to:\nbakers\nsmiths"


@pytest.mark.parametrize(
    "lead_in",
    [
        pytest.param("You must not bring {{ pet }} and these:", id="filled in by a site"),
        pytest.param("- These are <s>not</s> forbidden:\n", id="struck out in part"),
    ],
)
@pytest.mark.parametrize("below", ["- dogs\n- cats", "| Pet | Size |\n|---|---|\n| dogs | large |"])
def test_what_is_below_a_lead_in_that_cannot_be_quoted_is_not_quoted(lead_in: str, below: str) -> None:
    entry = entry_of("a.md", f"# Pets\n\nThe house is old.\n\n{lead_in}\n\n{below}\n\nAsk at the door.\n")
    assert [entry.article.text[slice(*one.span)] for one in entry.body_sentences][-2:] == [
        "The house is old.",
        "Ask at the door.",
    ]


def test_a_nested_item_is_quoted_with_the_items_above_it() -> None:
    tree = "\n".join(f"- Deck {number}:\n  - cabin {number} is locked" for number in range(40))
    for quoted in quotes_of(entry_of("a.md", f"# Ship\n\nThe ship has decks:\n\n{tree}\n")):
        if "cabin 37" in quoted.text:
            assert quoted.text.index("Deck 37:") < quoted.text.index("cabin 37")


BLOCKS = st.sampled_from(
    [
        "Anna Moen opened the lock on Monday. It holds four boats.",
        "The lock is opened:",
        "1. Press the bell.\n2. Wait for the lamp.",
        "- not on Sundays\n- not in frost",
        "| Day | Hours |\n|---|---|\n| Monday | 8 to 10 |\n| Friday | 9 |",
        "```\nopen lock \\\n  --slowly\n```",
        "It closes " + "slowly " * 150 + "at night.",
    ]
)


@given(st.lists(st.tuples(st.integers(2, 4), st.lists(BLOCKS, max_size=5)), min_size=1, max_size=6))
def test_a_quotation_is_slices_of_one_section(sections: list[tuple[int, list[str]]]) -> None:
    written = "\n\n".join(
        f"{'#' * level} Heading {number}\n\n" + "\n\n".join(blocks) for number, (level, blocks) in enumerate(sections)
    )
    entry = entry_of("a.md", f"# Locks\n\nThe canal has locks.\n\n{written}\n")
    text = entry.article.text
    headings = [place for place, _ in entry.heading_paths()]
    for quoted in quotes_of(entry):
        start, end = quoted.spans[0].start, quoted.spans[-1].end
        assert not any(start < place < end for place in headings)
        assert quoted.path == entry.heading_path(start)
        folded = " ".join(text[start:end].split())
        for passage in quoted.passages:
            if passage.is_code:
                assert passage.text in text
        for block in entry.blocks:
            for cell in (*block.cells, *block.labels):
                assert text[slice(*cell)].strip() == text[slice(*cell)]
        assert all(" ".join(text[slice(*span)].split()) in folded for span in quoted.spans)
        assert len(quoted.text) <= 2 * MAX_SECTION or len(quoted.spans) == 1
