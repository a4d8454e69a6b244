"""Answers one question: makes the answer, stores it and sends it."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.layout import Asker, Shown, answer_shown
from bot.monitoring.metrics import Way
from bot.sending import deliver as delivery
from bot.sending.destinations import Destination
from bot.state import Given, Place, StateBroken, Suggested
from bot.state.store import utc_now
from index.models import Answer, Verdict

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """A question, its asker and its place."""

    text: str
    way: Way
    user: int
    server: int | None = None
    channel: int | None = None
    message: int | None = None
    """The message that asks; None for a command."""
    article: str | None = None
    """The only article to search."""
    prefers: str | None = None
    """The article to search first: the one that the thread is about."""
    apart: bool = False
    """Whether the answer appears away from the question, so that it has to repeat the question."""
    private: bool = False
    speaks: frozenset[Verdict] = frozenset(Verdict)
    """The verdicts worth a message: fewer if nobody addressed the bot."""


class Answering:
    """Makes, stores and sends the answer to one question."""

    def __init__(self, bot: Verbatim, question: Question) -> None:
        self.bot = bot
        self.question = question
        self.id = secrets.token_urlsafe(9)
        self.answer: Answer | None = None
        self._has_buttons = True

    async def deliver(self, to: Destination) -> None:
        """Send the answer; what its buttons refer to is stored first.

        If only some of its messages could be sent, those are still recorded, to be deleted with the question.

        Raises:
            ArticleUnknown, ProofFailed, discord.HTTPException: as `bot.sending.deliver.deliver`.
        """
        try:
            with self.bot.metrics.answering(self.question.way) as answered:
                engine, question = self.bot.engine, self.question
                is_long = delivery.is_long(engine, question.text, question.prefers or question.article)
                await delivery.deliver(engine, self._make, to, self._keep, is_long=is_long)
                answered.verdict = self.answer.verdict if self.answer else None
        except Exception:
            if not to.sent:
                await self._forget()
            raise
        finally:
            if to.sent:
                await self._note_messages(to)

    async def _note_messages(self, to: Destination) -> None:
        try:
            await self.bot.state.sent(self.id, to.sent, to.place)
        except StateBroken as error:
            log.warning("The ids of an answer's messages could not be stored: %s", error)

    async def _forget(self) -> None:
        try:
            await self.bot.state.drop(self.id)
        except StateBroken as error:
            log.warning("The record of an unsent answer could not be deleted: %s", error)

    def _make(self) -> Shown | None:
        self.answer = self._asked()
        if self.answer.verdict not in self.question.speaks:
            return None
        asker = Asker(self.question.user, self.question.private) if self.question.apart else None
        return answer_shown(self.answer, asker, self.id if self._has_buttons else None)

    def _asked(self) -> Answer:
        """Return the answer; in a thread about an article, from that article unless others have a better verdict."""
        engine, question = self.bot.engine, self.question
        preferred = question.prefers
        if preferred is None or not engine.has(preferred):
            return engine.ask(question.text, question.article)
        near = engine.ask(question.text, preferred)
        if near.verdict is Verdict.ANSWERED:
            return near
        whole = engine.ask(question.text, question.article)
        is_likelier = near.reasons.probability >= whole.reasons.probability
        is_nearer = near.verdict is Verdict.MAY_ANSWER and whole.verdict is not Verdict.ANSWERED
        return near if is_nearer and is_likelier else whole

    async def _keep(self) -> bool:
        if self.answer is None:
            return False
        try:
            await self.bot.state.remember(self._given(self.answer))
        except StateBroken as error:
            log.warning("An answer is sent without buttons, because it could not be stored: %s", error)
            self._has_buttons = False
            return False
        return True

    def _given(self, answer: Answer) -> Given:
        question = self.question
        given = Given(
            id=self.id,
            at=utc_now(),
            asker=self.bot.state.known_as(question.user),
            server=question.server,
            channel=question.channel,
            question_message=question.message,
            question=question.text,
            article=question.article,
            private=question.private,
            verdict=answer.verdict,
            quotes=tuple(map(Place.of, answer.quotes)),
            possible=tuple(map(Place.of, answer.possible)),
            nearest=tuple(map(Place.of, answer.nearest)),
            suggestions=tuple(map(Suggested.of, answer.suggestions)),
        )
        return given if self.bot.settings.keep_questions else given.without_question()
