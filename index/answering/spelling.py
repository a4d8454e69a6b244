"""Words that no article holds, read as the words that they were most likely meant to be: typos, and words run together.

What is read instead is always a slice of an article, and the answer says so. A word that the thesaurus knows is no
typo: who asks about a bank does not mean a band.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import OSA

from index.analysis.analyzer import Term, stem, terms
from index.analysis.question import Question, taken_apart
from index.analysis.thesaurus import related
from index.collection.collection import Collection
from index.models import Reading, Span

SHORTEST = 5
"""Letters of the shortest word that is taken for a typo: Iran is not Iraq."""
LONG = 9
"""Letters from which on two slips are forgiven instead of one."""
PART = 3
"""Letters of the shorter half of a word that is read as two."""
READINGS_AT_MOST = 5
"""Words of a question that are read differently; who writes more of them asks something else."""
LOOKED_AT = 50
"""Sentences that are searched for two words side by side."""


def repaired(question: Question, collection: Collection) -> tuple[Question, tuple[Reading, ...]]:
    """The question as it was most likely meant, and what was read differently; the same, where all can be read."""
    readings = tuple(_readings(question, collection))
    text = question.text
    for reading in reversed(readings):
        start, end = reading.place
        text = text[:start] + reading.read_as + text[end:]
    return (taken_apart(text) if readings else question), readings


def _readings(question: Question, collection: Collection) -> Iterator[Reading]:
    """Readings in the order of their places, none over another."""
    unread = {term for term in question.asked if not collection.bm25.holds(term)}
    skipped = False
    given = 0
    for place, term in enumerate(question.found):
        if skipped:
            skipped = False
            continue
        if given == READINGS_AT_MOST:
            return
        following = question.found[place + 1] if place + 1 < len(question.found) else None
        joined = following and _joined(question.text, term, following, unread, collection)
        if joined:
            skipped = True
            given += 1
            yield joined
        elif term.term in unread and _may_be_a_slip(term.term):
            found = _as_two_words(question.text, term, collection) or _as_its_neighbour(question.text, term, collection)
            if found:
                given += 1
                yield found


def _may_be_a_slip(term: str) -> bool:
    return len(term) >= SHORTEST and term.isalpha() and not related(term)


def _joined(text: str, one: Term, other: Term, unread: set[str], collection: Collection) -> Reading | None:
    """Two words that the articles write as one: "deep seek" for DeepSeek."""
    if text[one.end : other.start] not in {" ", "-"} or not {one.term, other.term} & unread:
        return None
    joined = stem((text[one.start : one.end] + text[other.start : other.end]).lower())
    return _reading(text, Span(one.start, other.end), joined, collection)


def _as_its_neighbour(text: str, term: Term, collection: Collection) -> Reading | None:
    """The only word of the articles that begins alike and is one slip away, or two where it is long."""
    slips = 2 if len(term.term) >= LONG else 1
    shortest, longest = max(SHORTEST - 1, len(term.term) - slips), len(term.term) + slips
    alike = {
        word: distance
        for _, word in collection.bm25.rows_beginning_with(term.term[0])
        if shortest <= len(word) <= longest and (distance := OSA.distance(term.term, word, score_cutoff=slips)) <= slips
    }
    near = sorted((distance, -collection.bm25.frequency(word), word) for word, distance in alike.items())
    if not near or (len(near) > 1 and near[0][:2] == near[1][:2]):
        return None
    return _reading(text, Span(term.start, term.end), near[0][2], collection)


def _reading(text: str, place: Span, wanted: str, collection: Collection) -> Reading | None:
    """What was written at this place, read as a term of the articles where it first stands; None where it does not."""
    held = collection.bm25.chunks_of(wanted)
    if not len(held):
        return None
    chunk = int(held[0])
    sentence = collection.text(chunk)
    for term in terms(sentence):
        if term.term == wanted:
            return _sliced(text, place, chunk, Span(term.start, term.end), collection)
    return None


def _as_two_words(text: str, term: Term, collection: Collection) -> Reading | None:
    """One word that the articles write as two: "whitehouse" for White House."""
    word = text[term.start : term.end].lower()
    for cut in range(PART, len(word) - PART + 1):
        halves = stem(word[:cut]), stem(word[cut:])
        if not all(map(collection.bm25.holds, halves)):
            continue
        both = np.intersect1d(collection.bm25.chunks_of(halves[0]), collection.bm25.chunks_of(halves[1]))
        for chunk in both[:LOOKED_AT].tolist():
            sentence = collection.text(chunk)
            found = terms(sentence)
            for one, other in pairwise(found):
                if sentence[one.start : other.end].lower().replace(" ", "") == word:
                    return _sliced(text, Span(term.start, term.end), chunk, Span(one.start, other.end), collection)
    return None


def _sliced(text: str, place: Span, chunk: int, inside: Span, collection: Collection) -> Reading:
    start = collection.sentence(chunk).span.start
    return Reading(
        written=text[slice(*place)],
        place=place,
        article=collection.article_of(chunk),
        span=Span(start + inside.start, start + inside.end),
    )
