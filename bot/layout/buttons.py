"""The buttons under an answer. A custom id holds ids only, so buttons keep working after a restart."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.i18n import translate
from bot.i18n.messages import Message

MAX_LABEL_LENGTH = 38
"""Characters that Discord's guidelines allow on a button without an icon, so that it fits a phone; its limit is 80."""
HANDLERS = "buttons"
"""The name of the cog that does what buttons say."""
TEMPLATE = r"v1:(?P<action>[a-z]+):(?P<answer_id>[\w-]{1,40}):(?P<number>[0-9]{1,4})"


class ButtonAction(StrEnum):
    """What a button does."""

    CONTEXT = "context"
    MORE = "more"
    NEAREST = "nearest"
    GOOD = "good"
    BAD = "bad"
    DELETE = "delete"
    """Under answers of older versions; now in the menu of a message and in the form."""
    SUGGESTION = "suggestion"


LABELS = {
    ButtonAction.CONTEXT: Message.CONTEXT,
    ButtonAction.MORE: Message.MORE,
    ButtonAction.NEAREST: Message.NEAREST,
}
EMOJI = {ButtonAction.GOOD: Message.GOOD, ButtonAction.BAD: Message.BAD}
"""The buttons without a label; screen readers read the emoji's name, and Discord has no other text for them."""


class ButtonHandler(Protocol):
    """Handles clicks."""

    async def handle_button(
        self, interaction: discord.Interaction[Any], action: str, answer_id: str, number: int
    ) -> None:
        """Handle a click."""
        ...


class Button(ui.DynamicItem[ui.Button[ui.LayoutView]], template=TEMPLATE):
    """A button of an answer: its action, the answer's id, and a number if there are several of the same kind."""

    def __init__(
        self, action: str, answer_id: str, number: int = 0, label: str | None = "-", emoji: str | None = None
    ) -> None:
        shown = label if label is None or len(label) <= MAX_LABEL_LENGTH else label[: MAX_LABEL_LENGTH - 1] + "…"
        super().__init__(ui.Button(label=shown, emoji=emoji, custom_id=f"v1:{action}:{answer_id}:{number}"))
        self.action, self.answer_id, self.number = action, answer_id, number

    @classmethod
    def of(cls, action: ButtonAction, answer_id: str, number: int = 0) -> Self:
        """Make a button with its kind's label or emoji."""
        if action in EMOJI:
            return cls(action, answer_id, number, label=None, emoji=EMOJI[action])
        return cls(action, answer_id, number, translate(LABELS[action]))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button that was clicked."""
        del interaction, item
        return cls(match["action"], match["answer_id"], int(match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the click to the client."""
        handler = cast("ButtonHandler", interaction.client)
        await handler.handle_button(interaction, self.action, self.answer_id, self.number)
