"""Questions in messages: mentions, replies, direct messages, answer channels; their edits and deletions."""

from __future__ import annotations

import contextlib
import datetime
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.access import check_cooldown, may_answer_in, parent_channel_id, settings_in
from bot.bounded import KeyedLock, LRUMap, TooManyWaiting
from bot.cogs.admin.uploads import has_files_to_add
from bot.conversation.follow_up import followed_by_message
from bot.conversation.forum_posts import is_start_of_post, post_text
from bot.conversation.message_filter import (
    has_words,
    is_bare_follow_up,
    is_unasked_question,
    plain_words,
    question_in,
    question_of_thread,
    readings_in,
    trigger_of,
)
from bot.conversation.question_handler import IncomingQuestion, QuestionHandler
from bot.conversation.threads import find_bot_thread, store_thread, tell_to_reply, update_thread
from bot.i18n.messages import Message
from bot.layout import render_message
from bot.layout.article_changes import render_file_offer
from bot.layout.parts import ChannelMention, FixedSentence
from bot.monitoring.metrics import Trigger
from bot.policy.cooldowns import OnCooldown
from bot.policy.permissions import can_open_threads, can_reply, missing_write_permission
from bot.sending.deliver import deliver, send_error
from bot.sending.destinations import (
    ChannelDestination,
    Destination,
    EditDestination,
    ReplyDestination,
    ThreadDestination,
)
from bot.sending.reactions import react_with_thumbs_up, tag_as_answered
from bot.state import BotThread, ServerSettings, StateUnavailable, StoredAnswer, utc_now
from index.analysis.conversation import SmallTalk, small_talk
from index.analysis.question import is_asking
from index.models import Verdict

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
QUESTION_MARK = re.compile(r"[?？؟].{0,2}\s*\Z", re.DOTALL)
"""At the end of a text, up to two signs behind it."""
EDIT_WINDOW = datetime.timedelta(minutes=5)
"""How long after posting an edited question is answered again."""


@dataclass(frozen=True)
class IncomingMessage:
    """A message meant for the bot."""

    message: discord.Message
    trigger: Trigger
    thread: BotThread | None
    """The bot's thread that the message is in."""
    settings: ServerSettings
    language: str

    @property
    def is_allowed(self) -> bool:
        """Whether the server allows answers in this channel."""
        return may_answer_in(parent_channel_id(self.message.channel), self.settings)

    @cached_property
    def missing_permission(self) -> Message | None:
        """The permission that the bot lacks to write in this channel."""
        return missing_write_permission(self.message.channel)

    @property
    def opens_thread(self) -> bool:
        """Whether the answer is to be in a new thread."""
        return self.settings.threads and self.trigger is Trigger.MENTION and can_open_threads(self.message.channel)

    @property
    def is_answered_privately(self) -> bool:
        """Whether notices go to the author as a direct message."""
        return self.missing_permission is not None or not self.is_allowed


def _verdicts_to_send(incoming: IncomingMessage, text: str) -> frozenset[Verdict]:
    """Return the verdicts that are worth a message.

    Somebody who addresses the bot always gets an answer, and so does a question in one of the bot's own threads.
    Elsewhere, and for chat, only a sure answer is worth a message, unless the server's settings say otherwise.
    """
    speaks_in_own_thread = incoming.thread is not None and (
        QUESTION_MARK.search(text) or is_asking(text) or is_bare_follow_up(text) or small_talk(text)
    )
    if incoming.trigger is not Trigger.UNASKED or speaks_in_own_thread:
        return frozenset(Verdict)
    spoken = {Verdict.ANSWERED}
    if incoming.settings.unsure and incoming.thread is None:
        spoken.add(Verdict.MAY_ANSWER)
    return frozenset(spoken)


def _may_be_answered_unasked(incoming: IncomingMessage, text: str) -> bool:
    """Whether a message that is not addressed to the bot asks anything; posts of forums and the bot's threads may."""
    return incoming.thread is not None or is_start_of_post(incoming.message) or is_asking(text)


def _wordless_sentence(message: discord.Message, text: str | None) -> Message:
    """Return what to say to a message without words: that they are not shown to the bot, or how to ask."""
    if text is not None:
        return Message.HOW_TO_ASK
    return Message.CANNOT_READ_IT if message.content else Message.ROLE_MENTIONED


