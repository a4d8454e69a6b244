"""A cache of recent answers over a collection: the same question is often asked again."""

from __future__ import annotations

import contextlib
import threading

from cachetools import TTLCache

from index.models import Answer, Source, SpellingCorrection, Suggestion

MAX_BYTES, ANSWER_OVERHEAD = 16_000_000, 3_000
"""Rough limit in bytes of all answers with their articles, and the size of one answer without its articles' texts."""
TTL_SECONDS = 3600.0
"""Seconds after which an answer is evicted: it contains what the user asked."""


class AnswerCache:
    """Proved answers over a collection, by question and by the only article searched."""

    def __init__(self) -> None:
        """None yet."""
        self._answers: TTLCache[tuple[str, str | None], Answer] = TTLCache(MAX_BYTES, TTL_SECONDS, getsizeof=_size)
        self._lock = threading.Lock()

    def contains(self, question: str, article: str | None) -> bool:
        """Whether the answer is cached."""
        return (question, article) in self._answers

    def get(self, question: str, article: str | None) -> Answer | None:
        """The cached answer; None where there is none."""
        with self._lock:
            return self._answers.get((question, article))

    def evict_expired(self) -> None:
        """Evict expired answers."""
        with self._lock:
            self._answers.expire()

    def put(self, article: str | None, answer: Answer) -> None:
        """Cache an answer, unless its articles are too long."""
        with self._lock, contextlib.suppress(ValueError):
            self._answers[answer.question, article] = answer


def _size(answer: Answer) -> int:
    named: list[Source | SpellingCorrection | Suggestion] = [*answer.corrections, *answer.suggestions]
    for quoted in (*answer.shown_quotes, *answer.nearest):
        named += (quoted, *quoted.other_sources)
    articles = {one.article.id: one.article for one in named}
    return ANSWER_OVERHEAD + sum(ANSWER_OVERHEAD + len(article.text) for article in articles.values())
