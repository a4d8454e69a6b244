"""How lists, rows and code look in Discord, and the headings above them."""

from __future__ import annotations

import pytest

from bot.layout.limits import PAGE
from bot.layout.pages import RenderedMessages
from bot.layout.parts import QuotedCode
from bot.layout.quotations import MAX_PATH_LENGTH, quote_block
from index.answering.quoting import Extent, quote_passage
from index.collection.collection import Collection
from index.models import Passage, Quote
from tests.bot.accounting import quotations_in
from tests.index.reading.test_documents import entry_of


def section(file: str, body: str) -> Quote:
    """The quotation of the last section of a document."""
    collection = Collection([entry_of(file, body)])
    chunk = max(collection.chunks())
    sentence = collection.sentence(chunk)
    passage = Passage(article=collection.article_of(chunk), sentence=sentence, chunk=chunk, score=1.0)
    return quote_passage(passage, collection, None, Extent.SECTION)


def lines(quote: Quote) -> list[str]:
    return "\n".join(line.line for line in quote_block(quote).lines).split("\n")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param(
            "1. Row to the buoy:\n    - by day, or\n    - with a lamp.\n2. Tie up.",
            ["> 1\\. Row to the buoy\\:", ">     by day, or", ">     with a lamp.", "> 2\\. Tie up."],
            id="an item in an item is indented",
        ),
        pytest.param(
            "| Boat | Seats |\n|---|---|\n| Heron | 4 |\n| Plover | |",
            ["> Boat\\: Heron; Seats\\: 4", "> Boat\\: Plover"],
            id="a short row is a line",
        ),
        pytest.param(
            "| Boat | Seats | For whom |\n|---|---|---|\n| Heron | 4 | members who have rowed for a year or more |",
            [
                "> Boat\\: Heron",
                ">     Seats\\: 4",
                ">     For whom\\: members who have rowed for a year or more",
            ],
            id="a long row is a line for each cell",
        ),
        pytest.param("```Python\nrow()\n```", ["```python", "row()", "```"], id="code names its language"),
        pytest.param("```{.py}\nrow()\n```", ["```", "row()", "```"], id="no name that Discord would show as code"),
        pytest.param("    row()", ["```", "row()", "```"], id="indented code"),
        pytest.param(
            "~~~md\n```\n*row*\n```\n~~~",
            ["> \\`\\`\\`", "> \\*row\\*", "> \\`\\`\\`"],
            id="code with a fence is a block quote, since Discord would end it there",
        ),
    ],
)
def test_a_block_is_laid_out_for_a_phone(body: str, shown: list[str]) -> None:
    found = lines(section("a.md", f"# Boats\n\nThe club has boats.\n\n## Rowing\n\n{body}\n"))
    assert found[: len(shown) + 1] == ["-# Rowing", *shown]


@pytest.mark.parametrize("named", ['<pre><code class="language-sh">', '<pre class="hl lang-sh"><code>'])
def test_a_page_names_the_language_of_its_code(named: str) -> None:
    opening = "<p>The club has boats, and everybody who has paid the fee of the year may row in each of them.</p>"
    page = f"<h1>Boats</h1>{opening}<h2>Rowing</h2><p>Run this, which prints the boats that are free today:</p>"
    quote = section("a.html", f"<html><body><article>{page}{named}row --now</code></pre></article></body></html>")
    assert [passage.language for passage in quote.passages if passage.is_code] == ["sh"]


def test_a_line_of_code_that_is_longer_than_a_message_is_split_and_loses_nothing() -> None:
    code = "x = 1\n" + "0123456789" * 1000 + "\ny = 2"
    shown = RenderedMessages.of([quote_block(section("a.md", f"# Boats\n\n## Rowing\n\n```\n{code}\n```\n"))])
    assert len(shown.views) > 2
    assert quotations_in([view.to_components() for view in shown.views]) == [code]  # type: ignore[no-untyped-call]  # untyped there


def test_code_is_split_after_a_line_and_each_part_names_its_language() -> None:
    code = QuotedCode("row()\n" * 900, "python")
    shown = [part.line for part in code.split(PAGE) or ()]
    assert all(part.startswith("```python\nrow()\n") for part in shown)


def test_headings_that_fill_a_message_are_not_shown() -> None:
    for length, is_shown in ((MAX_PATH_LENGTH, True), (MAX_PATH_LENGTH + 1, False), (9000, False)):
        quote = section("a.md", f"# Boats\n\n## {'a' * length}\n\nThe club has boats.\n")
        assert lines(quote)[0].startswith("-# ") is is_shown
