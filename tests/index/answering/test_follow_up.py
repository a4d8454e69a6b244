"""A follow-up is answered with what it follows: terms, pronouns and the place of the quotation, and nothing made up."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering.follow_up import answer_follow_up
from index.answering.pipeline import answer_question
from index.answering.proof import prove_answer
from index.bm25.candidate_source import ChunkFilter
from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.engine import Engine
from index.models import Answer, Preceding, SearchScope, Verdict
from index.reading import read_article
from tests.properties import examples

LIBRARY = """The library of Lomma

Ilse Brandt founded the library on the harbour in 1887. The library lends books and maps. It closes on Sundays, because
the harbour is closed then. Chief librarian Jonas Ek said the maps are popular. He was born in Ystad in 1961.
"""
MILL = """The mill of Orla

Anders Holm built the mill by the river in 1790. The mill grinds rye and wheat. The mayor paid for the wheel. In 1902 a
fire destroyed the mill, because the stove was left alone. The mill was never insured.
"""
BAKERY = """The bakery of Orla

Greta Lind opened the bakery in 1911. The bakery sells bread made of rye and wheat. Lind closed the bakery in 1940.
"""
GERMAN = Path(__file__).parents[2] / "eval" / "languages" / "de"
QUESTIONS = [
    *(
        "Who built the mill?",
        "Who founded the library?",
        "and when?",
        "why?",
        "what about it?",
        "and the bakery?",
        "more",
    ),
    *("who wrote this?", "What did he say?", "How old is she?", "mill", "thanks", "Und wer?", "does it?", "that", "x"),
]


@pytest.fixture(scope="module")
def collection() -> Collection:
    texts = {"library": LIBRARY, "mill": MILL, "bakery": BAKERY}
    return Collection(
        [read_article(f"{name}.txt", text.encode(), None, built_in_rules()) for name, text in texts.items()]
    )


def asked(collection: Collection, *questions: str) -> list[Answer]:
    """The answers to questions that follow each other."""
    answers: list[Answer] = []
    chain: tuple[str, ...] = ()
    for question in questions:
        before = answers[-1] if answers else None
        preceding = Preceding(
            questions=chain,
            quotes=before.shown_quotes if before else (),
            nearest=before.nearest if before else (),
        )
        answer = answer_follow_up(
            question,
            preceding,
            lambda text, within: answer_question(collection, text, within),
            collection,
            within=None,
            scope=SearchScope.ALL,
        )
        prove_answer(answer, collection.by_id)
        chain = (question, *chain) if answer.read_with else (question,)
        answers.append(answer)
    return answers


def shown(answer: Answer) -> str:
    return " | ".join(quote.text for quote in answer.shown_quotes)


def test_a_bare_question_word_takes_over_the_question(collection: Collection) -> None:
    first, second = asked(collection, "Who founded the library?", "And when?")
    assert "1887" in shown(second)
    assert second.read_with == first.question


def test_he_is_the_man_of_the_quotation(collection: Collection) -> None:
    _, second = asked(collection, "Who is the chief librarian?", "What did he say?")
    assert "Jonas Ek said" in shown(second)
    _, second = asked(collection, "Who is the chief librarian?", "What is his salary?")
    assert second.verdict is not Verdict.ANSWERED


def test_another_thing_is_asked_the_same(collection: Collection) -> None:
    _, second = asked(collection, "Who built the mill?", "What about the bakery?")
    assert {quote.article.id for quote in second.shown_quotes} == {"bakery"}


def test_it_is_what_was_asked_about(collection: Collection) -> None:
    _, second, third = asked(collection, "Who built the mill?", "What destroyed it?", "Was it insured?")
    assert "a fire destroyed" in shown(second)
    assert "never insured" in shown(third)


def test_what_is_understood_by_itself_is_asked_by_itself(collection: Collection) -> None:
    _, second = asked(collection, "Who built the mill?", "And who founded the library?")
    assert second.read_with is None
    assert shown(second) == shown(answer_question(collection, "who founded the library?"))


def test_nothing_of_another_subject_is_shown(collection: Collection) -> None:
    for follow_up in (
        "When?",
        "Why?",
        "Who?",
        "How many?",
        "Where?",
        "Tell me more",
        "What does it cost?",
        "Who owns it?",
    ):
        _, second = asked(collection, "Who opened the bakery?", follow_up)
        assert {quote.article.id for quote in second.shown_quotes} <= {"bakery"}, follow_up


def test_a_follow_up_to_what_was_not_found_finds_nothing(collection: Collection) -> None:
    first, second = asked(collection, "What is the capital of France?", "And of Germany?")
    assert {first.verdict, second.verdict} == {Verdict.NOT_FOUND}


def test_more_shows_what_came_next_until_there_is_no_more(collection: Collection) -> None:
    answers = asked(collection, "Who built the mill?", *["more"] * 6)
    quotes = [quote.text for answer in answers for quote in answer.shown_quotes]
    assert len(quotes) == len(set(quotes))
    assert answers[-1].explanation.rule == "no-more"


def test_a_question_about_the_source_shows_what_was_quoted(collection: Collection) -> None:
    first, second = asked(collection, "Who built the mill?", "source?")
    assert [quote.spans for quote in second.quotes] == [quote.spans for quote in first.shown_quotes]


def test_without_the_earlier_words_nothing_is_carried_over(collection: Collection) -> None:
    first = answer_question(collection, "Who built the mill?")
    preceding = Preceding(questions=(), quotes=first.shown_quotes)
    ask = partial(answer_question, collection)
    answer = answer_follow_up("And when?", preceding, ask, collection, within=None, scope=SearchScope.ALL)
    assert answer == ask("And when?")


def test_only_words_of_the_follow_up_itself_are_in_bold(collection: Collection) -> None:
    _, second = asked(collection, "Who built the mill?", "Was it insured?")
    assert {word for quote in second.shown_quotes for word in quote.matched} <= {"insured"}


@settings(max_examples=examples(30), deadline=None)
@given(
    st.lists(
        st.sampled_from(QUESTIONS),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_follows_whatever_all_that_is_shown_is_proved(collection: Collection, questions: list[str]) -> None:
    for question, answer in zip(questions, asked(collection, *questions), strict=True):
        assert answer.question == question
        assert answer.read_with is None or answer.read_with in questions


def test_after_a_very_long_question_the_follow_up_still_counts(collection: Collection) -> None:
    long_question = f"Who built the mill {'by the river ' * 400}?"
    first = answer_question(collection, long_question)
    preceding = Preceding(questions=(long_question,), quotes=first.shown_quotes)
    searched: list[str] = []

    def ask(text: str, within: ChunkFilter | None) -> Answer:
        searched.append(text)
        return answer_question(collection, text, within)

    answer = answer_follow_up("And when?", preceding, ask, collection, within=None, scope=SearchScope.ALL)
    assert answer.read_with == long_question
    assert all(text.endswith("when?") and len(text) < 600 for text in searched)


def test_german_articles_are_asked_on_in_german(tmp_path: Path) -> None:
    engine = Engine.open(GERMAN, tmp_path)
    first = engine.ask("Wie viele Einwohner von Grünhave durften in ihre Häuser zurückkehren?")
    preceding = Preceding(questions=(first.question,), quotes=first.shown_quotes, nearest=first.nearest)
    for follow_up in ("Wann?", "Und warum?", "mehr"):
        answer = engine.ask(follow_up, follows=preceding)
        assert answer.read_with == first.question
        assert {quote.article.id for quote in answer.shown_quotes} == {"de-hochwasser"}


PAPERS = """The papers of Kell