class Messages(commands.Cog):
    """Answers messages."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot
        self._deleted: LRUMap[bool] = LRUMap()
        self._question_hashes: LRUMap[int] = LRUMap()
        """Hash of each question, to detect whether an edit changes it."""
        self._locks = KeyedLock()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot."""
        await self._handle(message, self._answer)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question again, in place, within five minutes."""
        message = payload.message
        if message.edited_at is not None and utc_now() - message.created_at <= EDIT_WINDOW:
            await self._handle(message, self._update_answer)

    async def _handle(
        self, message: discord.Message, do: Callable[[IncomingMessage, Destination], Awaitable[None]]
    ) -> None:
        """Handle a message that is meant for the bot; report errors where the author sees them."""
        incoming = await self._incoming(message)
        if incoming is None:
            return
        to = self._reply_destination(incoming)
        try:
            self.bot.tasks.track()
            async with self._locks.hold(message.id):
                if message.id not in self._deleted:
                    await do(incoming, to)
        except OnCooldown as error:
            if error.is_first and incoming.trigger is not Trigger.UNASKED:  # notify once per wait
                await send_error(error, to)
        except TooManyWaiting as error:
            if incoming.trigger is not Trigger.UNASKED:
                await send_error(error, to)
        except Exception as error:  # noqa: BLE001  # `send_error` maps the error to a message, or logs it
            await send_error(error, to)

    async def _incoming(self, message: discord.Message) -> IncomingMessage | None:
        user, server = self.bot.user, message.guild
        trigger = trigger_of(message, user) if user else None
        may_be_unasked = self.bot.intents.message_content and server and has_words(message)
        if trigger is None and not may_be_unasked:
            return None
        thread = await find_bot_thread(self.bot, message.channel)
        settings = settings_in(self.bot, server.id if server else None)
        if trigger is None and is_unasked_question(message, settings, in_own_thread=thread is not None):
            trigger = Trigger.UNASKED
        if trigger is None:
            return None
        language = await self.bot.language_for(message.author.id, server)
        return IncomingMessage(message, trigger, thread, settings, language)

    def _reply_destination(self, incoming: IncomingMessage) -> Destination:
        if incoming.is_answered_privately and incoming.trigger is not Trigger.UNASKED:
            return ChannelDestination(incoming.message.author, incoming.language)
        return ReplyDestination(incoming.message, incoming.language, lambda: incoming.message.id in self._deleted)

    async def _answer(self, incoming: IncomingMessage, to: Destination) -> None:
        message = incoming.message
        text = await self._question_text(message)
        # An emoji or a channel mention alone is not a question.
        if incoming.trigger is Trigger.UNASKED and (
            not text or incoming.is_answered_privately or not _may_be_answered_unasked(incoming, text)
        ):
            return
        await check_cooldown(
            self.bot,
            message.author.id,
            parent_channel_id(message.channel) if incoming.is_allowed else None,
            incoming.settings,
        )
        is_new_mention = incoming.trigger is Trigger.MENTION and message.id not in self._question_hashes
        if is_new_mention and not incoming.is_answered_privately and await has_files_to_add(self.bot, message):
            self._question_hashes[message.id] = hash(text)
            await deliver(self.bot.engine, lambda: render_file_offer(message.id), to)
            if not (text and QUESTION_MARK.search(text)):
                return
        if not incoming.is_allowed:
            await self._send_sentence(to, FixedSentence.of(Message.NOT_HERE))
        elif not text:
            await self._send_sentence(to, FixedSentence.of(_wordless_sentence(message, text)))
        elif not (small_talk(text) is SmallTalk.THANKS and await react_with_thumbs_up(message)):
            await self._answer_to(incoming, text, to)

    async def _answer_to(self, incoming: IncomingMessage, text: str, to: Destination) -> None:
        message = incoming.message
        if incoming.missing_permission is not None:
            place = ChannelMention(message.channel.id)
            await self._send_sentence(
                to,
                FixedSentence.of(
                    Message.LACKING_IN, channel=place, permission=FixedSentence.of(incoming.missing_permission)
                ),
            )
            to = ChannelDestination(message.author, incoming.language)  # only the answer is deleted with its question
        elif incoming.opens_thread and not small_talk(text):
            to = ThreadDestination(message, incoming.language, text, lambda: message.id in self._deleted)
        self._question_hashes[message.id] = hash(text)
        is_separate = incoming.missing_permission is not None
        question = await self._question(
            incoming, text, is_separate=is_separate or not can_reply(message.channel), private=is_separate
        )
        handler = QuestionHandler(self.bot, question)
        await handler.deliver(to)
        await self._tag_post(incoming, handler, to)
        if isinstance(to, ThreadDestination) and to.thread is not None:
            await store_thread(self.bot, to.thread.id, handler)
            await tell_to_reply(self.bot, to.thread, incoming.language)

    async def _tag_post(self, incoming: IncomingMessage, handler: QuestionHandler, to: Destination) -> None:
        """Tag a forum post whose own question is answered, if the server's managers have named a tag for that."""
        channel, tag = incoming.message.channel, incoming.settings.answered_tag
        is_answered = handler.answer is not None and handler.answer.verdict is Verdict.ANSWERED and to.sent_ids
        is_about_post = bool(handler.question.readings) and not handler.question.private
        if tag and is_answered and is_about_post and isinstance(channel, discord.Thread):
            await tag_as_answered(channel, tag)

    async def _question_text(self, message: discord.Message) -> str | None:
        """Return the question; a mention without words in somebody's thread means the thread's own question."""
        text = question_in(message, self.bot.user) if self.bot.user else ""
        if text is not None and isinstance(message.channel, discord.Thread) and is_start_of_post(message):
            return post_text(plain_words(message.channel.name), text)
        if text == "" and isinstance(message.channel, discord.Thread):
            is_own = self.bot.user is not None and message.channel.owner_id == self.bot.user.id
            return "" if is_own else await question_of_thread(message.channel)
        return text

    async def _question(
        self, incoming: IncomingMessage, text: str, *, is_separate: bool, private: bool, trigger: Trigger | None = None
    ) -> IncomingQuestion:
        message = incoming.message
        return IncomingQuestion(
            text=text,
            trigger=trigger or incoming.trigger,
            user=message.author.id,
            server=message.guild.id if message.guild else None,
            channel=message.channel.id,
            message=message.id,
            readings=readings_in(message.channel, text),
            preferred_article=incoming.thread.article if incoming.thread else None,
            follows=await followed_by_message(self.bot, message, text),
            is_separate=is_separate,
            private=private,
            verdicts_to_send=_verdicts_to_send(incoming, text),
        )

    async def _send_sentence(self, to: Destination, sentence: FixedSentence) -> None:
        await deliver(self.bot.engine, lambda: render_message(sentence.sentence, **sentence.values), to)

    # ---- questions that change ---------------------------------------------------------------------------------------

    async def _update_answer(self, incoming: IncomingMessage, to: Destination) -> None:
        """Answer an edited question in place; it counts towards the cool-downs like a new one."""
        message = incoming.message
        answers = await self.bot.state.answers_to(message.id)
        text = await self._question_text(message)
        if not text or self._is_same_question(message.id, text, answers):
            return
        if not answers:
            await self._answer(incoming, to)
            return
        if not incoming.is_allowed:
            return
        await check_cooldown(self.bot, message.author.id, parent_channel_id(message.channel), incoming.settings)
        latest = answers[-1]
        before = dict.fromkeys(one for stored in answers if stored.channel == latest.channel for one in stored.messages)
        self._question_hashes[message.id] = hash(text)
        question = await self._question(
            incoming, text, is_separate=latest.private, private=latest.private, trigger=Trigger.EDIT
        )
        handler = QuestionHandler(self.bot, question)
        to = EditDestination(message, incoming.language, self._answer_channel(message, latest), list(before))
        await handler.deliver(to)
        await self._tag_post(incoming, handler, to)
        await self._forget(answers, handler.id)
        # Not if the question stands in the thread itself: what the thread is about does not change with it.
        if latest.channel and latest.channel != message.channel.id:
            await update_thread(self.bot, latest.channel, handler)

    async def _forget(self, answers: list[StoredAnswer], new: str) -> None:
        """Delete what is stored of answers that have been replaced; what followed them follows the new one."""
        for stored in answers:
            try:
                await self.bot.state.follow_instead(stored.id, new)
                await self.bot.state.delete_answer(stored.id)
            except StateUnavailable as error:
                log.warning("The record of a replaced answer could not be deleted: %s", error)

    def _is_same_question(self, message: int, text: str, answers: list[StoredAnswer]) -> bool:
        asked = self._question_hashes.get(message)
        if asked is not None:
            return asked == hash(text)
        return bool(answers) and answers[-1].question == text

    def _answer_channel(self, message: discord.Message, before: StoredAnswer) -> Any:  # noqa: ANN401  # any channel with messages
        """Return the channel of the previous answer: the question's own, a thread, or the author's direct messages."""
        if before.channel in {None, message.channel.id}:
            return message.channel
        return self.bot.get_partial_messageable(before.channel)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Delete the answer to a deleted question."""
        await self._delete_answers_to(payload.channel_id, [payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to questions deleted in bulk."""
        await self._delete_answers_to(payload.channel_id, sorted(payload.message_ids))

    async def _delete_answers_to(self, channel: int, messages: list[int]) -> None:
        for message in messages:
            self._deleted[message] = True
            try:
                async with self._locks.hold(message):
                    await self._delete_messages_of(message)
            except (StateUnavailable, discord.HTTPException) as error:
                log.warning("The answer to a deleted question in %d could not be deleted: %s", channel, error)

    async def _delete_messages_of(self, question: int) -> None:
        """Delete the messages that answer a question, and what is stored of it in any case."""
        try:
            for stored in await self.bot.state.answers_to(question):
                channel: Any = self.bot.get_partial_messageable(stored.channel) if stored.channel else None
                for message in stored.messages if channel else ():
                    with contextlib.suppress(discord.NotFound):
                        await channel.get_partial_message(message).delete()
        finally:
            await self.bot.state.delete_answers_to(question)


async def setup(bot: VerbatimBot) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Messages(bot))
