"""Parse a question in a language other than English; questions.CODE.toml has what it asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import regex

from index.analysis.analyzer import Term
from index.analysis.exact_forms import exact
from index.analysis.languages import BIGRAM_RUN, SEPARATOR, question_terms
from index.analysis.question import MAX_TERMS, AnswerType, Question

FLAGS = regex.VERBOSE | regex.IGNORECASE
WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*")


@dataclass(frozen=True)
class _Patterns:
    asks: tuple[tuple[AnswerType, regex.Pattern[str]], ...]
    holds: dict[str, regex.Pattern[str]]


NO_PATTERNS = _Patterns((), {})


@cache
def _patterns(code: str) -> _Patterns:
    file = resources.files("index.analysis").joinpath(f"questions.{code}.toml")
    if not file.is_file():
        return NO_PATTERNS
    table = tomllib.loads(file.read_text("utf-8"))
    return _Patterns(
        tuple((AnswerType(kind["asks"]), regex.compile(kind["pattern"], FLAGS)) for kind in table["kind"]),
        {name: regex.compile(pattern, FLAGS) for name, pattern in table["holds"].items()},
    )


def parse_question_in(text: str, code: str) -> Question:
    """Parse a question in this language, which has an analyzer.

    Capitalised words are its names, but for the first word.
    """
    found = tuple(_limited(question_terms(text, code)))
    first = WORD.search(text)
    start = first.start() if first else 0
    asks = next((kind for kind, pattern in _patterns(code).asks if pattern.search(text)), AnswerType.UNSTATED)
    return Question(
        text=text,
        tokens=found,
        terms=tuple(dict.fromkeys(term.term for term in found)),
        stems=frozenset(term.term for term in found),
        words=tuple(word.lower() for word in WORD.findall(text)),
        answer_type=asks,
        head_terms=frozenset(),
        names=frozenset(term.term for term in found if text[term.start].isupper() and term.start != start),
        numbers=frozenset(term.term for term in found if text[term.start].isdigit()),
        is_negated=False,
        degree_words=(),
        is_about_topic=False,
    )


def _limited(found: Sequence[Term]) -> list[Term]:
    distinct = list(dict.fromkeys(term.term for term in found))[:MAX_TERMS]
    return [term for term in found if term.term in distinct]


def has_answer_of_type(text: str, answer_type: AnswerType, code: str) -> bool | None:
    """Whether a sentence holds a time, a figure or a reason, if such is asked for; None where that is not known."""
    name = {AnswerType.TIME: "time", AnswerType.NUMBER: "figure", AnswerType.REASON: "reason"}.get(answer_type)
    pattern = _patterns(code).holds.get(name) if name else None
    return None if pattern is None else pattern.search(text) is not None


def as_written(question: Question, code: str) -> Question:
    """The question with its words as they are written, as the exact forms of another language: names and numbers."""
    tokens = tuple(
        term._replace(term=f"{code}{SEPARATOR}{term.form}" if term.form[0].isdigit() else exact(term.form, code))
        for term in question.tokens
        if not BIGRAM_RUN.match(term.form)
    )
    return replace(
        question,
        tokens=tokens,
        terms=tuple(dict.fromkeys(term.term for term in tokens)),
        stems=frozenset(),
        names=frozenset(),
        numbers=frozenset(),
        answer_type=AnswerType.UNSTATED,
    )
