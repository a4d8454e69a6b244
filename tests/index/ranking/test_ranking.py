from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.analysis.analyzer import terms
from index.analysis.question import Asks, taken_apart
from index.answering.answerability import judge
from index.answering.answerability_features import signals_of
from index.collection.collection import Collection
from index.engine import Engine
from index.models import Kind
from index.ranking import SHORT, rank, ranker, shortlist
from index.ranking.candidates import candidates, gather
from index.ranking.features import features_of
from index.ranking.query_expansion import are_family, matches_of

QUESTIONS = [
    "Who is the White House science and technology chief?",
    "In what year did DeepSeek steal the newest chips?",
    "whose hardware does the v4 run on",
    "distillation",
]


SHARES = ("coverage", "predicate", "missing-names", "words-in-order", "longest-run", "same-words")


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return Engine.open(Path(__file__).parents[3] / "seeds", tmp_path_factory.mktemp("data")).collection


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("When was the cable sent?", Asks.TIME),
        ("in which year did it end", Asks.TIME),
        ("How many proxies were used?", Asks.NUMBER),
        ("What is the population of Beijing?", Asks.NUMBER),
        ("Who wrote the cable?", Asks.PERSON),
        ("Which companies were accused?", Asks.PERSON),
        ("Where is the embassy?", Asks.PLACE),
        ("Why were the chips banned?", Asks.REASON),
        ("What did the embassy say about it?", Asks.SAYING),
        ("How does distillation work?", Asks.MANNER),
        ("What is distillation?", Asks.THING),
        ("Did DeepSeek use chips?", Asks.YES_NO),
        ("v4 chips", Asks.UNSTATED),
    ],
)
def test_the_words_of_a_question_tell_what_it_asks_for(text: str, asks: Asks) -> None:
    assert taken_apart(text).asks is asks


def test_a_question_knows_its_names_its_numbers_and_the_kind_it_names() -> None:
    question = taken_apart("In what year did the White House first not ban 3 chips?")
    assert question.names == {"white", "hous"}
    assert question.numbers == {"3"}
    assert question.heads == {"year"}
    assert question.denies
    assert question.turning == ("first",)
    assert question.word_of("chip") == "chips"


def test_no_more_terms_are_looked_for_than_a_sentence_could_hold() -> None:
    question = taken_apart(" ".join(f"word{number}" for number in range(500)))
    assert len(question.asked) == 64
    assert {term.term for term in question.found} == set(question.asked)


@pytest.mark.parametrize(
    ("one", "other", "family"),
    [
        ("proclaim", "proclam", True),
        ("distil", "distill", True),
        ("state", "statu", True),
        ("chip", "china", False),
        ("us", "use", False),
    ],
)
def test_words_of_a_family_begin_alike_and_end_apart(one: str, other: str, family: bool) -> None:
    assert are_family(one, other) is family


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_evidence_read_from_postings_is_what_the_sentences_hold(collection: Collection, text: str) -> None:
    matches = matches_of(taken_apart(text).asked, collection.bm25)
    evidence = gather(collection, matches, candidates(collection, matches, None))
    held = [{term.term for term in terms(collection.text(chunk))} for chunk in collection.chunks()]
    names = collection.bm25.parts[0].postings.vocabulary
    for column, chunk in enumerate(evidence.chunks.tolist()):
        article = collection.article_of(chunk)
        for row, match in enumerate(matches):
            family = {match.term, *(names[place] for place in match.family)}
            assert (evidence.own[row, column] > 0) == (match.term in held[chunk])
            assert evidence.family[row, column] == bool((family - {match.term}) & held[chunk])
            before = chunk > 0 and collection.article_of(chunk - 1) == article
            assert evidence.before[row, column] == (before and bool(family & held[chunk - 1]))
            related = [weight for place, weight in match.related if names[place] in held[chunk]]
            assert evidence.related[row, column] == max(related, default=0)


def test_candidates_are_body_sentences_of_the_wanted_article_only(collection: Collection) -> None:
    article = collection.entries[0].article.id
    within = collection.chunks_of(article, with_url=False)
    for text in QUESTIONS:
        ranked = rank(collection, taken_apart(text), within)
        assert ranked is None or {collection.article_of(chunk).id for chunk in ranked.chunks} == {article}
        assert ranked is None or all(collection.sentence(chunk).kind is Kind.BODY for chunk in ranked.chunks)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_ranking_is_in_the_order_of_its_scores_and_every_feature_is_a_number(
    collection: Collection, text: str
) -> None:
    ranked = rank(collection, taken_apart(text))
    assert ranked is not None
    assert len(ranked.chunks) == len(set(ranked.chunks)) <= SHORT
    assert list(ranked.scores) == sorted(ranked.scores, reverse=True)
    assert all(np.isfinite(column).all() for column in ranked.features.values())
    assert set(ranker().model.features) <= ranked.features.keys()
    assert set(judge().model.features) <= signals_of(ranked).keys()


def test_shares_of_the_question_lie_between_nothing_and_all(collection: Collection) -> None:
    for text in QUESTIONS:
        asked = shortlist(collection, taken_apart(text))
        assert asked is not None
        for name, column in features_of(asked).items():
            if name.startswith(
                ("coverage", "predicate", "missing-names", "words-in-order", "longest-run", "same-words")
            ):
                assert ((column >= 0) & (column <= 1 + 1e-9)).all(), name


def test_nothing_is_ranked_where_no_word_is_held_or_nothing_is_asked(collection: Collection) -> None:
    assert rank(collection, taken_apart("zxcvb qwerty")) is None
    assert rank(collection, taken_apart("what is it")) is None
    assert rank(Collection(()), taken_apart("Who is it in Beijing?")) is None
