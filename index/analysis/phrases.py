"""Phrases of everyday English in a question ("point the finger at"), and what a text may have instead ("accuse")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from index.analysis.analyzer import stem
from index.analysis.question import WORD, Question
from index.analysis.thesaurus import base_forms, data_file

PHRASE_WEIGHT = 0.65
"""Weight of such a word for the terms of the phrase: over nq, squad2 and tydi it is 3.4 times as likely as chance in an
answering sentence."""
PASSED_OVER = frozenset(
    {
        *("a", "an", "the", "his", "her", "its", "their", "my", "your", "our"),
        *("me", "him", "it", "us", "them", "you", "someone", "somebody", "people"),
    }
)
"""Words that may stand inside a phrase: "turn it off"."""


def words_for_phrases(question: Question) -> dict[str, dict[str, float]]:
    """By term of the question that is in a phrase: the stems that the phrase stands for, with their weights."""
    found: dict[str, dict[str, float]] = {}
    for start, end, meanings in _phrases_in(question.text):
        for token in question.tokens:
            if start <= token.start < end:
                found.setdefault(token.term, {}).update(meanings)
    return found


def _phrases_in(text: str) -> Iterator[tuple[int, int, dict[str, float]]]:
    """Where each phrase of a text begins and ends, and what it stands for."""
    words = [word for word in WORD.finditer(text) if word[0].lower() not in PASSED_OVER]
    forms = [_forms(word[0].lower()) for word in words]
    for place, here in enumerate(forms):
        for phrase, meanings in (known for first in here for known in _phrases().get(first, ())):
            last = place + len(phrase)
            if last <= len(words) and all(part in forms[at] for at, part in enumerate(phrase, place)):
                yield words[place].start(), words[last - 1].end(), meanings


def _forms(word: str) -> tuple[str, ...]:
    """The stem of a word, and those that it is an irregular form of."""
    own = stem(word)
    return (own, *base_forms(own))


@cache
def _phrases() -> Mapping[str, tuple[tuple[tuple[str, ...], dict[str, float]], ...]]:
    """The phrases by their first stem: all their stems, and those of the words that a text may have instead."""
    made: dict[str, list[tuple[tuple[str, ...], dict[str, float]]]] = {}
    for line in data_file("phrases.txt").decode().splitlines():
        if line and not line.startswith("#"):
            phrase, _, meanings = line.partition(":")
            parts = tuple(map(stem, phrase.split()))
            made.setdefault(parts[0], []).append((parts, dict.fromkeys(map(stem, meanings.split()), PHRASE_WEIGHT)))
    return {first: tuple(phrases) for first, phrases in made.items()}
