"""Where messages go: a reply to a message, or the answer to an interaction. Only `bot/sending/deliver.py` sends."""

from __future__ import annotations

import contextlib
import io
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self

import discord
from cachetools import TTLCache
from discord.abc import Messageable
from discord.ui import LayoutView

from bot.i18n import ENGLISH, language_of
from bot.layout.markdown import user_words
from bot.policy.permissions import can_reply
from bot.sending.error_messages import TOO_LATE

log = logging.getLogger(__name__)

AnyInteraction = discord.Interaction[Any]
CANNOT_REPLY = 160002
"""Discord's code where the bot may write, but lacks Read Message History, without which nobody can reply."""
ANSWERED_ALREADY = 40060
"""Discord's code where an interaction has its response."""
ALMOST = 60
"""Seconds before the end of an interaction's token from which it is no longer relied on."""
PATIENCE = 1.5
"""Seconds after which a user is shown that an answer takes longer; Discord waits for three."""
TYPING: TTLCache[int, bool] = TTLCache(1_000, 8)
"""Channels and members who see the bot typing: Discord shows it for ten seconds."""
THREAD_NAME = 100
NONCE_BITS = 63
MINE = discord.PartialMessage


class Destination(Protocol):
    """Takes messages, one after the other."""

    language: str
    """What the fixed sentences are told in."""
    place: int | None
    """The channel where the messages stand, as soon as one does."""
    sent: list[int]
    """The ids of the messages that are there, as far as they are known; also where a later one fails."""

    @property
    def patience(self) -> float:
        """Seconds for which the user can be left without a sign."""
        ...

    async def send(self, view: LayoutView) -> None:
        """Send one; discord.HTTPException where Discord does not take it."""
        ...

    async def put_off(self) -> None:
        """Let the user see that an answer is coming."""
        ...

    async def finish(self) -> None:
        """There is nothing more to send."""
        ...


async def _sent(
    to: Messageable, view: LayoutView, reference: discord.MessageReference | None = None
) -> discord.Message:
    """A new message. Where Discord's answer is lost and the request made again, there is still one message."""
    if reference is None:
        return await to.send(view=view, nonce=secrets.randbits(NONCE_BITS))
    return await to.send(view=view, nonce=secrets.randbits(NONCE_BITS), reference=reference)


class ToChannel:
    """Writes into a channel."""

    patience = PATIENCE

    def __init__(self, channel: Messageable, language: str = ENGLISH) -> None:
        """Take the channel."""
        self.channel = channel
        self.language = language
        self.place: int | None = None
        self.sent: list[int] = []

    async def send(self, view: LayoutView) -> None:
        """Write."""
        self._note(await _sent(self.channel, view))

    def _note(self, sent: discord.Message) -> None:
        self.place = sent.channel.id
        self.sent.append(sent.id)

    async def put_off(self) -> None:
        """Show that the bot is typing, unless it is shown there still: where many wait, each request makes all wait."""
        place = getattr(self.channel, "id", 0)
        if place not in TYPING:
            TYPING[place] = True
            await self.channel.typing()

    async def finish(self) -> None:
        """Nothing is left to be done."""


class ToMessage(ToChannel):
    """Replies to a message."""

    def __init__(self, message: discord.Message, language: str, gone: Callable[[], bool] = lambda: False) -> None:
        """Take the message to reply to, and whether it has been deleted by now."""
        super().__init__(message.channel, language)
        self.message = message
        self._gone = gone
        self._written: list[discord.Message] = []

    async def send(self, view: LayoutView) -> None:
        """Reply; where the bot may not read back to the message, just write. To a message that is gone, nothing."""
        if self._gone():
            return
        reference = self.message.to_reference(fail_if_not_exists=False) if can_reply(self.channel) else None
        try:
            self._note(await _sent(self.channel, view, reference))
        except discord.Forbidden as error:
            if error.code != CANNOT_REPLY:  # the permission has been taken away just now
                raise
            self._note(await _sent(self.channel, view))

    def _note(self, sent: discord.Message) -> None:
        super()._note(sent)
        self._written.append(sent)

    async def finish(self) -> None:
        """An answer whose question was deleted while it was under way goes too."""
        if self._gone():
            for message in self._written:
                with contextlib.suppress(discord.HTTPException):
                    await message.delete()


class ToEdited:
    """The messages of an earlier answer, written anew in place."""

    patience = PATIENCE

    def __init__(self, message: discord.Message, language: str, place: Messageable, before: Sequence[int]) -> None:
        """Take the question, where its answer stands, and the ids of the messages that are the answer."""
        self.language = language
        self.place: int | None = getattr(place, "id", None)
        self.sent: list[int] = []
        is_here = self.place == message.channel.id
        self._more = ToMessage(message, language) if is_here else ToChannel(place, language)
        self._left = [_partial(place, before_id) for before_id in before]

    async def send(self, view: LayoutView) -> None:
        """Write the next of them anew; a reply where there is none left, or it has been deleted."""
        while self._left:
            with contextlib.suppress(discord.NotFound):
                await self._left[0].edit(view=view)
                self.sent.append(self._left.pop(0).id)
                return
            del self._left[0]
        await self._more.send(view)
        self.sent += self._more.sent[-1:]

    async def put_off(self) -> None:
        """Show that the bot is typing."""
        await self._more.put_off()

    async def finish(self) -> None:
        """Delete those that are not needed any more."""
        for old in self._left:
            with contextlib.suppress(discord.HTTPException):
                await old.delete()


