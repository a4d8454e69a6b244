"""Do the articles answer this question? The decision, with its reasons in numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from index.analysis import stop_list
from index.article import POSSIBLE_AT_MOST, Reasons, Signal, TermWeight, Verdict
from index.collection import Collection
from index.question import Asks, Question
from index.ranking import Ranked
from index.ranking.features import Column
from index.ranking.trees import Forest
from index.signals import signals_of
from index.thesaurus import related

QUOTES_AT_MOST = 3
AS_GOOD = 0.5
"""A further passage is an answer in its own right if the ranking puts it no more than this below the first."""
NEAR = 2.0
"""A further passage may answer if the ranking puts it no more than this below the first."""
MAY_ANSWER_AT_MOST, MAY_ANSWER_SCALE = 0.3, 165.0
"""The highest threshold for a possible answer, and what the root of the number of sentences is divided by for it."""
LOOKED_AT = 10
"""The best candidates, among which further answers are looked for."""
TOO_BROAD = 3
"""More sentences than these are too many to choose from, for a question that is one word and asks nothing of it."""
UNKNOWN_AT_LEAST, UNKNOWN_SHARE = 3, 0.6
"""Words that are unknown, and their share of all, from which on a question cannot be read."""
AROUND = 0.5
"""What a term is shown to have matched that only the passage's surroundings hold."""
ALIKE = 0.5
"""How like a word of the question a word of the passage must be, by the thesaurus, to say the same of its names."""
VETOED = 0.4
"""The probability that a passage has at most that a veto speaks against: so many are right of those that the model
gives more (docs/quality.md). It is never taken for an answer, and may be shown as a possible one."""
VETOED_BY = {"no-figure": 0.08}
"""Likewise by the name of the veto, where it is another."""
WHOLE = 0.6
"""The probability that a passage has at least that holds every term of a question, and the kind of thing asked for."""
VETOES = {Asks.NUMBER: "no-figure", Asks.SAYING: "no-saying"}
"""Kinds of things asked for without which a passage is no answer, however near: where no other kind is so telling."""


class Decision(NamedTuple):
    """The verdict, its reasons, and the chunks to show at once, best first: those that answer, or those that may."""

    verdict: Verdict
    reasons: Reasons
    chosen: tuple[int, ...] = ()


@cache
def judge() -> Forest:
    """The model that decides: support.json, which `make train` writes."""
    return Forest.read(resources.files("index").joinpath("support.json").read_text("utf-8"))


def may_answer_threshold(sentences: int) -> float:
    """The probability from which the best of so many sentences is shown as a possible answer.

    The more sentences there are, the closer the best of them comes to a question about something else. This is where
    about a fifth of such questions are shown anything: measured on nq and squad2, from 30 sentences to 3,457.
    """
    return min(MAY_ANSWER_AT_MOST, math.sqrt(sentences) / MAY_ANSWER_SCALE)


def without_answer(verdict: Verdict, rule: str) -> Decision:
    """A decision that needed no candidate, by the name of its rule."""
    return Decision(verdict, Reasons(rule=rule, threshold=judge().model.threshold))


def decide(ranked: Ranked, sentences: int, *, readable: bool = True, explain: bool = False) -> Decision:
    """Whether the best candidate answers the question, may answer it, or neither.

    First come the vetoes: a name or a number of the question that is nowhere near the candidate; a figure or a saying
    asked for that it does not hold; nothing in it of what is asked about its names. What passes them is weighed by a
    model over signals, whose sum is calibrated: the probability that the best candidate is an answer. Two thresholds
    on it make three verdicts.

    Args:
        ranked: the question's candidates, best first.
        sentences: how many sentences were searched.
        readable: whether the question was searched for in all its words. If not, it is never answered for sure.
        explain: whether the reasons say what each signal gave, which takes a while longer.
    """
    threshold, lower = judge().model.threshold, may_answer_threshold(sentences)
    question = ranked.asked.question
    signals = signals_of(ranked)
    probability, rule = _judged(question, ranked, signals)
    if _is_too_broad(question, ranked):
        verdict, rule = Verdict.UNCLEAR, "too-broad"
    elif readable and probability >= threshold:
        verdict = Verdict.ANSWERED
    elif probability >= lower:
        verdict = Verdict.MAY_ANSWER
    else:
        verdict, rule = (Verdict.NOT_FOUND, rule) if readable else (Verdict.UNCLEAR, "unreadable")
    terms = _weights(ranked)
    reasons = Reasons(
        rule=rule,
        probability=round(probability, 4),
        coverage=round(sum(t.idf * t.matched for t in terms) / sum(t.idf for t in terms), 4),
        threshold=threshold,
        may_answer_threshold=round(lower, 4),
        terms=terms,
        signals=_shares(signals) if explain else (),
    )
    return Decision(verdict, reasons, _chosen(verdict, ranked))


def _chosen(verdict: Verdict, ranked: Ranked) -> tuple[int, ...]:
    """The chunks to show at once."""
    if verdict is Verdict.ANSWERED:
        return tuple(_in_their_own_right(ranked)[:QUOTES_AT_MOST])
    if verdict is Verdict.MAY_ANSWER:
        best = ranked.scores[0]
        first = zip(ranked.chunks[:POSSIBLE_AT_MOST], ranked.scores, strict=False)
        return tuple(chunk for chunk, score in first if best - score <= NEAR)
    return ()


