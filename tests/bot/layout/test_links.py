"""The link of a quotation: a browser finds exactly the quotation with it, or it opens the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.layout.links import MAX_URL_LENGTH, link_to, link_to_quote
from index.cleaning import built_in_rules
from index.models import IndexedArticle, Quote, Source, Span
from index.reading import read_article
from index.reading.sources import Anchors, Site, Sources
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
        pytest.param(
            "the dam re-built,.\ntí The built. tí The built. tí The built.the dam",
            "the dam re-built,.\ntí The built. tí The built. tí The built.",
            0,
            Directive("", "the dam re-built,.", "The built. tí The built. tí The built.", "the dam"),
            id="an end that overlaps itself",
        ),
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


GUIDE = """# The lamp

It hums at night.

## How do I light it?

Turn the wheel. **Is it hot?**

Yes, it is hot.

### Size

It is a foot high.
"""


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        pytest.param("It hums at night.", "#:~:text=It%20hums%20at%20night.", id="above the first section"),
        pytest.param("Turn the wheel.", "#how-do-i-light-it", id="in a section"),
        pytest.param("Yes, it is hot.", "#how-do-i-light-it", id="under a question that is no heading"),
        pytest.param("It is a foot high.", "#size", id="in a section of a section"),
    ],
)
@pytest.mark.parametrize(
    ("site", "front_matter", "url"),
    [
        pytest.param("{path}/", "", "https://docs.example.com/lamp/", id="a site"),
        pytest.param("?page={path}", "", "https://docs.example.com/?page=lamp", id="a query"),
        pytest.param(
            "{path}/", "---\nurl: https://docs.example.com/a\n---\n", "https://docs.example.com/a", id="its own URL"
        ),
    ],
)
def test_the_link_of_a_quotation_opens_its_section(
    words: str, opens: str, site: str, front_matter: str, url: str
) -> None:
    entry = guide(f"https://docs.example.com/{site}", front_matter)
    link = link_to_quote(quote_in(entry, words))
    assert link is not None
    assert link.url == url + opens
    assert link.label == ("Open at the quotation" if ":~:" in opens else "Open the section")


def test_a_url_of_another_site_opens_the_quotation() -> None:
    entry = guide("https://docs.example.com/{path}/", "---\nurl: https://example.com/a\n---\n")
    link = link_to_quote(quote_in(entry, "Turn the wheel."))
    assert link is not None
    assert link.url == "https://example.com/a#:~:text=Turn%20the%20wheel."


def test_no_section_is_added_to_a_url_with_a_fragment() -> None:
    quote = quote_in(guide("https://docs.example.com/#/{path}"), "Turn the wheel.")
    assert quote.section_url is None
    assert quote.link == "https://docs.example.com/#/lamp"
    link = link_to_quote(quote)
    assert link is not None
    assert link.url == "https://docs.example.com/#/lamp:~:text=Turn%20the%20wheel."


def test_a_quotation_of_several_sections_opens_the_first() -> None:
    entry = guide("https://docs.example.com/{path}")
    spans = [quote_in(entry, words).spans[0] for words in ("Turn the wheel.", "It is a foot high.")]
    link = link_to_quote(Quote.of(Source.of_entry(entry, spans)))
    assert link is not None
    assert link.url == "https://docs.example.com/lamp#how-do-i-light-it"


def test_a_section_whose_url_is_too_long_for_a_button_gives_way_to_the_quotation() -> None:
    quote = quote_in(guide("https://docs.example.com/{path}"), "Turn the wheel.")
    link = link_to_quote(quote.model_copy(update={"anchor": "漢" * 60}))
    assert link is not None
    assert link.url == "https://docs.example.com/lamp#:~:text=Turn%20the%20wheel."


def guide(site: str, front_matter: str = "") -> IndexedArticle:
    """The guide, in a folder that is published at `site`."""
    sources = Sources(site={"docs": Site(url=site, anchors=Anchors.GITHUB)})
    return read_article("docs/lamp.md", (front_matter + GUIDE).encode(), None, built_in_rules(), sources)


def quote_in(entry: IndexedArticle, words: str) -> Quote:
    start = entry.article.text.index(words)
    return Quote.of(Source.of_entry(entry, [Span(start, start + len(words))]))
