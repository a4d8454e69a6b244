from __future__ import annotations

from pathlib import Path

import pytest

from index.answering.answerability import NEVER_ANSWERS
from index.answering.pipeline import answer_question
from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.engine import Engine
from index.models import Answer, Verdict
from index.reading import read_article

HARBOUR = """Map maker accuses rivals

The map maker Harbourside on Monday accused two rivals, Kestrel and Osprey, of copying its maps of the coast. “Denmark
has more copied maps than any other country,” Swedish trade minister Eva Lund told a newspaper. The minister vowed to
ban the oldest atlas. Who will pay for the new maps? The town of Lomma bought nine hundred of them.
"""
GUIDE = """# Maps

## The copied maps

Harbourside accused Kestrel of copying its maps.
"""


def asked(question: str, text: str = HARBOUR, name: str = "harbour.txt") -> Answer:
    article = read_article(name, text.encode(), None, built_in_rules())
    return answer_question(Collection([article]), question)


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("Who accused Harbourside of copying maps?", "role-conflict"),
        ("Which rivals accused Harbourside of copying maps?", "role-conflict"),
        ("What did Denmark say about copied maps?", "role-conflict"),
        ("Who is Denmark's trade minister?", "role-conflict"),
        ("What did the minister ban?", "only-planned"),
        ("Who will pay for them?", "asks-itself"),
    ],
)
def test_a_sentence_with_the_words_of_the_question_in_other_roles_is_never_the_answer(question: str, rule: str) -> None:
    answer = asked(question)
    assert (answer.verdict, answer.explanation.rule) == (Verdict.MAY_ANSWER, rule)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who accused Kestrel and Osprey of copying maps?", "Harbourside"),
        ("Which rivals did Harbourside accuse of copying maps?", "Kestrel and Osprey"),
        ("What did Eva Lund say about copied maps?", "more copied maps"),
        ("Who is the Swedish trade minister?", "Eva Lund"),
        ("Who bought nine hundred maps?", "The town of Lomma"),
    ],
)
def test_a_sentence_with_the_roles_of_the_question_comes_first_and_may_answer(question: str, words: str) -> None:
    answer = asked(question)
    assert answer.explanation.rule not in NEVER_ANSWERS
    assert words in answer.shown_quotes[0].text


def test_a_heading_does_not_make_an_answer_of_other_roles() -> None:
    swapped = asked("Did Kestrel accuse Harbourside of copying its maps?", GUIDE, "maps.md")
    assert (swapped.quotes, swapped.explanation.rule) == ((), "role-conflict")
    assert asked("Did Harbourside accuse Kestrel of copying its maps?", GUIDE, "maps.md").verdict is Verdict.ANSWERED


@pytest.mark.parametrize(
    "question",
    [
        "what did China say",
        "What did China say about distillation?",
        "Who accused Anthropic?",
        "Which companies accused Anthropic of distillation?",
        "Who is the technology chief of China?",
        "When did the White House take action?",
        "When did the White House take action against DeepSeek?",
        "Who accused the White House?",
        "Did China accuse the White House of theft?",
        "Who warned OpenAI?",
        "Who did DeepSeek accuse?",
    ],
)
def test_who_did_what_in_the_news_is_not_turned_round(question: str, seeds: Engine) -> None:
    answer = seeds.ask(question)
    assert answer.verdict is not Verdict.ANSWERED
    assert answer.quotes == ()


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.open(Path(__file__).parents[3] / "seeds", tmp_path_factory.mktemp("data"))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Examples of hot springs and geysers are the ones at Reykholt.", Verdict.MAY_ANSWER),
        ("The difference between hot springs and geysers is that geysers throw their water up.", Verdict.ANSWERED),
    ],
)
def test_a_difference_is_answered_only_by_what_tells_two_things_apart(text: str, verdict: Verdict) -> None:
    question = "What is the difference between hot springs and geysers?"
    assert asked(question, f"Springs\n\n{text} It rained.", "springs.txt").verdict is verdict
