"""Decide whether the articles answer a question, and explain the decision in numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from index.analysis.exact_forms import form_of, is_exact
from index.analysis.question import AnswerType, Question, english_function_words
from index.analysis.thesaurus import related
from index.answering.answerability_features import answerability_features
from index.answering.section_model import section_features, section_model
from index.bm25.postings import Mask
from index.collection.collection import Collection
from index.models import MAX_POSSIBLE_QUOTES, Explanation, Signal, TermWeight, Verdict
from index.ranking import Ranked
from index.ranking.decision_trees import TreeEnsemble
from index.ranking.features import Column
from index.ranking.names import names_beginning_like
from index.ranking.query_expansion import chunks_of_term

MAX_QUOTES = 3
ANSWER_MARGIN = 0.5
"""A further passage is an answer too if it scores at most this much below the first."""
POSSIBLE_MARGIN = 2.0
"""A further passage is a possible answer if it scores at most this much below the first."""
MIN_SENTENCES = 25
"""The size below which the threshold for a possible answer falls no further."""
MAX_MAY_ANSWER_THRESHOLD, MAY_ANSWER_SCALE = 0.3, 165.0
"""For a possible answer: the highest threshold, and the divisor of the square root of the sentence count."""
MAX_PASSAGES_EXAMINED = 10
"""Number of best candidates among which further answers are looked for."""
MIN_SENTENCES_TOO_BROAD = 3
"""A one-word question that asks nothing of its word is too broad if more sentences than this have the word."""
MIN_UNKNOWN_WORDS, UNKNOWN_SHARE = 3, 0.6
"""A question is unreadable with at least this many unknown words, if they are at least this share of all."""
AROUND = 0.5
"""`TermWeight.matched` of a term that only the passage's surroundings have."""
MIN_SIMILARITY = 0.5
"""Lowest thesaurus weight at which a word of the passage counts as a synonym of a word of the question."""
VETO_PROBABILITY = 0.4
"""Highest probability of a passage that is vetoed: the share of correct ones among those that the model rates higher
(docs/quality.md). Such a passage is never an answer, but may be a possible one."""
VETO_PROBABILITIES = {"no-figure": 0.08, "name-replaced": 0.0}
"""The same by name of the veto, where it differs. Nothing is a possible answer where the articles lack a name of the
question and have one that is easily taken for it."""
WHOLE_QUESTION_PROBABILITY = 0.6
"""Lowest probability of a passage that has every term of a question, and the type of answer asked for."""
VETOES = {AnswerType.NUMBER: "no-figure", AnswerType.SAYING: "no-saying"}
"""Types of answer that a passage must contain. No other type, if missing, is reason enough for a veto."""


class Decision(NamedTuple):
    """The verdict, its explanation, and the chunks to show, best first: those that answer, or those that may."""

    verdict: Verdict
    explanation: Explanation
    chosen: tuple[int, ...] = ()


@cache
def answerability_model() -> TreeEnsemble:
    """The answerability model: answerability.json, which `make train` writes."""
    return TreeEnsemble.from_json(resources.files("index.answering").joinpath("answerability.json").read_text("utf-8"))


def may_answer_threshold(sentences: int) -> float:
    """The probability from which the best of so many sentences is shown as a possible answer.

    The more sentences there are, the closer the best of them comes to an unrelated question. At this threshold about a
    fifth of such questions get a possible answer: measured on nq and squad2, from 30 sentences to 3,457.
    """
    return min(MAX_MAY_ANSWER_THRESHOLD, math.sqrt(max(sentences, MIN_SENTENCES)) / MAY_ANSWER_SCALE)


