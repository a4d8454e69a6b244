"""Parse a question: its terms, the type of its answer, its names and numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import regex

from index.analysis.analyzer import Term, stem, stop_list, terms

TERMS_AT_MOST = 64
"""Most terms of a question that are searched for; no sentence could answer a question with more."""
ABOUT_AT_MOST = 300
"""Most characters of a question in which a topic is looked for: the pattern takes time quadratic in the text."""
WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*")
CAPITALISED = regex.compile(r"\b\p{Lu}[\p{L}\p{M}\p{N}'’-]*")


class Asks(StrEnum):
    """The type of answer that a question asks for; questions.toml has the patterns."""

    TIME = "time"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    SAYING = "saying"
    MANNER = "manner"
    NAME = "name"
    THING = "thing"
    YES_NO = "yes-no"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Question:
    """A parsed question."""

    text: str
    found: tuple[Term, ...]
    """Its terms in order, with their places in the text; cut off after `TERMS_AT_MOST` distinct ones."""
    asked: tuple[str, ...]
    """Its distinct terms, in order."""
    words: tuple[str, ...]
    """All its words in lower case, stop words included."""
    asks: Asks
    heads: frozenset[str]
    """Terms that name the type of answer: `year` in "in what year"."""
    names: frozenset[str]
    """Capitalised terms, except for the first word."""
    numbers: frozenset[str]
    """Terms that begin with a digit."""
    denies: bool
    turning: tuple[str, ...]
    """Stop words of degree and order that still change the question: first, only, before."""
    about: bool
    """Whether it asks for anything about its terms: "was X mentioned?", "anything about X"."""

    def word_of(self, term: str) -> str:
        """The first word of the term, as the user typed it."""
        return next(self.text[found.start : found.end] for found in self.found if found.term == term)

    def only(self, kept: Iterable[str]) -> Question:
        """The question with only these terms, which keep their places."""
        chosen = frozenset(kept)
        text = [" "] * len(self.text)
        for found in self.found:
            if found.term in chosen:
                text[found.start : found.end] = self.text[found.start : found.end]
        return _parsed(self.text, "".join(text), about=self.about)


@cache
def patterns() -> dict[str, Any]:
    """questions.toml, parsed once."""
    return tomllib.loads(resources.files("index.analysis").joinpath("questions.toml").read_text("utf-8"))


@cache
def holds(what: str) -> regex.Pattern[str]:
    """The pattern of questions.toml for something that a sentence contains: time, figure, reason, place, and so on."""
    flags = regex.VERBOSE | (regex.IGNORECASE if what in {"figure", "person", "reason", "saying", "denial"} else 0)
    return regex.compile(patterns()["holds"][what], flags)


@cache
def _kinds() -> tuple[tuple[Asks, regex.Pattern[str]], ...]:
    flags = regex.VERBOSE | regex.IGNORECASE
    return tuple((Asks(kind["asks"]), regex.compile(kind["pattern"], flags)) for kind in patterns()["kind"])


@cache
def _compiled(section: str, name: str) -> regex.Pattern[str]:
    return regex.compile(patterns()[section][name], regex.VERBOSE | regex.IGNORECASE)


@cache
def light_terms() -> frozenset[str]:
    """Terms that name a type of answer and nothing more: year, name, place."""
    return frozenset(stem(word) for word in patterns()["kind-words"]["light"])


@cache
def english_function_words() -> frozenset[str]:
    """The stop words that are not common words of other languages, too."""
    return stop_list().words - frozenset(patterns()["other-languages"]["shared"])


@cache
def _turning_words() -> frozenset[str]:
    return frozenset(patterns()["kind-words"]["turning"])


def is_small_talk(text: str) -> bool:
    """Whether the text is only a greeting, thanks, or a question about the bot itself."""
    return _compiled("small-talk", "pattern").match(text[:200]) is not None


def _first_terms(text: str) -> Iterator[Term]:
    different: set[str] = set()
    for term in terms(text):
        different.add(term.term)
        if len(different) > TERMS_AT_MOST:
            return
        yield term


@lru_cache(maxsize=256)
def taken_apart(text: str) -> Question:
    """Parse a question."""
    wrapped = _compiled("about", "pattern").search(text) if len(text) <= ABOUT_AT_MOST else None
    if wrapped is None or not terms(wrapped["topic"]):
        return _parsed(text, text, about=False)
    start, end = wrapped.span("topic")
    topic = _blanked(_blanked(text, 0, start), end, len(text))
    return _parsed(text, topic, about=True)


def _blanked(text: str, start: int, end: int) -> str:
    """Replace `start` to `end` by spaces, so that the rest keeps its place."""
    return text[:start] + " " * (end - start) + text[end:]


def _parsed(whole: str, text: str, *, about: bool) -> Question:
    """Parse `text`, which is `whole` or a part of it at the same place."""
    found = tuple(_first_terms(text))
    words = tuple(word.lower() for word in WORD.findall(text))
    opening = WORD.search(whole)
    first = opening.start() if opening else 0
    asks = next((asks for asks, pattern in _kinds() if pattern.search(text)), Asks.UNSTATED)
    head = _compiled("kind-words", "head").search(text)
    heads = {term.term for group in (head.groups() if head else ()) if group for term in terms(group)}
    return Question(
        text=whole,
        found=found,
        asked=tuple(dict.fromkeys(term.term for term in found)),
        words=words,
        asks=asks,
        heads=frozenset(heads),
        names=frozenset(term.term for term in found if text[term.start].isupper() and term.start != first),
        numbers=frozenset(term.term for term in found if text[term.start].isdigit()),
        denies=holds("denial").search(text) is not None,
        turning=tuple(word for word in words if word in _turning_words()),
        about=about,
    )
