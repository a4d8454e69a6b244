"""A cache of recent answers over a collection: the same question is often asked again."""

from __future__ import annotations

import contextlib
import threading

from cachetools import TTLCache

from index.models import Answer, Reading, Source, Suggestion

HELD_AT_MOST, ANSWER_ITSELF = 16_000_000, 3_000
"""Rough limit in bytes of all answers with their articles, and the size of one answer without its articles' texts."""
HELD_FOR = 3600.0
"""Seconds after which an answer is evicted: it contains what the user asked."""


class Lately:
    """Proved answers over a collection, by question and by the only article searched."""

    def __init__(self) -> None:
        """None yet."""
        self._held: TTLCache[tuple[str, str | None], Answer] = TTLCache(HELD_AT_MOST, HELD_FOR, getsizeof=_weight)
        self._lock = threading.Lock()

    def holds(self, question: str, article: str | None) -> bool:
        """Whether the answer is cached."""
        return (question, article) in self._held

    def find(self, question: str, article: str | None) -> Answer | None:
        """The cached answer; None where there is none."""
        with self._lock:
            return self._held.get((question, article))

    def forget_old(self) -> None:
        """Evict expired answers."""
        with self._lock:
            self._held.expire()

    def keep(self, article: str | None, answer: Answer) -> None:
        """Cache an answer, unless its articles are too long."""
        with self._lock, contextlib.suppress(ValueError):
            self._held[answer.question, article] = answer


def _weight(answer: Answer) -> int:
    named: list[Source | Reading | Suggestion] = [*answer.readings, *answer.suggestions]
    for quoted in (*answer.shown, *answer.nearest):
        named += (quoted, *quoted.also)
    articles = {one.article.id: one.article for one in named}
    return ANSWER_ITSELF + sum(ANSWER_ITSELF + len(article.text) for article in articles.values())
