"""Autocomplete for `article` options."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

if TYPE_CHECKING:
    from bot.client import VerbatimBot

IN_THREAD_FROM = 2_000
"""Above this number of articles, titles are searched in a thread."""
log = logging.getLogger(__name__)


async def offer_articles(interaction: discord.Interaction[VerbatimBot], typed: str) -> list[app_commands.Choice[str]]:
    """Offer up to 25 articles by title; none on an error, since a member can still type."""
    try:
        names = interaction.client.article_names
        many = len(interaction.client.engine.entries()) > IN_THREAD_FROM
        found = await asyncio.to_thread(names.search, typed) if many else names.search(typed)
        return [app_commands.Choice(name=name.label, value=name.id) for name in found]
    except Exception:
        log.exception("The articles could not be offered for autocomplete")
        return []
