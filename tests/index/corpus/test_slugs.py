"""What an article's file is called, and which URL is cited for it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.corpus.folder import check_name
from index.corpus.slugs import MAX_BYTES, MAX_CHARACTERS, RESERVED, article_id, slug
from index.fetching import canonical_url_of, file_name_of
from index.fetching.media_types import ENDINGS
from index.models import validate_url
from tests.properties import examples

PAGE = "https://news.example/2026/story?id=7"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The White House's plan, explained", "the-white-house-s-plan-explained"),
        ("Größe & Maß: 1,000 Fälle", "größe-maß-1000-fälle"),
        ("Новости дня", "новости-дня"),
        ("日本語の見出し", "日本語の見出し"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\boot.ini", "boot-ini"),
        ("a/b\\c:d*e?f", "a-b-c-d-e-f"),
        ("line\nbreak\x00nul\u202ebidi\u200b", "line-break-nul-bidi"),
        ("con", "article-con"),
        ("NUL", "article-nul"),
        ("Com¹", "article-com1"),
        ("CONIN$", "article-conin"),
        ("lpt10", "lpt10"),
        ("", "article"),
        ("...", "article"),
        ("🎉", "article"),
        ("\ud800", "article"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("Ⅳ ﬁne", "iv-fine"),
        ("AT&amp;T&#39;s &quot;plan&quot;", "at-t-s-plan"),
        ("❤\ufe0f cafe\u0301 \u0301a snake_case", "café-a-snake-case"),
    ],
)
def test_a_slug_is_made_of_the_words(text: str, name: str) -> None:
    assert slug(text) == name


def test_a_long_title_ends_at_a_word_and_fits_the_file_system() -> None:
    assert slug("word " * 50) == "-".join(["word"] * 20)
    assert slug("x" * 500) == "x" * MAX_CHARACTERS
    assert len(slug("日" * 500).encode()) <= MAX_BYTES


@settings(max_examples=examples(1000), deadline=None)
@given(
    st.text(max_size=300) | st.text("ﬃİıßſ-_.'&#x41;con \u0301\u200dक्", max_size=40) | st.sampled_from(["aux", "LPT³"])
)
def test_every_slug_is_a_name_that_any_file_system_takes(text: str) -> None:
    name = slug(text)
    check_name(name + ".txt")
    assert slug(name) == name
    assert not set(name) & set('/\\:*?"<>|. \t\n') and not name.startswith("-") and not name.endswith("-")
    assert not RESERVED.fullmatch(name)
    assert 0 < len(name) <= MAX_CHARACTERS and len(name.encode()) <= MAX_BYTES


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("faq.md", "faq"),
        ("My FAQ (new).v2.MD", "My FAQ (new).v2"),
        ("dam.meta.toml", "dam"),
        ("guide/faq.md", "guide-faq"),
        ("guide/faq.meta.toml", "guide-faq"),
        ("guide/api/v1.2/Rate Limits.html", "guide-api-v1-2-rate-limits"),
        ("Überblick/Größe & Maß.md", "überblick-größe-maß"),
        ("правила/вход.md", "правила-вход"),
        ("guide/🎟️.md", "guide-a6296025"),
        ("guide/con.txt", "guide-con"),
    ],
)
def test_an_id_is_the_name_at_the_top_and_a_slug_of_the_path_in_a_folder(path: str, expected: str) -> None:
    assert article_id(path) == expected


def test_long_paths_have_ids_of_their_own_that_fit() -> None:
    paths = [f"{'word ' * 40}/{number}.md" for number in range(1000)]
    made = {article_id(path) for path in paths}
    assert len(made) == 1000
    assert {len(one) for one in made} == {MAX_CHARACTERS}
    assert article_id(paths[0]) == article_id(paths[0].upper().replace(".MD", ".md"))
    assert article_id(f"{'a' * 49}/{'b' * 50}.md") == f"{'a' * 49}-{'b' * 50}"


@settings(max_examples=examples(500), deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="/"), min_size=1, max_size=60), min_size=2, max_size=5))
def test_every_path_gives_an_id_that_discord_takes_and_a_file_may_have(parts: list[str]) -> None:
    made = article_id("/".join(parts) + ".txt")
    check_name(f"{made}.txt")
    assert made == article_id("/".join(parts) + ".meta.toml")
    assert not set(made) & set('/\\:*?"<>|. \t\n')


@pytest.mark.parametrize(
    ("url", "media_type", "title", "name"),
    [
        (PAGE, "text/html", "A Story", "a-story.html"),
        (PAGE, "text/html", None, "story.html"),
        (PAGE, "text/html", "  !!! ", "story.html"),
        ("https://news.example/a/report.final.pdf", "application/pdf", None, "report-final.pdf"),
        ("https://news.example/", "application/xhtml+xml", None, "news-example.html"),
        ("https://news.example/story/index.html", "text/html", None, "story.html"),
        ("https://news.example/README.md?raw=1", "text/plain", None, "readme.md"),
        ("https://news.example/notes", "text/markdown", None, "notes.md"),
        ("https://news.example/notes.txt", "text/plain", None, "notes.txt"),
        ("https://news.example/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "text/plain", None, "passwd.txt"),
        ("https://news.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C/", "text/html", None, "новость.html"),
        ("https://b\u00fccher.example/", "text/html", None, "bücher-example.html"),
        (PAGE, list(ENDINGS)[-1], "con", "article-con.docx"),
    ],
)
def test_a_page_is_called_by_its_title_or_its_url(url: str, media_type: str, title: str | None, name: str) -> None:
    assert file_name_of(url, media_type, title) == name


@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=60), st.none() | st.text(max_size=60), st.sampled_from(list(ENDINGS)))
def test_no_page_has_a_name_that_leads_elsewhere(path: str, title: str | None, media_type: str) -> None:
    try:
        name = file_name_of(f"https://news.example/{path}", media_type, title)
    except UnicodeEncodeError:  # a lone surrogate is in no URL
        assert not path.isprintable()
        return
    stem, _, ending = name.rpartition(".")
    assert f".{ending}" in ENDINGS.values() and slug(stem) == stem


def test_a_page_that_is_no_article_has_no_name() -> None:
    with pytest.raises(KeyError):
        file_name_of(PAGE, "image/png")


@pytest.mark.parametrize(
    ("canonical", "cited"),
    [
        ("https://news.example/story", "https://news.example/story"),
        ("/story", "https://news.example/story"),
        ("story-7#part", "https://news.example/2026/story-7"),
        (" //news.example/story ", "https://news.example/story"),
        ("HTTPS://NEWS.EXAMPLE:443/story", "https://news.example/story"),
        ("https://news.example/Übersicht", "https://news.example/%C3%9Cbersicht"),
        ("?id=7", "https://news.example/2026/story?id=7"),
        (None, PAGE),
        ("", PAGE),
        ("https://other.example/story", PAGE),
        ("https://www.news.example/story", PAGE),
        ("https://news.example./story", PAGE),
        ("https://news.example.evil.example/story", PAGE),
        ("https://news.example@evil.example/story", PAGE),
        ("https://me@news.example/story", PAGE),
        ("http://news.example/story", PAGE),
        ("https://news.example:80/story", PAGE),
        ("https://news.example:8443/story", PAGE),
        ("https://news.example/", PAGE),
        ("https://news.example", PAGE),
        ("https://news.example//", PAGE),
        ("/", PAGE),
        ("..", PAGE),
        ("javascript:alert(1)", PAGE),
        ("data:text/html,x", PAGE),
        ("https://[::1", PAGE),
        ("https://news.example/" + "x" * 2000, PAGE),
        ("\ud800", PAGE),
    ],
)
def test_a_page_is_cited_as_it_calls_itself_only_on_its_own_host(canonical: str | None, cited: str) -> None:
    assert canonical_url_of(PAGE + "#part", canonical) == cited


@pytest.mark.parametrize(
    ("fetched", "canonical", "cited"),
    [
        ("http://news.example/story", "https://news.example/story", "https://news.example/story"),
        ("http://news.example/story", "http://news.example/s", "http://news.example/s"),
        ("https://news.example/", "https://news.example/?p=1", "https://news.example/?p=1"),
        ("https://news.example/?p=1", "https://news.example/", "https://news.example/?p=1"),
        ("https://news.example", "https://news.example/", "https://news.example/"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/b", "https://xn--bcher-kva.example/b"),
        ("https://news.example/2026/a", "%62:", "https://news.example/2026/b:"),
    ],
)
def test_a_page_may_be_cited_by_https_and_a_front_page_as_itself(fetched: str, canonical: str, cited: str) -> None:
    assert canonical_url_of(fetched, canonical) == cited


@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=80))
def test_whatever_a_page_calls_itself_the_host_that_is_cited_stays(canonical: str) -> None:
    cited = canonical_url_of(PAGE, canonical)
    assert validate_url(cited).startswith("https://news.example/")


def test_what_cannot_be_cited_is_no_url_of_a_page() -> None:
    with pytest.raises(ValueError, match="source URL"):
        canonical_url_of("file:///etc/passwd", None)
