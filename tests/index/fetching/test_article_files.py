"""A fetched page becomes a file and a sidecar, and is cited by its URL."""

from __future__ import annotations

import pytest

from index.engine import Engine
from index.fetching import FetchedPage
from index.models import Origin
from index.reading.sidecar import read_sidecar
from tests.properties import one_in

PARAGRAPH = (
    "The engineer Ann Karlsson will build a dam in the café’s valley, the council of Lomma said on Monday evening."
)
MORE = "It will hold forty million cubic metres of water, and supply twelve thousand households with power."


FETCHED_FROM = "https://example.com/2026/dam"


def page(head: str = "") -> str:
    article = f"<article><h1>A dam: at last</h1><p>{PARAGRAPH}</p><p>{MORE}</p></article>"
    return f"<html><head>{head}</head><body>{article}</body></html>"


def fetched(url: str = FETCHED_FROM, text: str = page(), charset: str | None = None) -> FetchedPage:
    return FetchedPage(url, text.encode(charset or "utf-8"), "text/html", charset)


def test_a_page_is_named_by_its_title_and_cited_by_where_it_was_fetched(engine: Engine) -> None:
    report = engine.add_fetched(fetched(), "ann")
    assert report.added == ("a-dam-at-last",)
    article = engine.entry("a-dam-at-last").article
    assert article.url
    assert article.url.value == "https://example.com/2026/dam"
    assert (engine.seeds / "a-dam-at-last.html").read_bytes() == fetched().data
    sidecar = read_sidecar((engine.seeds / "a-dam-at-last.meta.toml").read_bytes(), "a", article.sha256)
    assert sidecar.editor == "ann"
    assert engine.ask("Who will build a dam?").quotes[0].text == PARAGRAPH


@pytest.mark.parametrize(
    ("head", "cited"),
    one_in(
        3,
        [
            ('<link rel="canonical" href="https://example.com/dam">', "https://example.com/dam"),
            ('<LINK REL="Canonical" HREF=" https://example.com/dam ">', "https://example.com/dam"),
            ('<link rel="canonical" href="/dam">', "https://example.com/dam"),
            ('<link rel="canonical" href="the-dam?id=1#top">', "https://example.com/2026/the-dam?id=1"),
            ('<base href="/news/"><link rel="canonical" href="dam">', "https://example.com/news/dam"),
            (f'<link rel="canonical" href="/dam">{2 * "<link rel=canonical href=/dam>"}', "https://example.com/dam"),
            ('<link rel="canonical" href="">', FETCHED_FROM),
            ('<link rel="canonical" href="/dam"><link rel="canonical" href="/ferry">', FETCHED_FROM),
            ('<base href="https://other.example/"><link rel="canonical" href="dam">', FETCHED_FROM),
            ('<base href="http://[::1"><link rel="canonical" href="dam">', FETCHED_FROM),
            ('<link rel="canonical" href="https://other.example/dam">', FETCHED_FROM),
            ('<link rel="canonical" href="https://ann@example.com/dam">', FETCHED_FROM),
            ('<link rel="canonical" href="ftp://example.com/dam">', FETCHED_FROM),
            ('<link rel="canonical" href="https://example.com/">', FETCHED_FROM),
            ('<link rel="canonical" href="https://example.com">', FETCHED_FROM),
            ('<link rel="canonical" href="/">', FETCHED_FROM),
            ('<meta property="og:url" content="https://example.com/og">', FETCHED_FROM),
            ('<noscript><link rel="canonical" href="/dam"></noscript>', FETCHED_FROM),
            ('<div></div><link rel="canonical" href="/dam">', FETCHED_FROM),
            ("<!-- saved from url=(0023)https://example.com/saved -->", FETCHED_FROM),
            (
                '<script type="application/ld+json">{"@type": "NewsArticle", "url": "https://example.com/ld"}</script>',
                FETCHED_FROM,
            ),
        ],
    ),
)
def test_of_all_that_a_page_says_only_the_canonical_link_in_its_head_is_cited(
    engine: Engine, head: str, cited: str
) -> None:
    [added] = engine.add_fetched(fetched(text=page(head)), "ann").added
    url = engine.entry(added).article.url
    assert url
    assert (url.value, url.origin) == (cited, Origin.SIDECAR)


def test_a_canonical_link_in_the_body_is_not_cited(engine: Engine) -> None:
    comment = '<p>So it is. <head><link rel="canonical" href="/mine"></head></p></article>'
    [added] = engine.add_fetched(fetched(text=page().replace("</article>", comment)), "ann").added
    url = engine.entry(added).article.url
    assert url
    assert url.value == FETCHED_FROM


def test_the_url_that_a_fetched_markdown_file_states_is_not_cited(engine: Engine) -> None:
    text = f"---\ncanonical: https://example.com/mine\n---\n# A dam\n\n{PARAGRAPH}\n"
    [added] = engine.add_fetched(FetchedPage(FETCHED_FROM, text.encode(), "text/markdown", None), "ann").added
    url = engine.entry(added).article.url
    assert url
    assert url.value == FETCHED_FROM


def test_pages_of_the_same_title_are_different_articles(engine: Engine) -> None:
    engine.add_fetched(fetched(), "ann")
    report = engine.add_fetched(fetched("https://example.com/other", page().replace("Monday", "Friday")), "ann")
    assert report.added == ("a-dam-at-last-2",)


def test_a_page_is_read_in_the_encoding_that_its_server_names(engine: Engine) -> None:
    text = page("<meta charset=utf-8>").replace("’", "'")
    engine.add_fetched(fetched(text=text, charset="iso-8859-15"), "ann")
    assert "café's valley" in engine.entry("a-dam-at-last").article.text
    assert (engine.seeds / "a-dam-at-last.html").read_bytes().decode("utf-8-sig") == text


def test_what_a_server_calls_latin_1_is_read_as_browsers_read_it(engine: Engine) -> None:
    sent = FetchedPage("https://example.com/a", page().encode("cp1252"), "text/html", "iso-8859-1")
    [added] = engine.add_fetched(sent, "ann").added
    assert PARAGRAPH in engine.entry(added).article.text


def test_a_charset_that_no_browser_reads_is_not_believed(engine: Engine) -> None:
    text = page().encode("utf-8").replace(b"the council", rb"the co\x75ncil")
    [added] = engine.add_fetched(FetchedPage("https://example.com/a", text, "text/html", "unicode_escape"), "ann").added
    assert r"the co\x75ncil" in engine.entry(added).article.text
