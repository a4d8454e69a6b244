"""Where messages go: a channel, a reply, an edit, a thread or an interaction. Only `bot/sending/deliver.py` sends."""

from __future__ import annotations

import contextlib
import io
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self

import aiohttp
import discord
from cachetools import TTLCache
from discord.abc import Messageable
from discord.ui import LayoutView

from bot.i18n import ENGLISH, language_of
from bot.layout.markdown import single_line
from bot.policy.permissions import can_reply
from bot.sending.error_messages import TOO_LATE_CODES

log = logging.getLogger(__name__)

AnyInteraction = discord.Interaction[Any]
CANNOT_REPLY = 160002
"""Discord's code when the bot can write but not reply, because it lacks Read Message History."""
ALREADY_RESPONDED = 40060
"""Discord's code when an interaction already has a response."""
EXPIRY_MARGIN = 60
"""Seconds before an interaction's token expires in which it is no longer used."""
DEFER_AFTER = 1.5
"""Seconds before the bot defers; Discord waits for three."""
TYPING: TTLCache[int, bool] = TTLCache(1_000, 8)
"""Channels and users with a recent typing indicator; Discord shows one for ten seconds."""
MAX_THREAD_NAME = 100
NONCE_BITS = 63
OwnMessage = discord.PartialMessage


class Destination(Protocol):
    """Takes messages in order."""

    language: str
    """The language of the fixed sentences."""
    channel_id: int | None
    """The channel of the messages, once there is one."""
    sent_ids: list[int]
    """The ids of the messages sent so far, also if a later one fails."""

    @property
    def defer_after(self) -> float:
        """Seconds that the user can wait without a sign."""
        ...

    async def send(self, view: LayoutView) -> None:
        """Send a message; raises `discord.HTTPException` if Discord rejects it."""
        ...

    async def defer(self) -> None:
        """Show the user that an answer is coming."""
        ...

    async def finish(self) -> None:
        """Clean up after the last message."""
        ...


async def _send_message(
    to: Messageable, view: LayoutView, reference: discord.MessageReference | None = None
) -> discord.Message:
    """Send a new message; the nonce prevents a duplicate when the request is retried."""
    if reference is None:
        return await to.send(view=view, nonce=secrets.randbits(NONCE_BITS))
    return await to.send(view=view, nonce=secrets.randbits(NONCE_BITS), reference=reference)


class ChannelDestination:
    """Writes in a channel."""

    defer_after = DEFER_AFTER

    def __init__(self, channel: Messageable, language: str = ENGLISH) -> None:
        self.channel = channel
        self.language = language
        self.channel_id: int | None = None
        self.sent_ids: list[int] = []

    async def send(self, view: LayoutView) -> None:
        """Send a message."""
        self._record_sent(await _send_message(self.channel, view))

    def _record_sent(self, sent: discord.Message) -> None:
        self.channel_id = sent.channel.id
        self.sent_ids.append(sent.id)

    async def defer(self) -> None:
        """Show the typing indicator, unless one is still shown: extra requests count towards the rate limit."""
        place = getattr(self.channel, "id", 0)
        if place not in TYPING:
            TYPING[place] = True
            await self.channel.typing()

    async def finish(self) -> None:
        """Do nothing."""


class ReplyDestination(ChannelDestination):
    """Replies to a message."""

    def __init__(self, message: discord.Message, language: str, is_deleted: Callable[[], bool] = lambda: False) -> None:
        """Take the message, the language, and a function that says whether the message has been deleted."""
        super().__init__(message.channel, language)
        self.message = message
        self._is_deleted = is_deleted
        self._written: list[discord.Message] = []

    async def send(self, view: LayoutView) -> None:
        """Reply, or just write if the bot cannot reply there; send nothing if the message was deleted."""
        if self._is_deleted():
            return
        reference = self.message.to_reference(fail_if_not_exists=False) if can_reply(self.channel) else None
        try:
            self._record_sent(await _send_message(self.channel, view, reference))
        except discord.Forbidden as error:
            if error.code != CANNOT_REPLY:  # the permission was removed a moment ago
                raise
            self._record_sent(await _send_message(self.channel, view))

    def _record_sent(self, sent: discord.Message) -> None:
        super()._record_sent(sent)
        self._written.append(sent)

    async def finish(self) -> None:
        """Delete the answer if its question was deleted meanwhile."""
        if self._is_deleted():
            for message in self._written:
                with contextlib.suppress(discord.HTTPException):
                    await message.delete()


