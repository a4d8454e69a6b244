"""`/search`, `/articles` and `/article`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import admit_command
from bot.cogs.ask import QUESTION_AT_MOST
from bot.cogs.autocomplete import offer_articles
from bot.i18n.command_translator import named, options
from bot.i18n.messages import Describe, Name
from bot.layout import article_shown, articles_shown, passages_shown
from bot.sending.deliver import deliver, is_long
from bot.sending.destinations import ToInteraction

if TYPE_CHECKING:
    from bot.client import Verbatim

LIMIT, LIMIT_AT_MOST = 5, 10


class Lookup(commands.Cog):
    """Commands that show passages and articles."""

    def __init__(self, bot: Verbatim) -> None:
        self.bot = bot

    @app_commands.command(name=named(Name.SEARCH), description=named(Describe.SEARCH))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @options(terms=Describe.SEARCH_TERMS, article=Describe.ONE_ARTICLE, limit=Describe.SEARCH_LIMIT)
    @app_commands.autocomplete(article=offer_articles)
    async def search(
        self,
        interaction: discord.Interaction[Verbatim],
        terms: app_commands.Range[str, 1, QUESTION_AT_MOST],
        article: str | None = None,
        limit: app_commands.Range[int, 1, LIMIT_AT_MOST] = LIMIT,
    ) -> None:
        """Show the best-ranked passages, optionally from one article only."""
        chosen = await self.bot.names.chosen(article) if article else None
        to = self._to(interaction)
        await deliver(
            self.bot.engine,
            lambda: passages_shown(terms, self.bot.engine.search(terms, limit, chosen)),
            to,
            is_long=is_long(self.bot.engine, terms),
        )

    @app_commands.command(name=named(Name.ARTICLES), description=named(Describe.ARTICLES))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def articles(self, interaction: discord.Interaction[Verbatim]) -> None:
        """List the articles."""
        to = self._to(interaction)
        await deliver(self.bot.engine, lambda: articles_shown(self.bot.engine.entries()), to, is_long=True)

    @app_commands.command(name=named(Name.ARTICLE), description=named(Describe.ARTICLE))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @options(name=Describe.ARTICLE_NAME)
    @app_commands.autocomplete(name=offer_articles)
    async def article(self, interaction: discord.Interaction[Verbatim], name: str) -> None:
        """Show an article's metadata, and the origin of each field."""
        to = self._to(interaction)
        chosen = await self.bot.names.chosen(name)
        await deliver(self.bot.engine, lambda: article_shown(self.bot.engine.entry(chosen)), to)

    def _to(self, interaction: discord.Interaction[Verbatim]) -> ToInteraction:
        """Return the destination, private where public answers are not allowed; raises `TooFast` as `admit`."""
        return ToInteraction(interaction, private=not admit_command(self.bot, interaction))


async def setup(bot: Verbatim) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Lookup(bot))
