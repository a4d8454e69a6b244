"""Names of a question: which of its words are names, and what the articles call the same.

A name is matched in its exact form. The question's capitals tell names, or, where they say nothing, the articles'.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

import regex
from rapidfuzz.distance import OSA

from index.analysis.analyzer import Term, stem, stop_words
from index.analysis.code_words import CODE, code_words
from index.analysis.exact_forms import EQUIVALENT, EXACT, exact, form_of, is_exact, written_forms
from index.analysis.question import WORD, Question
from index.analysis.sentence_features import SentenceFeatures
from index.analysis.thesaurus import related
from index.bm25.candidate_source import CandidateSource
from index.models import Span
from index.ranking.query_expansion import are_family

DIGITS = regex.compile(r"\d+")
DERIVED = 0.7
"""Lowest thesaurus weight at which a word of the same family is taken for a form of the same name."""
FIRST_LETTERS = 3
"""Letters that names with few edits between them begin with."""
MAX_ENDING = 3
"""Letters that a name may have more than one that it begins with."""
MAX_EDITS = 1 / 3
"""Edits between two names that are like each other, as a share of the longer one's letters."""
MAX_EDITS_OF_WORDS = 1 / 4
"""The same where the first one is a word of the dictionary."""
MAX_LOWER = 0.1
"""Of a name that the question does not write as one, how often the articles write it small, as a share of capitals."""


class Usage(NamedTuple):
    """How the articles write an exact form: in how many sentences each way."""

    lower: int
    capital: int
    unclear: int
    """Where a sentence begins, or is all capitals."""

    @property
    def is_name(self) -> bool:
        """Whether it is mostly capitalised."""
        return self.capital > self.lower


UNUSED = Usage(0, 0, 0)


def usage(form: str, bm25: CandidateSource) -> Usage:
    """How the articles write this form."""
    return Usage(*map(bm25.frequency, written_forms(exact(form))))


def forms_with_stem(form: str, bm25: CandidateSource) -> Mapping[str, Usage]:
    """The forms in the articles that have the same stem as this one."""
    mine = stem(form)
    beginning = mine[: max(FIRST_LETTERS, len(mine) - 1)]  # the stemmer replaces a stem's last letter at most
    return {other: usage(other, bm25) for other in _forms(beginning, bm25) if stem(other) == mine}


def forms_like(form: str, bm25: CandidateSource) -> Mapping[str, Usage]:
    """The forms in the articles that are easily taken for this one."""
    return {other: usage(other, bm25) for other in _forms(form[:FIRST_LETTERS], bm25) if is_alike(form, other)}


def _forms(prefix: str, bm25: CandidateSource) -> set[str]:
    return {form_of(term) for _, term in bm25.rows_with_prefix(EXACT + prefix)}


def names_beginning_like(form: str, bm25: CandidateSource) -> Mapping[str, Usage]:
    """The names among `forms_like`, and the forms that only stand where their case is unclear."""
    return {other: used for other, used in forms_like(form, bm25).items() if used.is_name or not used.lower}


def is_alike(asked: str, held: str) -> bool:
    """Whether a form is easily taken for the one that is asked about: Nigeria for Niger, R9 for R7.

    They have one stem, or one is the other with a short ending, or few edits are between them. If the dictionary lacks
    the one that is asked about, stems of one family are enough.
    """
    left, right = stem(asked), stem(held)
    if left == right:
        return True
    if asked[:FIRST_LETTERS] != held[:FIRST_LETTERS]:
        return not asked.isalpha() and not held.isalpha() and DIGITS.sub("", asked) == DIGITS.sub("", held)
    known, longer = bool(related(left)), max(len(asked), len(held))
    begins = (asked.startswith(held) or held.startswith(asked)) and abs(len(asked) - len(held)) <= MAX_ENDING
    if begins or (are_family(left, right) and not known):
        return True
    edits = max(1, int((MAX_EDITS_OF_WORDS if known else MAX_EDITS) * longer))
    return OSA.distance(asked, held, score_cutoff=edits) <= edits


def is_derived(one: str, other: str) -> bool:
    """Whether two forms that are alike are of one word of the dictionary, or near in meaning: German, Germany.

    Andrea and Andreas have one stem, which is no such word: they are two names.
    """
    left, right = stem(one), stem(other)
    near = related(left)
    return bool(near) and (left == right or near.get(right, 0.0) >= DERIVED)


def names_like(form: str, features: SentenceFeatures) -> Iterator[tuple[str, Span]]:
    """The names in a sentence that begin like this one and are not it, each with its place."""
    for other, span in features.capitalised:
        if other != form and is_alike(form, other):
            yield other, span


