"""The thesaurus' builder reads WordNet, and ties words that mean much the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tools.thesaurus import wordnet
from tools.thesaurus.irregular_forms import irregular_forms
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
    assert theft.pointers == (wordnet.Pointer("@", 1), wordnet.Pointer("+", 2))
    assert crime.pointers == (wordnet.Pointer("~", 0),)
    assert (steal.words, big.words) == (("steal",), ("big",))
    assert tiny.senses["steal", "v"] == (wordnet.Sense(2, 1, 7),)
    assert tiny.uses("theft") == 3


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
