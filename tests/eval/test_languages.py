"""Questions in seven languages about articles in that language; `languages/README.md` says what they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.engine import Engine
from index.evaluation.questions import read_questions
from index.evaluation.runner import ask_all
from index.models import Verdict

HERE = Path(__file__).parent / "languages"
SEEDS = Path(__file__).parents[2] / "seeds"
CODES = sorted(path.name for path in HERE.iterdir() if path.is_dir())


def test_there_are_seven_languages() -> None:
    assert CODES == ["ar", "de", "es", "fr", "ja", "ru", "zh"]


@pytest.mark.parametrize("code", CODES)
def test_the_right_sentence_is_among_what_is_shown(code: str, tmp_path: Path) -> None:
    engine = Engine.open(HERE / code, tmp_path)
    assert engine.collection.languages == {code: 6}
    results = ask_all(engine.collection, read_questions(HERE / code / "questions.jsonl"), lambda *_: None)
    answerable = [result for result in results if result.asked.answerable]
    unanswerable = [result for result in results if not result.asked.answerable]
    assert (len(answerable), len(unanswerable)) == (12, 6)
    assert sum(result.is_shown_right for result in answerable) >= 0.85 * len(answerable)
    assert not any(result.answer.quotes for result in unanswerable)
    assert all(result.is_right_first for result in answerable if result.answer.quotes)
    assert all(result.answer.language == code for result in results)
    assert not any(result.answer.verdict is Verdict.UNCLEAR for result in results)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    seeds = tmp_path_factory.mktemp("seeds")
    for folder in (HERE / "de", HERE / "fr", HERE / "ja", SEEDS):
        shutil.copytree(folder, seeds, ignore=shutil.ignore_patterns("*.jsonl"), dirs_exist_ok=True)
    engine = Engine.open(seeds, tmp_path_factory.mktemp("data"))
    assert dict(engine.collection.languages) == {"de": 6, "fr": 6, "ja": 6, "en": 2}
    return engine


@pytest.mark.parametrize("code", ["de", "fr", "ja"])
def test_a_mixed_collection_answers_each_language_from_its_own_articles(mixed: Engine, code: str) -> None:
    results = ask_all(mixed.collection, read_questions(HERE / code / "questions.jsonl"), lambda *_: None)
    answerable = [result for result in results if result.asked.answerable]
    assert sum(result.is_shown_right for result in answerable) >= 0.8 * len(answerable)
    assert not any(result.answer.quotes for result in results if not result.asked.answerable)
    assert all(result.answer.language == code for result in results)


def test_english_questions_to_a_mixed_collection_are_answered_as_in_english_alone(mixed: Engine) -> None:
    answer = mixed.ask("Who is the White House science and technology chief?")
    assert answer.verdict is Verdict.ANSWERED
    assert "Michael Kratsios" in answer.quotes[0].text
    assert mixed.ask("What is the capital of France?").verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize(
    ("question", "asked_in", "found_in", "holds"),
    [
        ("Wer ist Michael Kratsios?", "de", "en", "Michael Kratsios"),
        ("Qui est Michael Kratsios ?", "fr", "en", "Michael Kratsios"),
        ("Michael Kratsiosは誰ですか", "ja", "en", "Michael Kratsios"),
        ("Was ist Distillation?", "de", "en", "Distillation is"),
        ("Who is Walburga Thannreiter?", "en", "de", "Walburga Thannreiter"),
    ],
)
def test_a_name_is_found_in_another_language_as_what_may_answer(
    mixed: Engine, question: str, asked_in: str, found_in: str, holds: str
) -> None:
    answer = mixed.ask(question)
    assert (answer.verdict, answer.language) == (Verdict.MAY_ANSWER, asked_in)
    assert answer.possible[0].article.language_code == found_in
    assert holds in answer.possible[0].text


def test_an_article_of_another_language_alone_can_be_asked(mixed: Engine) -> None:
    answer = mixed.ask("Wer führt die Werkstatt weiter?", "fr-facteur-orgues")
    assert all(quote.article.id == "fr-facteur-orgues" for quote in answer.shown_quotes)
    assert mixed.ask("Wo wohnt Walburga Thannreiter?", "de-geigenbauerin").shown_quotes


def test_a_word_with_many_sentences_in_one_language_is_not_called_unfound_by_another(mixed: Engine) -> None:
    assert mixed.ask("distillation").explanation.rule != "no-passage"


def test_a_question_in_english_is_looked_for_by_its_names_where_no_article_is_in_english(tmp_path: Path) -> None:
    engine = Engine.open(HERE / "de", tmp_path)
    answer = engine.ask("What does the article say about Silke Brodersen?")
    assert (answer.verdict, answer.language) == (Verdict.MAY_ANSWER, "en")
    assert "Brodersen" in answer.possible[0].text
    assert engine.ask("who is that?").explanation.rule == "nothing-to-search-for"
    assert engine.ask("Who was Napoleon?").verdict is Verdict.NOT_FOUND


def test_a_word_of_an_article_in_another_language_is_not_taken_for_a_typo(mixed: Engine) -> None:
    answer = mixed.ask("Who is Thannreiter?")
    assert answer.corrections == ()
    assert "Thannreiter" in answer.shown_quotes[0].text
    assert mixed.correct_spelling("Thannreiter").corrections == ()
