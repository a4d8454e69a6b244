"""Prometheus metrics, and the answer times for `/admin status`."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

import aiohttp
import numpy as np
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.sending.error_messages import INCIDENTS
from index.models import Verdict

LATENCY_WINDOW = 1_000
"""Latest answers whose times are kept for `/admin status`."""
ANSWER_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


class Trigger(StrEnum):
    """How a question reached the bot."""

    MENTION = "mention"
    DIRECT = "direct"
    UNASKED = "unasked"
    COMMAND = "command"
    MENU = "menu"
    EDIT = "edit"


@dataclass
class AnswerOutcome:
    """The outcome of a question; None if nothing was sent."""

    verdict: Verdict | None = None


class Metrics:
    """The bot's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.questions = Counter(
            "verbatim_questions", "Questions, by verdict and by the way in", ["verdict", "way"], registry=self.registry
        )
        self.latency = Histogram(
            "verbatim_answer_seconds",
            "From a question's arrival to Discord's word that it has the answer",
            ["way"],
            buckets=ANSWER_BUCKETS,
            registry=self.registry,
        )
        self.reindexes = Counter("verbatim_reindexes", "Reindexings, by outcome", ["outcome"], registry=self.registry)
        self.discord_errors = Counter(
            "verbatim_discord_errors", "Requests that Discord refused, by status", ["status"], registry=self.registry
        )
        self.rate_limits = Counter(
            "verbatim_discord_rate_limits", "Times that Discord said to slow down", registry=self.registry
        )
        self.registry.register(INCIDENTS)
        self.feedback = Counter("verbatim_feedback", "What readers think", ["good"], registry=self.registry)
        self.lag = Histogram(
            "verbatim_event_loop_lag_seconds",
            "How much later than asked for the event loop gets round to something",
            buckets=LAG_BUCKETS,
            registry=self.registry,
        )
        self.waiting = Gauge("verbatim_questions_waiting", "Questions that wait for their turn", registry=self.registry)
        self.cluster_failures = Gauge(
            "verbatim_cluster_failures", "Times that the search cluster did not answer", registry=self.registry
        )
        self.articles = Gauge("verbatim_articles", "Articles in the index", registry=self.registry)
        self.sentences = Gauge("verbatim_sentences", "Sentences in the index", registry=self.registry)
        self.ready = Gauge("verbatim_ready", "1 while connected to Discord with an index", registry=self.registry)
        self._last: deque[float] = deque(maxlen=LATENCY_WINDOW)

    @contextmanager
    def time_answer(self, trigger: Trigger) -> Iterator[AnswerOutcome]:
        """Measure the time to answer and count the outcome; an exception counts as `failed`."""
        began, answered = time.perf_counter(), AnswerOutcome()
        try:
            yield answered
        except BaseException:
            self.questions.labels("failed", trigger.value).inc()
            raise
        taken = time.perf_counter() - began
        self.questions.labels(answered.verdict.value if answered.verdict else "unspoken", trigger.value).inc()
        self.latency.labels(trigger.value).observe(taken)
        self._last.append(taken)

    def trace_config(self) -> aiohttp.TraceConfig:
        """Return an aiohttp trace that counts failed requests to Discord."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._request_ended)
        return config

    async def _request_ended(self, _: object, __: object, ended: aiohttp.TraceRequestEndParams) -> None:
        status = ended.response.status
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self.rate_limits.inc()
        elif status >= HTTPStatus.BAD_REQUEST:
            self.discord_errors.labels(str(status)).inc()

    def percentiles(self) -> tuple[float, float] | None:
        """Return p50 and p99 of the latest answers in seconds; None before the first."""
        if not self._last:
            return None
        p50, p99 = np.percentile(np.array(self._last), [50, 99])
        return float(p50), float(p99)
