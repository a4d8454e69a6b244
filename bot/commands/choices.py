"""The articles that are offered while a member types into an `article` option."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)


async def offer_articles(interaction: discord.Interaction[Verbatim], typed: str) -> list[app_commands.Choice[str]]:
    """At most 25 articles by title; none where anything goes wrong, for a member can type on all the same."""
    try:
        return [
            app_commands.Choice(name=name.shown, value=name.id) for name in interaction.client.names.matching(typed)
        ]
    except Exception:
        log.exception("The articles could not be offered")
        return []
