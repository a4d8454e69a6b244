"""The language of an article: stated, or told from its text."""

from __future__ import annotations

import pytest

from index.cleaning import built_in_rules
from index.errors import ArticleRejected
from index.models import Article, MetadataField, Origin
from index.reading import read_article
from index.reading.sources import Site, Sources

GERMAN = "Die Stadtbibliothek besitzt zwölftausend Bücher. Sie ist von Montag bis Freitag geöffnet."
ENGLISH = "The city library holds twelve thousand books. It is open from Monday to Friday."


def read(file: str, text: str, sidecar: str | None = None, sources: Sources | None = None) -> Article:
    stated = None if sidecar is None else sidecar.encode()
    return read_article(file, text.encode(), stated, built_in_rules(), sources or Sources()).article


def language(article: Article) -> tuple[str, Origin] | None:
    return None if article.language is None else (article.language.value, article.language.origin)


def test_a_text_tells_its_language_and_a_few_words_do_not() -> None:
    assert language(read("a.txt", GERMAN)) == ("de", Origin.TEXT)
    assert language(read("a.txt", ENGLISH)) == ("en", Origin.TEXT)
    assert language(read("a.txt", "Hallo Welt.")) is None


def test_what_is_stated_is_believed_in_the_order_of_its_origins() -> None:
    site = Sources(site={"docs": Site(url="https://example.com/{path}", language="nb-NO")})
    front = f"---\nlang: pt-BR\n---\n{ENGLISH}"
    assert language(read("docs/a.md", front, 'inLanguage = "fr"', site)) == ("fr", Origin.SIDECAR)
    assert language(read("docs/a.md", front, sources=site)) == ("pt", Origin.FRONT_MATTER)
    assert language(read("docs/a.md", ENGLISH, sources=site)) == ("no", Origin.SOURCES)


def test_the_language_of_a_template_is_not_believed_against_the_text_of_the_page() -> None:
    page = '<html lang="{}"><body><article><h1>Library</h1><p>{}</p><p>{}</p></article></body></html>'
    assert language(read("a.html", page.format("en", GERMAN, GERMAN))) == ("de", Origin.TEXT)
    assert language(read("a.html", page.format("de-AT", GERMAN, GERMAN))) == ("de", Origin.HTML_METADATA)


def test_what_is_no_language_is_refused_from_an_admin_and_left_out_elsewhere() -> None:
    with pytest.raises(ArticleRejected, match="inLanguage: a language must be a tag such as en, de or pt-BR"):
        read("a.txt", GERMAN, 'inLanguage = "Deutsch"')
    assert language(read("a.md", f"---\nlanguage: the usual one\n---\n{GERMAN}")) == ("de", Origin.TEXT)


def test_the_record_keeps_the_code_alone() -> None:
    article = read("a.txt", GERMAN, 'inLanguage = "de-CH"')
    assert article.language == MetadataField(value="de", origin=Origin.SIDECAR)
    assert article.language_code == "de"
