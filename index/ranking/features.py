"""Features of a candidate for ranking, as numbers without unit.

Most are shares of the question's total idf, so that they mean the same in a collection of two articles and a million.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq

from index.analysis.answer_kinds import has_kind, kind_demanded
from index.analysis.question import AnswerType, Question, generic_terms
from index.analysis.sentence_features import SentenceFeatures
from index.bm25.postings import Ids
from index.collection.collection import Collection
from index.ranking.asked_roles import asked_roles
from index.ranking.candidates import FAMILY_WEIGHT, RELATED_WEIGHT, Evidence, Mask, Matrix
from index.ranking.definitions import defines
from index.ranking.roles import has_other_roles, is_only_planned

Column = npt.NDArray[np.float64]
BEFORE, PARAGRAPH, TITLE = 0.4, 0.45, 0.6
"""Weight of a term that only the sentence before, the paragraph or the title has, as a share of its idf."""
HEADING = 1.0
"""Weight of a term in the headings above a chunk, as a share of its weight in the chunk itself."""
COVERAGE = 1.0
"""Weight in the shortlist's scores of a term that the sentence or anything around it has, as a share of its idf: the
best of four values on three collections (docs/quality.md)."""
SATURATION = 1.2
FAR = 500.0
LIGHT_HEAD, HEAD = 0.15, 0.6
NEAR = 3
NO_WINDOW = 0.5
CLOSING = """"'”’)] """
"""What may follow the question mark of a sentence that is a question."""


@dataclass(frozen=True, slots=True)
class RankingInput:
    """A question and its evidence: the input of the features."""

    question: Question
    evidence: Evidence
    collection: Collection
    in_collection: npt.NDArray[np.bool_]
    """For each term, whether any sentence has it or a word of its family."""


def context_scores(evidence: Evidence) -> Column:
    """BM25 over the sentence; a term that it lacks counts once, for its best match around it."""
    paragraph = evidence.paragraph / (evidence.paragraph + SATURATION)
    around = np.maximum.reduce(
        [
            FAMILY_WEIGHT * evidence.family,
            RELATED_WEIGHT * evidence.related,
            BEFORE * evidence.before,
            PARAGRAPH * paragraph,
            TITLE * evidence.title,
        ]
    )
    scores: Column = evidence.idf @ (
        np.where(evidence.own > 0, evidence.own, around)
        + HEADING * np.maximum(evidence.heading, RELATED_WEIGHT * evidence.heading_related)
    )
    return scores


def coverage_around(question: Question, evidence: Evidence) -> Column:
    """Share of the question that the sentence, its headings or what is around it has, in its words or related ones."""
    weights = evidence.idf * kind_weights(question)
    held = np.maximum(evidence.in_sentence() | evidence.anywhere_near(), evidence.related)
    share: Column = (weights @ held) / weights.sum()
    return share


def shortlist_scores(question: Question, evidence: Evidence) -> Column:
    """The first ranking: BM25 in context, and how much of the question is there at all.

    To a question in other words, the best sentence has little of each term, and others have one rare term twice.
    """
    scores: Column = context_scores(evidence) + COVERAGE * evidence.idf.sum() * coverage_around(question, evidence)
    return scores


