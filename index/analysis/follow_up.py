"""Parse a follow-up: a question that names nothing of its own, or begins as one does. The rules are follow_ups.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import regex

from index.analysis.analyzer import terms
from index.analysis.conversation import small_talk, unwrap
from index.analysis.record_questions import RecordKind, parse_record_question
from index.models import Span

MAX_LENGTH = 200
"""Characters above which a question is none."""
OF_ONE_ARTICLE = frozenset({RecordKind.AUTHOR, RecordKind.PUBLISHED, RecordKind.PUBLISHER, RecordKind.URL})
WORD = regex.compile(r"\p{L}+")


class FollowUpKind(StrEnum):
    """What a follow-up needs from the question before it."""

    BARE = "bare"
    """All that it is about: "and when?"."""
    ABOUT = "about"
    """What is asked, of another thing: "what about OpenAI?"."""
    PRONOUN = "pronoun"
    """What its pronoun stands for: "what did he say?"."""
    FRAGMENT = "fragment"
    """Its verb: "for which chips?"."""
    OPENING = "opening"
    """Nothing: "and what is distillation?" begins as a follow-up does, and is understood by itself."""
    MORE = "more"
    """Further passages."""
    RECORD = "record"
    """The article: "who wrote this?"."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A parsed follow-up."""

    kind: FollowUpKind
    query: str
    """Its own words, without those at its beginning that ask nothing, and with English question words."""
    as_written: str = ""
    """The same with the question words as they are written, for articles in their language."""
    thing: str = ""
    """What it asks about in place of another thing."""
    pronouns: tuple[Span, ...] = ()
    """Where the pronouns are in the query that stand for what was said before."""
    is_of_person: bool = False
    """Whether these stand for a man or a woman."""
    fields: tuple[str, ...] = ()
    """The metadata fields of an article that it asks for."""
    may_be_about_subject: bool = False
    """Whether it may ask this of what the articles are about, not of an article: "when was it published?"."""

    @property
    def stands_alone(self) -> bool:
        """Whether it is understood by itself."""
        return self.kind is FollowUpKind.OPENING


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(resources.files("index.analysis").joinpath("follow_ups.toml").read_text("utf-8"))


@cache
def follow_up_pattern(section: str, name: str = "pattern") -> regex.Pattern[str]:
    """A pattern of follow_ups.toml."""
    return regex.compile(_rules()[section][name], regex.VERBOSE | regex.IGNORECASE)


@cache
def _record_patterns() -> tuple[tuple[tuple[str, ...], regex.Pattern[str]], ...]:
    flags = regex.VERBOSE | regex.IGNORECASE
    return tuple((tuple(rule["fields"]), regex.compile(rule["pattern"], flags)) for rule in _rules()["record"])


@lru_cache(maxsize=256)
def parse_follow_up(text: str) -> FollowUp | None:
    """Parse a follow-up; None for a question that is none."""
    words = " ".join(unwrap(text).split())
    if not words or len(words) > MAX_LENGTH or small_talk(text) or _is_about_collection(words):
        return None
    fields = next((fields for fields, pattern in _record_patterns() if pattern.search(words)), ())
    if fields:
        return _about_record(words, fields)
    if follow_up_pattern("more").search(words):
        return FollowUp(FollowUpKind.MORE, words, words)
    opening = follow_up_pattern("opening").match(words)
    written = words[opening.end() :] if opening else words
    query = _with_english_words(written)
    if not WORD.search(query):
        return None
    person = _unresolved(query, "person")
    found = FollowUp(FollowUpKind.BARE, query, written, "", person or _unresolved(query, "thing"), bool(person))
    if not terms(query):
        return found if follow_up_pattern("bare").search(query) else None
    return _with_own_terms(found, words, begins=opening is not None)


def _about_record(words: str, fields: tuple[str, ...]) -> FollowUp:
    found = follow_up_pattern("subject-of-record").search(words)
    pronouns = (Span(*found.span("pronoun")),) if found and found["pronoun"] else ()
    return FollowUp(
        FollowUpKind.RECORD, words, words, pronouns=pronouns, fields=fields, may_be_about_subject=found is not None
    )


def _is_about_collection(text: str) -> bool:
    """Whether it asks for the articles that there are, for help, or for the record of an article that it names."""
    asked = parse_record_question(text)
    return asked is not None and (asked.about is not None or asked.kind not in OF_ONE_ARTICLE)


def _with_own_terms(found: FollowUp, text: str, *, begins: bool) -> FollowUp | None:
    """The kind of a follow-up that names something; None if it is none."""
    if found.pronouns:
        return replace(found, kind=FollowUpKind.PRONOUN)
    if follow_up_pattern("fragment").match(text):
        return replace(found, kind=FollowUpKind.FRAGMENT)
    about = follow_up_pattern("about").match(text)
    if about and terms(about["thing"]):
        return replace(found, kind=FollowUpKind.ABOUT, thing=about["thing"])
    return replace(found, kind=FollowUpKind.OPENING) if begins else None


def _unresolved(query: str, kind: str) -> tuple[Span, ...]:
    """Where pronouns of this kind are, if nothing before the first of them may be what it stands for."""
    found = tuple(Span(*match.span()) for match in follow_up_pattern("pronouns", kind).finditer(query))
    return () if found and follow_up_pattern("pronouns", "antecedent").search(query, endpos=found[0][0]) else found


def without_question_word(text: str) -> str:
    """A question without the German question word at its beginning."""
    first = WORD.search(text)
    return text[first.end() :] if first and first.group().lower() in _rules()["german"] else text


def _with_english_words(text: str) -> str:
    """The text in English, if it is nothing but German question words."""
    german = _rules()["german"]
    if not all(word.lower() in german for word in WORD.findall(text)):
        return text
    return WORD.sub(lambda match: str(german[match.group().lower()]), text)
