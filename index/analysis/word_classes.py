"""Words and marks of a text in order, and what their forms tell of them: function words, past forms, plurals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import regex

from index.analysis.analyzer import normalise, stem, stop_words
from index.analysis.question import pattern_for, patterns
from index.analysis.thesaurus import base_forms

# Words as the analyzer cuts them, so that they begin where terms do, each with its possessive; and marks one by one.
WORD_OR_MARK = regex.compile(
    r"\p{L}(?:\.\p{L})+(?:\.(?!\w)|(?!\w))"
    r"|\p{N}+(?:[.,]\p{N}+)*[\p{L}\p{M}]*"
    r"|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}]+)*['’]?"
    r"|``|''|\p{Pd}(?=\s)|[–—]|[^\s\p{L}\p{N}\p{M}\p{Pd}'’]"
)
POSSESSIVE = regex.compile(r"['’]s?$", regex.IGNORECASE)
QUOTES = frozenset({'"', "“", "”", "„", "``", "''"})


class Word(NamedTuple):
    """A word or a mark of a text."""

    text: str
    """Its form as `Term.form`; any quotation mark is `"`."""
    start: int
    is_name: bool = False
    """Whether it is capitalised and no stop word."""
    is_possessive: bool = False
    is_mark: bool = False


def words_of(text: str) -> Iterator[Word]:
    """The words and marks of a text, in order."""
    stop = stop_words()
    for match in WORD_OR_MARK.finditer(text):
        written = match.group()
        if not written[0].isalnum():
            yield Word('"' if written in QUOTES else written, match.start(), is_mark=True)
            continue
        form = normalise(written.rstrip("'’"))
        is_stop = form in stop.words and not (form in stop.acronyms and written.isupper())
        is_possessive = POSSESSIVE.search(written) is not None
        yield Word(form, match.start(), written[0].isupper() and not is_stop, is_possessive)


@cache
def word_class(name: str) -> frozenset[str]:
    """The words of the class of this name in questions.toml."""
    return frozenset(patterns()["word-classes"][name].split())


@cache
def stems_of_class(name: str) -> frozenset[str]:
    """The stems of the words of this class."""
    return frozenset(map(stem, word_class(name)))


@cache
def _function_words() -> frozenset[str]:
    return frozenset().union(*map(word_class, ("prepositions", "conjunctions", "clauses", "auxiliaries", "asking")))


def is_auxiliary(word: Word) -> bool:
    """Whether it is a form of be, have or do, or a modal."""
    return word.text in word_class("auxiliaries")


def ends_phrase(word: Word) -> bool:
    """Whether a noun phrase ends before it: a mark, a preposition, a conjunction, an auxiliary."""
    return word.is_mark or word.text in _function_words()


def begins_phrase(word: Word) -> bool:
    """Whether a noun phrase surely begins with it."""
    return word.is_name or word.text in word_class("determiners")


def is_adverb(word: Word) -> bool:
    """Whether it is an adverb or a particle, by its ending or by the lists."""
    listed = word.text in word_class("adverbs") or word.text in word_class("particles")
    return not word.is_name and (listed or word.text.endswith("ly"))


def is_past(word: Word) -> bool:
    """Whether it may be a past form: by its ending, or irregular."""
    if word.is_name:
        return False
    text = word.text
    return (
        text.endswith("ed")
        or text in word_class("past")
        or (not text.endswith(("er", "est", "ing")) and bool(base_forms(stem(text))))
    )


def is_plural(word: Word) -> bool:
    """Whether it has the ending of a plural, which is that of a verb in the present as well."""
    return word.text.endswith("s") and not word.text.endswith(("ss", "us"))


def is_person(word: Word) -> bool:
    """Whether it is a word for people or a group."""
    return pattern_for("person").fullmatch(word.text) is not None


def is_saying(word: Word) -> bool:
    """Whether it is a verb that reports speech."""
    return not word.is_mark and pattern_for("saying").fullmatch(word.text) is not None


def skip_adverbs(words: Sequence[Word], at: int) -> int:
    """The first place from this one on without an adverb or a particle."""
    while at < len(words) and is_adverb(words[at]):
        at += 1
    return at


def noun_phrase_end(words: Sequence[Word], at: int) -> int:
    """The end of the noun phrase that begins here; a past form after its first word ends it, too."""
    end = at
    while end < len(words) and not ends_phrase(words[end]) and (end == at or not is_past(words[end])):
        end += 1
    return end
