"""The answer that a question follows: the one replied to, the latest in a thread or direct messages, or a recent one.

What is kept for buttons says what was quoted. The questions are kept, too, or are read again from Discord.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.conversation.message_filter import plain_words
from bot.conversation.stored_quotes import current_quotes
from bot.state import StateUnavailable, StoredAnswer
from index.analysis.conversation import small_talk
from index.analysis.follow_up import FollowUpKind, parse_follow_up
from index.analysis.record_questions import parse_record_question
from index.engine import Engine
from index.models import Preceding, Verdict

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
WINDOW = datetime.timedelta(minutes=5)
"""How long after a member's question another one in the same channel may follow it without a reply."""
MAX_QUESTIONS = 5
"""Questions that follow each other of which the words are carried over."""


@dataclass(frozen=True)
class FollowedAnswer:
    """A stored answer that a question follows, and the questions before it, the latest first."""

    answer: StoredAnswer
    questions: tuple[str, ...]

    def preceding(self, engine: Engine) -> Preceding:
        """Return it with its quotations as the articles have them now."""
        return Preceding(
            questions=self.questions,
            quotes=tuple(current_quotes(engine, self.answer.shown_quotes)),
            nearest=tuple(current_quotes(engine, self.answer.nearest)),
        )


async def followed_by_message(bot: VerbatimBot, message: discord.Message, text: str) -> FollowedAnswer | None:
    """Return the answer that a message follows; None if it is no follow-up, or follows none that is known."""
    return None if parse_follow_up(text) is None else await _followed(bot, _found_for_message(bot, message), text)


async def followed_by_command(bot: VerbatimBot, channel: Any, text: str) -> FollowedAnswer | None:  # noqa: ANN401  # any channel
    """Return the answer that a command's question follows, in a thread of the bot or in direct messages."""
    if parse_follow_up(text) is None or not _is_conversation(bot, channel):
        return None
    return await _followed(bot, _latest_in_conversation(bot, channel), text)


async def _followed(bot: VerbatimBot, finding: Awaitable[StoredAnswer | None], text: str) -> FollowedAnswer | None:
    try:
        found = await _before_repetitions(bot, await finding, text)
        return await _with_questions(bot, found) if found else None
    except StateUnavailable as error:
        log.warning("The answer that a question follows could not be looked up: %s", error)
        return None


async def _before_repetitions(bot: VerbatimBot, found: StoredAnswer | None, text: str) -> StoredAnswer | None:
    """Return what the same question followed when it was asked before: only "more" follows itself."""
    follow_up = parse_follow_up(text)
    if follow_up is None or follow_up.kind is FollowUpKind.MORE:
        return found
    while found is not None and found.question is not None and found.question.casefold() == text.casefold():
        found = await bot.state.find_answer(found.follows) if found.follows else None
    return found


async def _found_for_message(bot: VerbatimBot, message: discord.Message) -> StoredAnswer | None:
    before = await bot.state.answers_to(message.id)  # an edited question follows what it followed before
    if before and before[-1].follows:
        return await bot.state.find_answer(before[-1].follows)
    replied = message.reference.message_id if message.reference else None
    if replied is not None:
        found = await bot.state.answer_in_message(replied, message.channel.id)
        if found is not None and _may_be_followed(found):
            return found
        given = await bot.state.answers_to(replied)
        own = [one for one in given if not one.private or isinstance(message.channel, discord.DMChannel)]
        if given or not _is_by_bot(bot, message.reference):
            return own[-1] if own else None
    if _is_conversation(bot, message.channel):
        return await _latest_in_conversation(bot, message.channel, besides=message.id)
    asker = bot.state.pseudonym(message.author.id)
    latest = await bot.state.latest_answers(message.channel.id, asker, besides=message.id)
    found = next(filter(_may_be_followed, latest), None)
    is_recent = found is not None and message.created_at - _asked_at(found) <= WINDOW
    return found if is_recent else None


def _may_be_followed(stored: StoredAnswer) -> bool:
    """Whether an answer quotes something, or its question names something: not so of thanks."""
    if stored.verdict is not Verdict.UNCLEAR:
        return True
    asked = stored.question
    return asked is not None and not (small_talk(asked) or parse_record_question(asked) or parse_follow_up(asked))


async def _latest_in_conversation(
    bot: VerbatimBot,
    channel: Any,  # noqa: ANN401  # any channel
    *,
    besides: int | None = None,
) -> StoredAnswer | None:
    """Return the latest answer in a thread or in direct messages; of a thread, else the one that it was opened on."""
    latest = await bot.state.latest_answers(channel.id, besides=besides)
    found = next(filter(_may_be_followed, latest), None)
    if found is not None or not isinstance(channel, discord.Thread):
        return found
    return await bot.state.answer_in_message(channel.id, channel.parent_id)


def _is_conversation(bot: VerbatimBot, channel: object) -> bool:
    """Whether a channel is a thread that the bot opened, or direct messages with it."""
    is_own = isinstance(channel, discord.Thread) and bot.user is not None and channel.owner_id == bot.user.id
    return is_own or isinstance(channel, discord.DMChannel)


def _is_by_bot(bot: VerbatimBot, reference: discord.MessageReference | None) -> bool:
    replied = reference.resolved if reference else None
    return isinstance(replied, discord.Message) and bot.user is not None and replied.author.id == bot.user.id


def _asked_at(stored: StoredAnswer) -> datetime.datetime:
    """Return when the question was posted, by Discord's clock if it was a message."""
    return discord.utils.snowflake_time(stored.question_message) if stored.question_message else stored.at


async def _with_questions(bot: VerbatimBot, found: StoredAnswer) -> FollowedAnswer:
    """Return the answer with its question and those that it followed itself, up to the first that is not known."""
    questions: list[str] = []
    answer: StoredAnswer | None = found
    while answer is not None and len(questions) < MAX_QUESTIONS:
        question = answer.question or await _question_from_discord(bot, answer)
        if not question:
            break
        questions.append(question)
        answer = await bot.state.find_answer(answer.follows) if answer.follows else None
    return FollowedAnswer(found, tuple(questions))


async def _question_from_discord(bot: VerbatimBot, answer: StoredAnswer) -> str:
    """Return the words of a question that is not kept, if Discord still shows its message to the bot."""
    if answer.question_message is None or answer.channel is None:
        return ""
    channel = bot.get_channel(answer.channel)
    is_start = isinstance(channel, discord.Thread) and channel.id == answer.question_message
    place = channel.parent_id if isinstance(channel, discord.Thread) and is_start else answer.channel
    try:
        message = await bot.get_partial_messageable(place or answer.channel).fetch_message(answer.question_message)
    except discord.HTTPException:
        return ""
    return plain_words(message.content)
