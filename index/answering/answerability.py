"""Decide whether the articles answer a question, and explain the decision in numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from index.analysis.question import Asks, Question, english_function_words
from index.analysis.thesaurus import related
from index.answering.answerability_features import signals_of
from index.bm25.postings import Mask
from index.collection.collection import Collection
from index.models import POSSIBLE_AT_MOST, Reasons, Signal, TermWeight, Verdict
from index.ranking import Ranked
from index.ranking.decision_trees import Forest
from index.ranking.features import Column

QUOTES_AT_MOST = 3
AS_GOOD = 0.5
"""A further passage is an answer too if it scores at most this much below the first."""
NEAR = 2.0
"""A further passage is a possible answer if it scores at most this much below the first."""
SENTENCES_AT_LEAST = 25
"""The size below which the threshold for a possible answer falls no further."""
MAY_ANSWER_AT_MOST, MAY_ANSWER_SCALE = 0.3, 165.0
"""For a possible answer: the highest threshold, and the divisor of the square root of the sentence count."""
LOOKED_AT = 10
"""Number of best candidates among which further answers are looked for."""
TOO_BROAD = 3
"""A one-word question that asks nothing of its word is too broad if more sentences than this have the word."""
UNKNOWN_AT_LEAST, UNKNOWN_SHARE = 3, 0.6
"""A question is unreadable with at least this many unknown words, if they are at least this share of all."""
AROUND = 0.5
"""`TermWeight.matched` of a term that only the passage's surroundings have."""
ALIKE = 0.5
"""Lowest thesaurus weight at which a word of the passage counts as a synonym of a word of the question."""
VETOED = 0.4
"""Highest probability of a passage that is vetoed: the share of correct ones among those that the model rates higher
(docs/quality.md). Such a passage is never an answer, but may be a possible one."""
VETOED_BY = {"no-figure": 0.08}
"""The same by name of the veto, where it differs."""
WHOLE = 0.6
"""Lowest probability of a passage that has every term of a question, and the type of answer asked for."""
VETOES = {Asks.NUMBER: "no-figure", Asks.SAYING: "no-saying"}
"""Types of answer that a passage must contain. No other type, if missing, is reason enough for a veto."""


class Decision(NamedTuple):
    """The verdict, its explanation, and the chunks to show, best first: those that answer, or those that may."""

    verdict: Verdict
    reasons: Reasons
    chosen: tuple[int, ...] = ()


@cache
def judge() -> Forest:
    """The answerability model: answerability.json, which `make train` writes."""
    return Forest.read(resources.files("index.answering").joinpath("answerability.json").read_text("utf-8"))


def may_answer_threshold(sentences: int) -> float:
    """The probability from which the best of so many sentences is shown as a possible answer.

    The more sentences there are, the closer the best of them comes to an unrelated question. At this threshold about a
    fifth of such questions get a possible answer: measured on nq and squad2, from 30 sentences to 3,457.
    """
    return min(MAY_ANSWER_AT_MOST, math.sqrt(max(sentences, SENTENCES_AT_LEAST)) / MAY_ANSWER_SCALE)


def without_answer(verdict: Verdict, rule: str) -> Decision:
    """A decision made without candidates, by the rule of this name."""
    return Decision(verdict, Reasons(rule=rule, threshold=judge().model.threshold))


def decide(ranked: Ranked, within: Mask | None = None, *, readable: bool = True, explain: bool = False) -> Decision:
    """Decide whether the best candidate answers the question, may answer it, or neither.

    A model over features gives the calibrated probability that the best candidate is an answer. Vetoes limit it: a
    name or number of the question is nowhere near the candidate; it lacks the figure or saying asked for; it has
    nothing of what is asked about its names. Two thresholds on the probability make three verdicts.

    Args:
        ranked: the question's candidates, best first.
        within: True for each chunk that was searched; None for all.
        readable: whether all words of the question were searched for. If not, the verdict is never `answered`.
        explain: whether to include each feature's contribution, which takes a while longer.
    """
    sentences = ranked.asked.collection.sentences if within is None else int(within.sum())
    threshold, lower = judge().model.threshold, may_answer_threshold(sentences)
    question = ranked.asked.question
    signals = signals_of(ranked)
    probability, rule = _judged(question, ranked, signals)
    if readable and _is_too_broad(question, ranked, within):
        verdict, rule = Verdict.UNCLEAR, "too-broad"
    elif question.about and not _holds_a_term(ranked):
        verdict, rule = Verdict.NOT_FOUND, "not-mentioned"
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
    if verdict is Verdict.ANSWERED:
        return tuple(_in_their_own_right(ranked)[:QUOTES_AT_MOST])
    if verdict is Verdict.MAY_ANSWER:
        best = ranked.scores[0]
        first = zip(ranked.chunks[:POSSIBLE_AT_MOST], ranked.scores, strict=False)
        return tuple(chunk for chunk, score in first if best - score <= NEAR)
    return ()


def _judged(question: Question, ranked: Ranked, signals: Mapping[str, float]) -> tuple[float, str]:
    """The probability that the best passage is an answer, and the rule that decided it."""
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
    """Whether the best passage has every term, two or more, and the type of answer asked for."""
    kind = signals["of-the-kind"] > 0
    return len(question.asked) > 1 and kind and not question.denies and signals["coverage-family"] > 1 - 1e-9


def is_unreadable(question: Question, collection: Collection) -> bool:
    """Whether it is in another language, or noise: most words except names are in no article and not in the thesaurus.

    Two such words are enough where the question has no word that only English sentences have.
    """
    words = [term for term in question.asked if term not in question.names]
    unknown = [term for term in words if not collection.bm25.holds(term) and not related(term)]
    foreign = len(question.words) > UNKNOWN_AT_LEAST and not english_function_words().intersection(question.words)
    if foreign and len(unknown) > 1:
        return True
    return len(unknown) >= UNKNOWN_AT_LEAST and len(unknown) >= UNKNOWN_SHARE * len(words)


def recognised(question: Question, collection: Collection) -> Question:
    """An unreadable question reduced to names that the articles have, and words that only the articles have."""
    return question.only(
        term for term in question.asked if collection.bm25.holds(term) and (term in question.names or not related(term))
    )


def _holds_a_term(ranked: Ranked) -> bool:
    """Whether the best candidate itself has a term of the question, or one of its word family."""
    evidence = ranked.asked.evidence
    return bool((evidence.own[:, 0] > 0).any() or evidence.family[:, 0].any())


def _is_too_broad(question: Question, ranked: Ranked, within: Mask | None) -> bool:
    """Whether it is a single word that several sentences have, and nothing is asked of it."""
    if len(question.asked) > 1 or question.about or question.asks is not Asks.UNSTATED:
        return False
    chunks = ranked.asked.collection.bm25.chunks_of(question.asked[0])
    return (len(chunks) if within is None else int(within[chunks].sum())) > TOO_BROAD


def _veto(question: Question, ranked: Ranked) -> str | None:
    """The rule by which the best passage cannot be an answer, however much of the question it has."""
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
    """Whether the question asks who did something to a name, and the passage has no word for what was done."""
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
    """The first passage, and those ranked nearly as high that have every term and the type of answer that it has."""
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
    """Each feature's contribution to the log-odds of the probability, largest first."""
    slope = judge().model.slope
    moved = judge().shares(_row(signals))
    given = [
        Signal(name=name, value=round(signals[name], 4), gave=round(slope * part, 4)) for name, part in moved.items()
    ]
    return tuple(sorted(given, key=lambda signal: -abs(signal.gave)))
