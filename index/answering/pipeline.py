"""From a question to its answer, over a collection in memory: rank, decide, and choose the quotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import regex

from index.analysis.question import Question, is_small_talk, taken_apart
from index.answering.answerability import Decision, decide, is_unreadable, recognised, without_answer
from index.answering.spelling import repaired
from index.answering.suggestions import suggestions
from index.bm25.postings import Mask
from index.collection.collection import Collection, quote
from index.collection.deduplication import first_of, spans_of, with_sources
from index.models import Answer, Passage, Quote, Reading, Source, Verdict
from index.ranking import Ranked, rank

TOP = 10
"""Most quotations in an answer: those that answer, or may, and the nearest."""
LATIN = regex.compile(r"\p{Latin}")
"""Questions without such a letter that find nothing are called unreadable: their words may be cut wrongly."""
QUESTION_AT_MOST = 4000
"""Characters of a question that are read."""


def answer_from(collection: Collection, text: str, within: Mask | None = None, *, explain: bool = False) -> Answer:
    """The collection's answer to a question, not proved yet.

    `within` is True for each chunk to search, None for all; `explain` includes each feature's contribution.
    """
    question, readings, ranked, decision = _decided(collection, text[:QUESTION_AT_MOST], within, explain=explain)
    passages = () if ranked is None else _passages(ranked)
    chosen = [passage for passage in passages if passage.chunk in decision.chosen]
    shown = _apart(_quoted(passage, collection, within) for passage in chosen)
    others = (passage for passage in passages if passage.chunk not in decision.chosen)
    return Answer(
        question=text,
        verdict=decision.verdict,
        quotes=tuple(shown) if decision.verdict is Verdict.ANSWERED else (),
        possible=tuple(shown) if decision.verdict is Verdict.MAY_ANSWER else (),
        nearest=tuple(_nearest(others, shown, collection, within)),
        readings=readings,
        suggestions=suggestions(collection, question, passages, within) if decision.verdict is Verdict.UNCLEAR else (),
        reasons=decision.reasons,
    )


def _decided(
    collection: Collection, text: str, within: Mask | None, *, explain: bool
) -> tuple[Question, tuple[Reading, ...], Ranked | None, Decision]:
    """The parsed question, its spelling corrections, its candidates, and the decision."""
    question = taken_apart(text)
    if not collection.entries:
        return question, (), None, without_answer(Verdict.NOT_FOUND, "no-articles")
    if not collection.sentences or (within is not None and not within.any()):
        return question, (), None, without_answer(Verdict.NOT_FOUND, "nothing-quotable")
    if is_small_talk(question.text):
        return question, (), None, without_answer(Verdict.UNCLEAR, "small-talk")
    question, readings = repaired(question, collection)
    if not question.asked:
        return question, readings, None, without_answer(Verdict.UNCLEAR, "nothing-to-search-for")
    readable = not is_unreadable(question, collection)
    if not readable:
        question = recognised(question, collection)
    ranked = rank(collection, question, within)
    if ranked is not None:
        decision = decide(ranked, within, readable=readable, explain=explain)
    elif readable and LATIN.search(text):
        decision = without_answer(Verdict.NOT_FOUND, "no-passage")
    else:
        decision = without_answer(Verdict.UNCLEAR, "unreadable")
    return question, readings, ranked, decision


def _quoted(passage: Passage, collection: Collection, within: Mask | None) -> Quote:
    """The quotation of a passage; one that refers back ("It also…") includes the sentences that name its subject."""
    first = first_of(collection, passage.chunk)
    whole = quote(passage).at(*spans_of(collection, first, passage.chunk))
    return with_sources(whole, collection, (first, passage.chunk), within, whole=True)


def _nearest(
    passages: Iterable[Passage], shown: Sequence[Quote], collection: Collection, within: Mask | None
) -> Iterator[Quote]:
    """The passages that are not in `shown`, each sentence once."""
    seen = {one.pieces for one in shown}
    for passage in passages:
        alone = quote(passage)
        if alone.pieces not in seen and not any(_holds(one, alone) for one in shown):
            seen.add(alone.pieces)
            yield with_sources(alone, collection, (passage.chunk, passage.chunk), within)


def _apart(quotes: Iterable[Quote]) -> list[Quote]:
    """The quotations, without those that another one contains."""
    kept: list[Quote] = []
    for candidate in quotes:
        if not any(_holds(other, candidate) for other in kept):
            kept = [other for other in kept if not _holds(candidate, other)] + [candidate]
    return kept


def _holds(one: Quote, other: Quote) -> bool:
    """Whether this quotation contains the other one, in an article that both name."""
    return any(_is_in(inner, outer) for outer in one.sources for inner in other.sources)


def _is_in(inner: Source, outer: Source) -> bool:
    return inner.article.id == outer.article.id and all(
        any(start <= span.start and span.end <= end for start, end in outer.spans) for span in inner.spans
    )


def _passages(ranked: Ranked) -> tuple[Passage, ...]:
    asked, collection = ranked.asked.question.asked, ranked.asked.collection
    return tuple(
        collection.passage(chunk, float(score), frozenset(asked))
        for chunk, score in zip(ranked.chunks[:TOP], ranked.scores, strict=False)
    )
