"""Who publishes on which host, and where each folder is published, stated once in `sources.toml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.cleaning import built_in_rules
from index.engine import Engine
from index.errors import RulesInvalid
from index.models import Origin
from index.reading import read_article
from index.reading.sources import Anchors, Site, Sources, read_sources

CHANNELS = '[publishers]\n"channelstv.com" = "Channels Television"\n'
STATED = """[publishers]
"example.com" = "The Example"
"News.example.com" = "The Example’s News"
"bücher.example" = "Bücher"
"""


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://example.com/a", "The Example"),
        ("https://www.example.com/a", "The Example"),
        ("https://NEWS.example.com:443/a", "The Example’s News"),
        ("https://x.news.example.com./a", "The Example’s News"),
        ("https://xn--bcher-kva.example/", "Bücher"),
        ("https://bücher.example/", "Bücher"),
        ("https://notexample.com/", None),
        ("https://example.com.evil.example/", None),
        ("https://com/", None),
    ],
)
def test_the_nearest_host_counts(tmp_path: Path, url: str, publisher: str | None) -> None:
    (tmp_path / "sources.toml").write_text(STATED, "utf-8")
    assert read_sources(tmp_path).publisher_of(url) == publisher


def test_the_publisher_is_recorded_with_where_it_was_read(engine: Engine) -> None:
    (engine.seeds / "sources.toml").write_text(CHANNELS)
    report = engine.reindex()
    assert report.refused == ()
    publisher = engine.entry("000_88608c0d96434d55").article.publisher
    assert publisher
    assert (publisher.value, publisher.origin) == ("Channels Television", Origin.SOURCES)
    assert engine.entry("003_10f24738130fbaea").article.publisher is None
    again = Engine.open(engine.seeds, engine.data)
    assert again.entry("000_88608c0d96434d55").article.publisher == publisher
    engine.update_metadata("000_88608c0d96434d55", {"publisher": "Channels"}, "ann")
    publisher = engine.entry("000_88608c0d96434d55").article.publisher
    assert publisher
    assert (publisher.value, publisher.origin) == ("Channels", Origin.SIDECAR)


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ("[publishers]\nexample.com =", "is not valid TOML in UTF-8"),
        ('[publishers]\n"https://example.com" = "A"', "publishers.https://example.com"),
        ('[publishers]\n"example.com" = 7', "publishers.example.com"),
        ('[publisher]\n"example.com" = "A"', "publisher"),
        ('[publishers]\n"example.com" = "A\\nB"', "publishers.example.com"),
        ("site = 7", "site: Input should be a valid dictionary"),
        ('[site]\n"docs" = "https://example.com/{path}"', "site.docs: Input should be a valid dictionary"),
        ('[site."docs/"]\nanchors = "github"', "site.docs.url: Field required"),
        ('[site."docs/"]\nurl = "https://example.com/{slug}/"', "{slug} is no placeholder; the only one is {path}"),
        ('[site."docs/"]\nurl = "https://example.com/{path!r}/"', "{path!r} is no placeholder"),
        ('[site."docs/"]\nurl = "docs.example.com/{path}/"', "a source URL must start with http:// or https://"),
        ('[site."docs/"]\nurl = "ftp://example.com/{path}/"', "a source URL must start with http:// or https://"),
        ('[site."docs/"]\nurl = "https://example.com/"', "it must contain {path} once, behind the host"),
        ('[site."docs/"]\nurl = "https://{path}.example.com/"', "it must contain {path} once, behind the host"),
        ('[site."docs/"]\nurl = "https://example.com/{path}/{path}"', "it must contain {path} once, behind the host"),
        ('[site."docs/"]\nurl = "https://example.com/{path}/}"', "no white space, control characters or brackets"),
        ('[site."docs/"]\nurl = "https://example.com/{path}"\nanchors = "hugo"', "site.docs.anchors: Input should be"),
        ('[site."docs/"]\nurl = "https://example.com/{path}"\nlink = 1', "site.docs.link: Extra inputs"),
        ('[site."../docs"]\nurl = "https://example.com/{path}"', "a folder's path must not contain .."),
        (
            '[site."docs"]\nurl = "https://example.com/{path}"\n[site."docs/"]\nurl = "https://example.com/{path}"',
            "site: the same folder is given twice",
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_named_and_changes_nothing(engine: Engine, held: str, reason: str) -> None:
    before = engine.entry("000_88608c0d96434d55")
    (engine.seeds / "sources.toml").write_text(held)
    with pytest.raises(RulesInvalid, match=r"^sources\.toml in the folder of articles") as refused:
        engine.reindex()
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert engine.entry("000_88608c0d96434d55") == before


def test_a_start_with_a_broken_list_serves_what_is_there_and_tells_of_it(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    (engine.seeds / "sources.toml").write_text("[publishers")
    started = Engine.open(engine.seeds, engine.data)
    assert started.manifest == engine.manifest
    assert "sources.toml in the folder of articles is not valid TOML" in caplog.text
    with pytest.raises(RulesInvalid):
        started.reindex()
    with pytest.raises(RulesInvalid):
        Engine.open(engine.seeds, engine.data / "nothing")
    (engine.seeds / "sources.toml").write_text(CHANNELS)
    started.reindex()
    publisher = started.entry("000_88608c0d96434d55").article.publisher
    assert publisher and publisher.value == "Channels Television"


def test_a_folder_without_the_list_states_nobody(tmp_path: Path) -> None:
    assert read_sources(tmp_path) == Sources()


# ---- where folders are published -------------------------------------------------------------------------------------

DIRECTORIES, PAGES = "https://docs.example.com/{path}/", "https://docs.example.com/en/{path}.html?v=2#top"


@pytest.mark.parametrize(
    ("template", "file", "url"),
    [
        (DIRECTORIES, "faq.md", "https://docs.example.com/faq/"),
        (DIRECTORIES, "guide/First Steps.md", "https://docs.example.com/guide/First%20Steps/"),
        (DIRECTORIES, "guide/v1.2.md", "https://docs.example.com/guide/v1.2/"),
        (DIRECTORIES, "Größe/100%?#.md", "https://docs.example.com/Gr%C3%B6%C3%9Fe/100%25%3F%23/"),
        (DIRECTORIES, "index.md", "https://docs.example.com/"),
        (DIRECTORIES, "guide/README.md", "https://docs.example.com/guide/"),
        (DIRECTORIES, "guide/_index.md", "https://docs.example.com/guide/"),
        (DIRECTORIES, "index/faq.md", "https://docs.example.com/index/faq/"),
        (PAGES, "guide/faq.md", "https://docs.example.com/en/guide/faq.html?v=2#top"),
        (PAGES, "guide/index.md", "https://docs.example.com/en/guide/?v=2#top"),
        (PAGES, "guide/index.html", "https://docs.example.com/en/guide/index.html?v=2#top"),
        ("https://docs.example.com/{path}", "guide/index.md", "https://docs.example.com/guide/"),
        ("https://git.example/docs/{path}.md", "guide/README.md", "https://git.example/docs/guide/README.md"),
        ("https://docs.example.com/?page={path}", "guide/faq.md", "https://docs.example.com/?page=guide/faq"),
        (DIRECTORIES, "x" * 2000 + ".md", None),
    ],
)
def test_a_url_is_made_as_site_generators_make_it(template: str, file: str, url: str | None) -> None:
    assert Site(url=template).url_of(file) == url


def test_the_innermost_folder_that_is_listed_counts() -> None:
    sources = Sources(
        site={
            "/docs/": Site(url="https://docs.example.com/{path}"),
            "docs/api": Site(url="https://api.example.com/{path}", anchors=Anchors.MKDOCS),
            ".": Site(url="https://example.com/{path}"),
        }
    )
    urls = {
        "docs/faq.md": "https://docs.example.com/faq",
        "docs/api/v1/limits.md": "https://api.example.com/v1/limits",
        "docs/api.md": "https://docs.example.com/api",
        "docs-old/faq.md": "https://example.com/docs-old/faq",
        "news.txt": "https://example.com/news",
    }
    assert {file: sources.url_of(file) for file in urls} == urls
    assert Sources(site={"docs": sources.site["docs"]}).url_of("news.txt") is None


def test_a_file_in_a_published_folder_has_a_url_and_says_where_it_was_read(engine: Engine) -> None:
    (engine.seeds / "docs").mkdir()
    ferry = "The ferry to Lomma leaves the harbour at noon, Ann Karlsson said, and returns in the evening.\n"
    (engine.seeds / "docs" / "index.md").write_text(f"# Ferries\n\n{ferry}")
    (engine.seeds / "docs" / "own.md").write_text(f"---\nurl: https://own.example/a\n---\n# Own\n\nOwn. {ferry}")
    (engine.seeds / "docs" / "stated.md").write_text(f"# Stated\n\nStated. {ferry}")
    (engine.seeds / "docs" / "stated.meta.toml").write_text('url = "https://stated.example/a"')
    (engine.seeds / "docs" / "trailer.txt").write_text(f"Trailer\n\nLast. {ferry}\nSOURCE: https://trailer.example/a\n")
    (engine.seeds / "docs" / "long.txt").write_text(f"Long\n\n{ferry * 1000}")
    engine.reindex()
    assert engine.entry("docs-index").article.url is None
    (engine.seeds / "sources.toml").write_text(
        '[site."docs/"]\nurl = "https://docs.example.com/{path}/"\nanchors = "mkdocs"\n'
        '[publishers]\n"docs.example.com" = "The Ferries"\n'
    )
    engine.reindex()
    facts = {entry.article.id: entry.article.url for entry in engine.entries()}
    assert {name: (fact.value, fact.origin) for name, fact in facts.items() if fact and name.startswith("docs")} == {
        "docs-index": ("https://docs.example.com/", Origin.SOURCES),
        "docs-long": ("https://docs.example.com/long/", Origin.SOURCES),
        "docs-own": ("https://own.example/a", Origin.FRONT_MATTER),
        "docs-stated": ("https://stated.example/a", Origin.SIDECAR),
        "docs-trailer": ("https://trailer.example/a", Origin.TRAILER),
    }
    publisher = engine.entry("docs-index").article.publisher
    assert publisher and publisher.value == "The Ferries"
    assert facts["003_10f24738130fbaea"] is None


def test_what_is_stated_of_a_site_is_kept(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        '[site."/docs/"]\nurl = "https://example.com/{path}"\nanchors = "docusaurus"'
    )
    assert read_sources(tmp_path).site["docs"].anchors is Anchors.DOCUSAURUS
    (tmp_path / "sources.toml").write_text('[site."docs"]\nurl = "https://example.com/{path}"')
    assert read_sources(tmp_path).site["docs"].anchors is Anchors.NONE


@pytest.mark.parametrize(
    ("url", "anchor"),
    [("https://docs.example.com/elsewhere", "how-do-i-pay"), ("https://other.example/a", ""), (None, "how-do-i-pay")],
)
def test_ids_that_a_site_makes_are_not_used_for_a_url_of_another_site(url: str | None, anchor: str) -> None:
    sources = Sources(site={"docs": Site(url="https://docs.example.com/{path}", anchors=Anchors.GITHUB)})
    matter = f"---\nurl: {url}\n---\n" if url else ""
    page = f"{matter}# Guide\n\n## How do I pay?\n\nPay with a card at the desk.\n"
    entry = read_article("docs/a.md", page.encode(), None, built_in_rules(), sources)
    assert [block.anchor for block in entry.blocks if block.level == 2] == [anchor]  # the question
