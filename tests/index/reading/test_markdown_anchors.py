"""The ids of headings are those that the site's generator makes, and none is made up."""

from __future__ import annotations

import pytest

from index.cleaning import built_in_rules
from index.models import BlockKind, IndexedArticle
from index.reading import read_article
from index.reading.sources import Anchors, Site, Sources
from tests.properties import one_in

pytestmark = pytest.mark.usefixtures("in_this_process")

GITHUB, DOCUSAURUS, MKDOCS = Anchors.GITHUB, Anchors.DOCUSAURUS, Anchors.MKDOCS


def entry_of(source: str, anchors: Anchors, file: str = "docs/lamp.md") -> IndexedArticle:
    site = Site(url="https://docs.example.com/{path}/", anchors=anchors)
    return read_article(file, source.encode(), None, built_in_rules(), Sources(site={"docs": site}))


def anchors_of(source: str, anchors: Anchors) -> list[str]:
    blocks = entry_of(f"{source}\n\nIt hums at night.\n", anchors).blocks
    return [block.anchor for block in blocks if block.kind is BlockKind.HEADING]


@pytest.mark.parametrize(
    ("heading", "github", "docusaurus", "mkdocs"),
    [
        pytest.param("How do I reset it?", "how-do-i-reset-it", "how-do-i-reset-it", "how-do-i-reset-it", id="words"),
        pytest.param("Oil & wick -- care", "oil--wick----care", "oil--wick----care", "oil-wick-care", id="signs"),
        pytest.param("`--dim` in *lamp.toml*", "--dim-in-lamptoml", "--dim-in-lamptoml", "-dim-in-lamptoml", id="code"),
        pytest.param("Öl für 漢字 ½", "öl-für-漢字-", "öl-für-漢字-", "ol-fur-12", id="other letters"),
        pytest.param("漢字", "漢字", "漢字", "_1", id="no letters that MkDocs keeps"),
        pytest.param("![A lamp](l.png) lit", "-lit", "a-lamp-lit", "lit", id="a picture"),
        pytest.param("[Care](care.md) of <b>it</b>", "care-of-it", "care-of-it", "care-of-it", id="links and tags"),
        pytest.param("image lamp:latest", "image-lamplatest", "image-lamp", "image-lamplatest", id="a directive"),
        pytest.param(":bulb: Light", "bulb-light", "bulb-light", "bulb-light", id="the name of an emoji"),
        pytest.param("Q: Is it lit?", "q-is-it-lit", "q-is-it-lit", "q-is-it-lit", id="the mark of a question"),
        pytest.param("Note[^1]", "note", "note", "note", id="a footnote"),
        pytest.param("a\\_b *c*", "a_b-c", "a_b-c", "a_b-c", id="escapes"),
        pytest.param("!?", "", "", "_1", id="nothing but signs"),
        pytest.param("Care {#looking-after}", *["looking-after"] * 3, id="an explicit id"),
        pytest.param("Care {: .wide #Look.after }", *["Look.after"] * 3, id="an explicit id among attributes"),
        pytest.param("Care ## {#look} ##", *["look"] * 3, id="an explicit id after closing marks"),
        pytest.param("Care of {{ page.lamp }}", "", "", "", id="words that the site fills in"),
    ],
)
def test_an_id_is_that_of_the_generator(heading: str, github: str, docusaurus: str, mkdocs: str) -> None:
    found = [anchors_of(f"## {heading}", anchors) for anchors in (GITHUB, DOCUSAURUS, MKDOCS)]
    assert found == [[github], [docusaurus], [mkdocs]]


@pytest.mark.parametrize(
    ("anchors", "ids"),
    [
        (GITHUB, ["care", "care-1", "care-1-1", "care-2"]),
        (DOCUSAURUS, ["", "care-1", "care-1-1", "care-2"]),
        (MKDOCS, ["care", "care_1", "care-1", "care_2"]),
    ],
)
def test_equal_headings_are_numbered_over_the_whole_page(anchors: Anchors, ids: list[str]) -> None:
    source = "# Care\n\n> ## Care\n\n:::tip\n### Care 1\n:::\n\nCare\n----"
    assert anchors_of(source, anchors) == ids


@pytest.mark.parametrize("anchors", one_in(3, [GITHUB, DOCUSAURUS, MKDOCS]))
@pytest.mark.parametrize(
    "heading", ["Care", "Care {" + " #a" * 10_000, "Care {#a} " * 5_000 + "b", ":" + "a-" * 10_000]
)
def test_thousands_of_headings_and_long_ones_are_read(anchors: Anchors, heading: str) -> None:
    many = 3_000 if len(heading) < 10 else 1
    found = anchors_of(f"## {heading}\n\n" * many, anchors)
    assert len(set(found)) == len(found) == many


def test_an_explicit_id_counts_for_mkdocs_wherever_it_stands() -> None:
    source = "## Care\n\n## Oil {#care}\n\n## Care"
    assert anchors_of(source, MKDOCS) == ["care_1", "care", "care_2"]
    # Elsewhere two headings have that id, and a browser opens the first.
    assert anchors_of(source, GITHUB) == ["care", "", "care-1"]


def test_what_is_a_heading_to_readers_only_has_no_id() -> None:
    source = "## Care\n\n**Is it lit?**\n\nYes.\n\n| Question | Answer |\n|--|--|\n| Is it hot? | It is hot. |\n"
    assert anchors_of(source, GITHUB) == ["care", "", ""]
    entry = entry_of(source, GITHUB)
    assert entry.anchor_of(entry.heading_path(entry.article.text.index("Yes."))) == "care"


def test_without_a_site_no_heading_has_an_id() -> None:
    assert anchors_of("## Care\n\n## Oil {#oil}", Anchors.NONE) == ["", ""]
    entry = entry_of("## Care\n\nIt hums.", GITHUB, "other/lamp.md")
    assert [block.anchor for block in entry.blocks] == [""]