def from_postings(inputs: RankingInput) -> dict[str, Column]:
    """Features that need no text: coverage by the sentence and around it, and missing terms."""
    evidence, question = inputs.evidence, inputs.question
    mass = evidence.idf.sum()
    idf = evidence.idf[:, None]

    def share(held: npt.NDArray[np.float64] | npt.NDArray[np.bool_], weights: Column = idf) -> Column:
        part: Column = (weights * held).sum(axis=0) / weights.sum()
        return part

    own = evidence.own > 0
    here = evidence.in_sentence()
    graded = np.maximum(here * 1.0, evidence.related)
    paragraph, article = evidence.paragraph > 0, evidence.article > 0
    around = here | evidence.anywhere_near()
    lacking = ~around
    context, bm25 = context_scores(evidence), evidence.idf @ evidence.own
    typed = idf * kind_weights(question)[:, None]
    exact, like = share(here, typed), share(graded, typed)
    slope = np.linspace(1, 0.5, len(evidence.idf))[:, None]
    named = np.array([term in question.names for term in question.terms])[:, None]
    numbered = np.array([term in question.numbers for term in question.terms])[:, None]
    heads = np.array([term in question.head_terms for term in question.terms])[:, None]
    return {
        "bm25": bm25 / mass,
        "bm25-of-best": bm25 / max(float(bm25.max()), 1e-9),
        "context": context / mass,
        "context-of-best": context / max(float(context.max()), 1e-9),
        "coverage": share(own),
        "coverage-family": share(here),
        "coverage-related": share(graded),
        "coverage-kind": exact,
        "coverage-kind-related": like,
        "coverage-best": np.full(len(exact), exact.max()),
        "coverage-of-best": exact / max(float(exact.max()), 1e-9),
        "related-of-best": like / max(float(like.max()), 1e-9),
        "coverage-start": share(here, idf * slope),
        "coverage-end": share(here, idf * slope[::-1]),
        "coverage-title": share(here | evidence.title),
        "coverage-before": share(here | evidence.before),
        "coverage-after": share(here | evidence.after),
        "coverage-paragraph": share(here | paragraph),
        "coverage-around": share(around),
        "coverage-around-kind": coverage_around(question, evidence),
        "title": share(evidence.title),
        "paragraph": share(evidence.paragraph / (evidence.paragraph + SATURATION)),
        "article": share(evidence.article / (evidence.article + SATURATION)),
        "missing-in-article": share(~(here | article), typed),
        "missing-names": share(lacking & named, typed),
        "missing-words": share(lacking & ~named & ~numbered, typed),
        "missing-most": (idf * lacking).max(0) / evidence.idf.max(),
        "missing-unseen": share(np.repeat(~inputs.in_collection[:, None], own.shape[1], 1), typed),
        "missing-numbers": (lacking & numbered).sum(0) * 1.0,
        "head": _share_held(heads, here),
        "names-around": 1 - (lacking & named).sum(0) / max(int(named.sum()), 1),
        "terms": np.full(own.shape[1], float(len(evidence.idf))),
    }


def kind_weights(question: Question) -> Column:
    """A term that only names the type of answer ("what year") weighs little: an answer rarely names its type."""
    light = generic_terms()
    return np.array(
        [1.0 if term not in question.head_terms else LIGHT_HEAD if term in light else HEAD for term in question.terms]
    )


def _share_held(wanted: npt.NDArray[np.bool_], held: npt.NDArray[np.bool_]) -> Column:
    if not wanted.any():
        return np.full(held.shape[1], 0.5)
    return np.where((wanted & held).any(axis=0), 1.0, 0.0)


def from_text(inputs: RankingInput) -> dict[str, Column]:
    """Features of the sentence's text: order, distance, the type of answer asked for, its own shape."""
    collection, bounds = inputs.collection, inputs.collection.bounds_of(inputs.evidence.chunks)
    chunks = inputs.evidence.chunks.tolist()
    features = [collection.sentence_features(chunk) for chunk in chunks]
    idf = dict(zip(inputs.question.terms, inputs.evidence.idf.tolist(), strict=True))
    made: dict[str, Column] = {
        name: np.array([make(inputs.question, features, idf) for features in features], np.float64)
        for name, make in TEXT_FEATURES.items()
    }
    made["defines"] = _first_of_article(made["defines"], bounds.article_start, inputs.evidence.chunks)
    made |= _predicates(inputs, features)
    asked = asked_roles(inputs.question)
    made["role-conflict"] = np.array([has_other_roles(asked, one) for one in features], np.float64)
    made["only-planned"] = np.array([is_only_planned(asked, one) for one in features], np.float64)
    place = inputs.evidence.chunks
    # A question alone in its paragraph is quoted with what follows.
    alone = (bounds.paragraph_end - bounds.paragraph_start == 1) & (place + 1 < bounds.article_end)
    made["asks-itself"] *= ~alone
    made["place-in-article"] = (place - bounds.article_start).astype(np.float64)
    made["place-in-paragraph"] = (place - bounds.paragraph_start).astype(np.float64)
    return made


