"""From a question to its answer, over a collection in memory: rank, decide, and choose what is quoted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.article import Answer, Passage
from index.collection import Collection, quote
from index.question import taken_apart
from index.ranking import Ranked, rank
from index.spelling import repaired
from index.support import decide

TOP = 10
"""Quotes and nearest passages of an answer together."""
QUESTION_AT_MOST = 4000
"""Characters of a question that are read."""


def answer_from(
    collection: Collection, text: str, within: npt.NDArray[np.bool_] | None = None, *, explain: bool = False
) -> Answer:
    """The answer that the collection gives to a question; not proved yet.

    Args:
        collection: the articles.
        text: the question as it was asked.
        within: True for each chunk that may be found; all, where it is None.
        explain: whether the reasons say what each signal gave.
    """
    question, readings = repaired(taken_apart(text[:QUESTION_AT_MOST]), collection)
    ranked = rank(collection, question, within)
    decision = decide(question, ranked, explain=explain)
    passages = () if ranked is None else _passages(ranked)
    chosen = set(decision.supporting)
    return Answer(
        question=text,
        verdict=decision.verdict,
        quotes=tuple(quote(passage) for passage in passages if passage.chunk in chosen),
        nearest=tuple(quote(passage) for passage in passages if passage.chunk not in chosen),
        readings=readings,
        reasons=decision.reasons,
    )


def _passages(ranked: Ranked) -> tuple[Passage, ...]:
    """The best candidates as passages, best first."""
    asked, collection = ranked.asked.question.asked, ranked.asked.collection
    return tuple(
        collection.passage(chunk, float(score), frozenset(asked))
        for chunk, score in zip(ranked.chunks[:TOP], ranked.scores, strict=False)
    )
