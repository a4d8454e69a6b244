"""Autocomplete for `article` options."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)


async def offer_articles(interaction: discord.Interaction[VerbatimBot], typed: str) -> list[app_commands.Choice[str]]:
    """Offer up to 25 articles by title or heading; none on an error, since a member can still type."""
    try:
        found = await asyncio.to_thread(interaction.client.article_names.search, typed)
        return [app_commands.Choice(name=name.label, value=name.id) for name in found]
    except Exception:
        log.exception("The articles could not be offered for autocomplete")
        return []
