"""Questions to a collection that is not all in English: the languages to ask, and what each of them answers.

A language other than English decides by what is the same in all languages: how much of the question a sentence has, its
names and its numbers; and by the time, figure or reason that is asked for, where questions.CODE.toml tells it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import regex

from index.analysis.analyzer import stop_words
from index.analysis.conversation import unwrap
from index.analysis.languages import ENGLISH, LATIN, fold, language
from index.analysis.other_languages import WORD, as_written, has_answer_of_type, parse_question_in
from index.analysis.question import AnswerType, Question, english_function_words, parse_question
from index.answering.answerability import (
    Decision,
    decide,
    decision_without_candidates,
    judge,
    keep_known_terms,
    term_weights,
)
from index.bm25.candidate_source import ChunkFilter
from index.bm25.postings import Mask
from index.collection.collection import Collection
from index.models import MAX_POSSIBLE_QUOTES, Explanation, Verdict
from index.ranking import Ranked, rank
from index.ranking.by_coverage import is_question, rank_by_coverage

ANSWERS, ANSWERS_AROUND, MIN_TERMS = 0.9, 0.95, 2
"""The share of the question, by idf, that a sentence has itself, and with what is around it, to be an answer; and the
number of terms from which there can be one."""
MAY_ANSWER, MAX_MAY_ANSWER, MAY_ANSWER_SCALE, HERE = 0.2, 0.5, 200.0, 0.5
"""The share of the question around a sentence from which it may answer, in no sentence and in very many: the more there
are, the more of a question the best of them has by chance. The sentence itself has half of it."""
RIVAL = 0.15
"""How much less of the question another sentence has that could answer it as well."""
NEARLY = 0.6
"""The share of the best score from which a further passage is shown, too."""


class LanguagesToAsk(NamedTuple):
    """The languages of a collection, as they matter for a question."""

    own: tuple[str, ...]
    """Those that the question may be in, likeliest first; none where it is in English, and no article is."""
    others: tuple[str, ...]


class Found(NamedTuple):
    """What a question finds in the articles of one language."""

    question: Question
    ranked: Ranked | None
    decision: Decision


def languages_to_ask(text: str, there: Sequence[str]) -> LanguagesToAsk:
    """The languages that a question may be in, by its letters and function words, among those that are searched."""
    letters = [code for code in there if _is_in_script(text, _script(code))]
    words = WORD.findall(text)
    hits = {code: sum(_is_function_word(word, code) for word in words) for code in letters}
    most = max(hits.values(), default=0)
    if ENGLISH not in there and sum(word.lower() in english_function_words() for word in words) > most:
        return LanguagesToAsk((), tuple(there))
    own = tuple(code for code in letters if hits[code] == most)
    own = own or tuple(there[:1])
    return LanguagesToAsk(own, tuple(code for code in there if code not in own))


def _script(code: str) -> str:
    return LATIN if code == ENGLISH else language(code).script


def _is_in_script(text: str, script: str) -> bool:
    """Whether a text has letters of this script; Latin ones only count where there are no others."""
    others = regex.search(r"[\p{L}--\p{Latin}]", text, regex.VERSION1)
    if script == LATIN:
        return others is None
    return regex.search(rf"\p{{{script}}}", text) is not None


def _is_function_word(word: str, code: str) -> bool:
    if code == ENGLISH:
        return word.lower() in stop_words().words
    return fold(word, code) in language(code).function_words


def find_in(collection: Collection, text: str, code: str, within: ChunkFilter | None) -> Found:
    """What a question in this language, which is not English, finds in the articles of it."""
    question = parse_question_in(unwrap(text), code)
    if not question.terms:
        return Found(question, None, decision_without_candidates(Verdict.UNCLEAR, "nothing-to-search-for"))
    ranked = rank_by_coverage(collection, question, code, within)
    if ranked is None:
        return Found(question, None, decision_without_candidates(Verdict.NOT_FOUND, "no-passage"))
    return Found(question, ranked, _decide(ranked, code, within))


def nothing_in_english(text: str) -> Found:
    """What a question in English finds where no article is in English: nothing, or there is nothing to look for."""
    question = parse_question(unwrap(text))
    if question.terms:
        return Found(question, None, decision_without_candidates(Verdict.NOT_FOUND, "no-passage"))
    return Found(question, None, decision_without_candidates(Verdict.UNCLEAR, "nothing-to-search-for"))


def find_as_written(collection: Collection, text: str, asked_in: str, code: str, within: ChunkFilter | None) -> Found:
    """What the names and numbers of a question find in the articles of another language; it is never a sure answer."""
    if code == ENGLISH:
        question = keep_known_terms(parse_question(unwrap(text)), collection)
        ranked = rank(collection, question, within) if question.terms else None
        if ranked is None:
            return Found(question, None, decision_without_candidates(Verdict.NOT_FOUND, "no-passage"))
        judged = judge(ranked)
        return Found(question, judged.ranked, decide(judged, within, readable=False))
    read = unwrap(text)
    asked = parse_question(read) if asked_in == ENGLISH else parse_question_in(read, asked_in)
    question = as_written(asked, code)
    ranked = rank_by_coverage(collection, question, code, within) if question.terms else None
    if ranked is None:
        return Found(question, None, decision_without_candidates(Verdict.NOT_FOUND, "no-passage"))
    decision = _decide(ranked, code, within)
    return Found(question, ranked, decision if decision.verdict is not Verdict.ANSWERED else _unsure(decision, ranked))


def may_answer_share(sentences: int) -> float:
    """The share of the question around the best of so many sentences from which it may answer."""
    return min(MAX_MAY_ANSWER, MAY_ANSWER + math.sqrt(sentences) / MAY_ANSWER_SCALE)


def _decide(ranked: Ranked, code: str, within: ChunkFilter | None) -> Decision:
    """Whether the best candidate answers the question, may answer it, or neither."""
    lower = may_answer_share(ranked.inputs.collection.sentences if within is None else within.count())
    evidence, question = ranked.inputs.evidence, ranked.inputs.question
    here = evidence.own[:, 0] > 0
    shown = here | evidence.title[:, 0] | (evidence.heading[:, 0] > 0)
    around = here | evidence.anywhere_near()[:, 0]
    total = evidence.idf.sum()
    share_here, share_around = float(evidence.idf @ here / total), float(evidence.idf @ around / total)
    rule = _lacking(ranked, here, shown, code) or "coverage"
    is_whole = share_here >= ANSWERS and share_around >= ANSWERS_AROUND and len(question.terms) >= MIN_TERMS
    if is_whole and rule == "coverage" and _has_rival(ranked):
        rule = "rival"
    if is_whole and rule == "coverage":
        verdict = Verdict.ANSWERED
    elif share_around >= lower and float(evidence.idf @ evidence.in_sentence()[:, 0]) >= HERE * lower * total:
        verdict = Verdict.MAY_ANSWER
    else:
        verdict = Verdict.NOT_FOUND
    probability = round(share_here * share_around, 4)
    explanation = Explanation(
        rule=rule,
        probability=probability,
        any_probability=probability,
        coverage=round(share_around, 4),
        threshold=round(ANSWERS * ANSWERS_AROUND, 4),
        may_answer_threshold=round(HERE * lower * lower, 4),
        terms=term_weights(ranked),
    )
    return Decision(verdict, explanation, _chosen(ranked, verdict))


def _lacking(ranked: Ranked, here: Mask, shown: Mask, code: str) -> str | None:
    """What the best candidate lacks to be an answer: a name, a number, the kind of thing asked for; else None."""
    question = ranked.inputs.question
    text = ranked.inputs.collection.text(ranked.chunks[0])
    held = dict(zip(question.terms, zip(here.tolist(), shown.tolist(), strict=True), strict=True))
    if any(not held[term][1] for term in question.names):
        return "name-missing"
    if any(not held[term][0] for term in question.numbers):
        return "number-missing"
    if question.answer_type is AnswerType.YES_NO and not here.all():
        return "word-missing"
    if has_answer_of_type(text, question.answer_type, code) is False:
        return f"no-{question.answer_type.value}"
    return "asks-itself" if is_question(text) else None


def _has_rival(ranked: Ranked) -> bool:
    """Whether another candidate has nearly as much of the question as the best one."""
    evidence = ranked.inputs.evidence
    shares = evidence.idf @ (evidence.own > 0) / evidence.idf.sum()
    return bool((shares[1:] >= shares[0] - RIVAL).any())


def _chosen(ranked: Ranked, verdict: Verdict) -> tuple[int, ...]:
    if verdict is Verdict.ANSWERED:
        return ranked.chunks[:1]
    if verdict is not Verdict.MAY_ANSWER:
        return ()
    best = float(ranked.scores[0])
    near = zip(ranked.chunks[:MAX_POSSIBLE_QUOTES], ranked.scores.tolist(), strict=False)
    return tuple(chunk for chunk, score in near if score >= NEARLY * best)


def _unsure(decision: Decision, ranked: Ranked) -> Decision:
    return Decision(Verdict.MAY_ANSWER, decision.explanation, _chosen(ranked, Verdict.MAY_ANSWER))


def both(one: ChunkFilter | None, other: ChunkFilter | None) -> ChunkFilter | None:
    """The chunks that may be found by both filters; None where all may."""
    if one is None or other is None:
        return other if one is None else one
    return one & other
