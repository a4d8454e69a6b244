"""Articles are found by the headings above their sections, also after they changed and segments were merged."""

from __future__ import annotations

import pytest

from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.collection.heading_search import articles_of_sections, find_headings
from index.collection.segment import Segment, SegmentView, merge_views
from index.models import IndexedArticle
from index.reading import read_article
from tests.properties import one_in

LAMPS = "# Lamps\n\n## Care\n\n### How do I trim the wick?\n\nCut it.\n\n### May I wash the globe?\n\nYes, cold.\n"
STOVES = "# Stoves\n\n## Setting `max_heat`\n\nTurn it.\n\n## Care\n\nSweep it.\n\n## An empty section\n"
IDS = ["lamps", "stoves"]


def entry(name: str, source: str) -> IndexedArticle:
    return read_article(f"{name}.md", source.encode(), None, built_in_rules())


def found(collection: Collection, typed: str) -> list[tuple[str, str]]:
    def have_in_name(word: str) -> list[bool]:
        return [name.startswith(word) for name in IDS]

    sections = articles_of_sections(collection, IDS)
    paths = find_headings(collection, sections, typed, have_in_name)
    return [(IDS[place], " › ".join(path)) for place, path in paths]


WICK, CARE, HEAT = "Care › How do I trim the wick?", ("stoves", "Care"), ("stoves", "Setting max_heat")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("wick", [("lamps", WICK)], id="a word"),
        pytest.param("TRI wi", [("lamps", WICK)], id="beginnings of words"),
        pytest.param("how do i trim", [("lamps", WICK)], id="words that stand everywhere"),
        pytest.param("care globe", [("lamps", "Care › May I wash the globe?")], id="a word of the heading above"),
        pytest.param("care", [("lamps", WICK), CARE], id="the first section of each article"),
        pytest.param("stov care", [CARE], id="a word of the name"),
        pytest.param("stoves", [], id="no word but the name's"),
        pytest.param("max_heat", [HEAT], id="code"),
        pytest.param("heat", [HEAT], id="a part of code"),
        pytest.param("wick globe", [], id="words of two sections"),
        pytest.param("rim", [], id="the middle of a word"),
        pytest.param("empty", [], id="a section with nothing to quote"),
        pytest.param("how do i", [], id="nothing but such words"),
        pytest.param("", [], id="nothing"),
    ],
)
@pytest.mark.parametrize("segments", one_in(3, ["merged", "one", "two"]))
def test_an_article_is_found_by_its_headings(segments: str, typed: str, expected: list[tuple[str, str]]) -> None:
    entries = entry("lamps", LAMPS), entry("stoves", STOVES), entry("other", LAMPS.replace("Lamps", "Other"))
    # The article that is gone had the headings of another.
    views = [SegmentView(Segment.of([entry("lamps", STOVES)])).without(["lamps"])]
    views += [SegmentView(Segment.of([one])) for one in entries]
    held = {"one": [SegmentView(Segment.of(entries))], "two": views, "merged": [SegmentView(merge_views(views))]}
    assert found(Collection.from_views(held[segments]), typed) == expected
