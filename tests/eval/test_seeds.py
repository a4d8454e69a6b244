"""The questions about the sample articles, against floors a little below what is reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.engine import Engine
from index.evaluation.metrics import Figure, measure
from index.evaluation.questions import gold_not_in_texts, read_questions
from index.evaluation.runner import Result, ask_all, outcomes_of

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def results(engine: Engine) -> list[Result]:
    return ask_all(engine.collection, read_questions(HERE / "seeds.questions.jsonl"), lambda *_: None)


def figures_of(results: list[Result], wording: str) -> dict[str, Figure]:
    return measure(outcomes_of([result for result in results if result.asked.kind("wording") == wording]))


def test_questions_in_the_articles_words_get_the_right_sentence_first(results: list[Result]) -> None:
    figures = figures_of(results, "article")
    assert (figures["hit@1"].value or 0) >= 0.96
    assert figures["hit@3"].value == 1
    assert (figures["answered_rightly"].value or 0) >= 0.8


def test_questions_in_the_askers_own_words_get_the_right_sentence_more_often_than_by_bm25_alone(
    results: list[Result],
) -> None:
    figures = figures_of(results, "own")
    assert (figures["hit@1"].value or 0) >= 0.45
    assert (figures["hit@3"].value or 0) >= 0.7


def test_questions_in_the_askers_own_words_are_mostly_shown_the_right_sentence(results: list[Result]) -> None:
    figures = figures_of(results, "own")
    assert (figures["shown_rightly"].value or 0) >= 0.6
    assert (figures_of(results, "article")["shown_rightly"].value or 0) >= 0.97


def test_of_questions_that_the_articles_do_not_answer_hardly_one_is_answered(results: list[Result]) -> None:
    unanswerable = [result for result in results if not result.asked.answerable]
    assert len(unanswerable) == 40
    assert sum(bool(result.answer.quotes) for result in unanswerable) <= 1


def test_what_is_quoted_is_right(results: list[Result]) -> None:
    answered = [result for result in results if result.answer.quotes]
    assert sum(result.is_right_first for result in answered) >= 0.93 * len(answered)


def test_questions_as_members_ask_are_mostly_shown_the_right_sentence(engine: Engine) -> None:
    asked = read_questions(HERE / "seeds.members.questions.jsonl")
    results = ask_all(engine.collection, asked, lambda *_: None)
    texts = {entry.article.id: entry.article.text for entry in engine.collection.entries}
    assert gold_not_in_texts(asked, texts) == []
    figures = measure(outcomes_of(results))
    assert (figures["hit@1"].value or 0) >= 0.48
    assert (figures["hit@3"].value or 0) >= 0.77
    assert (figures["shown_rightly"].value or 0) >= 0.7
    assert [one.asked.question for one in results if one.answer.quotes and not one.is_right_first] == []
