"""Features of a sentence for ranking: positions of its terms, and the times, figures and names in it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import regex

from index.analysis.analyzer import stem
from index.analysis.code_words import code_words, parts_of_camel_case
from index.analysis.exact_forms import exact, form_of, is_exact
from index.analysis.languages import terms_in
from index.analysis.question import CAPITALISED, WORD, AnswerType, pattern_for
from index.analysis.word_classes import Word, words_of
from index.analysis.word_vectors import Rows, rows_of, stems_of
from index.models import Span


@dataclass(frozen=True)
class SentenceFeatures:
    """Features of a sentence. Spans and places are `str` offsets in it; positions count its terms."""

    text: str
    words: tuple[str, ...]
    """All its words, in lower case."""
    word_positions: dict[str, tuple[int, ...]]
    """Positions of each word among the words."""
    stems: frozenset[str]
    """Its terms, without the exact forms."""
    positions: dict[str, tuple[int, ...]]
    """Positions of each term among the terms; of each exact form, too."""
    spans: dict[str, tuple[Span, ...]]
    """Spans of each term in the text; of each exact form, too."""
    times: tuple[int, ...]
    """Places of points in time."""
    names: tuple[tuple[int, str], ...]
    """Places of capitalised words, and the words in lower case; without the first word, months and weekdays."""
    is_negated: bool
    needs_context: bool

    @cached_property
    def word_list(self) -> tuple[Word, ...]:
        """Its words and marks, in order."""
        return tuple(words_of(self.text))

    @cached_property
    def word_stems(self) -> tuple[str, ...]:
        """The stems of these, stop words and marks included."""
        return tuple(stem(word.text) for word in self.word_list)

    @cached_property
    def vector_rows(self) -> Rows:
        """The rows of its words in the table of word vectors."""
        return rows_of(stems_of(self.text))

    @cached_property
    def capitalised(self) -> tuple[tuple[str, Span], ...]:
        """The exact forms that are first written with a capital, and their first spans."""
        return tuple(
            (form_of(key), spans[0])
            for key, spans in self.spans.items()
            if is_exact(key) and self.text[spans[0].start].isupper()
        )

    @cached_property
    def numbers(self) -> tuple[tuple[int, str], ...]:
        """Places of numbers, and the numbers."""
        return tuple((match.start(), match.group().lower()) for match in pattern_for("figure").finditer(self.text))

    @cached_property
    def people(self) -> tuple[tuple[int, str], ...]:
        """Places of words for unnamed people and groups, and the words in lower case."""
        return tuple((match.start(), match.group().lower()) for match in pattern_for("person").finditer(self.text))

    @cached_property
    def _matches(self) -> dict[regex.Pattern[str], tuple[str, ...]]:
        return {}

    def matches(self, pattern: regex.Pattern[str]) -> tuple[str, ...]:
        """What matches a pattern, in lower case; searched on first use."""
        if pattern not in self._matches:
            self._matches[pattern] = tuple(match.group().casefold() for match in pattern.finditer(self.text))
        return self._matches[pattern]

    @cached_property
    def _marks(self) -> dict[AnswerType, bool]:
        return {}

    def has_answer_of_type(self, answer_type: AnswerType) -> bool:
        """Whether it matches the pattern of a reason, a saying, a place or a manner; searched on first use."""
        if answer_type not in self._marks:
            self._marks[answer_type] = pattern_for(answer_type.value).search(self.text) is not None
        return self._marks[answer_type]


def sentence_features(text: str, labels: str = "", language: str = "") -> SentenceFeatures:
    """The features of a sentence, or of a table's row under these labels, whose terms come first and have no spans."""
    positions: dict[str, list[int]] = {}
    spans: dict[str, list[Span]] = {}
    above, found = terms_in(labels, language), terms_in(text, language)
    for position, term in enumerate((*above, *found)):
        for key in (term.term, exact(term.form, language)):
            positions.setdefault(key, []).append(position)
            if position >= len(above):
                spans.setdefault(key, []).append(Span(term.start, term.end))
    for key, span in (*code_words(text), *parts_of_camel_case(text)):
        place = bisect_left(found, span.start, key=attrgetter("start"))
        positions.setdefault(key, []).append(len(above) + min(place, len(found) - 1))
        spans.setdefault(key, []).append(span)
    words = tuple(word.lower() for word in WORD.findall(text))
    word_positions: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        word_positions.setdefault(word, []).append(position)
    opening = WORD.search(text)
    first = opening.start() if opening else -1
    times = [match.span() for match in pattern_for("time").finditer(text)]
    names = ((match.start(), match.group().lower()) for match in CAPITALISED.finditer(text))
    return SentenceFeatures(
        text=text,
        words=words,
        word_positions={word: tuple(places) for word, places in word_positions.items()},
        stems=frozenset(term.term for term in (*above, *found)),
        positions={term: tuple(places) for term, places in positions.items()},
        spans={term: tuple(places) for term, places in spans.items()},
        times=tuple(start for start, _ in times),
        names=tuple(
            (place, name)
            for place, name in names
            if place != first and not any(start <= place < end for start, end in times)
        ),
        is_negated=pattern_for("denial").search(text) is not None,
        needs_context=pattern_for("leans").search(text) is not None,
    )