The order was written by Judge Anna Petrow. It was signed on 4 May 2021 by Governor Tom Reed. The report was published
on 12 June 2022 by the harbour office. Reed opened a museum in Kell. The museum is bad for the traffic.
"""


@pytest.fixture(scope="module")
def papers() -> Collection:
    return Collection([read_article("papers.txt", PAPERS.encode(), None, built_in_rules())])


@pytest.mark.parametrize(
    ("first", "then", "held"),
    [
        ("Who signed the order?", "Who wrote it?", "written by Judge Anna Petrow"),
        ("Who signed the order?", "When was the report published?", "published on 12 June 2022"),
    ],
)
def test_who_wrote_it_is_told_by_the_articles_where_they_say_it_of_what_they_are_about(
    papers: Collection, first: str, then: str, held: str
) -> None:
    answer = asked(papers, first, then)[1]
    assert (answer.verdict, answer.explanation.rule) == (Verdict.ANSWERED, "probability")
    assert held in " ".join(answer.quotes[0].text.split())


@pytest.mark.parametrize(
    "then", ["Who wrote this?", "Who wrote the article?", "When was it published?", "Who wrote it?"]
)
def test_else_it_is_asked_of_the_article_that_was_quoted(papers: Collection, then: str) -> None:
    assert asked(papers, "What did Reed open in Kell?", then)[1].explanation.rule == "source"


def test_one_word_with_a_pronoun_is_no_sure_answer_by_itself(papers: Collection) -> None:
    assert asked(papers, "Who signed the order?", "why is it bad?")[1].verdict is not Verdict.ANSWERED
