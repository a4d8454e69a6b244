"""From a question to its answer, over a collection in memory: rank, decide, and choose the quotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import regex

from index.analysis.conversation import SmallTalk, small_talk, unwrap
from index.analysis.languages import ENGLISH
from index.analysis.question import Question, parse_question
from index.analysis.question_parts import question_parts
from index.answering.answerability import (
    Decision,
    decide,
    decision_without_candidates,
    is_unreadable,
    judge,
    keep_known_terms,
)
from index.answering.encoder import Encoder
from index.answering.neighbours import completing_neighbour
from index.answering.other_languages import Found, both, find_as_written, find_in, languages_to_ask, nothing_in_english
from index.answering.parts import contains, drop_contained, join_parts
from index.answering.quoting import Extent, extents, introduces, quote_passage
from index.answering.spelling import correct_spelling, derived_forms
from index.answering.suggestions import suggestions
from index.bm25.candidate_source import ChunkFilter
from index.collection.collection import Collection, quote_of
from index.collection.deduplication import MAX_CHUNKS_EXAMINED, with_sources
from index.models import Answer, Passage, Quote, SearchScope, SentenceKind, SpellingCorrection, Verdict
from index.ranking import Ranked, rank

MAX_PASSAGES = 10
"""Most quotations in an answer: those that answer, or may, and the nearest."""
LATIN = regex.compile(r"\p{Latin}")
"""Questions without such a letter that find nothing are called unreadable: their words may be cut wrongly."""
LACKS_NAME = frozenset({"name-missing", "name-replaced"})
"""Rules by which an article in another language may answer better: it may have the name."""
MAX_QUESTION_LENGTH = 4000
"""Characters of a question that are read."""
TOO_BROAD = "too-broad"
"""The rule of an answer to a word that many sentences have."""


def answer_question(  # noqa: PLR0913  # all options of a question
    collection: Collection,
    text: str,
    within: ChunkFilter | None = None,
    scope: SearchScope = SearchScope.ALL,
    *,
    explain: bool = False,
    encoder: Encoder | None = None,
) -> Answer:
    """The collection's answer to a question, not proved yet; each part of a question of two parts is asked, too.

    `within` says which chunks may be found, None for all, and `scope` what these are; `explain` includes each
    feature's contribution. With an `encoder`, its cosines count for the decision.
    """
    asked_of = _AskedOf(collection, within, scope, encoder, explain)
    is_mixed = set(collection.languages) - {ENGLISH}
    return _answer_in_languages(text, asked_of) if is_mixed else _answer_in_english(text, asked_of)


class _AskedOf(NamedTuple):
    """What a question is asked of, as `answer_question` takes it."""

    collection: Collection
    within: ChunkFilter | None
    scope: SearchScope
    encoder: Encoder | None
    explain: bool


def _answer_in_english(text: str, asked_of: _AskedOf) -> Answer:
    """The answer of the articles in English, to the question and to each of its parts."""
    whole = _answer_to(text, asked_of)
    parts = question_parts(unwrap(text))
    if not parts or not whole.explanation.terms:
        return whole
    return join_parts(whole, parts, [_answer_to(part.query, asked_of._replace(explain=False)) for part in parts])


def _answer_to(text: str, asked_of: _AskedOf) -> Answer:
    """The answer of the articles in English to a question as it is."""
    text_read = text[:MAX_QUESTION_LENGTH]
    collection, within, scope, encoder, explain = asked_of
    question, corrections, ranked, decision = _decide(collection, text_read, within, encoder, explain=explain)
    beside = completing_neighbour(ranked, 0) if ranked is not None and decision.chosen else None
    answer = _quoted(collection, text, Found(question, ranked, decision), within, scope, beside)
    if ranked is not None and answer.shown_quotes:
        corrections += tuple(derived_forms(ranked, decision.chosen))
    return answer.model_copy(update={"corrections": corrections})


def _answer_in_languages(text: str, asked_of: _AskedOf) -> Answer:
    """The answer of the articles in the question's own language; else of those in another one, to what it names."""
    read = text[:MAX_QUESTION_LENGTH]
    collection, within, scope = asked_of.collection, asked_of.within, asked_of.scope
    filters = {code: both(within, collection.filter_of_language(code)) for code in collection.languages}
    there = [code for code, mine in filters.items() if mine is None or mine.any()]
    if not there or small_talk(read):
        return _answer_to(text, asked_of)
    asked = languages_to_ask(read, there)
    found: list[tuple[str, Answer]] = []
    for code in asked.own:
        mine = filters[code]
        if code == ENGLISH:
            answer = _answer_in_english(text, asked_of._replace(within=mine))
        else:
            answer = _quoted(collection, text, find_in(collection, read, code, mine), mine, scope)
        found.append((code, answer))
    if not found:  # it is in English, and no article is
        found.append((ENGLISH, _quoted(collection, text, nothing_in_english(read), within, scope)))
    own, best = min(found, key=lambda one: _order_of(one[1]))
    lacks_name = best.verdict is Verdict.MAY_ANSWER and best.explanation.rule in LACKS_NAME
    if lacks_name or (not best.shown_quotes and best.explanation.rule != TOO_BROAD):
        elsewhere = [
            _quoted(collection, text, find_as_written(collection, read, own, code, filters[code]), filters[code], scope)
            for code in asked.others
        ]
        best = min([best, *(one for one in elsewhere if one.shown_quotes)], key=_order_of)
    return best.model_copy(update={"language": own})


