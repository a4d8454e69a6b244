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

from bot.access import admit, home_of, may_answer_in, settings_in
from bot.bounded import OneAtATime, Recent
from bot.conversation.message_filter import is_unasked_question, question_in, question_of_thread, way_of
from bot.conversation.question_handler import Answering, Question
from bot.conversation.threads import note_thread, opened_at
from bot.i18n.messages import Say
from bot.layout import said
from bot.layout.parts import ChannelName, Fixed
from bot.monitoring.metrics import Way
from bot.policy.cooldowns import TooFast
from bot.policy.permissions import can_open_threads, can_reply, lacking_to_write
from bot.sending.deliver import deliver, tell
from bot.sending.destinations import Destination, ToChannel, ToEdited, ToMessage, ToNewThread
from bot.state import Given, Opened, ServerSettings, StateBroken
from bot.state.store import utc_now
from index.models import Verdict

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)
QUESTION_MARK = re.compile(r"[?？؟].{0,2}\s*\Z", re.DOTALL)
"""At the end of a text, up to two signs behind it."""
EDITABLE = datetime.timedelta(minutes=5)
"""How long after posting an edited question is answered again."""


@dataclass(frozen=True)
class Heard:
    """A message meant for the bot."""

    message: discord.Message
    way: Way
    opened: Opened | None
    """The bot's thread that the message is in."""
    settings: ServerSettings
    language: str

    @property
    def is_welcome(self) -> bool:
        """Whether the server allows answers in this channel."""
        return may_answer_in(home_of(self.message.channel), self.settings)

    @cached_property
    def lacks(self) -> Say | None:
        """The permission that the bot lacks to write in this channel."""
        return lacking_to_write(self.message.channel)

    @property
    def is_told_apart(self) -> bool:
        """Whether notices go to the author as a direct message."""
        return self.lacks is not None or not self.is_welcome


def _verdicts_spoken(heard: Heard, text: str) -> frozenset[Verdict]:
    """Return the verdicts that are worth a message.

    Somebody who addresses the bot always gets an answer, and so does a question in one of the bot's own threads.
    Elsewhere, and for chat, only a sure answer is worth a message, unless the server's settings say otherwise.
    """
    is_question_in_own_thread = heard.opened is not None and QUESTION_MARK.search(text)
    if heard.way is not Way.UNASKED or is_question_in_own_thread:
        return frozenset(Verdict)
    spoken = {Verdict.ANSWERED}
    if heard.settings.unsure and heard.opened is None:
        spoken.add(Verdict.MAY_ANSWER)
    return frozenset(spoken)