class EditDestination:
    """Edits the messages of an earlier answer."""

    defer_after = DEFER_AFTER

    def __init__(self, message: discord.Message, language: str, place: Messageable, before: Sequence[int]) -> None:
        self.language = language
        self.channel_id: int | None = getattr(place, "id", None)
        self.sent_ids: list[int] = []
        is_here = self.channel_id == message.channel.id
        self._more = ReplyDestination(message, language) if is_here else ChannelDestination(place, language)
        self._left = [_partial_message(place, before_id) for before_id in before]

    async def send(self, view: LayoutView) -> None:
        """Edit the next message; send a new one if none is left."""
        while self._left:
            with contextlib.suppress(discord.NotFound):
                await self._left[0].edit(view=view)
                self.sent_ids.append(self._left.pop(0).id)
                return
            del self._left[0]
        await self._more.send(view)
        self.sent_ids += self._more.sent_ids[-1:]

    async def defer(self) -> None:
        """Show the typing indicator."""
        await self._more.defer()

    async def finish(self) -> None:
        """Delete the messages that are no longer needed."""
        for old in self._left:
            with contextlib.suppress(discord.HTTPException):
                await old.delete()


def _partial_message(channel: Any, message: int) -> OwnMessage:  # noqa: ANN401  # any channel with messages
    partial: OwnMessage = channel.get_partial_message(message)
    return partial


class InteractionDestination:
    """Responds to an interaction, then sends followups."""

    def __init__(self, interaction: AnyInteraction, *, private: bool = False) -> None:
        self.interaction = interaction
        self.private = private
        self.language = language_of(interaction.locale)
        self.channel_id = interaction.channel_id
        self.sent_ids: list[int] = []
        self.file: tuple[str, bytes] | None = None
        """Name and contents of a file to attach to the next message."""
        self._is_answered = False
        self._is_put_off = False
        self._due = time.monotonic() + DEFER_AFTER

    @property
    def defer_after(self) -> float:
        """The remaining seconds; Discord counts from when the interaction was created."""
        return max(0.0, self._due - time.monotonic())

    async def send(self, view: LayoutView) -> None:
        """Send the response, or a followup."""
        files = [discord.File(io.BytesIO(self.file[1]), self.file[0])] if self.file else []
        self.file = None
        sent = await self._respond(view, files)
        if sent is not None:
            self.sent_ids.append(sent)

    async def _respond(self, view: LayoutView, files: list[discord.File]) -> int | None:
        if self._is_put_off:
            # An edit, not a followup: if the request is retried, the message is not sent twice.
            self._is_put_off = False
            return (await self.interaction.edit_original_response(view=view, attachments=files)).id
        if self._is_answered or self.interaction.response.is_done():
            return (await self.interaction.followup.send(view=view, files=files, ephemeral=self.private, wait=True)).id
        try:
            response = await self.interaction.response.send_message(view=view, files=files, ephemeral=self.private)
        except discord.HTTPException as error:
            if error.code != ALREADY_RESPONDED:
                raise
            # The response arrived, but Discord's reply was lost and the request retried.
            self._is_answered = True
            return None
        return response.message_id

    async def defer(self) -> None:
        """Defer the response."""
        if self._is_answered or self.interaction.response.is_done():
            return
        try:
            await self.interaction.response.defer(ephemeral=self.private, thinking=True)
        except discord.HTTPException as error:
            if error.code != ALREADY_RESPONDED:
                raise
            self._is_answered = True
        self._is_put_off = True

    async def finish(self) -> None:
        """Do nothing."""