def _first_of_article(marked: Column, articles: Ids, chunks: Ids) -> Column:
    """The marks, without those of an article's sentences behind its first marked one."""
    places = np.flatnonzero(marked)
    places = places[np.argsort(chunks[places])]
    firsts = places[np.unique(articles[places], return_index=True)[1]]
    return np.where(np.isin(np.arange(len(marked)), firsts), marked, 0.0)


def _predicates(inputs: RankingInput, features: Sequence[SentenceFeatures]) -> dict[str, Column]:
    """How much each sentence has of what is said or asked of the names: its share of the terms that are not names.

    A sentence about Moonshot AI has both names of "Who founded Moonshot AI?", and nothing of founding.
    """
    evidence, question = inputs.evidence, inputs.question
    weights = evidence.idf * kind_weights(question)
    said = weights[:, None] * np.array([_is_predicate(question, features) for features in features]).T
    total = said.sum(axis=0)

    def share(held: Matrix | Mask) -> Column:
        return np.where(total > 0, (said * held).sum(axis=0) / np.maximum(total, 1e-9), 1.0)

    word = evidence.in_sentence()
    here = np.maximum(word, evidence.related)
    subject = np.maximum(here, evidence.before & np.array([features.needs_context for features in features]))
    return {
        "coverage-subject": (evidence.idf @ subject) / evidence.idf.sum(),
        "predicate-word": share(word),
        "predicate-subject": share(subject),
        "predicate": share(here),
        "predicate-around": share(np.maximum(here, evidence.anywhere_near())),
    }


def _is_predicate(question: Question, features: SentenceFeatures) -> list[bool]:
    """For each term, whether it is a name in neither the question nor the sentence."""
    names = {start for start, _ in features.names}
    return [
        term not in question.names and not any(span.start in names for span in features.spans.get(term, ()))
        for term in question.terms
    ]


