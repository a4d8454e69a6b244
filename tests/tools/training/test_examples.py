from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np

from index.evaluation.questions import EvaluationQuestion, Gold
from index.models import Article, IndexedArticle, Sentence, Span
from tools.training.examples import Example, Setting, examples

TEXTS = {
    "dam": ["The council of Lanby approved the dam.", "The dam will cost 40 million crowns.", "Farmers are angry."],
    "sport": ["Swimmers from Norrland won four medals.", "Their coach thanked the crowd.", "Snow fell on Monday."],
}


def entry(name: str, sentences: list[str]) -> IndexedArticle:
    text, found = "", []
    for place, sentence in enumerate(sentences):
        found.append(Sentence(article=name, span=Span(len(text), len(text) + len(sentence)), paragraph=place))
        text += sentence + "\n\n"
    article = Article(id=name, file=f"{name}.txt", encoding="utf-8", sha256="0" * 64, text=text)
    return IndexedArticle(article=article, sentences=tuple(found))


def question(number: int) -> EvaluationQuestion:
    """The same two questions over and over: enough for every setting to occur."""
    if number % 2:
        gold = (Gold(article="dam", contains="will cost 40 million"),)
        return EvaluationQuestion(id=str(number), question="How much will the dam cost?", answerable=True, gold=gold)
    gold = (Gold(article="sport", contains="won four medals"),)
    return EvaluationQuestion(id=str(number), question="Who won medals in swimming?", answerable=True, gold=gold)


ENTRIES = [entry(name, sentences) for name, sentences in TEXTS.items()]


@cache
def made() -> list[Example]:
    """The examples, which take a moment to make."""
    return list(examples("made", ENTRIES, [question(number) for number in range(60)]))


def test_every_setting_occurs_and_each_run_makes_the_same_examples() -> None:
    assert {example.setting for example in made()} == set(Setting)
    again = list(examples("made", ENTRIES, [question(number) for number in range(60)]))
    assert [example.asked.question.text for example in again] == [example.asked.question.text for example in made()]
    for one, other in zip(made(), again, strict=True):
        np.testing.assert_array_equal(one.right, other.right)


def test_without_its_article_or_its_answer_a_question_has_no_right_candidate() -> None:
    answered = {Setting.WHOLE, Setting.SMALL, Setting.REWORDED}
    for example in made():
        assert example.answerable == (example.setting in answered)
        assert example.answerable or not example.right.any()


def test_a_reworded_question_lost_words_that_its_answer_holds_but_no_name() -> None:
    originals = {"How much will the dam cost?", "Who won medals in swimming?"}
    reworded = {example.asked.question.text for example in made() if example.setting is Setting.REWORDED}
    assert reworded - originals
    assert all(text.startswith(("How much will the", "Who ")) for text in reworded)


def test_a_question_in_ones_own_words_is_always_asked_of_few_sentences_and_never_reworded() -> None:
    own = [question(number).model_copy(update={"wording": "own"}) for number in range(60)]
    found = list(examples("own", ENTRIES, own))
    by_setting = Counter(example.setting for example in found)
    assert Setting.REWORDED not in by_setting
    assert by_setting[Setting.SMALL] == 60
    assert 0 < by_setting[Setting.WHOLE] < 40
    assert {example.asked.collection.articles for example in found if example.setting is Setting.SMALL} == {2}
