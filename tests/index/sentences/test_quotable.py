import json
from pathlib import Path

import pytest

from index.cleaning import built_in_rules
from index.models import IndexedArticle
from index.reading import read_article
from index.sentences.paragraphs import WIDTHS
from tests.index.conftest import SEEDS
from tests.properties import one_in

AD = 'Advertisement googletag.cmd.push(function() { googletag.display("div-gpt-ad-1"); });'
SPANS = json.loads((Path(__file__).parents[1] / "body_spans.json").read_text())
FIRST = "The talks in Geneva began on Monday after a delay."


def read(text: str) -> IndexedArticle:
    return read_article("a.txt", text.encode(), None, built_in_rules())


def quotable(text: str) -> list[str]:
    entry = read(text)
    return [entry.article.text[slice(*sentence.span)] for sentence in entry.body_sentences]


def test_an_advertisement_between_two_sentences_costs_neither() -> None:
    assert quotable(f"{FIRST} {AD} Nobody spoke to the press.") == [FIRST, "Nobody spoke to the press."]


def test_an_advertisement_inside_a_sentence_costs_both_of_its_halves() -> None:
    entry = read(f"{FIRST} The White House {AD} science chief said so. Nobody else did.")
    text = entry.article.text
    assert [text[slice(*sentence.span)] for sentence in entry.body_sentences] == [FIRST, "Nobody else did."]
    assert [text[slice(*span)] for span in entry.fragments] == ["The White House", "science chief said so."]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("He moved to the U.S.", "Senate and stayed there for years."),
        ("He is ranked No.", "5 in the world."),
        ("Shares of Apple", "Inc. rose on Monday."),
        ("“Is it legal?”", "the judge asked."),
        ("They met in St.", "Louis last week."),
    ],
)
def test_a_stop_that_ends_no_sentence_does_not_save_the_halves(left: str, right: str) -> None:
    found = quotable(f"{FIRST} {left} {AD} {right} Nobody else did.")
    assert FIRST in found
    assert not any(right.split(maxsplit=1)[-1] in sentence or sentence == left for sentence in found)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The White House", "science chief said so."),
        ("She said so of the", "White House in the spring."),
        ("It was a dam, and,", "as the minister said, it was full."),
    ],
)
def test_a_blank_line_in_the_middle_of_a_sentence_costs_both_of_its_halves(left: str, right: str) -> None:
    text = f"Talks begin\n\n{FIRST}\n\n{left}\n\n{right}\n\nNobody else did."
    assert quotable(text) == [FIRST, "Nobody else did."]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The minister visited the ferry house with", "Ida Berg before the others came home."),
        ("The minister met the king", "Harald in the old town."),
        ("The wall cut off (by land)", "West Berlin from all of East Germany."),
        ("It falls to an average of 50 °", "F (10 ° C) at night."),
    ],
)
def test_a_line_that_may_go_on_with_a_name_costs_both_pieces(left: str, right: str) -> None:
    assert quotable(f"Talks begin\n\n{FIRST}\n{left}\n{right}\nNobody else did.") == [FIRST, "Nobody else did."]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Opening hours", "Visitors are let in from nine."),
        ("Ferries Stopped By Storm", "Residents left their homes."),
        ("The house was closed.[citation needed]", "Ida Berg opened it."),
        ("`` The house was closed . ''", "Ida Berg opened it."),
        ("What the minister opened", "The house stands in Lomma."),
        ("What the minister opened\n", "Visitors are let in from nine."),
    ],
)
def test_a_line_without_an_end_that_is_one_of_its_own_costs_nothing(left: str, right: str) -> None:
    assert quotable(f"Talks begin\n\n{FIRST}\n\n{left}\n{right}") == [FIRST, left.strip(), right]


GERMAN_LINES = """Neues vom Hafen

Der Verein hat im Mai zwei Boote und eine Winde gekauft. Dazu kommen
Ruder, die aus Esche sind. Niemand hat sie bisher benutzt.
Ida Berg hat mit ihren Plänen zu einer deutlichen
Erleichterung der Arbeit beigetragen. Im Juni folgt die
Seilbahn, sagte sie.
Das Heft mit Bildern der Boote (Grün-
Rot, Leinen) kostet vier Euro. Es liegt im Hafen aus."""


