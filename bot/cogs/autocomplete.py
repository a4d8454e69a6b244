"""The articles that are offered while a member types into an `article` option."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

if TYPE_CHECKING:
    from bot.client import Verbatim

MANY = 2_000
"""Articles from which on their titles are looked through in a thread."""
log = logging.getLogger(__name__)


async def offer_articles(interaction: discord.Interaction[Verbatim], typed: str) -> list[app_commands.Choice[str]]:
    """At most 25 articles by title; none where anything goes wrong, for a member can type on all the same."""
    try:
        names = interaction.client.names
        many = len(interaction.client.engine.entries()) > MANY
        found = await asyncio.to_thread(names.matching, typed) if many else names.matching(typed)
        return [app_commands.Choice(name=name.shown, value=name.id) for name in found]
    except Exception:
        log.exception("The articles could not be offered for autocomplete")
        return []
