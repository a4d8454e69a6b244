"""What a question asks: its terms, the kind of thing that would answer it, its names and numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import regex

from index.analysis import Term, stem, terms

TERMS_AT_MOST = 64
"""Terms of a question that are looked for; who writes more asks nothing that one sentence could answer."""
ABOUT_AT_MOST = 300
"""Characters of a question in which a topic is looked for: the pattern takes time quadratic in the text."""
WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*")
CAPITALISED = regex.compile(r"\b\p{Lu}[\p{L}\p{M}\p{N}'’-]*")


class Asks(StrEnum):
    """What kind of thing would answer a question; questions.toml says how it is told."""

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
    """A question, taken apart."""

    text: str
    found: tuple[Term, ...]
    """Its terms in order, with their places in the text; none after the `TERMS_AT_MOST` first different ones."""
    asked: tuple[str, ...]
    """Each of its terms once, in order."""
    words: tuple[str, ...]
    """All its words in lower case, those without weight too."""
    asks: Asks
    heads: frozenset[str]
    """Terms that name the kind of thing asked for: `year` in "in what year"."""
    names: frozenset[str]
    """Terms written as names are: a capital, and not the first word."""
    numbers: frozenset[str]
    """Terms that begin with a digit."""
    denies: bool
    turning: tuple[str, ...]
    """Its words of degree and order, which are no terms: first, only, before."""
    about: bool
    """Whether it asks for whatever is said of its terms: "was X mentioned?", "anything about X"."""

    def word_of(self, term: str) -> str:
        """The term's first word, as the asker wrote it."""
        return next(self.text[found.start : found.end] for found in self.found if found.term == term)

    def only(self, kept: Iterable[str]) -> Question:
        """The question without its other terms; what remains stands at the same places."""
        chosen = frozenset(kept)
        text = self.text
        for found in self.found:
            if found.term not in chosen:
                text = _blanked(text, found.start, found.end)
        return taken_apart(text)


@cache
def patterns() -> dict[str, Any]:
    """questions.toml, read once."""
    return tomllib.loads(resources.files("index").joinpath("questions.toml").read_text("utf-8"))


@cache
def holds(what: str) -> regex.Pattern[str]:
    """The pattern of questions.toml for something that a sentence holds: time, figure, reason, place, and so on."""
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
    """Terms that name a kind of thing and nothing more: year, name, place."""
    return frozenset(stem(word) for word in patterns()["kind-words"]["light"])


@cache
def _turning_words() -> frozenset[str]:
    return frozenset(patterns()["kind-words"]["turning"])


def is_small_talk(text: str) -> bool:
    """Whether the text is a greeting, thanks, or a question about the bot itself, and nothing else."""
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
    """The question in this text."""
    wrapped = _compiled("about", "pattern").search(text) if len(text) <= ABOUT_AT_MOST else None
    if wrapped is None or not terms(wrapped["topic"]):
        return _parsed(text, text, about=False)
    start, end = wrapped.span("topic")
    topic = _blanked(_blanked(text, 0, start), end, len(text))
    return _parsed(text, topic, about=True)


def _blanked(text: str, start: int, end: int) -> str:
    """The text with spaces from `start` to `end`, so that what is left keeps its place."""
    return text[:start] + " " * (end - start) + text[end:]


def _parsed(whole: str, text: str, *, about: bool) -> Question:
    """The question in `text`, which is `whole` or a part of it at the same places."""
    found = tuple(_first_terms(text))
    words = tuple(word.lower() for word in WORD.findall(text))
    opening = WORD.search(text)
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