class ReportDestination(InteractionDestination):
    """The message of a long job: edited as it progresses, an ordinary message once the token has expired.

    A private one is seen by the user alone, until `publish`.
    """

    def __init__(self, interaction: AnyInteraction, *, private: bool = False) -> None:
        super().__init__(interaction, private=private)
        self._anew = False
        self._moved: discord.Message | None = None

    @property
    def is_expired(self) -> bool:
        """Whether the interaction's token has (almost) expired."""
        left = self.interaction.expires_at - discord.utils.utcnow()
        return left.total_seconds() < EXPIRY_MARGIN

    async def publish(self) -> None:
        """Show everybody what follows; it takes the place of what only the user has seen so far."""
        if self.private and (self._is_put_off or self._is_answered or self.interaction.response.is_done()):
            self._is_put_off, self._is_answered = False, True
            if not self.is_expired:
                with contextlib.suppress(discord.HTTPException, aiohttp.ClientError, OSError):
                    await self.interaction.delete_original_response()
        self.private = False

    def replace_next(self) -> Self:
        """Let the next message replace the first."""
        self._anew = True
        return self

    async def send(self, view: LayoutView) -> None:
        """Send or edit the response, or send a followup; write in the channel once the token has expired."""
        if self._moved is None and not self.is_expired:
            try:
                await self._to_interaction(view)
            except discord.HTTPException as error:
                if error.code not in TOO_LATE_CODES:
                    raise
            else:
                return
        if self._moved is not None and self._anew:
            self._anew = False
            with contextlib.suppress(discord.NotFound):  # somebody deleted it: send a new message
                await self._moved.edit(view=view)
                return
        self._moved = await self._send_to_channel(view)

    async def _send_to_channel(self, view: LayoutView) -> discord.Message:
        """Send an ordinary message in the channel; a direct one if it is private, or the bot cannot write there."""
        if not self.private and isinstance(self.interaction.channel, Messageable):
            with contextlib.suppress(discord.Forbidden, discord.NotFound):
                return await _send_message(self.interaction.channel, view)
        return await _send_message(self.interaction.user, view)

    async def _to_interaction(self, view: LayoutView) -> None:
        if self._anew and (self._is_answered or self.interaction.response.is_done()):
            self._anew = False
            await self.interaction.edit_original_response(view=view)
        else:
            await super().send(view)


class ConfirmationDestination(ReportDestination):
    """Takes the place of the private question whether to make a change."""

    def __init__(self, interaction: AnyInteraction) -> None:
        super().__init__(interaction, private=True)

    async def defer(self) -> None:
        """Acknowledge the click; the question stays until it is edited."""
        if not self._is_put_off and not self.interaction.response.is_done():
            await self.interaction.response.defer()
            self._is_put_off = True

    async def _respond(self, view: LayoutView, files: list[discord.File]) -> int | None:
        """Edit the question, which also takes its buttons away."""
        if self._is_put_off or self.interaction.response.is_done():
            return await super()._respond(view, files)
        try:
            await self.interaction.response.edit_message(view=view)
        except discord.HTTPException as error:
            if error.code != ALREADY_RESPONDED:
                raise
        self._is_put_off = True
        return None


class ThreadDestination(ReplyDestination):
    """Opens a thread on a message and writes in it; replies instead if that fails."""

    def __init__(
        self, message: discord.Message, language: str, question: str, is_deleted: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(message, language, is_deleted)
        self.thread: discord.Thread | None = None
        self._name = thread_name(question)
        self._is_to_reply = False
        """Set once opening has failed, so that all of an answer is in one place."""

    async def send(self, view: LayoutView) -> None:
        """Open the thread and write in it; send nothing if the message was deleted."""
        if self._is_deleted():
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
            self._record_sent(await _send_message(self.thread, view))


def thread_name(question: str) -> str:
    """Return a question's beginning as a thread name, at most 100 characters."""
    words = single_line(question) or "…"
    return words if len(words) <= MAX_THREAD_NAME else words[: MAX_THREAD_NAME - 1] + "…"