def is_name(term: str, question: Question) -> bool:
    """Whether a term of a question is a name: an exact form, or capitalised there."""
    return is_exact(term) or term in question.names


def resolve_names(question: Question, bm25: CandidateSource) -> Question:
    """The question with its names as exact forms, and with the abbreviations that the articles define.

    `names` are still those that the question writes as names, unless it writes all in capitals.
    """
    telling = _capitals_tell_names(question.text)
    asked = _with_code_words(question, bm25)
    tokens = [_resolve(token, question, bm25, telling=telling) for token in asked]
    pairs = list(zip(asked, tokens, strict=True))
    return replace(
        question,
        tokens=tuple(tokens),
        terms=tuple(dict.fromkeys(token.term for token in tokens)),
        names=frozenset(
            resolved.term
            for token, resolved in pairs
            if (token.term in question.names if telling else is_exact(resolved.term))
        ),
        head_terms=question.head_terms
        | frozenset(resolved.term for token, resolved in pairs if token.term in question.head_terms),
        equivalents=_equivalents(tokens, bm25),
    )


def _with_code_words(question: Question, bm25: CandidateSource) -> list[Term]:
    """The tokens, with each word of code that the articles have in place of its parts."""
    tokens = list(question.tokens)
    for term, (start, end) in code_words(question.text):
        first, last = (bisect_left(tokens, place, key=attrgetter("start")) for place in (start, end))
        if first < last and bm25.rows_of(term):
            tokens[first:last] = [Term(term, start, end, term.removeprefix(CODE))]
    return tokens


def _resolve(token: Term, question: Question, bm25: CandidateSource, *, telling: bool) -> Term:
    """The term, as an exact form where it is a name."""
    if token.form[0].isdigit() or token.term.startswith(CODE):
        return token
    if telling and token.term in question.names:
        is_name = _is_written_name(token.form, bm25)
    elif telling and question.names and question.text[token.start].islower() and related(stem(token.form)):
        is_name = False  # the question writes other words as names, and not this word of the dictionary
    else:
        is_name = _is_name_in_articles(token.form, bm25)
    return token._replace(term=exact(token.form)) if is_name else token


def _capitals_tell_names(text: str) -> bool:
    """Whether only names are capitalised: not so where all is in capitals, or most stop words after the first word."""
    plain = stop_words().words - stop_words().acronyms - {"i"}
    stops = [word for word in WORD.findall(text)[1:] if word.lower() in plain]
    return not text.isupper() and 2 * sum(word[0].isupper() for word in stops) <= len(stops)


def _is_written_name(form: str, bm25: CandidateSource) -> bool:
    """Whether a word that the question writes as a name is one: not if the articles only write it in lower case."""
    used = usage(form, bm25)
    if used != UNUSED:
        return used.capital > 0 or used.lower == 0
    same = forms_with_stem(form, bm25)
    return not same or _are_names(same.values())


def _is_name_in_articles(form: str, bm25: CandidateSource) -> bool:
    """Whether the articles write a word, or if they lack it, what is like it, as a name."""
    used = usage(form, bm25)
    if used != UNUSED and not used.is_name:
        return False
    same = forms_with_stem(form, bm25)
    if same:
        return _are_names(same.values())
    alike = [used for other, used in forms_like(form, bm25).items() if not is_derived(form, other)]
    if related(stem(form)):
        return bool(alike) and all(other.is_name for other in alike)
    return any(other.is_name or not other.lower for other in alike)


def _are_names(forms: Collection[Usage]) -> bool:
    """Whether forms of one stem are hardly ever in lower case."""
    return sum(form.lower for form in forms) <= MAX_LOWER * sum(form.capital for form in forms)


def _equivalents(tokens: list[Term], bm25: CandidateSource) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """By term: what the articles give as its abbreviation, or as what it abbreviates."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    forms = [token.form for token in tokens]
    for place, token in enumerate(tokens):
        for one, other in defined_as(token.form, bm25):
            words = one.split()
            if forms[place : place + len(words)] == words:
                for held in tokens[place : place + len(words)]:
                    found[held.term] = (*found.get(held.term, ()), tuple(other.split()))
    return found


def defined_as(form: str, bm25: CandidateSource) -> Iterator[tuple[str, str]]:
    """The pairs of equal forms whose first one begins with this word."""
    for term in sorted({term for _, term in bm25.rows_with_prefix(EQUIVALENT + form)}):
        one, other = term[len(EQUIVALENT) :].split(EQUIVALENT)
        if one.split()[0] == form:
            yield one, other
