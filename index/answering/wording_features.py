"""How the wording of candidates fits the question's: what they lack, what they have instead, and how it hangs together.

Shares are of the question's total idf, without unit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import regex

from index.analysis.analyzer import stem
from index.analysis.exact_forms import form_of, is_exact
from index.analysis.question import Question
from index.analysis.sentence_features import SentenceFeatures
from index.analysis.thesaurus import opposites
from index.ranking import Ranked
from index.ranking.features import Column, answering_places, kind_weights
from index.ranking.names import is_name

CLAUSE_BREAK = regex.compile(
    r"[,;:()\[\]“”\"—–]|\s-\s|\b(?:and|but|while|which|who|whose|where|when|although|because)\b"
)
YEAR = regex.compile(r"\b(?:1\d|20)\d\d\b")
FAR = 300.0
"""Characters between an answer and a word, where the sentence has none of either."""
RIVAL = 0.05
"""How much less of the question a rival has at most."""


@dataclass(frozen=True)
class _Fit:
    """A question and a sentence: which of its terms the sentence has, itself or by a word of like meaning."""

    question: Question
    sentence: SentenceFeatures
    weights: Column
    """Of the terms; their sum is 1."""
    held: npt.NDArray[np.bool_]
    graded: Column
    in_context: Column
    """The same with the title and, if the sentence refers back, the sentence before."""

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The stem of each term."""
        return tuple(stem(form_of(term)) if is_exact(term) else term for term in self.question.terms)

    @cached_property
    def clauses(self) -> list[int]:
        """Where each clause of the sentence starts."""
        return [0, *(found.start() for found in CLAUSE_BREAK.finditer(self.sentence.text))]

    @cached_property
    def by_clause(self) -> dict[int, float]:
        """For each clause the weight of the terms in it."""
        total: dict[int, float] = {}
        for term, weight in zip(self.question.terms, self.weights.tolist(), strict=True):
            for clause in {self.clause(span.start) for span in self.sentence.spans.get(term, ())}:
                total[clause] = total.get(clause, 0.0) + weight
        return total

    def clause(self, place: int) -> int:
        """The number of the clause at a place of the sentence."""
        return bisect_right(self.clauses, place)

    @cached_property
    def answers(self) -> list[int] | None:
        """Places of the type of answer asked for; None for types that have no places."""
        return answering_places(self.question, self.sentence)

    @cached_property
    def stem_at(self) -> dict[int, str]:
        """The stem at each position of the sentence."""
        found = self.sentence.positions.items()
        return {position: term for term, positions in found if not is_exact(term) for position in positions}

    @cached_property
    def asked_terms(self) -> list[int]:
        """The question's terms in the order of its text, by their indices."""
        places = {term: place for place, term in enumerate(self.question.terms)}
        return [places[token.term] for token in self.question.tokens if token.term in places]

    def is_new(self, position: int) -> bool:
        """Whether the sentence has a word there that the question has not."""
        word = self.stem_at.get(position)
        return word is not None and word not in self.bases and word not in self.question.terms


def _answer_clause(fit: _Fit) -> float:
    """The weight of the terms in the clause of an answer."""
    return max((fit.by_clause.get(fit.clause(place), 0.0) for place in fit.answers or ()), default=0.0)


def _answer_to_predicate(fit: _Fit) -> float:
    """Characters between an answer and the nearest word of what is asked about the names."""
    if fit.answers is None:
        return -1.0
    question = fit.question
    said = (term for term in question.terms if not is_name(term, question) and term not in question.head_terms)
    starts = [span.start for term in said for span in fit.sentence.spans.get(term, ())]
    return min((float(abs(place - start)) for place in fit.answers for start in starts), default=FAR)


def _opposite(fit: _Fit) -> float:
    """The weight of terms that the sentence lacks while it has their opposite: south for north."""
    stems = fit.sentence.stems - set(fit.bases)
    opposed = np.array([not stems.isdisjoint(opposites(base)) for base in fit.bases])
    return float(fit.weights[opposed & ~fit.held].sum())