def decision_without_candidates(verdict: Verdict, rule: str) -> Decision:
    """A decision made without candidates, by the rule of this name."""
    return Decision(verdict, Explanation(rule=rule, threshold=answerability_model().model.threshold))


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
    sentences = ranked.inputs.collection.sentences if within is None else int(within.sum())
    threshold, lower = answerability_model().model.threshold, may_answer_threshold(sentences)
    question = ranked.inputs.question
    signals = answerability_features(ranked)
    probability, rule = probability_and_rule(question, ranked, signals)
    if is_under_heading(ranked):
        model = section_model()
        probability = model.probability(section_features(ranked, probability))
        threshold, lower = model.threshold, min(lower, model.may_answer_threshold)
        if ranked.features["heading-denies"][0]:
            probability, rule = min(probability, VETO_PROBABILITY), "heading-denies"
    if readable and _is_too_broad(question, ranked, within):
        verdict, rule = Verdict.UNCLEAR, "too-broad"
    elif question.is_about_topic and not _holds_a_term(ranked):
        verdict, rule = Verdict.NOT_FOUND, "not-mentioned"
    elif readable and probability >= threshold:
        verdict = Verdict.ANSWERED
    elif probability >= lower:
        verdict = Verdict.MAY_ANSWER
    else:
        verdict, rule = (Verdict.NOT_FOUND, rule) if readable else (Verdict.UNCLEAR, "unreadable")
    terms = _term_weights(ranked)
    explanation = Explanation(
        rule=rule,
        probability=round(probability, 4),
        coverage=round(sum(t.idf * t.matched for t in terms) / sum(t.idf for t in terms), 4),
        threshold=threshold,
        may_answer_threshold=round(lower, 4),
        terms=terms,
        signals=_signal_contributions(signals) if explain else (),
    )
    return Decision(verdict, explanation, _chosen_chunks(verdict, ranked))


def is_under_heading(ranked: Ranked) -> bool:
    """Whether headings are above the best passage."""
    return ranked.inputs.collection.section_range(ranked.chunks[0]) is not None


def _chosen_chunks(verdict: Verdict, ranked: Ranked) -> tuple[int, ...]:
    if verdict is Verdict.ANSWERED:
        return tuple(_independent_answers(ranked)[:MAX_QUOTES])
    if verdict is Verdict.MAY_ANSWER:
        best = ranked.scores[0]
        first = zip(ranked.chunks[:MAX_POSSIBLE_QUOTES], ranked.scores, strict=False)
        return tuple(chunk for chunk, score in first if best - score <= POSSIBLE_MARGIN)
    return ()


def probability_and_rule(question: Question, ranked: Ranked, signals: Mapping[str, float]) -> tuple[float, str]:
    """The probability that the best passage is an answer, and the rule that decided it."""
    probability = answerability_model().probability(
        float(answerability_model().scores(_feature_row(signals)[None, :])[0])
    )
    veto = _veto(question, ranked)
    if veto is not None:
        return min(probability, VETO_PROBABILITIES.get(veto, VETO_PROBABILITY)), veto
    if probability < WHOLE_QUESTION_PROBABILITY and _covers_whole_question(question, signals):
        return WHOLE_QUESTION_PROBABILITY, "whole-question"
    return probability, "probability"


def _feature_row(signals: Mapping[str, float]) -> Column:
    return np.array([signals[name] for name in answerability_model().model.features])


def _covers_whole_question(question: Question, signals: Mapping[str, float]) -> bool:
    """Whether the best passage has every term, two or more, and the type of answer asked for."""
    kind = signals["of-the-kind"] > 0
    return len(question.terms) > 1 and kind and not question.is_negated and signals["coverage-family"] > 1 - 1e-9


def is_unreadable(question: Question, collection: Collection) -> bool:
    """Whether it is in another language, or noise: most words except names are in no article and not in the thesaurus.

    Two such words are enough where the question has no word that only English sentences have.
    """
    words = [term for term in question.terms if term not in question.names]
    unknown = [term for term in words if not collection.bm25.has_term(term) and not related(term)]
    foreign = len(question.words) > MIN_UNKNOWN_WORDS and not english_function_words().intersection(question.words)
    if foreign and len(unknown) > 1:
        return True
    return len(unknown) >= MIN_UNKNOWN_WORDS and len(unknown) >= UNKNOWN_SHARE * len(words)


def keep_known_terms(question: Question, collection: Collection) -> Question:
    """An unreadable question reduced to names that the articles have, and words that only the articles have."""
    return question.restricted_to(
        term
        for term in question.terms
        if collection.bm25.has_term(term) and (term in question.names or not related(term))
    )


