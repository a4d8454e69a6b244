from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.analysis.analyzer import terms
from index.analysis.exact_forms import index_terms, is_exact
from index.analysis.question import AnswerType, parse_question
from index.answering.answerability import answerability_model
from index.answering.answerability_features import answerability_features
from index.bm25.scorer import Bm25
from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.engine import Engine
from index.models import SentenceKind
from index.ranking import SHORTLIST_SIZE, rank, ranking_model, shortlist
from index.ranking.candidates import collect_candidates, gather_evidence
from index.ranking.features import features_of
from index.ranking.names import resolve_names
from index.ranking.query_expansion import are_family, expand_query
from index.reading import read_article

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
        ("When was the cable sent?", AnswerType.TIME),
        ("in which year did it end", AnswerType.TIME),
        ("How many proxies were used?", AnswerType.NUMBER),
        ("What is the population of Beijing?", AnswerType.NUMBER),
        ("Who wrote the cable?", AnswerType.PERSON),
        ("Which companies were accused?", AnswerType.PERSON),
        ("Where is the embassy?", AnswerType.PLACE),
        ("Why were the chips banned?", AnswerType.REASON),
        ("What did the embassy say about it?", AnswerType.SAYING),
        ("How does distillation work?", AnswerType.MANNER),
        ("What is distillation?", AnswerType.THING),
        ("Did DeepSeek use chips?", AnswerType.YES_NO),
        ("v4 chips", AnswerType.UNSTATED),
    ],
)
def test_the_words_of_a_question_tell_what_it_asks_for(text: str, asks: AnswerType) -> None:
    assert parse_question(text).answer_type is asks


def test_a_question_knows_its_names_its_numbers_and_the_kind_it_names() -> None:
    question = parse_question("In what year did the White House first not ban 3 chips?")
    assert question.names == {"white", "hous"}
    assert question.numbers == {"3"}
    assert question.head_terms == {"year"}
    assert question.is_negated
    assert question.degree_words == ("first",)
    assert question.surface_form("chip") == "chips"


def test_no_more_terms_are_looked_for_than_a_sentence_could_hold() -> None:
    question = parse_question(" ".join(f"word{number}" for number in range(500)))
    assert len(question.terms) == 64
    assert {term.term for term in question.tokens} == set(question.terms)


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


@pytest.mark.parametrize(
    ("asked", "held", "found"),
    [
        ("planets", "planned", False),  # both in the dictionary, which does not relate them
        ("country", "countered", False),
        ("computers", "composer", False),
        ("proclaimed", "proclamation", True),
        ("Normans", "Norman", True),
        ("distilling", "distillation", True),
        ("deplatformed", "deplatforming", True),  # in no dictionary
    ],
)
def test_a_word_is_matched_by_others_that_begin_like_it_unless_the_dictionary_keeps_them_apart(
    asked: str, held: str, found: bool
) -> None:
    index, none = Bm25([[term.term for term in terms(f"the {held} of May")]]), Bm25([])
    [match] = expand_query(parse_question(asked), index, none)
    assert bool(match.rows or match.family or match.related) is found


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_evidence_read_from_postings_is_what_the_sentences_hold(collection: Collection, text: str) -> None:
    matches = expand_query(resolve_names(parse_question(text), collection.bm25), collection.bm25, collection.headings)
    evidence = gather_evidence(collection, matches, collect_candidates(collection, matches, None))
    held = [set(index_terms(collection.text(chunk))[0]) for chunk in collection.chunks()]
    names = collection.postings.views[0].postings.vocabulary
    for column, chunk in enumerate(evidence.chunks.tolist()):
        article = collection.article_of(chunk)
        for row, match in enumerate(matches):
            own, family = {names[place] for place in match.rows}, {names[place] for place in match.family}
            assert (evidence.own[row, column] > 0) == bool(own & held[chunk])
            assert evidence.family[row, column] == bool(family & held[chunk])
            near = own if is_exact(match.term) else own | family
            before = chunk > 0 and collection.article_of(chunk - 1) == article
            assert evidence.before[row, column] == (before and bool(near & held[chunk - 1]))
            related = [weight for place, weight in match.related if names[place] in held[chunk]]
            assert evidence.related[row, column] == max(related, default=0)


def test_candidates_are_body_sentences_of_the_wanted_article_only(collection: Collection) -> None:
    article = collection.entries[0].article.id
    within = collection.filter_of(article, with_url=False)
    for text in QUESTIONS:
        ranked = rank(collection, parse_question(text), within)
        assert ranked is None or {collection.article_of(chunk).id for chunk in ranked.chunks} == {article}
        assert ranked is None or all(collection.sentence(chunk).kind is SentenceKind.BODY for chunk in ranked.chunks)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_ranking_is_in_the_order_of_its_scores_and_every_feature_is_a_number(
    collection: Collection, text: str
) -> None:
    ranked = rank(collection, parse_question(text))
    assert ranked is not None
    assert len(ranked.chunks) == len(set(ranked.chunks)) <= SHORTLIST_SIZE
    assert list(ranked.scores) == sorted(ranked.scores, reverse=True)
    assert all(np.isfinite(column).all() for column in ranked.features.values())
    assert set(ranking_model().model.features) <= ranked.features.keys()
    assert set(answerability_model().model.features) <= answerability_features(ranked, 5).keys()


def test_shares_of_the_question_lie_between_nothing_and_all(collection: Collection) -> None:
    for text in QUESTIONS:
        asked = shortlist(collection, parse_question(text))
        assert asked is not None
        for name, column in features_of(asked).items():
            if name.startswith(
                ("coverage", "predicate", "missing-names", "words-in-order", "longest-run", "same-words")
            ):
                assert ((column >= 0) & (column <= 1 + 1e-9)).all(), name


def _shortlisted(question: str, answer: str) -> list[str]:
    """The shortlist, where thirty sentences have one word of the question and sixty the others."""
    boats = [f"Boat {number} was mended." for number in range(30)]
    boxes = [f"The harbour crane lifts box {number}." for number in range(60)]
    text = "\n\n".join(["On the quay", answer, *boats, *boxes, ""])
    collection = Collection([read_article("quay.txt", text.encode(), None, built_in_rules())])
    found = shortlist(collection, parse_question(question))
    assert found is not None
    return [collection.text(chunk) for chunk in found.evidence.chunks.tolist()]


@pytest.mark.parametrize(
    "answer",
    [
        "The harbour crane broke in spring. It was repaired in June.",
        "The harbour crane broke in spring. Lund then repaired it.",
        "The crane of the harbour is old. Its arm was repaired by Lund.",
    ],
)
def test_a_sentence_that_says_all_of_it_in_other_words_is_ranked_though_many_have_one_of_the_words(answer: str) -> None:
    texts = _shortlisted("Who mended the harbour crane?", answer)
    assert len(texts) == SHORTLIST_SIZE
    assert answer.partition(". ")[2] in texts[:3]


def test_a_sentence_with_all_words_of_the_question_stays_first_of_the_shortlist() -> None:
    answer = "Lund mended the harbour crane. The harbour crane was repaired in June."
    assert _shortlisted("Who mended the harbour crane?", answer)[0] == "Lund mended the harbour crane."


def test_nothing_is_ranked_where_no_word_is_held_or_nothing_is_asked(collection: Collection) -> None:
    assert rank(collection, parse_question("zxcvb qwerty")) is None
    assert rank(collection, parse_question("what is it")) is None
    assert rank(Collection(()), parse_question("Who is it in Beijing?")) is None
