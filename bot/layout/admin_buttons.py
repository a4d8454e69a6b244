"""The buttons of what admins see. A custom id holds a reference only, so buttons keep working after a restart."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.i18n import translate
from bot.i18n.messages import Message
from index.models import Article

ADMIN_HANDLERS = "admin-buttons"
"""The name of the cog that does what these buttons say."""
TEMPLATE = r"v1:admin-(?P<action>[a-z]+):(?P<reference>[\w-]{1,60})"
ID_DIGITS, BYTES_DIGITS = 24, 12
"""Hexadecimal digits of the hashes of an article's id and of its bytes: an id may be longer than a custom id."""


class AdminAction(StrEnum):
    """What a button does."""

    REMOVE = "remove"
    CANCEL = "cancel"
    UNDO = "undo"
    ADD = "add"


LABELS = {
    AdminAction.REMOVE: Message.REMOVE,
    AdminAction.CANCEL: Message.CANCEL,
    AdminAction.UNDO: Message.UNDO,
    AdminAction.ADD: Message.ADD_FILES,
}
STYLES: dict[str, discord.ButtonStyle] = {
    AdminAction.REMOVE: discord.ButtonStyle.danger,
    AdminAction.ADD: discord.ButtonStyle.primary,
}


class AdminButtonHandler(Protocol):
    """Handles clicks."""

    async def handle_admin_button(self, interaction: discord.Interaction[Any], action: str, reference: str) -> None:
        """Handle a click."""
        ...


class AdminButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=TEMPLATE):
    """A button: its action, and a reference to what it is about."""

    def __init__(self, action: str, reference: str, label: str = "-") -> None:
        style = STYLES.get(action, discord.ButtonStyle.secondary)
        super().__init__(ui.Button(label=label, style=style, custom_id=f"v1:admin-{action}:{reference}"))
        self.action, self.reference = action, reference

    @classmethod
    def of(cls, action: AdminAction, reference: str) -> Self:
        """Make a button with its kind's label."""
        return cls(action, reference, translate(LABELS[action]))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button that was clicked."""
        del interaction, item
        return cls(match["action"], match["reference"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the click to the cog."""
        handler = cast("AdminButtonHandler | None", interaction.client.get_cog(ADMIN_HANDLERS))
        if handler is not None:  # else the bot is being stopped
            await handler.handle_admin_button(interaction, self.action, self.reference)


def id_digest(article: str) -> str:
    """Return the part of a reference that stands for an article's id."""
    return hashlib.sha256(article.encode("utf-8", "surrogatepass")).hexdigest()[:ID_DIGITS]


def article_reference(article: Article) -> str:
    """Return a reference to an article as it is now: of its id, and of its file's bytes."""
    return f"{id_digest(article.id)}-{article.sha256[:BYTES_DIGITS]}"
