"""Answers one question: makes the answer, stores it and sends it."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.bounded import BoundedQueue
from bot.conversation.follow_up import FollowedAnswer
from bot.layout import Asker, RenderedMessages, render_answer, render_record, render_sources
from bot.monitoring.metrics import Trigger
from bot.sending.deliver import deliver
from bot.sending.destinations import Destination
from bot.state import QuoteReference, StateUnavailable, StoredAnswer, SuggestionReference, utc_now
from index.analysis.follow_up import parse_follow_up
from index.analysis.record_questions import parse_record_question
from index.answering.follow_up import SOURCE, is_carried
from index.answering.records import RecordAnswer
from index.models import Answer, Explanation, Verdict

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IncomingQuestion:
    """A question, its asker and its place."""

    text: str
    trigger: Trigger
    user: int
    server: int | None = None
    channel: int | None = None
    message: int | None = None
    """The message that asks; None for a command."""
    readings: tuple[str, ...] = ()
    """Of a forum post: what to ask, the likeliest first; its whole text is the last."""
    article: str | None = None
    """The only article to search."""
    preferred_article: str | None = None
    """The article to search first: the one that the thread is about."""
    follows: FollowedAnswer | None = None
    """The answer that it follows, if it is a follow-up."""
    is_separate: bool = False
    """Whether the answer appears away from the question, so that it has to repeat the question."""
    private: bool = False
    verdicts_to_send: frozenset[Verdict] = frozenset(Verdict)
    """The verdicts worth a message: fewer if nobody addressed the bot."""


class QuestionHandler:
    """Makes, stores and sends the answer to one question."""

    def __init__(self, bot: VerbatimBot, question: IncomingQuestion) -> None:
        self.bot = bot
        self.question = question
        self.id = secrets.token_urlsafe(9)
        self.answer: Answer | None = None
        self._article = question.article
        """The only article that was searched: the one asked for, or the one that was asked for before."""
        self._has_buttons = True

    async def deliver(self, to: Destination) -> None:
        """Send the answer; what its buttons refer to is stored first.

        If only some of its messages could be sent, those are still recorded, to be deleted with the question.

        Raises:
            ArticleUnknown, ProofFailed, TooManyWaiting, discord.HTTPException: as `bot.sending.deliver.deliver`.
        """
        try:
            with self.bot.metrics.time_answer(self.question.trigger) as answered:
                await deliver(self.bot.engine, self._render, to, self._store, self._queue())
                answered.verdict = self.answer.verdict if self.answer else None
        except Exception:
            if not to.sent_ids:
                await self._delete_unsent()
            raise
        finally:
            if to.sent_ids:
                await self._store_messages(to)

    async def _store_messages(self, to: Destination) -> None:
        try:
            await self.bot.state.set_messages(self.id, to.sent_ids, to.channel_id)
        except StateUnavailable as error:
            log.warning("The ids of an answer's messages could not be stored: %s", error)

    async def _delete_unsent(self) -> None:
        try:
            await self.bot.state.delete_answer(self.id)
        except StateUnavailable as error:
            log.warning("The record of an unsent answer could not be deleted: %s", error)

    def _queue(self) -> BoundedQueue | None:
        """Return the queue in which the question waits; one about all articles is always answered in a thread."""
        question = self.question
        if parse_record_question(question.text):
            return self.bot.queue
        if question.follows is not None:  # it is asked with the words before it, of a part of the articles and of all
            return self.bot.queue_for(" ".join((question.text, *question.follows.questions)) * 2, question.article)
        text = " ".join(question.readings) or question.text
        near = self.bot.queue_for(text, question.preferred_article or question.article)
        return near or self.bot.queue_for(text, question.article)

    def _render(self) -> RenderedMessages | None:
        question, engine = self.question, self.bot.engine
        asker = Asker(question.user, question.private) if question.is_separate else None
        followed = self._answer_following()
        record = self._answer_from_record() if followed is None else None
        self.answer = followed or (self._find_answer() if record is None else _without_quotes(question.text))
        if self.answer.verdict not in question.verdicts_to_send:
            return None
        if record is not None:
            return render_record(record, engine.entries(), question.text, asker)
        is_about_source = self.answer.explanation.rule == SOURCE
        if is_about_source and (follow_up := parse_follow_up(question.text)):
            return render_sources(self.answer, follow_up.fields, asker)
        return render_answer(self.answer, asker, self.id if self._has_buttons else None)

    def _answer_following(self) -> Answer | None:
        """Return the answer together with the one that the question follows; None if it takes nothing over from it."""
        follows, engine = self.question.follows, self.bot.engine
        if follows is None:
            return None
        before = follows.answer.article
        article = self.question.article or (before if before and engine.contains(before) else None)
        answer = engine.ask(self.question.text, article, follows=follows.preceding(engine))
        if not (is_carried(answer) or answer.shown_quotes):
            return None
        self._article = article
        return answer

    def _answer_from_record(self) -> RecordAnswer | None:
        """Return what the record says, if the question is about the collection or an article's metadata."""
        engine, question = self.bot.engine, self.question
        preferred = question.preferred_article
        if preferred is not None and not engine.contains(preferred):
            preferred = None
        return engine.answer_from_record(question.text, question.article or preferred)

    def _find_answer(self) -> Answer:
        """Return the answer; of a forum post, the first of its readings that is answered, else the likeliest."""
        found = []
        for text in self.question.readings or (self.question.text,):
            found.append(self._answer_to(text))
            if found[-1].verdict is Verdict.ANSWERED:
                return found[-1]
        possible = (answer for answer in found if answer.verdict is Verdict.MAY_ANSWER)
        return max(possible, key=lambda answer: answer.explanation.probability, default=found[-1])

    def _answer_to(self, text: str) -> Answer:
        """Return the answer to a text.

        In a thread about an article, it is from that article unless others have a better verdict.
        """
        engine, question = self.bot.engine, self.question
        preferred = question.preferred_article
        if preferred is None or not engine.contains(preferred):
            return engine.ask(text, question.article)
        near = engine.ask(text, preferred)
        if near.verdict is Verdict.ANSWERED:
            return near
        whole = engine.ask(text, question.article)
        is_likelier = near.explanation.probability >= whole.explanation.probability
        is_nearer = near.verdict is Verdict.MAY_ANSWER and whole.verdict is not Verdict.ANSWERED
        return near if is_nearer and is_likelier else whole

    async def _store(self) -> bool:
        if self.answer is None:
            return False
        try:
            await self.bot.state.store_answer(self._stored_answer(self.answer))
        except StateUnavailable as error:
            log.warning("An answer is sent without buttons, because it could not be stored: %s", error)
            self._has_buttons = False
            return False
        return True

    def _stored_answer(self, answer: Answer) -> StoredAnswer:
        question = self.question
        stored = StoredAnswer(
            id=self.id,
            at=utc_now(),
            asker=self.bot.state.pseudonym(question.user),
            server=question.server,
            channel=question.channel,
            question_message=question.message,
            question=question.text,
            article=self._article,
            private=question.private,
            verdict=answer.verdict,
            quotes=tuple(map(QuoteReference.of, answer.quotes)),
            possible=tuple(map(QuoteReference.of, answer.possible)),
            nearest=tuple(map(QuoteReference.of, answer.nearest)),
            suggestions=tuple(map(SuggestionReference.of, answer.suggestions)),
            follows=question.follows.answer.id if question.follows and is_carried(answer) else None,
        )
        return stored if self.bot.settings.keep_questions else stored.without_question()


def _without_quotes(question: str) -> Answer:
    """Return what is stored of an answer from the record."""
    return Answer(question=question, verdict=Verdict.UNCLEAR, explanation=Explanation(rule="record"))
