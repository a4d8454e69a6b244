from __future__ import annotations

import time
from pathlib import Path

import pytest

from index.analysis.question import parse_question
from index.answering.pipeline import answer_question
from index.answering.proof import prove_answer
from index.answering.spelling import MAX_CORRECTIONS, correct_spelling
from index.collection.collection import Collection
from index.engine import Engine
from index.errors import ProofFailed
from index.models import IndexedArticle, Span, SpellingCorrection, Verdict


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return Engine.open(Path(__file__).parents[3] / "seeds", tmp_path_factory.mktemp("data")).collection


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Who is Kratsois?", {"Kratsois": "Kratsios"}),
        ("what does huwaei do for deapseek", {"huwaei": "Huawei", "deapseek": "DeepSeek"}),
        ("what did the whitehouse do", {"whitehouse": "White House"}),
        ("was deep seek banned", {"deep seek": "DeepSeek"}),
        ("mini-max", {"mini-max": "MiniMax"}),
    ],
)
def test_a_slip_is_read_as_the_word_of_the_articles_that_it_is_near(
    collection: Collection, text: str, readings: dict[str, str]
) -> None:
    question, read = correct_spelling(parse_question(text), collection)
    assert {reading.written: reading.corrected for reading in read} == readings
    for written, word in readings.items():
        assert written not in question.text
        assert word in question.text


@pytest.mark.parametrize(
    "text",
    [
        "Who is Kratsios?",
        "What is the population of Austria?",
        "Who won in Iran?",
        "What is the weather tomorrow?",
        "How do I bake sourdough bread?",
        "Which bank lent money?",
        "zzzzzzzzzz",
        "2O26",
    ],
)
def test_a_word_that_is_right_or_like_none_of_the_articles_is_left_alone(collection: Collection, text: str) -> None:
    question = parse_question(text)
    assert correct_spelling(question, collection) == (question, ())


def test_only_so_many_words_are_read_differently(collection: Collection) -> None:
    _, read = correct_spelling(
        parse_question("kratsois huwaei deapseek antropic moonshoot minimaxx washingtom"), collection
    )
    assert len(read) == MAX_CORRECTIONS


def test_an_answer_says_what_it_read_and_keeps_the_question_as_it_was_asked(collection: Collection) -> None:
    answer = answer_question(collection, "What new model did Deapseek launch a preview of?")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.question == "What new model did Deapseek launch a preview of?"
    assert [(reading.written, reading.corrected) for reading in answer.corrections] == [("Deapseek", "DeepSeek")]
    prove_answer(answer, collection.by_id)


def test_a_word_that_is_in_no_sentence_of_the_articles_is_never_said_to_have_been_read(collection: Collection) -> None:
    answer = answer_question(collection, "What new model did Deapseek launch a preview of?")
    entry: IndexedArticle = collection.by_id[answer.corrections[0].article.id]
    left_out = entry.exclusions[0].span
    forged = SpellingCorrection(
        written="x",
        question_span=Span(0, 1),
        article=entry.article,
        article_span=Span(left_out.start, left_out.start + 3),
    )
    with pytest.raises(ProofFailed):
        prove_answer(answer.model_copy(update={"corrections": (forged,)}), collection.by_id)


def test_what_is_too_long_for_a_word_is_compared_with_none(collection: Collection) -> None:
    letters = "deepseek" * 500
    correct_spelling(parse_question("huwaei"), collection)
    started = time.process_time()
    assert correct_spelling(parse_question(letters), collection)[1] == ()
    assert time.process_time() - started < 0.05
