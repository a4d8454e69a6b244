"""Spelling correction of words that no article has: typos, words run together, and words split in two.

A correction is always a slice of an article, and the answer states it. A word that the thesaurus has is not a typo: a
question about a bank does not mean a band.
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
"""Letters from which on two edits are allowed instead of one."""
PART = 3
"""Fewest letters of each half of a word that is split in two."""
READINGS_AT_MOST = 5
"""Most words of a question that are corrected; with more, it asks about something else."""
LOOKED_AT = 50
"""Sentences that are searched for two words side by side."""


def repaired(question: Question, collection: Collection) -> tuple[Question, tuple[Reading, ...]]:
    """The question with its spelling corrected, and the corrections; the same question, where there are none."""
    readings = tuple(_readings(question, collection))
    text = question.text
    for reading in reversed(readings):
        start, end = reading.place
        text = text[:start] + reading.read_as + text[end:]
    return (taken_apart(text) if readings else question), readings


def _readings(question: Question, collection: Collection) -> Iterator[Reading]:
    """Corrections in the order of their places, without overlaps."""
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
    """The nearest, then commonest word with the same first letter, one edit away or two if long; None at a tie."""
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
    """Correct this place to a term, as spelled where it first stands in the articles; None where no article has it."""
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
