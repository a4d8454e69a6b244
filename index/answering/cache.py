"""The latest answers that a collection has given: the same question is often asked again."""

from __future__ import annotations

import contextlib
import threading

from cachetools import TTLCache

from index.models import Answer, Reading, Source, Suggestion

HELD_AT_MOST, ANSWER_ITSELF = 16_000_000, 3_000
"""Bytes, roughly, that all answers take at most with their articles, and what one takes beside its articles' texts."""
HELD_FOR = 3600.0
"""Seconds after which an answer is forgotten: it holds what was asked."""


class Lately:
    """Answers that were proved over a collection, by question and by the only article that was looked in."""

    def __init__(self) -> None:
        """None yet."""
        self._held: TTLCache[tuple[str, str | None], Answer] = TTLCache(HELD_AT_MOST, HELD_FOR, getsizeof=_weight)
        self._lock = threading.Lock()

    def holds(self, question: str, article: str | None) -> bool:
        """Whether the answer is kept."""
        return (question, article) in self._held

    def find(self, question: str, article: str | None) -> Answer | None:
        """The answer to the same question; None where it is not kept."""
        with self._lock:
            return self._held.get((question, article))

    def forget_old(self) -> None:
        """Hold nothing any more that is older than it may be."""
        with self._lock:
            self._held.expire()

    def keep(self, article: str | None, answer: Answer) -> None:
        """Keep an answer, unless its articles are too long."""
        with self._lock, contextlib.suppress(ValueError):
            self._held[answer.question, article] = answer


def _weight(answer: Answer) -> int:
    named: list[Source | Reading | Suggestion] = [*answer.readings, *answer.suggestions]
    for quoted in (*answer.shown, *answer.nearest):
        named += (quoted, *quoted.also)
    articles = {one.article.id: one.article for one in named}
    return ANSWER_ITSELF + sum(ANSWER_ITSELF + len(article.text) for article in articles.values())
