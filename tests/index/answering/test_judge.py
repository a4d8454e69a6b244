"""A sentence that has the words of a question, and not its answer, is shown with a caveat and never as an answer."""

from __future__ import annotations

import pytest

from index.analysis.question import parse_question
from index.answering.answerability import JUDGED, answerability_model, judge
from index.answering.pipeline import answer_question
from index.collection.collection import Collection
from index.models import Verdict
from index.ranking import rank
from tests.index.reading.test_documents import entry_of

HARBOUR = """The harbour

The pier of Lomma was closed in 1998 by the harbour office. Gulls nest below it in spring and summer.

The lighthouse on the rock was painted red in 2004 by two brothers. Rain fell for three weeks.

The road to the mill turns north at the chapel. Nobody lives there in winter.

The council rejected the plan for a ferry to the island. Fishing nets hang along the whole shore.
"""


@pytest.fixture(scope="module")
def collection() -> Collection:
    return Collection([entry_of("harbour.txt", HARBOUR)])


@pytest.mark.parametrize(
    ("question", "rule", "sentence"),
    [
        ("Was the pier of Lomma rebuilt by the harbour office?", "word-missing", "The pier of Lomma"),
        ("Did the pope reject the plan for a ferry?", "word-missing", "The council rejected"),
        ("Who accepted the plan for a ferry to the island?", "opposite", "The council rejected"),
        ("Where does the road to the mill turn south?", "opposite", "The road to the mill"),
        ("Who painted the lighthouse red in 1998?", "number-missing", "The lighthouse"),
        ("When did the council reject the plan for a ferry?", "no-time", "The council rejected"),
        ("Why was the lighthouse on the rock painted red?", "no-reason", "The lighthouse"),
        ("What day was the pier of Lomma closed?", "no-time", "The pier of Lomma"),
    ],
)
def test_a_sentence_that_says_something_else_in_the_same_words_may_answer(
    collection: Collection, question: str, rule: str, sentence: str
) -> None:
    answer = answer_question(collection, question)
    assert (answer.verdict, answer.explanation.rule) == (Verdict.MAY_ANSWER, rule)
    assert answer.possible[0].text.startswith(sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did the council reject the plan for a ferry?", "The council rejected"),
        ("When was the pier of Lomma closed by the harbour office?", "The pier of Lomma"),
    ],
)
def test_a_sentence_that_says_what_is_asked_answers(collection: Collection, question: str, sentence: str) -> None:
    answer = answer_question(collection, question)
    assert answer.verdict is Verdict.ANSWERED
    assert answer.quotes[0].text.startswith(sentence)


def test_the_best_candidates_keep_their_order_unless_one_answers(collection: Collection) -> None:
    threshold = answerability_model().model.threshold
    for question in (
        "Who painted the lighthouse red in 1998?",
        "When was the pier closed?",
        "the road, the rain, a plan",
    ):
        ranked = rank(collection, parse_question(question))
        assert ranked is not None
        judged = judge(ranked)
        answering = [chance >= threshold for chance in judged.probabilities]
        assert len(judged.probabilities) == len(judged.rules) == min(JUDGED, len(ranked.chunks))
        assert answering == sorted(answering, reverse=True)
        others = [chunk for chunk in ranked.chunks if chunk not in judged.ranked.chunks[: sum(answering)]]
        assert list(judged.ranked.chunks[sum(answering) :]) == others
