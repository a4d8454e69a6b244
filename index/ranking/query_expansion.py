"""Query expansion: the words of the collection that match a term: itself, its family, related words.

A name is matched in its exact form. Its family are other forms of a stem that the thesaurus has: Normans for Norman.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.analyzer import stem
from index.analysis.common_words import telling_share
from index.analysis.exact_forms import exact, form_of, is_exact, written_forms
from index.analysis.languages import BIGRAM_RUN, SEPARATOR
from index.analysis.phrases import words_for_phrases
from index.analysis.question import Question
from index.analysis.thesaurus import forms, related
from index.bm25.candidate_source import CandidateSource

FAMILY_PREFIX = 4
FAMILY_SHARE = 0.6
FAMILY_SLACK = 2
MAX_RELATED_WORDS = 40


@dataclass(frozen=True, slots=True)
class ExpandedTerm:
    """A question term, and the rows of the index's vocabulary that match it."""

    term: str
    idf: float
    """Of the term; where no sentence has it, of its family; where none has that either, the highest possible, but less
    for a common word, unless there are headings: a manual without the verb that is asked for does not say."""
    rows: tuple[int, ...]
    """Of the term itself, one per part of the index that has it; empty where no sentence does."""
    family: tuple[int, ...]
    """Of its irregular forms, and of words with the same stem prefix: stole, stealth for steal."""
    related: tuple[tuple[int, float], ...]
    """Of words that the thesaurus relates to it, each with its weight in (0, 1]."""
    heading_rows: tuple[int, ...] = ()
    """Of the index over the headings: of the term itself."""
    heading_family: tuple[int, ...] = ()
    """The same of its family."""
    heading_related: tuple[tuple[int, float], ...] = ()
    """The same of related words, each with its weight."""
    equivalents: tuple[tuple[tuple[int, ...], ...], ...] = ()
    """What the articles call the same: for each, the rows of each of its words, which all must be there."""
    in_title: tuple[frozenset[str], ...] = ()
    """The terms of each of these: a title that has all of them has the term, too."""

    @property
    def is_in_collection(self) -> bool:
        """Whether any sentence has it, or, unless it is a name, a word of its family."""
        return bool(self.rows or self.equivalents or (self.family and not is_exact(self.term)))

    def weighted_rows(self) -> Iterator[tuple[int, float]]:
        """The rows that a sentence is found by, each with its share of the term's weight."""
        yield from ((row, 1.0) for row in self.rows)
        yield from ((row, 1 / len(words)) for words in self.equivalents for rows in words for row in rows)


def are_family(one: str, other: str) -> bool:
    """Whether two stems share a prefix of most of their length, and differ only in a short ending."""
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    longer, shorter = max(len(one), len(other)), min(len(one), len(other))
    return shared >= FAMILY_PREFIX and shared >= FAMILY_SHARE * longer and shared >= shorter - FAMILY_SLACK


def expand_query(question: Question, bm25: CandidateSource, headings: CandidateSource) -> tuple[ExpandedTerm, ...]:
    """A match for each term of a question whose names are told, in order, in the chunks and in the headings above."""
    by_phrase = words_for_phrases(question)
    return tuple(
        _expand_term(term, question.equivalents.get(term, ()), by_phrase.get(term, {}), bm25, headings)
        for term in question.terms
    )


def _expand_term(
    term: str,
    equals: Sequence[Sequence[str]],
    by_phrase: Mapping[str, float],
    bm25: CandidateSource,
    headings: CandidateSource,
) -> ExpandedTerm:
    is_name = is_exact(term)
    word = stem(form_of(term)) if is_name else term
    family = _rows_of_family(word, bm25, is_name=is_name)
    near = []
    related_terms = _joined(by_phrase, _related_terms(word))
    for other, weight in related_terms:
        rows = [row for row in bm25.rows_of(other) if row not in family]
        if rows:
            near.append([(row, weight) for row in rows])
    rows_of_it = rows_of_term(term, bm25)
    related_rows = tuple(pair for pairs in near[:MAX_RELATED_WORDS] for pair in pairs)
    equivalents = tuple(tuple(rows_of_term(exact(form), bm25) for form in words) for words in equals)
    in_title = tuple(frozenset(map(exact, words)) for words in equals)
    chunks = sum(map(bm25.count, rows_of_it or (() if is_name else family)))
    chunks += sum(min(sum(map(bm25.count, rows)) for rows in words) for words in equivalents)
    idf = bm25.idf_for(max(1, min(chunks, bm25.corpus_size)))
    if not (is_name or chunks or headings.corpus_size):
        idf *= telling_share(term)
    heading_family = _rows_of_family(word, headings, is_name=is_name)
    heading_related = tuple(
        (row, weight) for other, weight in related_terms for row in headings.rows_of(other) if row not in heading_family
    )[:MAX_RELATED_WORDS]
    return ExpandedTerm(
        term=term,
        idf=idf,
        rows=rows_of_it,
        family=family,
        related=related_rows,
        heading_rows=headings.rows_of(term),
        heading_family=heading_family,
        heading_related=heading_related,
        equivalents=equivalents,
        in_title=in_title,
    )


def _rows_of_family(word: str, bm25: CandidateSource, *, is_name: bool) -> tuple[int, ...]:
    """The rows of a word's irregular forms and of stems that begin alike; of a name, its stem if that is a word."""
    if is_name:
        return bm25.rows_of(word) if related(word) else ()
    irregular = (row for form in forms(word) for row in bm25.rows_of(form))
    return tuple({*_family_rows(word, bm25), *irregular})


def rows_of_term(term: str, bm25: CandidateSource) -> tuple[int, ...]:
    """The rows of a question's term: of a stem, or of an exact form, however its case."""
    return tuple(row for one in index_terms_of(term) for row in bm25.rows_of(one))


def index_terms_of(term: str) -> Sequence[str]:
    """The terms of the index that a question's term stands for: a stem itself, an exact form in every case."""
    return written_forms(term) if is_exact(term) else (term,)


@lru_cache(maxsize=2048)
def _related_terms(term: str) -> tuple[tuple[str, float], ...]:
    """The thesaurus's words for a term, highest weight first; none for a number."""
    return () if term[:1].isdigit() else tuple(sorted(related(term).items(), key=lambda pair: (-pair[1], pair[0])))


def _joined(by_phrase: Mapping[str, float], near: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """The words for a term's phrases and those for the term itself, highest weight first."""
    if not by_phrase:
        return near
    weights = dict(near)
    for other, weight in by_phrase.items():
        weights[other] = max(weights.get(other, 0.0), weight)
    return tuple(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0])))


def _family_rows(term: str, bm25: CandidateSource) -> tuple[int, ...]:
    code, separator, word = term.rpartition(SEPARATOR)
    if len(word) < FAMILY_PREFIX or not word.isalpha() or BIGRAM_RUN.match(word):
        return ()
    beginning = bm25.rows_with_prefix(code + separator + word[:FAMILY_PREFIX])
    start = len(code + separator)
    return tuple(
        row
        for row, other in beginning
        if other != term and are_family(word, other[start:]) and (separator or not _differ(word, other))
    )


@lru_cache(maxsize=8192)
def _differ(one: str, other: str) -> bool:
    """Whether the thesaurus has both stems and relates neither to the other: plan and planet."""
    near, far = related(one), related(other)
    return bool(near and far) and other not in near and one not in far
