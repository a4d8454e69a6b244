"""A question of two parts is answered only where both are; else the answer says which part is not."""

import pytest

from index.answering.pipeline import answer_question
from index.answering.proof import prove_answer
from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.models import Verdict
from index.reading import read_article

LIBRARY = """The library of Lomma

Ilse Brandt founded the library on the harbour in 1887. The library lends books and maps. Customers praise the maps.
"""
MILL = """The mill of Orla

Anders Holm built the mill by the river. The mill grinds rye and wheat. The mayor paid for the wheel.
"""


@pytest.fixture(scope="module")
def collection() -> Collection:
    texts = {"library": LIBRARY, "mill": MILL}
    return Collection(
        [read_article(f"{name}.txt", text.encode(), None, built_in_rules()) for name, text in texts.items()]
    )


@pytest.mark.parametrize(
    "question",
    ["Who founded the library and when?", "When and where did Ilse Brandt found the library?"],
)
def test_one_sentence_may_answer_both_parts(collection: Collection, question: str) -> None:
    answer = answer_question(collection, question)
    assert (answer.verdict, answer.unanswered) == (Verdict.ANSWERED, ())
    assert answer.quotes[0].text == "Ilse Brandt founded the library on the harbour in 1887."
    prove_answer(answer, collection.by_id)


def test_each_part_has_its_quotation(collection: Collection) -> None:
    answer = answer_question(collection, "Who founded the library, and who built the mill by the river?")
    assert answer.verdict is Verdict.ANSWERED
    assert [quote.text for quote in answer.quotes[:2]] == [
        "Ilse Brandt founded the library on the harbour in 1887.",
        "Anders Holm built the mill by the river.",
    ]
    assert len({quote.text for quote in (*answer.quotes, *answer.nearest)}) == len([*answer.quotes, *answer.nearest])


def test_a_part_that_is_not_answered_is_named_in_the_askers_words(collection: Collection) -> None:
    answer = answer_question(collection, "Who built the mill by the river and when?")
    assert (answer.verdict, answer.unanswered) == (Verdict.MAY_ANSWER, ("when",))
    assert answer.possible[0].text == "Anders Holm built the mill by the river."
    prove_answer(answer, collection.by_id)


def test_a_question_of_one_part_has_no_unanswered_part(collection: Collection) -> None:
    answer = answer_question(collection, "When was the mill built by the river?")
    assert (answer.verdict, answer.unanswered) == (Verdict.MAY_ANSWER, ())
