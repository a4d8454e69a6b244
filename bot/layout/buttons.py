"""The buttons under an answer. A custom id holds ids only, so buttons keep working after a restart."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.i18n import told
from bot.i18n.messages import Say

LABEL_AT_MOST = 80
HANDLERS = "buttons"
"""The name of the cog that does what buttons say."""
TEMPLATE = r"v1:(?P<press>[a-z]+):(?P<given>[\w-]{1,40}):(?P<number>[0-9]{1,4})"


class Press(StrEnum):
    """What a button does."""

    CONTEXT = "context"
    MORE = "more"
    NEAREST = "nearest"
    GOOD = "good"
    BAD = "bad"
    DELETE = "delete"
    SUGGESTION = "suggestion"


LABELS = {
    Press.CONTEXT: Say.CONTEXT,
    Press.MORE: Say.MORE,
    Press.NEAREST: Say.NEAREST,
    Press.GOOD: Say.GOOD,
    Press.BAD: Say.BAD,
    Press.DELETE: Say.DELETE,
}


class Presses(Protocol):
    """Handles clicks."""

    async def pressed(self, interaction: discord.Interaction[Any], press: str, given: str, number: int) -> None:
        """Handle a click."""
        ...


class Button(ui.DynamicItem[ui.Button[ui.LayoutView]], template=TEMPLATE):
    """A button of an answer: its action, the answer's id, and a number if there are several of the same kind."""

    def __init__(self, press: str, given: str, number: int = 0, label: str = "-") -> None:
        shown = label if len(label) <= LABEL_AT_MOST else label[: LABEL_AT_MOST - 1] + "…"
        super().__init__(ui.Button(label=shown, custom_id=f"v1:{press}:{given}:{number}"))
        self.press, self.given, self.number = press, given, number

    @classmethod
    def of(cls, press: Press, given: str, number: int = 0) -> Self:
        """Make a button with its kind's label."""
        return cls(press, given, number, told(LABELS[press]))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button that was clicked."""
        del interaction, item
        return cls(match["press"], match["given"], int(match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the click to the client."""
        presses = cast("Presses", interaction.client)
        await presses.pressed(interaction, self.press, self.given, self.number)
