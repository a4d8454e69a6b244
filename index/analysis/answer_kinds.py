"""Whether a text has the kind of thing that a question asks for: a point in time, a figure, someone, a place.

answer_kinds.toml has the patterns. What the question says itself does not count.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import regex

from index.analysis.analyzer import stop_words, terms
from index.analysis.kind_words import people_nouns, place_names, place_nouns
from index.analysis.question import WORD, AnswerType, Question
from index.analysis.sentence_features import SentenceFeatures

CAPITALISED_WORDS = regex.compile(r"\p{Lu}[\p{L}\p{M}'’.-]*(?:\s+(?:of\s+|the\s+)?\p{Lu}[\p{L}\p{M}'’.-]*)*")
MAX_NAME_WORDS = 4
REACH = 80
"""Characters before a name in which its preposition is looked for."""
UNITS_OF_TIME = ("day", "month", "year")
NO_NAME = ("ly", "ed", "ing")
"""Endings of words that begin a sentence and are no names."""


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(resources.files("index.analysis").joinpath("answer_kinds.toml").read_text("utf-8"))


@cache
def _demand(name: str) -> regex.Pattern[str]:
    return regex.compile(_tables()["demands"][name], regex.VERBOSE | regex.IGNORECASE)


@cache
def _answer(name: str) -> regex.Pattern[str]:
    return regex.compile(_tables()["answers"][name], regex.VERBOSE)


def kind_demanded(question: Question) -> AnswerType | None:
    """Time, number, person or place, where nothing else can answer the question; else None."""
    kind = question.answer_type
    if kind not in {AnswerType.TIME, AnswerType.NUMBER, AnswerType.PERSON, AnswerType.PLACE}:
        return None
    if kind is AnswerType.PERSON and (len(question.terms) == 1 or question.names.issuperset(question.terms)):
        return None  # Who is Ada Lovelace?
    return kind if _demand(kind.value).search(question.text) or _asks_for_place_name(question) else None


def has_kind(kind: AnswerType, question: Question, sentence: SentenceFeatures) -> bool:
    """Whether a sentence has something of this kind that the question has not."""
    match kind:
        case AnswerType.TIME:
            return _has_time(question, sentence)
        case AnswerType.NUMBER:
            return _has_number(question, sentence)
        case AnswerType.PERSON:
            return _has_person(question, sentence)
        case _ if _asks_for_place_name(question):
            return _has_place_name(question, sentence)
        case _:
            return _has_place(question, sentence)


def asks_for(name: str, question: Question) -> bool:
    """Whether a question asks what tells two things apart ("difference"), or why ("reason")."""
    return _demand(name).search(question.text) is not None


def gives(name: str, sentence: SentenceFeatures) -> bool:
    """Whether a sentence has a word that sets one thing against another (cheaper), or may give a reason (to)."""
    return _answer(name).search(sentence.text) is not None


def _asks_for_place_name(question: Question) -> bool:
    return question.answer_type is AnswerType.PLACE and _demand("place-name").search(question.text) is not None


def _has_new(name: str, question: Question, sentence: SentenceFeatures) -> bool:
    """Whether something in a sentence matches that is not in the question, whose "what century" does not count."""
    found = sentence.matches(_answer(name))
    said = _demand(question.answer_type.value).sub(" ", question.text).casefold() if found else ""
    return any(words not in said for words in found)


def _has_time(question: Question, sentence: SentenceFeatures) -> bool:
    unit = next((unit for unit in UNITS_OF_TIME if _demand(unit).search(question.text)), "time")
    if _has_new(unit, question, sentence):
        return True
    return _demand("occasion").search(question.text) is not None and bool(sentence.matches(_answer("occasion")))


def _has_number(question: Question, sentence: SentenceFeatures) -> bool:
    said = {*question.words, *question.stems}
    figures = (({figure, *(term.term for term in terms(figure))}) for figure in sentence.matches(_answer("number")))
    if any(not said & figure for figure in figures):
        return True
    return _demand("since").search(question.text) is not None and _has_new("time", question, sentence)


def _has_person(question: Question, sentence: SentenceFeatures) -> bool:
    names = (name for place, name in _names(sentence) if not _is_after("in-a-place", sentence, place))
    if any(name not in question.words for name in names):
        return True
    groups = sentence.stems & people_nouns() - question.stems
    return bool(groups) or _has_new("person", question, sentence)


def _names(sentence: SentenceFeatures) -> Iterator[tuple[int, str]]:
    """The names of a sentence, and its first word if that may be one."""
    yield from sentence.names
    opening = WORD.search(sentence.text)
    if opening and opening.group()[0].isupper():
        word = opening.group().casefold()
        if word not in stop_words().words and not word.endswith(NO_NAME):
            yield opening.start(), word


def _is_after(name: str, sentence: SentenceFeatures, place: int) -> bool:
    """Whether what is before this place of the sentence matches."""
    return _answer(name).search(sentence.text, max(0, place - REACH), place) is not None


def _has_place(question: Question, sentence: SentenceFeatures) -> bool:
    said = set(question.words)
    names = [place for place, name in sentence.names if name not in said]
    nouns = sentence.spans.keys() & place_nouns() - question.stems
    places = (*names, *(span.start for noun in nouns for span in sentence.spans[noun]))
    return (
        any(_is_after("at-a-place", sentence, place) for place in places)
        or any(_is_after("to-a-place", sentence, place) for place in names)
        or _has_new("place", question, sentence)
    )


def _has_place_name(question: Question, sentence: SentenceFeatures) -> bool:
    """Whether a sentence names a place, as WordNet has it or by the word beside it: the River Cam."""
    said = question.text.casefold()
    names = (part for match in CAPITALISED_WORDS.finditer(sentence.text) for part in _parts(match.group()))
    known = any(name in place_names() and name.casefold() not in said for name in names)
    return known or _has_new("place", question, sentence)


def _parts(name: str) -> Iterator[str]:
    """All runs of a few words of a name, without possessives and the full stop of a sentence."""
    words = [word.removesuffix("'s").removesuffix("’s") for word in name.split()]
    for start in range(len(words)):
        for end in range(start + 1, min(start + MAX_NAME_WORDS, len(words)) + 1):
            part = " ".join(words[start:end])
            yield from (part, part.replace(".", ""))
