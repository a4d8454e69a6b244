"""The answers that a collection has given lately: popular questions are asked again and again."""

from __future__ import annotations

import contextlib
import threading
from typing import NamedTuple

from cachetools import TTLCache

from index.article import Answer, Quote, Reading, Source, Span, Suggestion
from index.collection import Collection

HELD_AT_MOST, ANSWER_ITSELF, QUOTE_ITSELF = 16_000_000, 3_000, 500
"""Bytes, roughly, that all these answers take at most, and what one takes beside its words; so does a quotation."""
HELD_FOR = 3600.0
"""Seconds after which an answer is forgotten: it holds what was asked."""
WHOLE_AT_MOST = 16_000_000
"""Bytes, roughly, of the answers that are held with their articles, too: those that were asked for again lately."""


class _Cited(NamedTuple):
    """A quotation without its article."""

    article: str
    spans: tuple[Span, ...]
    score: float
    matched: tuple[str, ...]
    also: tuple[tuple[str, tuple[Span, ...]], ...]
    further_sources: int


class _Read(NamedTuple):
    """A word read for the asker's, without its article."""

    written: str
    place: Span
    article: str
    span: Span


class _Held(NamedTuple):
    """An answer without articles, so that a long one costs no more to keep than a short one."""

    bare: Answer
    quotes: tuple[_Cited, ...]
    possible: tuple[_Cited, ...]
    nearest: tuple[_Cited, ...]
    readings: tuple[_Read, ...]
    suggestions: tuple[tuple[str, Span | None], ...]


class Lately:
    """Answers that were proved over a collection, by question and by the only article that was looked in."""

    def __init__(self, collection: Collection) -> None:
        """None yet."""
        self.collection = collection
        self._held: TTLCache[tuple[str, str | None], _Held] = TTLCache(HELD_AT_MOST, HELD_FOR, getsizeof=_weight)
        self._whole: TTLCache[tuple[str, str | None], Answer] = TTLCache(
            WHOLE_AT_MOST, HELD_FOR, getsizeof=_weight_of_whole
        )
        self._lock = threading.Lock()

    def holds(self, question: str, article: str | None) -> bool:
        """Whether the answer is kept."""
        return (question, article) in self._held

    def find(self, question: str, article: str | None) -> Answer | None:
        """The answer to the same question; None where it is not kept."""
        key = question, article
        with self._lock:
            held, known = self._held.get(key), self._whole.get(key)
        if held is None:
            return None
        if known is not None:
            return known
        facts = {
            "quotes": tuple(map(self._quote, held.quotes)),
            "possible": tuple(map(self._quote, held.possible)),
            "nearest": tuple(map(self._quote, held.nearest)),
            "readings": tuple(map(self._reading, held.readings)),
            "suggestions": tuple(
                Suggestion(article=self.collection.article(one), span=span) for one, span in held.suggestions
            ),
        }
        whole = held.bare.model_copy(update=facts)
        with self._lock, contextlib.suppress(ValueError):
            self._whole[key] = whole
        return whole

    def forget_old(self) -> None:
        """Hold nothing any more that is older than it may be."""
        with self._lock:
            self._held.expire()
            self._whole.expire()

    def keep(self, article: str | None, answer: Answer) -> None:
        """Keep an answer."""
        held = _Held(
            bare=answer.model_copy(
                update={"quotes": (), "possible": (), "nearest": (), "readings": (), "suggestions": ()}
            ),
            quotes=tuple(map(_cited, answer.quotes)),
            possible=tuple(map(_cited, answer.possible)),
            nearest=tuple(map(_cited, answer.nearest)),
            readings=tuple(_Read(one.written, one.place, one.article.id, one.span) for one in answer.readings),
            suggestions=tuple((one.article.id, one.span) for one in answer.suggestions),
        )
        with self._lock, contextlib.suppress(ValueError):
            self._held[answer.question, article] = held

    def _quote(self, cited: _Cited) -> Quote:
        return Quote(
            article=self.collection.article(cited.article),
            spans=cited.spans,
            score=cited.score,
            matched=cited.matched,
            also=tuple(Source(article=self.collection.article(other), spans=spans) for other, spans in cited.also),
            further_sources=cited.further_sources,
        )

    def _reading(self, read: _Read) -> Reading:
        return Reading(
            written=read.written, place=read.place, article=self.collection.article(read.article), span=read.span
        )


def _cited(quoted: Quote) -> _Cited:
    also = tuple((source.article.id, source.spans) for source in quoted.also)
    return _Cited(quoted.article.id, quoted.spans, quoted.score, quoted.matched, also, quoted.further_sources)


def _weight(held: _Held) -> int:
    quotes = (*held.quotes, *held.possible, *held.nearest)
    sources = len(held.readings) + len(held.suggestions) + sum(1 + len(quoted.also) for quoted in quotes)
    words = sum(len(word) for quoted in quotes for word in quoted.matched)
    return ANSWER_ITSELF + len(held.bare.question) + QUOTE_ITSELF * sources + words


def _weight_of_whole(answer: Answer) -> int:
    named: list[Source | Reading | Suggestion] = [*answer.readings, *answer.suggestions]
    for quoted in (*answer.shown, *answer.nearest):
        named += (quoted, *quoted.also)
    articles = {one.article.id: one.article for one in named}
    return ANSWER_ITSELF + sum(ANSWER_ITSELF + len(article.text) for article in articles.values())