def _same_words_in_order(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    return LCSseq.similarity(question.words, features.words) / max(len(question.words), 1)


def _longest_run(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    """The longest run of words common to both, as a share of the question's words."""
    best, ending = 0, dict[int, int]()
    for word in question.words:
        ending = {place: ending.get(place - 1, 0) + 1 for place in features.word_positions.get(word, ())}
        if ending:
            best = max(best, *ending.values())
    return best / max(len(question.words), 1)


def _same_words(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    words = set(question.words)
    return len(words & features.word_positions.keys()) / max(len(words), 1)


def _window(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    """Density of the matched terms: their number over the length of the shortest window that has them all."""
    held = [term for term in question.terms if term in features.positions]
    if len(held) < 2:  # noqa: PLR2004  # one term has no distance to itself
        return NO_WINDOW
    standing = sorted((position, term) for term in held for position in features.positions[term])
    last: dict[str, int] = {}
    shortest = standing[-1][0] - standing[0][0] + 1
    for position, term in standing:
        last[term] = position
        if len(last) == len(held):
            shortest = min(shortest, position - min(last.values()) + 1)
    return len(held) / shortest


def _pairs(question: Question, features: SentenceFeatures, idf: dict[str, float]) -> float:
    """Share by idf of the question's adjacent terms that are close to each other in the sentence."""
    good = total = 0.0
    for one, other in zip(question.tokens, question.tokens[1:], strict=False):
        if one.term == other.term:
            continue
        weight = idf[one.term] + idf[other.term]
        total += weight
        left, right = features.positions.get(one.term, ()), features.positions.get(other.term, ())
        if any(abs(a - b) <= NEAR for a in left for b in right):
            good += weight
    return good / total if total else 0.0


def answering_places(question: Question, features: SentenceFeatures) -> list[int] | None:
    """Places of the type of answer asked for, without those in the question; None for types that have no places."""
    said = set(question.words)
    if question.answer_type is AnswerType.TIME:
        return list(features.times)
    if question.answer_type is AnswerType.NUMBER:
        return [place for place, figure in features.numbers if figure not in said]
    if question.answer_type is AnswerType.PERSON:
        return [place for place, someone in (*features.names, *features.people) if someone not in said]
    if question.answer_type in {AnswerType.PLACE, AnswerType.NAME, AnswerType.THING, AnswerType.UNSTATED}:
        return [place for place, name in features.names if name not in said]
    return None


def _answer_distance(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    """Mean distance in characters from the best place of an answer to the nearest matched terms."""
    places = answering_places(question, features)
    if places is None:
        return -1.0
    matched = [span.start for term in question.terms for span in features.spans.get(term, ())]
    if not places or not matched:
        return FAR
    nearest = (sorted(abs(place - other) for other in matched)[:NEAR] for place in places)
    return min(sum(distances) / len(distances) for distances in nearest)


def has_answer_type(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    """1 where the sentence has the type of answer asked for, 0 where not, 0.5 where that cannot be decided."""
    if question.answer_type in {AnswerType.REASON, AnswerType.SAYING, AnswerType.MANNER, AnswerType.PLACE}:
        return float(features.has_answer_of_type(question.answer_type))
    if question.answer_type in {AnswerType.TIME, AnswerType.NUMBER, AnswerType.PERSON}:
        return float(bool(answering_places(question, features)))
    return 0.5


def _has_demanded_kind(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    """The same for what the question cannot be answered without, and stricter: a place is more than a capital."""
    kind = kind_demanded(question)
    return 0.5 if kind is None else float(has_kind(kind, question, features))


def _new_names(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    said = set(question.words)
    return sum(name not in said for _, name in features.names) / max(len(features.words), 1)


def _first_position(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    """Position of the first matched term among the sentence's terms: near 0 where it is the subject."""
    return min((features.positions[term][0] for term in question.terms if term in features.positions), default=30)


def _degree_words(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    """Share of the question's words of degree and order that the sentence lacks."""
    return sum(word not in features.word_positions for word in question.degree_words) / max(
        len(question.degree_words), 1
    )


def _asks_itself(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    """1 for a question, or one after a colon or semicolon that has all terms of the user's that the sentence has."""
    asked = features.text.rstrip(CLOSING)
    if not asked.endswith("?"):
        return 0.0
    start = max(asked.rfind(":"), asked.rfind(";"))
    return float(all(span.start > start for term in question.terms for span in features.spans.get(term, ())))


TextFeature = Callable[[Question, SentenceFeatures, dict[str, float]], float]
TEXT_FEATURES: dict[str, TextFeature] = {
    "words-in-order": _same_words_in_order,
    "longest-run": _longest_run,
    "same-words": _same_words,
    "window": _window,
    "pairs": _pairs,
    "answer-distance": _answer_distance,
    "of-the-kind": has_answer_type,
    "of-the-kind-strict": _has_demanded_kind,
    "new-names": _new_names,
    "first-place": _first_position,
    "turning": _degree_words,
    "new-terms": lambda question, features, _: float(len(features.stems - question.stems)),
    "length": lambda _, features, __: float(len(features.words)),
    "points-in-time": lambda _, features, __: float(len(features.times)),
    "leans": lambda _, features, __: float(features.needs_context),
    "denial-differs": lambda question, features, _: float(question.is_negated != features.is_negated),
    "asks-itself": _asks_itself,
    "denies": lambda _, features, __: float(features.is_negated),
    "defines": defines,
}


def features_of(inputs: RankingInput) -> dict[str, Column]:
    """All features by name, one number per candidate."""
    made = from_postings(inputs) | from_text(inputs)
    made["rank"] = np.arange(len(inputs.evidence.chunks), dtype=np.float64)
    return made
