"""What the state holds, as the rest of the bot sees it."""

from __future__ import annotations

import datetime
from enum import StrEnum

from index.article import Noun, Quote, Span, Suggestion, Verdict


class SourcePlace(Noun):
    """Where words stand: enough to slice them again, and to see that the article has not changed."""

    article: str
    sha256: str
    spans: tuple[Span, ...]


class Place(SourcePlace):
    """Where a quotation stands, and where else the same words do."""

    matched: tuple[str, ...] = ()
    also: tuple[SourcePlace, ...] = ()
    further_sources: int = 0

    @classmethod
    def of(cls, quote: Quote) -> Place:
        """The place of a quotation."""
        article = quote.article
        return cls(
            article=article.id,
            sha256=article.text_sha256,
            spans=quote.spans,
            matched=quote.matched,
            also=tuple(
                SourcePlace(article=source.article.id, sha256=source.article.text_sha256, spans=source.spans)
                for source in quote.also
            ),
            further_sources=quote.further_sources,
        )


class Suggested(Noun):
    """The place of a suggestion: an article, or a name in it."""

    article: str
    sha256: str
    span: Span | None = None

    @classmethod
    def of(cls, suggestion: Suggestion) -> Suggested:
        """The place of a suggestion."""
        return cls(article=suggestion.article.id, sha256=suggestion.article.text_sha256, span=suggestion.span)


class Given(Noun):
    """An answer that was given: what its buttons refer to by its id."""

    id: str
    at: datetime.datetime
    asker: str
    """The user's id under a key that only this deployment has; nobody's name or id."""
    server: int | None
    channel: int | None
    """Where its messages stand."""
    question_message: int | None = None
    """The message that was answered; None for a command."""
    messages: tuple[int, ...] = ()
    """The bot's messages, in order."""
    question: str | None = None
    """None where questions are not kept."""
    article: str | None = None
    """The only article that was looked in."""
    private: bool = False
    verdict: Verdict
    quotes: tuple[Place, ...] = ()
    possible: tuple[Place, ...] = ()
    nearest: tuple[Place, ...] = ()
    suggestions: tuple[Suggested, ...] = ()

    def without_question(self) -> Given:
        """The same, without the question and its words: what of an article was in bold tells them too."""
        places = {
            name: tuple(place.model_copy(update={"matched": ()}) for place in getattr(self, name))
            for name in ("quotes", "possible", "nearest")
        }
        return self.model_copy(update={"question": None, **places})

    @property
    def shown(self) -> tuple[Place, ...]:
        """The quotations that were shown at once: those that answer, or those that may."""
        return self.quotes or self.possible


class Why(StrEnum):
    """What is wrong with an answer, as its reader says."""

    WRONG_PASSAGE = "wrong-passage"
    NO_ANSWER = "no-answer"
    OUTDATED = "outdated"
    OTHER = "other"


class Rating(Noun):
    """What a reader thinks of an answer."""

    given: str
    rater: str
    """As `Given.asker`."""
    good: bool
    why: Why | None = None
    at: datetime.datetime


UNASKED, ALLOWED = "unasked", "allowed"
"""The lists of channels, as fields of `ServerSettings`."""


class ServerSettings(Noun):
    """How the bot behaves in a server; what it does by default where nothing was set."""

    threads: bool = False
    """Whether an answer to a mention opens a thread."""
    private: bool = False
    """Whether answers to commands are private unless the asker says otherwise."""
    user_seconds: int | None = None
    """Seconds between two questions of one member; None for the deployment's default."""
    channel_seconds: int | None = None
    """Seconds between two questions in one channel; likewise."""
    unasked: frozenset[int] = frozenset()
    """Channels in which every message is a question."""
    unsure: bool = False
    """Whether the bot shows in those channels what may answer, too; without it only what answers."""
    allowed: frozenset[int] = frozenset()
    """Channels in which it answers at all; everywhere, where there is none."""


class Opened(Noun):
    """A thread that the bot opened for a question, and the article that it is about."""

    thread: int
    article: str | None = None
    asker: str
    at: datetime.datetime


class Logged(Noun):
    """A change to the articles or the settings, and who made it."""

    at: datetime.datetime
    user: int
    server: int | None
    action: str
    details: str
