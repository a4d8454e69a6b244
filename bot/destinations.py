"""Where messages go: a reply to a message, or the answer to an interaction. Only `bot/delivery.py` sends."""

from __future__ import annotations

from typing import Any, Protocol, Self

import discord
from discord.abc import Messageable
from discord.ui import LayoutView

from bot.errors import TOO_LATE

AnyInteraction = discord.Interaction[Any]
CANNOT_REPLY = 160002
"""Discord's code where the bot may write, but lacks Read Message History, without which nobody can reply."""
ALMOST = 60
"""Seconds before the end of an interaction's token from which it is no longer relied on."""


class Destination(Protocol):
    """Takes messages, one after the other."""

    async def send(self, view: LayoutView) -> None:
        """Send one; discord.HTTPException where Discord does not take it."""
        ...

    async def put_off(self) -> None:
        """Let the user see that an answer is coming."""
        ...


class ToMessage:
    """Replies to a message."""

    def __init__(self, message: discord.Message) -> None:
        """Take the message to reply to."""
        self.message = message

    async def send(self, view: LayoutView) -> None:
        """Reply; just write into the channel where the message is gone, or the bot may not read back to it."""
        reference = self.message.to_reference(fail_if_not_exists=False)
        try:
            await self.message.channel.send(view=view, reference=reference)
        except discord.Forbidden as error:
            if error.code != CANNOT_REPLY:
                raise
            await self.message.channel.send(view=view)

    async def put_off(self) -> None:
        """Show that the bot is typing."""
        await self.message.channel.typing()


class ToInteraction:
    """The response to an interaction, and follow-ups to it."""

    def __init__(self, interaction: AnyInteraction, *, private: bool = False) -> None:
        """Take the interaction, and whether only its user sees the answer."""
        self.interaction = interaction
        self.private = private

    async def send(self, view: LayoutView) -> None:
        """Respond, or follow up where there is a response already."""
        if self.interaction.response.is_done():
            await self.interaction.followup.send(view=view, ephemeral=self.private)
        else:
            await self.interaction.response.send_message(view=view, ephemeral=self.private)

    async def put_off(self) -> None:
        """Defer."""
        await self.interaction.response.defer(ephemeral=self.private, thinking=True)


class ToReport(ToInteraction):
    """The message of a long job: written anew as it goes on, and an ordinary one once the token is over."""

    def __init__(self, interaction: AnyInteraction) -> None:
        """Take the interaction that started the job."""
        super().__init__(interaction)
        self._anew = False

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
        if not self.is_over:
            try:
                await self._to_interaction(view)
            except discord.HTTPException as error:
                if error.code not in TOO_LATE:
                    raise
            else:
                return
        if isinstance(self.interaction.channel, Messageable):
            await self.interaction.channel.send(view=view)

    async def _to_interaction(self, view: LayoutView) -> None:
        if self._anew and self.interaction.response.is_done():
            self._anew = False
            await self.interaction.edit_original_response(view=view)
        else:
            await super().send(view)
