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
from index.analysis.question import Question, parse_question
from index.analysis.thesaurus import related
from index.collection.collection import Collection
from index.models import Span, SpellingCorrection

MIN_LENGTH = 5
"""Letters of the shortest word that is taken for a typo: Iran is not Iraq."""
LONG_WORD_LENGTH = 9
"""Letters from which on two edits are allowed instead of one."""
MIN_PART_LENGTH = 3
"""Fewest letters of each half of a word that is split in two."""
MAX_CORRECTIONS = 5
"""Most words of a question that are corrected; with more, it asks about something else."""
MAX_CANDIDATES = 50
"""Sentences that are searched for two words side by side."""


def correct_spelling(question: Question, collection: Collection) -> tuple[Question, tuple[SpellingCorrection, ...]]:
    """The question with its spelling corrected, and the corrections; the same question, where there are none."""
    corrections = tuple(_corrections(question, collection))
    text = question.text
    for correction in reversed(corrections):
        start, end = correction.question_span
        text = text[:start] + correction.corrected + text[end:]
    return (parse_question(text) if corrections else question), corrections


def _corrections(question: Question, collection: Collection) -> Iterator[SpellingCorrection]:
    """Corrections in the order of their places, without overlaps."""
    unread = {term for term in question.terms if not collection.bm25.has_term(term)}
    skipped = False
    given = 0
    for place, term in enumerate(question.tokens):
        if skipped:
            skipped = False
            continue
        if given == MAX_CORRECTIONS:
            return
        following = question.tokens[place + 1] if place + 1 < len(question.tokens) else None
        joined = following and _merged_words(question.text, term, following, unread, collection)
        if joined:
            skipped = True
            given += 1
            yield joined
        elif term.term in unread and _may_be_typo(term.term):
            found = _split_word(question.text, term, collection) or _nearest_word(question.text, term, collection)
            if found:
                given += 1
                yield found


def _may_be_typo(term: str) -> bool:
    return len(term) >= MIN_LENGTH and term.isalpha() and not related(term)


def _merged_words(
    text: str, one: Term, other: Term, unread: set[str], collection: Collection
) -> SpellingCorrection | None:
    """Two words that the articles write as one: "deep seek" for DeepSeek."""
    if text[one.end : other.start] not in {" ", "-"} or not {one.term, other.term} & unread:
        return None
    joined = stem((text[one.start : one.end] + text[other.start : other.end]).lower())
    return _correction(text, Span(one.start, other.end), joined, collection)


def _nearest_word(text: str, term: Term, collection: Collection) -> SpellingCorrection | None:
    """The nearest, then commonest word with the same first letter, one edit away or two if long; None at a tie."""
    slips = 2 if len(term.term) >= LONG_WORD_LENGTH else 1
    shortest, longest = max(MIN_LENGTH - 1, len(term.term) - slips), len(term.term) + slips
    alike = {
        word: distance
        for _, word in collection.bm25.rows_with_prefix(term.term[0])
        if shortest <= len(word) <= longest and (distance := OSA.distance(term.term, word, score_cutoff=slips)) <= slips
    }
    near = sorted((distance, -collection.bm25.frequency(word), word) for word, distance in alike.items())
    if not near or (len(near) > 1 and near[0][:2] == near[1][:2]):
        return None
    return _correction(text, Span(term.start, term.end), near[0][2], collection)


def _correction(text: str, place: Span, wanted: str, collection: Collection) -> SpellingCorrection | None:
    """Correct this place to a term, as spelled where it first stands in the articles; None where no article has it."""
    held = collection.bm25.chunks_of(wanted)
    if not len(held):
        return None
    chunk = int(held[0])
    sentence = collection.text(chunk)
    for term in terms(sentence):
        if term.term == wanted:
            return _correction_at(text, place, chunk, Span(term.start, term.end), collection)
    return None


def _split_word(text: str, term: Term, collection: Collection) -> SpellingCorrection | None:
    """One word that the articles write as two: "whitehouse" for White House."""
    word = text[term.start : term.end].lower()
    for cut in range(MIN_PART_LENGTH, len(word) - MIN_PART_LENGTH + 1):
        halves = stem(word[:cut]), stem(word[cut:])
        if not all(map(collection.bm25.has_term, halves)):
            continue
        both = np.intersect1d(collection.bm25.chunks_of(halves[0]), collection.bm25.chunks_of(halves[1]))
        for chunk in both[:MAX_CANDIDATES].tolist():
            sentence = collection.text(chunk)
            found = terms(sentence)
            for one, other in pairwise(found):
                if sentence[one.start : other.end].lower().replace(" ", "") == word:
                    return _correction_at(
                        text, Span(term.start, term.end), chunk, Span(one.start, other.end), collection
                    )
    return None


def _correction_at(text: str, place: Span, chunk: int, inside: Span, collection: Collection) -> SpellingCorrection:
    start = collection.sentence(chunk).span.start
    return SpellingCorrection(
        written=text[slice(*place)],
        question_span=place,
        article=collection.article_of(chunk),
        article_span=Span(start + inside.start, start + inside.end),
    )
