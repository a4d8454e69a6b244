"""Parse a question: its terms, the type of its answer, its names and numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import regex

from index.analysis.analyzer import Term, stem, stop_words, terms
from index.analysis.conversation import FLAGS, conversation_patterns, unwrap

MAX_TERMS = 64
"""Most terms of a question that are searched for; no sentence could answer a question with more."""
MAX_TOPIC_LENGTH = 300
"""Most characters of a question in which a topic is looked for: the pattern takes time quadratic in the text."""
WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*")
CAPITALISED = regex.compile(r"\b\p{Lu}[\p{L}\p{M}\p{N}'’-]*")


class AnswerType(StrEnum):
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
    tokens: tuple[Term, ...]
    """Its terms in order, with their places in the text; cut off after `MAX_TERMS` distinct ones."""
    terms: tuple[str, ...]
    """Its distinct terms, in order: stems, and once `resolve_names` has told the names, the exact forms of these."""
    stems: frozenset[str]
    """Its terms as they were before `resolve_names`: stems, those of names and of the parts of words of code, too."""
    words: tuple[str, ...]
    """All its words in lower case, stop words included."""
    answer_type: AnswerType
    head_terms: frozenset[str]
    """Terms that name the type of answer: `year` in "in what year"."""
    names: frozenset[str]
    """Capitalised terms, except for the first word."""
    numbers: frozenset[str]
    """Terms that begin with a digit, without a count of the things requested."""
    is_negated: bool
    degree_words: tuple[str, ...]
    """Stop words of degree and order that still change the question: first, only, before."""
    is_about_topic: bool
    """Whether it asks for anything about its terms: "was X mentioned?", "anything about X"."""
    equivalents: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """By term: exact forms that the articles call the same; each item's words together stand for the term."""

    def surface_form(self, term: str) -> str:
        """The first word of the term, as the user typed it."""
        return next(self.text[found.start : found.end] for found in self.tokens if found.term == term)

    def restricted_to(self, terms: Iterable[str]) -> Question:
        """The question with only these terms, which keep their places."""
        chosen = frozenset(terms)
        text = [" "] * len(self.text)
        for found in self.tokens:
            if found.term in chosen:
                text[found.start : found.end] = self.text[found.start : found.end]
        return _parse(self.text, "".join(text), about=self.is_about_topic)


@cache
def patterns() -> dict[str, Any]:
    """questions.toml, parsed once."""
    return tomllib.loads(resources.files("index.analysis").joinpath("questions.toml").read_text("utf-8"))


@cache
def pattern_for(name: str) -> regex.Pattern[str]:
    """The pattern of questions.toml for something that a sentence contains: time, figure, reason, place, and so on."""
    flags = regex.VERBOSE | (regex.IGNORECASE if name in {"figure", "person", "reason", "saying", "denial"} else 0)
    return regex.compile(patterns()["holds"][name], flags)


@cache
def _answer_type_patterns() -> tuple[tuple[AnswerType, regex.Pattern[str]], ...]:
    flags = regex.VERBOSE | regex.IGNORECASE
    return tuple((AnswerType(kind["asks"]), regex.compile(kind["pattern"], flags)) for kind in patterns()["kind"])


@cache
def _compile(section: str, name: str) -> regex.Pattern[str]:
    return regex.compile(patterns()[section][name], regex.VERBOSE | regex.IGNORECASE)


@cache
def definition_pattern(name: str) -> regex.Pattern[str]:
    """The pattern of questions.toml for a question that asks for a definition, or for what stands around the thing."""
    flags = regex.VERBOSE | (regex.IGNORECASE if name == "asks" else 0)
    return regex.compile(patterns()["definition"][name], flags)


@cache
def generic_terms() -> frozenset[str]:
    """Terms that name a type of answer and nothing more: year, name, place."""
    return frozenset(stem(word) for word in patterns()["kind-words"]["light"])


@cache
def english_function_words() -> frozenset[str]:
    """The stop words that are not common words of other languages, too."""
    return stop_words().words - frozenset(patterns()["other-languages"]["shared"])


@cache
def _degree_words() -> frozenset[str]:
    return frozenset(patterns()["kind-words"]["turning"])


def _limited_tokens(text: str) -> Iterator[Term]:
    different: set[str] = set()
    for term in terms(text):
        different.add(term.term)
        if len(different) > MAX_TERMS:
            return
        yield term


@lru_cache(maxsize=256)
def parse_question(text: str) -> Question:
    """Parse a question."""
    wrapped = _compile("about", "pattern").match(text) if len(text) <= MAX_TOPIC_LENGTH else None
    if wrapped is None or not terms(wrapped["topic"]):
        return _parse(text, text, about=False)
    start, end = wrapped.span("topic")
    # Spaces for the rest, so that the topic keeps its place.
    return _parse(text, text[start:end].rjust(end).ljust(len(text)), about=True)


@cache
def _asking(name: str) -> regex.Pattern[str]:
    return regex.compile(conversation_patterns()["asking"][name], FLAGS)


def asks_for_mention(text: str) -> bool:
    """Whether a text asks whether something is mentioned."""
    return _compile("about", "mention").search(text) is not None


def asks_for_explanation(text: str) -> bool:
    """Whether a text asks what something means, though by no question word: "explain …", "whats …"."""
    return _asking("explanation").search(text) is not None


def is_asking(text: str) -> bool:
    """Whether a message asks: by a question mark, by a question word at its beginning, or for anything on a topic."""
    unwrapped = unwrap(text)
    return _asking("pattern").search(unwrapped) is not None or parse_question(unwrapped).is_about_topic


def _without_count(text: str) -> str:
    """The text with spaces for a count of things requested: name three reasons."""
    requested = _compile("count", "pattern").search(text)
    if requested is None:
        return text
    start, end = requested.span("count")
    return text[:start] + " " * (end - start) + text[end:]


def _parse(whole: str, text: str, *, about: bool) -> Question:
    """Parse `text`, which is `whole` or a part of it at the same place."""
    text = _without_count(text)
    counted = _compile("count", "of-answers").search(text)
    found = tuple(_limited_tokens(text))
    words = tuple(word.lower() for word in WORD.findall(text))
    opening = WORD.search(whole)
    first = opening.start() if opening else 0
    answer_type = next(
        (answer_type for answer_type, pattern in _answer_type_patterns() if pattern.search(text)), AnswerType.UNSTATED
    )
    head = _compile("kind-words", "head").search(text)
    heads = {term.term for group in (head.groups() if head else ()) if group for term in terms(group)}
    return Question(
        text=whole,
        tokens=found,
        terms=tuple(dict.fromkeys(term.term for term in found)),
        stems=frozenset(term.term for term in found),
        words=words,
        answer_type=answer_type,
        head_terms=frozenset(heads),
        names=frozenset(term.term for term in found if text[term.start].isupper() and term.start != first),
        numbers=frozenset(
            term.term
            for term in found
            if text[term.start].isdigit() and (counted is None or term.start != counted.start("count"))
        ),
        is_negated=pattern_for("denial").search(text) is not None,
        degree_words=tuple(word for word in words if word in _degree_words()),
        is_about_topic=about,
    )
