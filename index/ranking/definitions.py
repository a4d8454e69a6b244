"""Whether a sentence says what something is, for questions that ask nothing else: what is X, who was X, X alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from index.analysis.question import MAX_TOPIC_LENGTH, Question, definition_pattern
from index.analysis.sentence_features import SentenceFeatures
from index.models import Span


def defines(question: Question, features: SentenceFeatures, _: dict[str, float]) -> float:
    """1 where the question asks what something is and the sentence says so: "X is a …", "X, whose …", "called X"."""
    return float(any(_is_defined_at(features.text, place) for place in _mentions(_defined_terms(question), features)))


@lru_cache(maxsize=256)
def _asked_thing(text: str) -> Span | None:
    """The span of what a question asks the definition of; None where it asks anything else."""
    found = definition_pattern("asks").match(text) if len(text) <= MAX_TOPIC_LENGTH else None
    return Span(*found.span("thing")) if found else None


def _defined_terms(question: Question) -> list[str]:
    thing = _asked_thing(question.text)
    if thing is None or question.is_about_topic:
        return []
    return [token.term for token in question.tokens if thing.start <= token.start < thing.end]


def _mentions(terms: list[str], features: SentenceFeatures) -> Iterator[Span]:
    """The spans at which a sentence has these terms, one directly after the other."""
    if not terms or not all(term in features.spans for term in terms):
        return
    standing = [dict(zip(features.positions[term][::-1], features.spans[term][::-1], strict=False)) for term in terms]
    for first, span in standing[0].items():
        following = [spans.get(first + place) for place, spans in enumerate(standing)]
        if following[-1] is not None and all(following):
            yield Span(span.start, following[-1].end)


def _is_defined_at(text: str, place: Span) -> bool:
    """Whether the words around this place of a sentence say what stands there."""
    if definition_pattern("naming").search(text, 0, place.start):
        return True
    if definition_pattern("apposition").match(text, place.end):
        return True
    is_subject = definition_pattern("opening").fullmatch(text, 0, place.start) is not None
    return is_subject and definition_pattern("predicate").match(text, place.end) is not None
