"""The link of a quotation: a browser finds exactly the quotation with it, or it opens the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.layout.links import MAX_URL_LENGTH, link_to, link_to_quote
from index.models import Quote, Span
from tests.bot.browser import Directive, WebPage, parse

from .test_layout import article, quoted

URL = "https://example.com/a"


def opened(text: str, quoted: str, occurrence: int = 0, **facts: str) -> Directive | None:
    """The text fragment of the link to an occurrence of a quotation in an article; None if the link opens the page."""
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(quoted, start + 1)
    quote = Quote(article=article(text, url=URL, **facts), spans=(Span(start, start + len(quoted)),), score=1.0)
    link = link_to_quote(quote)
    assert link is not None
    assert len(link.url) <= MAX_URL_LENGTH
    page, _, fragment = link.url.partition("#:~:text=")
    assert page == URL
    return parse(fragment) if fragment else None


def test_the_link_opens_the_article_at_the_quotation() -> None:
    link = link_to_quote(quoted("Well-known, & all: it’s “so”.", url="https://example.com/a"))
    assert link is not None
    assert link.label == "Open at the quotation"
    assert (
        link.url
        == "https://example.com/a#:~:text=Well%2Dknown%2C%20%26%20all%3A%20it%E2%80%99s%20%E2%80%9Cso%E2%80%9D."
    )


def test_of_a_long_quotation_the_link_names_both_ends() -> None:
    words = [f"word{number}" for number in range(40)]
    link = link_to_quote(quoted(" ".join(words), url="https://example.com/a#part"))
    assert link is not None
    assert parse(link.url.removeprefix("https://example.com/a#part:~:text=")) == Directive(
        prefix="", start="word0 word1 word2 word3 word4", end="word35 word36 word37 word38 word39", suffix=""
    )


@pytest.mark.parametrize(
    ("text", "url", "opens"),
    [
        ("Short.", "https://example.com/" + "a" * 480, "https://example.com/" + "a" * 480),
        ("Short.", "https://example.com/" + "a" * 500, None),
        ("漢" * 100, "https://example.com/", "https://example.com/"),
        ("Short.", "https://example.com/#:~:text=old", "https://example.com/#:~:text=old"),
        ("Short.", "https://例え.example/", None),
    ],
)
def test_the_link_falls_back_to_the_plain_url_or_to_none(text: str, url: str, opens: str | None) -> None:
    link = link_to_quote(quoted(text, url=url))
    assert (link.url if link else None) == opens
    assert link is None or link.label == "Open the article"


def test_without_a_url_there_is_no_link() -> None:
    assert link_to_quote(quoted("Short.")) is None
    assert link_to(article("Short.")) is None


TWICE = "The gate is open. Ann left.\nThe gate is open. Bob came.\n"
TEN = "one two three four five six seven eight nine ten"


@pytest.mark.parametrize(
    ("text", "words", "occurrence", "fragment"),
    [
        pytest.param(TWICE, "The gate is open.", 0, Directive("", "The gate is open.", "", ""), id="the first of two"),
        pytest.param(
            TWICE, "The gate is open.", 1, Directive("", "The gate is open.", "", "Bob came."), id="its line goes on"
        ),
        pytest.param(
            "Bob came. It rains.\nAnn came. It rains.\nAnn went. It rains.",
            "It rains.",
            1,
            Directive("Ann came.", "It rains.", "", ""),
            id="its line begins before it",
        ),
        pytest.param(
            "Monday\nClosed.\nSunday\nClosed.",
            "Closed.",
            1,
            Directive("Sunday", "Closed.", "", ""),
            id="the line above it",
        ),
        pytest.param(
            f"{TEN} six.\n{TEN} seven. eleven",
            f"{TEN} seven.",
            0,
            Directive("", f"{TEN} seven.", "", ""),
            id="a longer beginning",
        ),
        pytest.param(
            f"Ann said that {TEN} she {TEN} saw {TEN}.",
            f"Ann said that {TEN} she {TEN} saw {TEN}.",
            0,
            Directive("", f"Ann said that {TEN[:-4]}", f"ten saw {TEN}.", ""),
            id="a longer end",
        ),
        pytest.param(
            "THE  GÂTE\nis open.\nThe gate is open.",
            "The gate is open.",
            0,
            Directive("is open.", "The gate is open.", "", ""),
            id="case, accents and lines",
        ),
        pytest.param(
            "He went.She stayed.", "She stayed.", 0, Directive("He went.", "She stayed.", "", ""), id="no word begins"
        ),
        pytest.param("Open.\nOpen.\nOpen.", "Open.", 2, None, id="nothing but repetition"),
        pytest.param("…\n…", "…", 0, None, id="no letters"),
    ],
)
def test_a_fragment_is_extended_until_it_is_unique(
    text: str, words: str, occurrence: int, fragment: Directive | None
) -> None:
    assert opened(text, words, occurrence) == fragment


def test_the_title_which_a_page_shows_above_its_text_counts_too() -> None:
    found = opened("It rains. The dam is built. All is well.", "The dam is built.", title="The Dam Is Built")
    assert found == Directive("It rains.", "The dam is built.", "", "")


def test_no_term_of_a_fragment_crosses_a_line() -> None:
    text = "To renew:\n\nbring your card\nfill in the form at the desk near the door on the left"
    assert opened(text, text) == Directive("", "To renew:", "the door on the left", "")


WORDS = st.sampled_from(
    ["the", "The", "dam", "is", "built", "re-built,", "near", "“near”", "a", "it’s", "on", "onto", "ti", "tí"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(lambda words: " ".join(words) + ".")
PIECES = st.lists(st.tuples(SENTENCES, st.sampled_from([" ", " ", "\n", "\n\n", ""])), min_size=1, max_size=9)


@given(PIECES, st.sampled_from(["\n", "\n\n"]), st.data())
def test_a_browser_finds_exactly_the_quotation_or_the_link_opens_the_page(
    pieces: list[tuple[str, str]], block_end: str, data: st.DataObject
) -> None:
    text = "".join(map("".join, pieces)).strip()
    first = data.draw(st.integers(0, len(pieces) - 1))
    last = data.draw(st.integers(first, len(pieces) - 1))
    start = len("".join(map("".join, pieces[:first])))
    end = len("".join(map("".join, pieces[:last])) + pieces[last][0])
    link = link_to_quote(Quote(article=article(text, url=URL), spans=(Span(start, end),), score=1.0))
    assert link is not None
    if link.label == "Open the article":
        assert link.url == URL
        return
    # Blocks of the page are lines of the text, or its paragraphs, in which a line break is a space.
    page = WebPage([block.replace("\n", " ") for block in text.split(block_end)])
    found = page.find(parse(link.url.removeprefix(f"{URL}#:~:text=")))
    assert found is not None
    assert [offset_of(text, block_end, place) for place in found] == [start, end]


def offset_of(text: str, block_end: str, place: tuple[int, int]) -> int:
    """The offset in a text of a place in its blocks."""
    number, offset = place
    return len("".join(block + block_end for block in text.split(block_end)[:number])) + offset