def _holds_a_term(ranked: Ranked) -> bool:
    """Whether the best candidate itself has a term of the question, or one of its word family."""
    return bool(ranked.inputs.evidence.in_sentence()[:, 0].any())


def _is_too_broad(question: Question, ranked: Ranked, within: Mask | None) -> bool:
    """Whether it is a single word that several sentences have, and nothing is asked of it."""
    if len(question.terms) > 1 or question.is_about_topic or question.answer_type is not AnswerType.UNSTATED:
        return False
    chunks = chunks_of_term(question.terms[0], ranked.inputs.collection.bm25)
    return (len(chunks) if within is None else int(within[chunks].sum())) > MIN_SENTENCES_TOO_BROAD


def _veto(question: Question, ranked: Ranked) -> str | None:
    """The rule by which the best passage cannot be an answer, however much of the question it has."""
    evidence = ranked.inputs.evidence
    exact = np.array([is_exact(term) for term in question.terms])[:, None]
    here = np.where(exact, evidence.own > 0, evidence.in_sentence() | (evidence.related > 0))
    near = here | evidence.title | (evidence.article > 0)
    missing = {term for term, held in zip(question.terms, near[:, 0], strict=True) if not held}
    bm25 = ranked.inputs.collection.bm25
    unknown = exact[:, 0] & ~ranked.inputs.in_collection & ~evidence.title[:, 0]
    if any(names_beginning_like(form_of(question.terms[place]), bm25) for place in np.flatnonzero(unknown)):
        return "name-replaced"
    if missing & question.names:
        return "name-missing"
    if missing & question.numbers:
        return "number-missing"
    if question.answer_type in VETOES and ranked.features["of-the-kind"][0] == 0:
        return VETOES[question.answer_type]
    said = "predicate-word" if question.names else "predicate-around"
    if ranked.features[said][0] == 0 or _is_action_missing(question, ranked):
        return "nothing-said"
    return None


def _is_action_missing(question: Question, ranked: Ranked) -> bool:
    """Whether the question asks who did something to a name, and the passage has no word for what was done."""
    if question.answer_type is not AnswerType.PERSON or not question.names:
        return False
    actions = (term not in question.names | question.head_terms for term in question.terms)
    action = next((place for place, is_action in enumerate(actions) if is_action), None)
    if action is None:
        return False
    evidence = ranked.inputs.evidence
    return not evidence.in_sentence()[action, 0] and bool(evidence.related[action, 0] < MIN_SIMILARITY)


def _independent_answers(ranked: Ranked) -> list[int]:
    """The first passage, and those ranked nearly as high that have every term and the type of answer that it has."""
    held = ranked.inputs.evidence.own > 0
    kind = ranked.features["of-the-kind"]
    return [
        chunk
        for place, chunk in enumerate(ranked.chunks[:MAX_PASSAGES_EXAMINED])
        if ranked.scores[0] - ranked.scores[place] <= ANSWER_MARGIN
        and bool((held[:, place] >= held[:, 0]).all())
        and kind[place] >= kind[0]
    ]


def _term_weights(ranked: Ranked) -> tuple[TermWeight, ...]:
    evidence, question = ranked.inputs.evidence, ranked.inputs.question
    near, here = evidence.anywhere_near()[:, 0], evidence.in_sentence()[:, 0]
    matched = np.where(here, 1.0, np.maximum(evidence.related[:, 0], AROUND * near))
    return tuple(
        TermWeight(
            word=question.surface_form(term),
            term=term,
            idf=round(float(idf), 4),
            seen=bool(seen),
            matched=round(float(held), 4),
        )
        for term, idf, seen, held in zip(
            question.terms, evidence.idf, ranked.inputs.in_collection, matched, strict=False
        )
    )


def _signal_contributions(signals: Mapping[str, float]) -> tuple[Signal, ...]:
    """Each feature's contribution to the log-odds of the probability, largest first."""
    slope = answerability_model().model.slope
    moved = answerability_model().contributions(_feature_row(signals))
    given = [
        Signal(name=name, value=round(signals[name], 4), contribution=round(slope * part, 4))
        for name, part in moved.items()
    ]
    return tuple(sorted(given, key=lambda signal: -abs(signal.contribution)))
