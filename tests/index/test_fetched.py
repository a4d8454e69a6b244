"""A fetched page becomes a file and a sidecar, and is cited by its URL."""

from __future__ import annotations

from index.engine import Engine
from index.fetching import Fetched
from index.reading.sidecar import read_sidecar

PARAGRAPH = (
    "The engineer Ann Karlsson will build a dam in the café’s valley, the council of Lomma said on Monday evening."
)
MORE = "It will hold forty million cubic metres of water, and supply twelve thousand households with power."


def page(head: str = "") -> str:
    article = f"<article><h1>A dam: at last</h1><p>{PARAGRAPH}</p><p>{MORE}</p></article>"
    return f"<html><head>{head}</head><body>{article}</body></html>"


def fetched(url: str = "https://example.com/2026/dam", text: str = page(), charset: str | None = None) -> Fetched:
    return Fetched(url, text.encode(charset or "utf-8"), "text/html", charset)


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


def test_the_canonical_link_is_cited_on_the_same_host_only(engine: Engine) -> None:
    own = fetched(text=page('<link rel="canonical" href="https://example.com/dam">'))
    other = fetched(text=page('<link rel="canonical" href="https://other.org/dam">').replace("at last", "elsewhere"))
    urls = [engine.entry(engine.add_fetched(one, "ann").added[0]).article.url for one in (own, other)]
    assert [url.value for url in urls if url] == ["https://example.com/dam", "https://example.com/2026/dam"]


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
    sent = Fetched("https://example.com/a", page().encode("cp1252"), "text/html", "iso-8859-1")
    [added] = engine.add_fetched(sent, "ann").added
    assert PARAGRAPH in engine.entry(added).article.text


def test_a_charset_that_no_browser_reads_is_not_believed(engine: Engine) -> None:
    text = page().encode("utf-8").replace(b"the council", rb"the co\x75ncil")
    [added] = engine.add_fetched(Fetched("https://example.com/a", text, "text/html", "unicode_escape"), "ann").added
    assert r"the co\x75ncil" in engine.entry(added).article.text