def _judged(question: Question, ranked: Ranked, signals: Mapping[str, float]) -> tuple[float, str]:
    """The probability that the best passage is an answer, and the rule that it was found by."""
    probability = judge().probability(float(judge().scores(_row(signals)[None, :])[0]))
    veto = _veto(question, ranked)
    if veto is not None:
        return min(probability, VETOED_BY.get(veto, VETOED)), veto
    if probability < WHOLE and _holds_the_whole_question(question, signals):
        return WHOLE, "whole-question"
    return probability, "probability"


def _row(signals: Mapping[str, float]) -> Column:
    return np.array([signals[name] for name in judge().model.features])


def _holds_the_whole_question(question: Question, signals: Mapping[str, float]) -> bool:
    """Whether the best passage itself holds every term, two or more, and the kind of thing asked for."""
    kind = signals["of-the-kind"] > 0
    return len(question.asked) > 1 and kind and not question.denies and signals["coverage-family"] > 1 - 1e-9


def is_unreadable(question: Question, collection: Collection) -> bool:
    """Whether it is in another language, or noise: most of its words, names aside, are in no article and no dictionary.

    Two such words are enough where the question holds no English function word.
    """
    words = [term for term in question.asked if term not in question.names]
    unknown = [term for term in words if not collection.bm25.holds(term) and not related(term)]
    foreign = len(question.words) > UNKNOWN_AT_LEAST and not stop_list().words.intersection(question.words)
    if foreign and len(unknown) > 1:
        return True
    return len(unknown) >= UNKNOWN_AT_LEAST and len(unknown) >= UNKNOWN_SHARE * len(words)


def recognised(question: Question, collection: Collection) -> Question:
    """What remains to look for of an unreadable question: names that the articles hold, and words only they know."""
    return question.only(
        term for term in question.asked if collection.bm25.holds(term) and (term in question.names or not related(term))
    )


def _is_too_broad(question: Question, ranked: Ranked) -> bool:
    """Whether it is one word that several sentences hold, and nothing is asked of it."""
    if len(question.asked) > 1 or question.about or question.asks is not Asks.UNSTATED:
        return False
    return ranked.asked.collection.bm25.frequency(question.asked[0]) > TOO_BROAD


def _veto(question: Question, ranked: Ranked) -> str | None:
    """The rule by which the best passage cannot be an answer, however much of the question it holds."""
    evidence = ranked.asked.evidence
    near = (
        (evidence.own[:, 0] > 0) | evidence.family[:, 0] | evidence.title[:, 0] | (evidence.article[:, 0] > 0)
        | (evidence.related[:, 0] > 0)
    )  # fmt: skip
    missing = {term for term, held in zip(question.asked, near, strict=False) if not held}
    if missing & question.names:
        return "name-missing"
    if missing & question.numbers:
        return "number-missing"
    if question.asks in VETOES and ranked.features["of-the-kind"][0] == 0:
        return VETOES[question.asks]
    said = "predicate-word" if question.names else "predicate-around"
    if ranked.features[said][0] == 0 or _is_deed_missing(question, ranked):
        return "nothing-said"
    return None


def _is_deed_missing(question: Question, ranked: Ranked) -> bool:
    """Whether a question after who did something to a name gets a passage that holds nothing of the deed."""
    if question.asks is not Asks.PERSON or not question.names:
        return False
    deeds = (term not in question.names | question.heads for term in question.asked)
    deed = next((place for place, is_deed in enumerate(deeds) if is_deed), None)
    if deed is None:
        return False
    evidence = ranked.asked.evidence
    held = evidence.own[deed, 0] > 0 or evidence.family[deed, 0]
    return not held and bool(evidence.related[deed, 0] < ALIKE)


def _in_their_own_right(ranked: Ranked) -> list[int]:
    """The first passage, and those ranked nearly as high that hold every term and the kind of thing that it holds."""
    held = ranked.asked.evidence.own > 0
    kind = ranked.features["of-the-kind"]
    return [
        chunk
        for place, chunk in enumerate(ranked.chunks[:LOOKED_AT])
        if ranked.scores[0] - ranked.scores[place] <= AS_GOOD
        and bool((held[:, place] >= held[:, 0]).all())
        and kind[place] >= kind[0]
    ]


def _weights(ranked: Ranked) -> tuple[TermWeight, ...]:
    evidence, question = ranked.asked.evidence, ranked.asked.question
    near = evidence.before[:, 0] | evidence.after[:, 0] | (evidence.paragraph[:, 0] > 0) | evidence.title[:, 0]
    here = (evidence.own[:, 0] > 0) | evidence.family[:, 0]
    matched = np.where(here, 1.0, np.maximum(evidence.related[:, 0], AROUND * near))
    return tuple(
        TermWeight(
            word=question.word_of(term),
            term=term,
            idf=round(float(idf), 4),
            seen=bool(seen),
            matched=round(float(held), 4),
        )
        for term, idf, seen, held in zip(question.asked, evidence.idf, ranked.asked.seen, matched, strict=False)
    )


def _shares(signals: Mapping[str, float]) -> tuple[Signal, ...]:
    """What each signal gave, in the log-odds of the probability, the weightiest first."""
    slope = judge().model.slope
    moved = judge().shares(_row(signals))
    given = [
        Signal(name=name, value=round(signals[name], 4), gave=round(slope * part, 4)) for name, part in moved.items()
    ]
    return tuple(sorted(given, key=lambda signal: -abs(signal.gave)))
