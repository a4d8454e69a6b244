"""Exact forms of words in the index, beside their stems, and how each is written: names are told apart by them.

The index has a term for each word's exact form and its case. So the articles' own writing tells what is a name, and
Roberts is not Robert, though both have one stem.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from index.analysis.abbreviations import defined_abbreviations
from index.analysis.analyzer import Term, terms
from index.analysis.code_words import code_words, parts_of_camel_case
from index.analysis.languages import BIGRAM_RUN, has_analyzer, terms_in

EXACT = "="
"""Before an exact form: no stem begins so."""
CASE = "/"
LOWER, CAPITAL, UNCLEAR = CASE + "a", CASE + "A", CASE + "?"
"""After an exact form: how the word is written. Where a sentence begins, or is all capitals, a capital says nothing."""
EQUIVALENT = "|"
"""Before each side of two forms that the articles call the same: an abbreviation and what it stands for."""
OPENING = "“\"'‘:—–•*"
"""Characters after which a sentence or a quotation may begin."""


def exact(form: str, language: str = "") -> str:
    """The exact form as a term of a question: it is matched however its case. That of English has no code."""
    return f"{language}{EXACT}{form}" if has_analyzer(language) else EXACT + form


def is_exact(term: str) -> bool:
    """Whether a term of a question is an exact form."""
    return term.startswith(EXACT)


def form_of(term: str) -> str:
    """The form of an exact term of a question or of the index."""
    return term[len(EXACT) : -len(LOWER)] if term[-len(LOWER) : -1] == CASE else term[len(EXACT) :]


def written_forms(term: str) -> tuple[str, str, str]:
    """The index's terms for an exact form: in lower case, as a name, and where its case is unclear."""
    return term + LOWER, term + CAPITAL, term + UNCLEAR


def index_terms(text: str, labels: str = "", language: str = "") -> tuple[list[str], int]:
    """The terms of a sentence for the index: stems, then what is found besides; and how many are stems.

    A table's row has the terms of its header, `labels`, too. Besides are exact forms, abbreviations and words of code.
    BM25's length of a sentence is the number of its stems. In a language other than English, exact forms are all that
    is found besides.
    """
    if has_analyzer(language):
        found = [*terms_in(labels, language), *terms_in(text, language)]
        forms = dict.fromkeys(exact(term.form, language) for term in found if _is_word(term))
        return [*(term.term for term in found), *forms], len(found)
    above, found = terms(labels), terms(text)
    coded = (term for words in (code_words(text), parts_of_camel_case(text)) for term, _ in words)
    besides = [*_exact_terms(labels, above), *_exact_terms(text, found), *_equivalents(text), *coded]
    stems = [term.term for term in (*above, *found)]
    return [*stems, *besides], len(stems)


def _is_word(term: Term) -> bool:
    """Whether a term of a language other than English is a stem, and no bigram or number: its form can be a name."""
    return term.form[0].isalpha() and not BIGRAM_RUN.match(term.form)


def title_terms(text: str, language: str = "") -> set[str]:
    """The terms of a title: stems, exact forms and words of code."""
    if has_analyzer(language):
        return {each for term in terms_in(text, language) for each in (term.term, exact(term.form, language))}
    forms = {term for found in terms(text) for term in (found.term, exact(found.form))}
    return forms | {term for term, _ in code_words(text)}


def _exact_terms(text: str, found: Iterable[Term]) -> Iterator[str]:
    shouted = text.isupper()
    for _, start, end, form in found:
        word = text[start:end]
        if word[0].isdigit():
            continue
        if word.islower():
            yield _exact_term(form, LOWER)
        else:
            yield _exact_term(form, UNCLEAR if shouted else _case(text, start, end))


@lru_cache(maxsize=65536)
def _exact_term(form: str, case: str) -> str:
    return exact(form) + case  # cached, so that a form's many postings share one string


def _case(text: str, start: int, end: int) -> str:
    if any(map(str.isupper, text[start + 1 : end])):
        return CAPITAL
    if not text[start].isupper():
        return LOWER
    before = text[max(0, start - 2) : start].strip()
    followed = text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()
    return UNCLEAR if not followed and (not before or before[-1] in OPENING) else CAPITAL


def _equivalents(text: str) -> Iterator[str]:
    """For each abbreviation that a sentence defines, both directions: `|wwii|world war ii`, `|world war ii|wwii`."""
    for long, short in defined_abbreviations(text):
        forms = [" ".join(term.form for term in terms(part)) for part in (long, short)]
        if all(forms) and forms[0] != forms[1]:
            yield EQUIVALENT + EQUIVALENT.join(forms)
            yield EQUIVALENT + EQUIVALENT.join(reversed(forms))
