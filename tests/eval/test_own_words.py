"""Questions in people's own words: which of the three tiers they get, and the sentence that is shown at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.engine import Engine
from index.models import Answer, Verdict

HERE = Path(__file__).parent
ASKED = [json.loads(line) for line in (HERE / "own_words.jsonl").read_text("utf-8").splitlines()]
ABOUT_THEM = [asked for asked in ASKED if asked["shows"]]
ABOUT_OTHERS = [asked["question"] for asked in ASKED if not asked["shows"]]
FAR_AWAY = [asked["question"] for asked in ASKED if not asked["shows"] and asked["tier"] == "not_found"]


def shows(answer: Answer, words: list[str]) -> bool:
    return any(some in quote.text for quote in answer.shown_quotes for some in words)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked["question"])
def test_each_question_gets_its_tier_and_shows_the_right_sentence_at_once(
    engine: Engine, asked: dict[str, Any]
) -> None:
    answer = engine.ask(asked["question"])
    assert answer.verdict.value == asked["tier"]
    assert shows(answer, asked["shows"]) == (bool(asked["shows"]) and "missed" not in asked)


def test_most_questions_in_peoples_own_words_are_shown_the_right_sentence(engine: Engine) -> None:
    right = [asked["question"] for asked in ABOUT_THEM if shows(engine.ask(asked["question"]), asked["shows"])]
    assert len(right) >= 0.9 * len(ABOUT_THEM)


def test_no_question_about_something_else_is_answered(engine: Engine) -> None:
    assert [question for question in ABOUT_OTHERS if engine.ask(question).quotes] == []


@pytest.mark.parametrize("question", FAR_AWAY)
def test_a_question_about_something_else_entirely_finds_nothing(engine: Engine, question: str) -> None:
    assert engine.ask(question).verdict is Verdict.NOT_FOUND


def test_a_question_in_another_language_is_never_answered_for_sure(engine: Engine) -> None:
    for question in ("Wer ist Michael Kratsios?", "Wo ist der Huawei Chip?"):
        answer = engine.ask(question)
        assert answer.verdict is Verdict.MAY_ANSWER
        assert answer.explanation.probability >= answer.explanation.threshold


def test_an_empty_index_says_that_there_are_no_articles(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    answer = Engine.open(tmp_path / "seeds", tmp_path / "data").ask("Was Huawei mentioned?")
    assert (answer.verdict, answer.explanation.rule) == (Verdict.NOT_FOUND, "no-articles")