def _partial(channel: Any, message: int) -> MINE:  # noqa: ANN401  # any channel that has messages
    partial: MINE = channel.get_partial_message(message)
    return partial


class ToInteraction:
    """The response to an interaction, and follow-ups to it."""

    def __init__(self, interaction: AnyInteraction, *, private: bool = False) -> None:
        """Take the interaction, and whether only its user sees the answer."""
        self.interaction = interaction
        self.private = private
        self.language = language_of(interaction.locale)
        self.place = interaction.channel_id
        self.sent: list[int] = []
        self.file: tuple[str, bytes] | None = None
        """The name and the bytes of a file that goes along with the next message."""
        self._is_answered = False
        self._is_put_off = False
        self._due = time.monotonic() + PATIENCE

    @property
    def patience(self) -> float:
        """What is left since the interaction was taken: Discord counts all that is done about it."""
        return max(0.0, self._due - time.monotonic())

    async def send(self, view: LayoutView) -> None:
        """Respond, or follow up where there is a response already."""
        files = [discord.File(io.BytesIO(self.file[1]), self.file[0])] if self.file else []
        self.file = None
        sent = await self._responded(view, files)
        if sent is not None:
            self.sent.append(sent)

    async def _responded(self, view: LayoutView, files: list[discord.File]) -> int | None:
        """The id of the message, where Discord tells it."""
        if self._is_put_off:
            # Not by a follow-up, which would fill it too: where Discord's word of it is lost, it is made again.
            self._is_put_off = False
            return (await self.interaction.edit_original_response(view=view, attachments=files)).id
        if self._is_answered or self.interaction.response.is_done():
            return (await self.interaction.followup.send(view=view, files=files, ephemeral=self.private, wait=True)).id
        try:
            response = await self.interaction.response.send_message(view=view, files=files, ephemeral=self.private)
        except discord.HTTPException as error:
            if error.code != ANSWERED_ALREADY:
                raise
            # The response has arrived, and Discord's word of it was lost, so that it was made again.
            self._is_answered = True
            return None
        return response.message_id

    async def put_off(self) -> None:
        """Defer."""
        if self._is_answered or self.interaction.response.is_done():
            return
        try:
            await self.interaction.response.defer(ephemeral=self.private, thinking=True)
        except discord.HTTPException as error:
            if error.code != ANSWERED_ALREADY:
                raise
            self._is_answered = True
        self._is_put_off = True

    async def finish(self) -> None:
        """Nothing is left to be done."""


class ToReport(ToInteraction):
    """The message of a long job: written anew as it goes on, and an ordinary one once the token is over."""

    def __init__(self, interaction: AnyInteraction) -> None:
        """Take the interaction that started the job."""
        super().__init__(interaction)
        self._anew = False
        self._moved: discord.Message | None = None

    @property
    def is_over(self) -> bool:
        """Whether the interaction takes nothing more."""
        left = self.interaction.expires_at - discord.utils.utcnow()
        return left.total_seconds() < ALMOST

    def anew(self) -> Self:
        """Let the next message take the first one's place."""
        self._anew = True
        return self

    async def send(self, view: LayoutView) -> None:
        """Respond, write the response anew, or follow up; into the channel where none of it can be done any more."""
        if self._moved is None and not self.is_over:
            try:
                await self._to_interaction(view)
            except discord.HTTPException as error:
                if error.code not in TOO_LATE:
                    raise
            else:
                return
        if self._moved is not None and self._anew:
            self._anew = False
            with contextlib.suppress(discord.NotFound):  # somebody has deleted it: the report comes all the same
                await self._moved.edit(view=view)
                return
        self._moved = await self._moved_to(view)

    async def _moved_to(self, view: LayoutView) -> discord.Message:
        """An ordinary message where the command was used; a direct one where the bot may not write there."""
        if isinstance(self.interaction.channel, Messageable):
            with contextlib.suppress(discord.Forbidden, discord.NotFound):
                return await _sent(self.interaction.channel, view)
        return await _sent(self.interaction.user, view)

    async def _to_interaction(self, view: LayoutView) -> None:
        if self._anew and (self._is_answered or self.interaction.response.is_done()):
            self._anew = False
            await self.interaction.edit_original_response(view=view)
        else:
            await super().send(view)


class ToNewThread(ToMessage):
    """A thread that is opened at a message; replies where it cannot be opened."""

    def __init__(
        self, message: discord.Message, language: str, question: str, gone: Callable[[], bool] = lambda: False
    ) -> None:
        """Take the message, the question that names the thread, and whether the message has been deleted by now."""
        super().__init__(message, language, gone)
        self.thread: discord.Thread | None = None
        self._name = thread_name(question)
        self._is_to_reply = False
        """Whether it could not be opened: the whole of an answer stands in one place."""

    async def send(self, view: LayoutView) -> None:
        """Open the thread, and write into it; at a message that is gone, nothing."""
        if self._gone():
            return
        if self.thread is None and not self._is_to_reply:
            try:
                self.thread = await self.message.create_thread(name=self._name)
            except discord.HTTPException as error:
                log.info("A thread could not be opened: %s", error)
                self._is_to_reply = True
        if self.thread is None:
            await super().send(view)
        else:
            self._note(await _sent(self.thread, view))


def thread_name(question: str) -> str:
    """The beginning of a question, as a thread is called: at most 100 characters."""
    words = user_words(question) or "…"
    return words if len(words) <= THREAD_NAME else words[: THREAD_NAME - 1] + "…"
