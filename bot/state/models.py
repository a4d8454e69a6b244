"""The data models of the state."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from index.models import FrozenModel, Quote, Span, Suggestion, Verdict


class SourceReference(FrozenModel):
    """The position of a quotation in an article, with the text's hash to detect changes."""

    article: str
    sha256: str
    spans: tuple[Span, ...]


class QuoteReference(SourceReference):
    """The position of a quotation, and of the same words in other articles."""

    matched: tuple[str, ...] = ()
    also: tuple[SourceReference, ...] = ()
    further_sources: int = 0

    @classmethod
    def of(cls, quote: Quote) -> QuoteReference:
        """Return the position of a quotation."""
        article = quote.article
        return cls(
            article=article.id,
            sha256=article.text_sha256,
            spans=quote.spans,
            matched=quote.matched,
            also=tuple(
                SourceReference(article=source.article.id, sha256=source.article.text_sha256, spans=source.spans)
                for source in quote.other_sources
            ),
            further_sources=quote.further_sources,
        )


class SuggestionReference(FrozenModel):
    """The position of a suggestion: an article, or a name in it."""

    article: str
    sha256: str
    span: Span | None = None

    @classmethod
    def of(cls, suggestion: Suggestion) -> SuggestionReference:
        """Return the position of a suggestion."""
        return cls(article=suggestion.article.id, sha256=suggestion.article.text_sha256, span=suggestion.span)


class StoredAnswer(FrozenModel):
    """A stored answer, which its buttons refer to by id."""

    id: str
    at: datetime.datetime
    asker: str
    """HMAC of the user's id under the deployment's own key, in place of a name or an id."""
    server: int | None
    channel: int | None
    """The channel of the answer's messages."""
    question_message: int | None = None
    """The message that was answered; None for a command."""
    messages: tuple[int, ...] = ()
    """The bot's messages, in order."""
    question: str | None = None
    """None if questions are not stored."""
    article: str | None = None
    """The only article that was searched."""
    private: bool = False
    verdict: Verdict
    quotes: tuple[QuoteReference, ...] = ()
    possible: tuple[QuoteReference, ...] = ()
    nearest: tuple[QuoteReference, ...] = ()
    suggestions: tuple[SuggestionReference, ...] = ()
    follows: str | None = None
    """The id of the answer that this one was read together with."""

    def without_question(self) -> StoredAnswer:
        """Return a copy without the question and the words in bold, which come from it."""
        places = {
            name: tuple(place.model_copy(update={"matched": ()}) for place in getattr(self, name))
            for name in ("quotes", "possible", "nearest")
        }
        return self.model_copy(update={"question": None, **places})

    @property
    def shown_quotes(self) -> tuple[QuoteReference, ...]:
        """The quotations shown at once: those that answer, or those that may."""
        return self.quotes or self.possible


class FeedbackReason(StrEnum):
    """What is wrong with an answer, according to its reader."""

    WRONG_PASSAGE = "wrong-passage"
    NO_ANSWER = "no-answer"
    OUTDATED = "outdated"
    OTHER = "other"


class Feedback(FrozenModel):
    """A reader's rating of an answer."""

    answer_id: str
    rater: str
    """As `StoredAnswer.asker`."""
    good: bool
    reason: FeedbackReason | None = None
    at: datetime.datetime


MAX_TAG_LENGTH = 20
"""Characters of a forum tag's name."""
UNASKED, ALLOWED = "unasked", "allowed"
"""The lists of channels, named as the fields of `ServerSettings`."""


class ServerSettings(FrozenModel):
    """A server's settings, with their defaults."""

    threads: bool = False
    """Whether an answer to a mention opens a thread."""
    private: bool = False
    """Whether answers to commands are private by default."""
    user_seconds: Annotated[int, Field(ge=0, le=3600)] | None = None
    """Seconds between a member's questions; None for the deployment's default."""
    channel_seconds: Annotated[int, Field(ge=0, le=3600)] | None = None
    """Seconds between questions in a channel; None for the deployment's default."""
    unasked: frozenset[int] = frozenset()
    """Channels in which the bot answers without a mention."""
    unsure: bool = False
    """Whether the bot also shows in those channels what only may answer."""
    answered_tag: Annotated[str, Field(min_length=1, max_length=MAX_TAG_LENGTH)] | None = None
    """The name of the forums' tag for posts that the bot has answered; None for no tag."""
    allowed: frozenset[int] = frozenset()
    """Channels in which the bot may answer; everywhere if empty."""


class BotThread(FrozenModel):
    """A thread that the bot opened for a question, and the article that it is about."""

    thread: int
    article: str | None = None
    asker: str
    at: datetime.datetime


REFUSED = "refused"
"""The action of an audit entry about somebody who was not allowed what `details` names."""


class AuditEntry(FrozenModel):
    """An entry of the audit log: a change to the articles or the settings, or an attempt at a command of the admins."""

    at: datetime.datetime
    user: int
    server: int | None
    action: str
    details: str
