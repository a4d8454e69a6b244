"""From a question to its answer, over a collection in memory: rank, decide, and choose what is quoted."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from index.article import Answer, Passage, Quote, Reading, Verdict
from index.collection import Collection, quote, side_by_side
from index.question import is_small_talk, taken_apart
from index.ranking import Ranked, rank
from index.spelling import repaired
from index.suggesting import suggestions
from index.support import decide

TOP = 10
"""Quotes and nearest passages of an answer together."""
SUBJECT_WITHIN = 2
"""How many sentences before a passage are looked at for what it speaks of."""
WIDE_AT_MOST = 1000
"""Characters of a quotation that is widened."""
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
    question = taken_apart(text[:QUESTION_AT_MOST])
    readings: tuple[Reading, ...] = ()
    ranked = None
    if not is_small_talk(question.text):
        question, readings = repaired(question, collection)
        ranked = rank(collection, question, within)
    decision = decide(question, ranked, collection, explain=explain)
    passages = () if ranked is None else _passages(ranked)
    chosen = [passage for passage in passages if passage.chunk in decision.supporting]
    quotes = _apart(_with_subject(passage, collection) for passage in chosen)
    others = (quote(passage) for passage in passages if passage.chunk not in decision.supporting)
    return Answer(
        question=text,
        verdict=decision.verdict,
        quotes=tuple(quotes),
        nearest=tuple(other for other in others if not any(_holds(shown, other) for shown in quotes)),
        readings=readings,
        suggestions=suggestions(collection, question, passages) if decision.verdict is Verdict.UNCLEAR else (),
        reasons=decision.reasons,
    )


def _with_subject(passage: Passage, collection: Collection) -> Quote:
    """The passage as it is quoted; one that leans on the sentences before it ("It also…") with those that say who."""
    first = passage.chunk
    start = int(collection.bounds_of(np.array([first], np.int32)).article_start[0])
    while collection.sketch(first).leans and first > start and passage.chunk - first < SUBJECT_WITHIN:
        first -= 1
    spans = [collection.sentence(chunk).span for chunk in range(first, passage.chunk + 1)]
    whole = side_by_side(passage.article.text, spans)
    alone = quote(passage)
    if collection.sketch(first).leans or sum(span.end - span.start for span in whole) > WIDE_AT_MOST:
        return alone
    return alone.model_copy(update={"spans": whole})


def _apart(quotes: Iterable[Quote]) -> list[Quote]:
    """The quotations without those that another one holds already."""
    kept: list[Quote] = []
    for candidate in quotes:
        if not any(_holds(other, candidate) for other in kept):
            kept = [other for other in kept if not _holds(candidate, other)] + [candidate]
    return kept


def _holds(one: Quote, other: Quote) -> bool:
    return one.article.id == other.article.id and all(
        any(start <= span.start and span.end <= end for start, end in one.spans) for span in other.spans
    )


def _passages(ranked: Ranked) -> tuple[Passage, ...]:
    """The best candidates as passages, best first."""
    asked, collection = ranked.asked.question.asked, ranked.asked.collection
    return tuple(
        collection.passage(chunk, float(score), frozenset(asked))
        for chunk, score in zip(ranked.chunks[:TOP], ranked.scores, strict=False)
    )
