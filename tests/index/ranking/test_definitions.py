"""What says what something is comes first where nothing else is asked about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis.question import parse_question
from index.analysis.sentence_features import sentence_features
from index.engine import Engine
from index.ranking import rank
from index.ranking.definitions import defines


def is_definition(question: str, sentence: str) -> bool:
    return defines(parse_question(question), sentence_features(sentence), {}) == 1.0


@pytest.mark.parametrize(
    "sentence",
    [
        "A sluice is a gate that holds back water.",
        "The sluice (Dutch: sluis) is a gate that holds back water.",
        "On canals, a sluice is the lowest of the gates.",
        "Sluices are gates that hold back water.",
        "They lowered the sluice, a gate of oak.",
        "The sluice, whose gate is of oak, holds back water.",
        "Beside the mill is a gate called the sluice.",
        "A sluice (a sliding gate) holds back water.",
        "Sluice means a gate that slides.",
    ],
)
@pytest.mark.parametrize("question", ["What is a sluice?", "what's a sluice", "sluice", "What does sluice mean?"])
def test_a_sentence_defines_a_thing_in_many_ways(question: str, sentence: str) -> None:
    assert is_definition(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who was Ilse Varga?", "Ilse Varga (1902–1977) was a potter."),
        ("who was varga", "Ilse Varga was one of the first potters of the town."),
        ("Who was Ilse?", "Ilse Varga was a potter."),
        ("Who is Ilse Varga?", "It was bought by Ilse Varga, a potter from Pécs."),
        ("ILSE VARGA", "Ilse Varga, whose pots are in every museum, never travelled."),
        ("What is the NBK?", "The National Board of Kilns (NBK) was an authority."),
    ],
)
def test_a_name_is_defined_with_all_it_is_called(question: str, sentence: str) -> None:
    assert is_definition(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is a sluice?", "The keeper of the sluice is a woman."),
        ("What is a sluice?", "The sluice was opened on Monday."),
        ("What are sluices?", "Sluices are opened by keepers."),
        ("What is a sluice?", "The sluice (see below) was opened."),
        ("What is a salt sluice?", "A sluice is a gate that keeps out salt."),
        ("Who was Ilse Varga?", "Ilse, Varga and a potter met."),
    ],
)
def test_a_sentence_that_only_names_a_thing_does_not_define_it(question: str, sentence: str) -> None:
    assert not is_definition(question, sentence)


@pytest.mark.parametrize(
    "question",
    [
        "What is the sluice made of?",
        "What was built at the sluice?",
        "When was the sluice built?",
        "Who opened the sluice?",
        "Is the sluice open?",
        "What is the sluice's width?",
        "What do the sluices hold?",
        "anything about the sluice",
    ],
)
def test_another_question_asks_for_no_definition(question: str) -> None:
    assert not is_definition(question, "A sluice is a gate that holds back water.")


@pytest.mark.parametrize(
    "question", ["What is the Brandt kiln?", "what's the brandt kiln", "Brandt kiln", "define Brandt kiln"]
)
def test_the_sentence_that_says_what_a_thing_is_answers_first(tmp_path: Path, question: str) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "kiln.txt").write_text(
        "Pots of the town\n\n"
        "Visitors may see the Brandt kiln, a round furnace of clay from 1780 that burns beech wood, on Sundays.\n\n"
        "The Brandt kiln burns. The Brandt kiln was repaired in May. In winter the Brandt kiln is a shelter for cats.\n"
    )
    (tmp_path / "seeds" / "fair.txt").write_text(
        "A fair\n\nThe fair is held beside a kiln. Brandt pots are sold there.\n"
    )
    engine = Engine.open(tmp_path / "seeds", tmp_path / "data")
    assert engine.ask(question).shown_quotes[0].text.startswith("Visitors may see the Brandt kiln, a round furnace")


def test_of_several_definitions_in_an_article_the_first_counts(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text(
        "Lundby\n\nLundby, whose harbour never freezes, exports salt.\n\nLundby is a town. Lundby is the place to be.\n"
    )
    (tmp_path / "seeds" / "b.txt").write_text("Salt\n\nLundby is a town of salt.\n")
    ranked = rank(Engine.open(tmp_path / "seeds", tmp_path / "data").collection, parse_question("What is Lundby?"))
    assert ranked is not None
    texts = [ranked.inputs.collection.text(chunk) for chunk in ranked.chunks]
    first = {text for text, mark in zip(texts, ranked.features["defines"], strict=True) if mark}
    assert first == {"Lundby, whose harbour never freezes, exports salt.", "Lundby is a town of salt."}
