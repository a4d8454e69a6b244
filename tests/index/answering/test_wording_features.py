"""How a sentence's wording fits the question's: what it has in the place of what is asked, and what it lacks."""

from __future__ import annotations

import numpy as np
import pytest

from index.analysis.question import parse_question
from index.answering.wording_features import WORDING_FEATURES, wording_features
from index.collection.collection import Collection
from index.ranking import rank
from tests.index.reading.test_documents import entry_of

TEXT = """The ferry of Lunde

{sentence}

Nobody lives on the island in winter. The shop sells nets and rope. Ice comes late.
"""


def feature(name: str, question: str, sentence: str) -> float:
    """The feature of the sentence, which is in an article with three others."""
    collection = Collection([entry_of("ferry.txt", TEXT.format(sentence=sentence))])
    ranked = rank(collection, parse_question(question))
    assert ranked is not None
    place = next(place for place, chunk in enumerate(ranked.chunks) if collection.text(chunk) == sentence)
    return float(wording_features(ranked, len(ranked.chunks))[name][place])


@pytest.mark.parametrize(
    ("name", "question", "fits", "misses"),
    [
        (
            "opposite",
            "Where does the road turn south?",
            "The road turns south at the mill.",
            "The road turns north at it.",
        ),
        ("opposite", "Who accepted the plan?", "The council accepted the plan.", "The council rejected the plan."),
        (
            "replaced-between",
            "When did the wooden harbour crane fall?",
            "The wooden harbour crane fell in 1901.",
            "The wooden quay crane fell in 1901.",
        ),
        (
            "replaced",
            "Who owns the blue ferry?",
            "The Holm family owns the blue ferry.",
            "The Holm family owns the red ferry.",
        ),
        ("other-year", "What was built in 1950?", "The pier was built in 1950.", "The pier was built in 1905."),
        ("lacking-predicate", "Who painted the ferry?", "Ida painted the ferry.", "Ida boarded the ferry."),
        (
            "lacking-context",
            "How long is the crossing of the sound?",
            "The crossing of the sound takes ten minutes.",
            "The captain of the sound takes ten minutes.",
        ),
    ],
)
def test_what_speaks_against_a_sentence_is_in_it_and_not_in_one_that_fits(
    name: str, question: str, fits: str, misses: str
) -> None:
    assert feature(name, question, fits) < feature(name, question, misses)


@pytest.mark.parametrize(
    ("name", "question", "fits", "misses"),
    [
        (
            "clause-coverage",
            "When did the ferry arrive?",
            "The ferry arrived in 1904, and the pier was mended.",
            "The ferry was mended, and in 1904 a boat arrived.",
        ),
        (
            "answer-clause",
            "When did the ferry sink?",
            "The ferry sank in 1904, and nobody drowned.",
            "The ferry sank, and in 1904 a bridge was built.",
        ),
        ("names-here", "What did Ida Holm say?", "Ida Holm said no.", "Ida Lunde said no."),
        ("covers-context", "Who paid for the ferry?", "The town paid for the ferry.", "The town waited for the ferry."),
        ("answers", "When did the ferry sink?", "The ferry sank in 1904.", "The ferry sank in a storm."),
    ],
)
def test_what_speaks_for_a_sentence_is_more_in_one_that_fits(name: str, question: str, fits: str, misses: str) -> None:
    assert feature(name, question, fits) > feature(name, question, misses)


def test_an_answer_is_nearer_to_what_is_asked_about_the_names() -> None:
    question = "When did the ferry sink?"
    near = feature("answer-to-predicate", question, "The ferry sank in 1904 after forty years of good service.")
    far = feature("answer-to-predicate", question, "The ferry sank after forty years of good service to all in 1904.")
    assert 0 < near < far


def test_other_candidates_with_as_much_of_the_question_are_rivals() -> None:
    text = "Ferries\n\nThe ferry sank in May. The ferry sank in June. The shop sells rope.\n"
    ranked = rank(Collection([entry_of("ferry.txt", text)]), parse_question("When did the ferry sink?"))
    assert ranked is not None
    rivals = dict(zip(ranked.chunks, wording_features(ranked, 3)["rivals"].tolist(), strict=True))
    assert sorted(rivals.values()) == [1, 1, 2]


@pytest.mark.parametrize("question", ["ferry", "Ida Holm", "Ada ada ADA", "1904", "When did “it” sink; and why?"])
def test_every_feature_of_any_question_is_a_number(question: str) -> None:
    collection = Collection(
        [entry_of("ferry.txt", TEXT.format(sentence="Ida Holm and Ada saw the ferry sink in 1904."))]
    )
    ranked = rank(collection, parse_question(question))
    assert ranked is not None
    made = wording_features(ranked, 5)
    assert set(WORDING_FEATURES) <= made.keys()
    assert all(np.isfinite(column).all() and (column >= -1).all() for column in made.values())
