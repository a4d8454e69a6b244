"""Phrases of everyday English give their terms the words that a text may have instead."""

from __future__ import annotations

import pytest

from index.analysis.analyzer import stem, terms
from index.analysis.phrases import PHRASE_WEIGHT, words_for_phrases
from index.analysis.question import parse_question
from index.analysis.thesaurus import data_file


@pytest.mark.parametrize(
    ("asked", "term", "meant"),
    [
        ("Who pointed the finger at Moonshot?", "finger", "accuse"),
        ("When did he pass away?", "pass", "die"),
        ("Why did they call it off?", "call", "cancel"),
        ("How do I log in to my account?", "log", "authenticate"),
        ("how can i get rid of the bot", "rid", "remove"),
    ],
)
def test_a_phrase_stands_for_words_of_texts(asked: str, term: str, meant: str) -> None:
    assert words_for_phrases(parse_question(asked))[stem(term)][stem(meant)] == PHRASE_WEIGHT


@pytest.mark.parametrize("asked", ["Who called the police?", "Which finger points north?", "What is a pass?", "", "?"])
def test_its_words_apart_are_no_phrase(asked: str) -> None:
    assert words_for_phrases(parse_question(asked)) == {}


def test_only_terms_of_the_question_are_keys() -> None:
    question = parse_question("Did the team give up the fight when the server went down?")
    assert words_for_phrases(question).keys() <= set(question.terms)


def test_each_phrase_has_a_term_to_hang_on_and_words_that_are_not_in_it() -> None:
    for line in data_file("phrases.txt").decode().splitlines():
        if line and not line.startswith("#"):
            phrase, _, meanings = line.partition(": ")
            own = {term.term for term in terms(phrase)}
            assert own, line
            assert meanings.split(), line
            assert not own & set(map(stem, meanings.split())), line
            found = words_for_phrases(parse_question(f"Did they {phrase}?")).values()
            assert set(map(stem, meanings.split())) <= {word for words in found for word in words}, line
