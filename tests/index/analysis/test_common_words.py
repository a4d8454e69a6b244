"""How much a question's word tells: rare words keep their idf, common ones and words of talk a part."""

from __future__ import annotations

import pytest

from index.analysis.analyzer import stem
from index.analysis.common_words import FILLER, LEAST, telling_share


@pytest.mark.parametrize("word", ["demarche", "embargo", "deepseek", "qwertz"])
def test_a_rare_or_unknown_word_keeps_its_weight(word: str) -> None:
    assert telling_share(stem(word)) == 1.0


@pytest.mark.parametrize(("common", "rarer"), [("come", "meet"), ("meet", "summit"), ("think", "accuse")])
def test_the_more_common_a_word_the_less_it_tells(common: str, rarer: str) -> None:
    assert LEAST <= telling_share(stem(common)) < telling_share(stem(rarer)) <= 1.0


def test_an_irregular_form_is_as_common_as_its_word() -> None:
    assert telling_share(stem("came")) == telling_share(stem("come"))


@pytest.mark.parametrize("word", ["anyway", "guys", "reckon", "stuff"])
def test_a_word_of_talk_tells_least(word: str) -> None:
    assert telling_share(stem(word)) == FILLER


@pytest.mark.parametrize("word", ["late", "current", "basic", "serious", "liter", "wonder", "lot", "folk", "hell"])
def test_a_word_that_a_word_of_talk_shares_its_stem_with_is_none(word: str) -> None:
    assert telling_share(stem(word)) >= LEAST


def test_words_of_other_languages_keep_their_weight() -> None:
    assert telling_share("de\x1fmann") == 1.0