class Messages(commands.Cog):
    """Answers messages."""

    def __init__(self, bot: Verbatim) -> None:
        self.bot = bot
        self._gone: Recent[bool] = Recent()
        self._asked: Recent[int] = Recent()
        """Hash of each question, to detect whether an edit changes it."""
        self._one_at_a_time = OneAtATime()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot."""
        await self._take(message, self._answer)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question again, in place, within five minutes."""
        message = payload.message
        if message.edited_at is not None and utc_now() - message.created_at <= EDITABLE:
            await self._take(message, self._answer_anew)

    async def _take(self, message: discord.Message, do: Callable[[Heard, Destination], Awaitable[None]]) -> None:
        """Handle a message that is meant for the bot; report errors where the author sees them."""
        heard = await self._heard(message)
        if heard is None:
            return
        to = self._place_to_tell(heard)
        try:
            self.bot.in_hand.take()
            async with self._one_at_a_time.at(message.id):
                if message.id not in self._gone:
                    await do(heard, to)
        except TooFast as error:
            if error.is_first and heard.way is not Way.UNASKED:  # notify once per wait
                await tell(error, to)
        except Exception as error:  # noqa: BLE001  # `tell` maps the error to a message, or logs it
            await tell(error, to)

    async def _heard(self, message: discord.Message) -> Heard | None:
        user, server = self.bot.user, message.guild
        way = way_of(message, user) if user else None
        if way is None and not (self.bot.intents.message_content and server and message.content):
            return None
        opened = await opened_at(self.bot, message.channel)
        settings = settings_in(self.bot, server.id if server else None)
        if way is None and is_unasked_question(message, settings, in_own_thread=opened is not None):
            way = Way.UNASKED
        language = self.bot.language_for(message.author.id, server)
        return Heard(message, way, opened, settings, language) if way is not None else None

    def _place_to_tell(self, heard: Heard) -> Destination:
        if heard.is_told_apart and heard.way is not Way.UNASKED:
            return ToChannel(heard.message.author, heard.language)
        return ToMessage(heard.message, heard.language, lambda: heard.message.id in self._gone)

    async def _answer(self, heard: Heard, to: Destination) -> None:
        message = heard.message
        text = await self._words(message)
        # An emoji or a channel mention alone is not a question.
        if heard.way is Way.UNASKED and (not text or heard.is_told_apart):
            return
        admit(self.bot, message.author.id, home_of(message.channel) if heard.is_welcome else None, heard.settings)
        if not heard.is_welcome:
            await self._say(to, Fixed.of(Say.NOT_HERE))
        elif not text:
            await self._say(to, Fixed.of(Say.CANNOT_READ_IT if text is None else Say.HOW_TO_ASK))
        else:
            await self._answer_to(heard, text, to)

    async def _answer_to(self, heard: Heard, text: str, to: Destination) -> None:
        message = heard.message
        if heard.lacks is not None:
            place = ChannelName(message.channel.id)
            await self._say(to, Fixed.of(Say.LACKING_IN, channel=place, permission=Fixed.of(heard.lacks)))
            to = ToChannel(message.author, heard.language)  # only the answer is deleted with its question
        elif heard.settings.threads and heard.way is Way.MENTION and can_open_threads(message.channel):
            to = ToNewThread(message, heard.language, text, lambda: message.id in self._gone)
        self._asked[message.id] = hash(text)
        apart = heard.lacks is not None
        question = self._question(heard, text, apart=apart or not can_reply(message.channel), private=apart)
        answering = Answering(self.bot, question)
        await answering.deliver(to)
        if isinstance(to, ToNewThread) and to.thread is not None:
            await note_thread(self.bot, to.thread.id, answering)

    async def _words(self, message: discord.Message) -> str | None:
        """Return the question; a mention without words in somebody's thread means the thread's own question."""
        text = question_in(message, self.bot.user) if self.bot.user else ""
        if text == "" and isinstance(message.channel, discord.Thread):
            is_own = self.bot.user is not None and message.channel.owner_id == self.bot.user.id
            return "" if is_own else await question_of_thread(message.channel)
        return text

    def _question(self, heard: Heard, text: str, *, apart: bool, private: bool, way: Way | None = None) -> Question:
        message = heard.message
        return Question(
            text=text,
            way=way or heard.way,
            user=message.author.id,
            server=message.guild.id if message.guild else None,
            channel=message.channel.id,
            message=message.id,
            prefers=heard.opened.article if heard.opened else None,
            apart=apart,
            private=private,
            speaks=_verdicts_spoken(heard, text),
        )

    async def _say(self, to: Destination, sentence: Fixed) -> None:
        await deliver(self.bot.engine, lambda: said(sentence.sentence, **sentence.values), to)

    # ---- questions that change ---------------------------------------------------------------------------------------

    async def _answer_anew(self, heard: Heard, to: Destination) -> None:
        """Answer an edited question in place; it counts towards the cool-downs like a new one."""
        message = heard.message
        answers = await self.bot.state.answers_to(message.id)
        text = await self._words(message)
        if not text or self._is_what_was_asked(message.id, text, answers):
            return
        if not answers:
            await self._answer(heard, to)
            return
        if not heard.is_welcome:
            return
        admit(self.bot, message.author.id, home_of(message.channel), heard.settings)
        latest = answers[-1]
        before = dict.fromkeys(one for given in answers if given.channel == latest.channel for one in given.messages)
        self._asked[message.id] = hash(text)
        question = self._question(heard, text, apart=latest.private, private=latest.private, way=Way.EDIT)
        answering = Answering(self.bot, question)
        await answering.deliver(ToEdited(message, heard.language, self._place_of(message, latest), list(before)))
        for given in answers:
            await self.bot.state.drop(given.id)
        # Not if the question stands in the thread itself: what the thread is about does not change with it.
        opened = latest.channel if latest.channel != message.channel.id else None
        if opened and await self.bot.state.thread(opened):
            await note_thread(self.bot, opened, answering)

    def _is_what_was_asked(self, message: int, text: str, answers: list[Given]) -> bool:
        asked = self._asked.get(message)
        if asked is not None:
            return asked == hash(text)
        return bool(answers) and answers[-1].question == text

    def _place_of(self, message: discord.Message, before: Given) -> Any:  # noqa: ANN401  # any channel with messages
        """Return the channel of the previous answer: the question's own, a thread, or the author's direct messages."""
        if before.channel in {None, message.channel.id}:
            return message.channel
        return self.bot.get_partial_messageable(before.channel)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Delete the answer to a deleted question."""
        await self._take_along(payload.channel_id, [payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to questions deleted in bulk."""
        await self._take_along(payload.channel_id, sorted(payload.message_ids))

    async def _take_along(self, channel: int, messages: list[int]) -> None:
        for message in messages:
            self._gone[message] = True
            try:
                async with self._one_at_a_time.at(message):
                    for given in await self.bot.state.answers_to(message):
                        await self._withdraw(given)
            except (StateBroken, discord.HTTPException) as error:
                log.warning("The answer to a deleted question in %d could not be deleted: %s", channel, error)

    async def _withdraw(self, given: Given) -> None:
        channel: Any = self.bot.get_partial_messageable(given.channel) if given.channel else None
        for message in given.messages if channel else ():
            with contextlib.suppress(discord.NotFound):
                await channel.get_partial_message(message).delete()
        await self.bot.state.drop(given.id)


async def setup(bot: Verbatim) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Messages(bot))
