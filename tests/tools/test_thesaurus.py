"""The thesaurus' builder reads WordNet, and ties words that mean much the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tools.thesaurus import wordnet
from tools.thesaurus.irregular_forms import irregular_forms
from tools.thesaurus.kinds import people, places
from tools.thesaurus.opposites import opposites
from tools.thesaurus.random_walk import cosines, definition_stems, graph, walks


@pytest.fixture
def tiny(tmp_path: Path) -> wordnet.WordNet:
    """A WordNet of four synsets: steal, theft, crime and big."""
    (tmp_path / "data.noun").write_text(
        "  1 licence\n"
        "00000010 04 n 02 theft 0 grand_larceny 0 002 @ 00000020 n 0000 + 00000010 v 0101 | the crime of taking "
        'something; "a bold theft"\n'
        "00000020 04 n 01 crime 0 001 ~ 00000010 n 0000 | an act punishable by law\n"
    )
    (tmp_path / "data.verb").write_text("00000010 40 v 01 steal 0 001 + 00000010 n 0101 01 + 08 00 | take by theft\n")
    (tmp_path / "data.adj").write_text("00000010 00 a 01 big(a) 0 000 | above average in size\n")
    (tmp_path / "data.adv").write_text("")
    (tmp_path / "index.noun").write_text(
        "theft n 1 2 @ + 1 1 00000010\ngrand_larceny n 1 2 @ + 1 0 00000010\ncrime n 1 1 ~ 1 1 00000020\n"
    )
    (tmp_path / "index.verb").write_text("steal v 1 1 + 1 1 00000010\n")
    (tmp_path / "index.adj").write_text("big a 1 0 1 1 00000010\n")
    (tmp_path / "index.adv").write_text("")
    (tmp_path / "cntlist.rev").write_text("big%3:00:00:: 1 9\nsteal%2:40:00:: 1 7\ntheft%1:04:00:: 1 3\n")
    (tmp_path / "verb.exc").write_text("stole steal\nstolen steal\nwrung wring\n")
    for name in ("noun", "adj", "adv"):
        (tmp_path / f"{name}.exc").write_text("")
    return wordnet.read(tmp_path)


def test_wordnets_files_are_read_with_counts_pointers_and_bare_definitions(tiny: wordnet.WordNet) -> None:
    theft, crime, steal, big = tiny.synsets
    assert theft.words == ("theft", "grand_larceny")
    assert theft.definition == "the crime of taking something"
    assert theft.pointers == (wordnet.Pointer("@", 1), wordnet.Pointer("+", 2, (0, 0)))
    assert crime.pointers == (wordnet.Pointer("~", 0),)
    assert (steal.words, big.words) == (("steal",), ("big",))
    assert tiny.senses["steal", "v"] == (wordnet.Sense(2, 1, 7),)
    assert tiny.uses("theft") == 3


def test_words_for_places_and_people_are_names_as_written_and_stems_of_nouns_in_use(tmp_path: Path) -> None:
    for part in ("verb", "adj", "adv"):
        (tmp_path / f"data.{part}").write_text("")
        (tmp_path / f"index.{part}").write_text("")
        (tmp_path / f"{part}.exc").write_text("")
    (tmp_path / "noun.exc").write_text("")
    (tmp_path / "data.noun").write_text(
        "00000010 15 n 02 Lisbon 0 Ulissi_Pona 0 001 @i 00000020 n 0000 | a city\n"
        "00000020 15 n 01 city 0 000 | a large place\n"
        "00000030 06 n 01 pantry 0 000 | a room for food\n"
        "00000040 06 n 01 ergastulum 0 000 | a prison on an estate\n"
        "00000050 18 n 01 Newton 0 001 @i 00000060 n 0000 | a scientist\n"
        "00000060 18 n 01 scientist 0 000 | one who knows\n"
        "00000070 14 n 01 council 0 001 @ 00000080 n 0000 | an assembly\n"
        "00000080 14 n 01 social_group 0 000 | people together\n"
        "00000090 14 n 01 series 0 000 | things in a row\n"
    )
    (tmp_path / "index.noun").write_text(
        "lisbon n 1 1 @ 1 0 00000010\nulissi_pona n 1 1 @ 1 0 00000010\ncity n 1 0 1 1 00000020\n"
        "pantry n 1 0 1 1 00000030\nergastulum n 1 0 1 0 00000040\nnewton n 1 1 @ 1 1 00000050\n"
        "scientist n 1 0 1 1 00000060\ncouncil n 1 1 @ 1 1 00000070\nsocial_group n 1 0 1 0 00000080\n"
        "series n 1 0 1 1 00000090\n"
    )
    (tmp_path / "cntlist.rev").write_text(
        "city%1:15:00:: 1 9\ncouncil%1:14:00:: 1 2\nseries%1:14:00:: 1 2\n"
        "pantry%1:06:00:: 1 2\nnewton%1:18:00:: 1 3\nscientist%1:18:00:: 1 3\n"
    )
    database = wordnet.read(tmp_path)
    assert places(database) == ["Lisbon", "Ulissi Pona", "citi", "pantri"]
    assert people(database) == ["council", "scientist"]


def test_irregular_forms_and_degrees_are_those_of_words_that_there_are(tiny: wordnet.WordNet) -> None:
    assert irregular_forms(tiny) == {"big": ("bigger", "biggest"), "steal": ("stole", "stolen")}


def test_a_walk_from_a_word_comes_to_what_it_is_tied_to(tiny: wordnet.WordNet) -> None:
    words = {"theft": [("theft", "n")], "crime": [("crime", "n")], "steal": [("steal", "v")], "big": [("big", "a")]}
    steps = graph(tiny, words, definition_stems(tiny, {}))
    sums = np.add.reduceat(steps.values, steps.starts[:-1][np.diff(steps.starts) > 0])
    assert sums == pytest.approx(1)
    near = np.array(list(cosines(walks(steps, range(4, 8)), 8)))
    assert near == pytest.approx(near.T, abs=0.01)
    assert near[0, 2] > near[1, 2] > near[3, 2] == 0


def test_opposites_are_stems_both_ways_and_hold_between_words_not_meanings() -> None:
    pointers = (wordnet.Pointer("!", 1, (1, 0)), wordnet.Pointer("&", 1), wordnet.Pointer("!", 1))
    database = wordnet.WordNet(
        (
            wordnet.Synset("v", ("gain", "increase"), pointers, "grow", 30),
            wordnet.Synset("v", ("decrease", "go_down"), (wordnet.Pointer("!", 0, (0, 1)),), "shrink", 30),
        ),
        {},
        {},
    )
    assert opposites(database) == {"decreas": ["increas"], "increas": ["decreas"]}