def test_a_line_of_a_short_lined_text_that_stops_nowhere_goes_on_or_costs_both_pieces() -> None:
    whole = {
        "Der Verein hat im Mai zwei Boote und eine Winde gekauft.",
        "Dazu kommen Ruder, die aus Esche sind.",
        "Niemand hat sie bisher benutzt.",
        "Im Juni folgt die Seilbahn, sagte sie.",
        "Das Heft mit Bildern der Boote (Grün- Rot, Leinen) kostet vier Euro.",
        "Es liegt im Hafen aus.",
    }
    found = {" ".join(sentence.split()) for sentence in quotable(GERMAN_LINES)}
    assert found <= whole
    assert {"Niemand hat sie bisher benutzt.", "Es liegt im Hafen aus."} <= found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The ferry office proposes to add the LOW", "TIDE lamp to all boats of the valley."),
        ("We saw her. She met the king", "Harald in the old town."),
        ("Nobody was hurt. Auch gibt es", "Wege, die hell sind."),
    ],
)
def test_a_line_that_runs_on_in_any_language_is_no_sentence_of_its_own(left: str, right: str) -> None:
    found = quotable(f"Talks begin\n\n{FIRST}\n{left}\n{right}\nNobody else did.")
    assert left.rsplit(". ", maxsplit=1)[-1] not in found
    assert right not in found


def test_lines_are_parted_as_they_are_with_what_is_left_out_around_them() -> None:
    """With the advertisement in front of it the first line is at the margin, and runs on."""
    line = "An evening of song for a king"
    assert len(f"{AD} {line}") in WIDTHS
    assert quotable(f"Talks begin\n\n{FIRST}\n\n{AD} {line}\nHarald and his guests.") == [FIRST]


def test_what_breaks_off_is_not_quotable_and_what_only_lacks_a_stop_is() -> None:
    text = f"Talks begin\n\n{FIRST}\n\nNobody left the hotel\n\nShe told the parliament on Monday that the"
    assert quotable(text) == [FIRST, "Nobody left the hotel"]


def test_a_sentence_cut_twice_leaves_nothing() -> None:
    assert quotable(f"{FIRST} The White {AD} House science {AD} chief said so. Nobody else did.") == [
        FIRST,
        "Nobody else did.",
    ]


def test_what_is_cut_off_by_the_end_of_the_article_is_lost() -> None:
    assert quotable(f"{FIRST} The embassy said that the\nRelated Articles\nAnother headline") == [FIRST]


def test_an_advertisement_line_inside_a_wrapped_sentence_costs_both_halves() -> None:
    above, below = f"{FIRST}\nThe State Department has ordered a push to bring", "attention to it. It ended."
    assert quotable(f"{above}\n\nStory continues below this ad\n\n{below}") == [FIRST, "It ended."]


def test_an_advertisement_behind_the_headline_costs_nothing_but_a_half_it_shows() -> None:
    headline, ad = "Talks begin in Geneva after long delay", "Story continues below this ad"
    assert quotable(f"{headline}\n{ad}\n{FIRST}\n{FIRST}")[0] == FIRST
    assert quotable(f"The talks in\n{ad}\nGeneva began on Monday after a delay, it was said.\n{FIRST}") == [FIRST]
    assert quotable(f"The White House\n{ad}\naccused the firms of theft on Monday, it was said.\n{FIRST}") == [FIRST]


def test_a_byline_between_a_summary_and_the_body_costs_neither() -> None:
    summary = "What the ministers said on the first day of talks"
    text = f"Talks begin in Geneva after delay\n\n{summary}\n\nBy Ann Karlsson\n\n{FIRST}"
    assert quotable(text) == [summary, FIRST]


INSERTED = [
    AD,
    "Advertisement",
    "Story continues below this ad",
    "\n\nAlso Read | Another minister to resign\n\n",
    "READ ALSO: Another Minister Resigns",
    "(Photo: Ann Karlsson/Agency)",
    "(AP Photo/Ann Karlsson)",
    "ADVERTISEMENT",
    "\nAdvertisement\n",
]


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.slow), 23])
@pytest.mark.parametrize("inserted", one_in(3, INSERTED))
@pytest.mark.parametrize("name", sorted(SPANS))
def test_whatever_stands_in_any_word_gap_of_a_seed_never_makes_a_half_quotable(
    name: str, inserted: str, every: int
) -> None:
    text = (SEEDS / name).read_text(encoding="utf-8")
    whole = {text[start:end] for start, end in SPANS[name]}
    gaps = [place for start, end in SPANS[name] for place in range(start, end) if text[place] in " \n"]
    assert len(gaps) > 150
    for gap in gaps[::every]:
        found = quotable(f"{text[:gap]} {inserted} {text[gap + 1 :]}")
        assert set(found) <= whole, gap
        assert len(found) >= len(whole) - 3