def _replaced(fit: _Fit) -> float:
    """The weight of terms beside one that the sentence has, where the sentence has another word in their place."""
    total = 0.0
    for left, right in zip(fit.asked_terms, fit.asked_terms[1:], strict=False):
        if fit.held[left] == fit.held[right]:
            continue
        held, lacking, step = (left, right, 1) if fit.held[left] else (right, left, -1)
        term = fit.question.terms[held]
        if any(
            fit.is_new(place + step) for place in fit.sentence.positions.get(term, ()) if term in fit.sentence.spans
        ):
            total += float(fit.weights[lacking])
    return total


def _replaced_between(fit: _Fit) -> float:
    """The same for terms between two that the sentence has."""
    total, positions, terms = 0.0, fit.sentence.positions, fit.question.terms
    for left, place, right in zip(fit.asked_terms, fit.asked_terms[1:], fit.asked_terms[2:], strict=False):
        ends = set(positions.get(terms[right], ()))
        if not fit.held[place] and any(
            one + 2 in ends and fit.is_new(one + 1) for one in positions.get(terms[left], ())
        ):
            total += float(fit.weights[place])
    return total


def _other_year(fit: _Fit) -> float:
    """1 where the sentence has another year than the question, and lacks one of the question's."""
    asked, held = (set(YEAR.findall(text)) for text in (fit.question.text, fit.sentence.text))
    return float(bool(asked - held) and bool(held - asked))


def _names_here(fit: _Fit) -> float:
    """The share of the question's names that the sentence has; 0.5 where it has none."""
    held = [
        held for held, term in zip(fit.held.tolist(), fit.question.terms, strict=True) if is_name(term, fit.question)
    ]
    return sum(held) / len(held) if held else 0.5


def _lacking_predicate(fit: _Fit) -> float:
    """The heaviest term that is no name and that the sentence lacks, in proportion to the heaviest of all."""
    said = np.array([not is_name(term, fit.question) for term in fit.question.terms])
    return float((fit.weights * (1 - fit.graded) * said).max() / fit.weights.max())


WORDING_FEATURES: dict[str, Callable[[_Fit], float]] = {
    "covers-context": lambda fit: float((fit.weights * fit.in_context).sum()),
    "lacking-context": lambda fit: float((fit.weights * (1 - fit.in_context)).max() / fit.weights.max()),
    "lacking-predicate": _lacking_predicate,
    "names-here": _names_here,
    "clause-coverage": lambda fit: max(fit.by_clause.values(), default=0.0),
    "answer-clause": _answer_clause,
    "answers": lambda fit: -1.0 if fit.answers is None else float(len(fit.answers)),
    "answer-to-predicate": _answer_to_predicate,
    "opposite": _opposite,
    "replaced": _replaced,
    "replaced-between": _replaced_between,
    "other-year": _other_year,
}


def wording_features(ranked: Ranked, count: int) -> dict[str, Column]:
    """The features of the first `count` candidates by name."""
    fits = _fits(ranked, count)
    made = {name: np.array([make(fit) for fit in fits], np.float64) for name, make in WORDING_FEATURES.items()}
    return made | {"rivals": _rivals(ranked)[:count]}


def _fits(ranked: Ranked, count: int) -> Sequence[_Fit]:
    inputs, evidence = ranked.inputs, ranked.inputs.evidence
    weights = evidence.idf * kind_weights(inputs.question)
    weights /= weights.sum()
    found = []
    for place, chunk in enumerate(ranked.chunks[:count]):
        sentence = inputs.collection.sentence_features(chunk)
        held = evidence.in_sentence()[:, place]
        graded = np.maximum(held, evidence.related[:, place])
        before = evidence.before[:, place] & sentence.needs_context
        in_context = np.maximum(graded, evidence.title[:, place] | before)
        found.append(_Fit(inputs.question, sentence, weights, held, graded, in_context))
    return found


def _rivals(ranked: Ranked) -> Column:
    """How many other candidates have at least nearly as much of the question."""
    coverage = ranked.features["coverage-kind"]
    return np.array([float((coverage >= own - RIVAL).sum() - 1) for own in coverage])
