"""An interaction with a command, component or modal, and the bot's responses."""

from enum import IntEnum
from typing import NamedTuple

from .models import Json, ServerMessage
from .waiting import Changes


class Kind(IntEnum):
    """The types of interactions."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Response(IntEnum):
    """The types of first responses."""

    REPLY = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    OPEN_MODAL = 9


DEADLINE, LIFETIME = 3.0, 15 * 60.0
"""Seconds to respond to an interaction, and seconds for which its token is valid."""


class Choice(NamedTuple):
    """An autocomplete choice."""

    name: str
    value: str | int | float


class Interaction:
    """An interaction sent to the bot.

    `callback` is the type of the first response (0: none yet), `original` the message that it created or edited,
    `followups` the later ones, `choices` and `modal` the response to an autocomplete or a modal, `focused` the type of
    the option that is being typed.
    """

    def __init__(self, changes: Changes, payload: Json, started: float, source: ServerMessage | None = None) -> None:
        self.payload, self.started, self.source = payload, started, source
        self.id: str = payload["id"]
        self.token: str = payload["token"]
        self.kind = Kind(payload["type"])
        self.callback = 0
        self.original: ServerMessage | None = None
        self.followups: list[ServerMessage] = []
        self.choices: list[Choice] = []
        self.modal: Json | None = None
        self.focused: int | None = None
        self._changes = changes

    @property
    def messages(self) -> list[ServerMessage]:
        """The messages of the answer that are not deleted: the first response, then the followups."""
        made = [self.original, *self.followups] if self.original else self.followups
        return [message for message in made if message and not message.deleted]

    @property
    def deferred(self) -> bool:
        """Whether the first response was a deferral."""
        return self.callback in (Response.DEFER, Response.DEFER_UPDATE)

    @property
    def ephemeral(self) -> bool:
        """Whether only the user sees the first response."""
        return self.original is not None and self.original.ephemeral

    def _settled(self) -> bool:
        pending = self.original is not None and self.original.loading and not self.original.deleted
        return bool(self.callback) and not pending

    async def shown(self, within: float = 60) -> ServerMessage:
        """Wait for the first message of the answer that stays, and return it: one that "thinks" may be deleted."""
        await self.answered(within)
        standing = await self._changes.until(
            lambda: [message for message in self.messages if not message.loading], within, "a message that stays"
        )
        return standing[0]

    async def acknowledged(self, within: float = 60) -> None:
        """Wait for the first response, even if it is only "thinking"."""
        await self._changes.until(lambda: self.callback, within, f"a response to {self.payload['data']}")

    async def answered(self, within: float = 60) -> None:
        """Wait for the answer: a message that no longer shows "thinking", choices, a modal or an update."""
        await self._changes.until(self._settled, within, f"an answer to {self.payload['data']}")