def _order_of(answer: Answer) -> tuple[int, float]:
    """The better the verdict, and the more of the question a passage has, the earlier it comes.

    What is too broad stands in the articles, so it comes before what is not found.
    """
    verdict = Verdict.MAY_ANSWER if answer.explanation.rule == TOO_BROAD else answer.verdict
    return tuple(Verdict).index(verdict), -answer.explanation.coverage


def _quoted(  # noqa: PLR0913, PLR0917  # all that an answer is made of
    collection: Collection,
    text: str,
    found: Found,
    within: ChunkFilter | None,
    scope: SearchScope,
    beside: int | None = None,
) -> Answer:
    """The answer with the quotations that were decided on; the first with the sentence `beside` it."""
    question, ranked, decision = found
    passages = () if ranked is None else _best_passages(ranked)
    collection.copies_ahead((one.chunk for one in passages), within, MAX_CHUNKS_EXAMINED)
    chosen = [passage for passage in passages if passage.chunk in decision.chosen]
    extent_of = {} if ranked is None else extents(ranked)
    shown = drop_contained(
        quote_passage(one, collection, within, extent_of[one.chunk], None if place else beside)
        for place, one in enumerate(chosen)
    )
    others = (passage for passage in passages if passage.chunk not in decision.chosen)
    return Answer(
        question=text,
        verdict=decision.verdict,
        scope=scope,
        quotes=tuple(shown) if decision.verdict is Verdict.ANSWERED else (),
        possible=tuple(shown) if decision.verdict is Verdict.MAY_ANSWER else (),
        nearest=tuple(_nearest_quotes(others, shown, collection, within, extent_of)),
        suggestions=suggestions(collection, question, passages, within) if _needs_suggestions(decision) else (),
        explanation=decision.explanation,
    )


def _needs_suggestions(decision: Decision) -> bool:
    """Whether to say what could be asked; who talks asks nothing."""
    return decision.verdict is Verdict.UNCLEAR and decision.explanation.rule not in set(SmallTalk)


def _decide(
    collection: Collection, text: str, within: ChunkFilter | None, encoder: Encoder | None, *, explain: bool
) -> tuple[Question, tuple[SpellingCorrection, ...], Ranked | None, Decision]:
    """The parsed question, its spelling corrections, its candidates, and the decision."""
    question, without = parse_question(unwrap(text)), partial(decision_without_candidates, encoder=encoder)
    if not collection.entries:
        return question, (), None, without(Verdict.NOT_FOUND, "no-articles")
    if not collection.sentences or (within is not None and not within.any()):
        return question, (), None, without(Verdict.NOT_FOUND, "nothing-quotable")
    if talk := small_talk(text):
        return question, (), None, without(Verdict.UNCLEAR, talk.value)
    question, corrections = correct_spelling(question, collection)
    if not question.terms:
        return question, corrections, None, without(Verdict.UNCLEAR, "nothing-to-search-for")
    readable = not is_unreadable(question, collection)
    if not readable:
        question = keep_known_terms(question, collection)
    ranked = rank(collection, question, within)
    if ranked is not None:
        judged = judge(ranked, encoder)
        ranked = judged.ranked
        decision = decide(judged, within, readable=readable, explain=explain)
    elif readable and LATIN.search(text):
        decision = without(Verdict.NOT_FOUND, "no-passage")
    else:
        decision = without(Verdict.UNCLEAR, "unreadable")
    return question, corrections, ranked, decision


def _nearest_quotes(
    passages: Iterable[Passage],
    shown: Sequence[Quote],
    collection: Collection,
    within: ChunkFilter | None,
    extent_of: Mapping[int, Extent],
) -> Iterator[Quote]:
    """The passages that are not in `shown`, each sentence once."""
    seen = {one.pieces for one in shown}
    for passage in passages:
        entry = collection.entry(passage.article.id)
        is_headed = collection.section_range(passage.chunk) is not None
        is_prose = passage.sentence.kind is SentenceKind.BODY and not is_headed and not introduces(passage, collection)
        alone = (
            quote_of(passage, entry)
            if is_prose
            else quote_passage(passage, collection, within, extent_of[passage.chunk])
        )
        if alone.pieces not in seen and not any(contains(one, alone) for one in shown):
            seen.add(alone.pieces)
            yield with_sources(alone, collection, (passage.chunk, passage.chunk), within) if is_prose else alone


def _best_passages(ranked: Ranked) -> tuple[Passage, ...]:
    asked, collection = ranked.inputs.question.terms, ranked.inputs.collection
    return tuple(
        collection.passage(chunk, float(score), frozenset(asked))
        for chunk, score in zip(ranked.chunks[:MAX_PASSAGES], ranked.scores, strict=False)
    )
