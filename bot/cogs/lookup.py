"""`/search`, `/articles` and `/article`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import check_command
from bot.cogs.ask import MAX_QUESTION_LENGTH
from bot.cogs.autocomplete import offer_articles
from bot.i18n.command_translator import describe_options, localised
from bot.i18n.messages import CommandDescription, CommandName
from bot.layout import RenderedMessages, render_article, render_articles, render_passages
from bot.sending.deliver import deliver
from bot.sending.destinations import InteractionDestination

if TYPE_CHECKING:
    from bot.client import VerbatimBot

DEFAULT_LIMIT, MAX_LIMIT = 5, 10


class Lookup(commands.Cog):
    """Commands that show passages and articles."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot

    @app_commands.command(name=localised(CommandName.SEARCH), description=localised(CommandDescription.SEARCH))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @describe_options(
        terms=CommandDescription.SEARCH_TERMS,
        article=CommandDescription.ONE_ARTICLE,
        limit=CommandDescription.SEARCH_LIMIT,
    )
    @app_commands.autocomplete(article=offer_articles)
    async def search(
        self,
        interaction: discord.Interaction[VerbatimBot],
        terms: app_commands.Range[str, 1, MAX_QUESTION_LENGTH],
        article: str | None = None,
        limit: app_commands.Range[int, 1, MAX_LIMIT] = DEFAULT_LIMIT,
    ) -> None:
        """Show the best-ranked passages, optionally from one article only."""
        chosen = await self.bot.article_names.resolve_in_thread(article) if article else None
        to = await self._destination(interaction)

        def make() -> RenderedMessages:
            query = self.bot.engine.correct_spelling(terms)
            return render_passages(terms, self.bot.engine.search(query.text, limit, chosen), query.corrections)

        await deliver(self.bot.engine, make, to, queue=self.bot.queue_for(terms, chosen))

    @app_commands.command(name=localised(CommandName.ARTICLES), description=localised(CommandDescription.ARTICLES))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def articles(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """List the articles."""
        to = await self._destination(interaction)
        await deliver(self.bot.engine, lambda: render_articles(self.bot.engine.entries()), to, queue=self.bot.queue)

    @app_commands.command(name=localised(CommandName.ARTICLE), description=localised(CommandDescription.ARTICLE))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @describe_options(name=CommandDescription.ARTICLE_NAME)
    @app_commands.autocomplete(name=offer_articles)
    async def article(self, interaction: discord.Interaction[VerbatimBot], name: str) -> None:
        """Show an article's metadata, and the origin of each field."""
        to = await self._destination(interaction)
        chosen = await self.bot.article_names.resolve_in_thread(name)
        await deliver(self.bot.engine, lambda: render_article(self.bot.engine.entry(chosen)), to)

    async def _destination(self, interaction: discord.Interaction[VerbatimBot]) -> InteractionDestination:
        """Return the destination, private where public answers are not allowed.

        Raises `OnCooldown` as `check_cooldown`.
        """
        return InteractionDestination(interaction, private=not await check_command(self.bot, interaction))


async def setup(bot: VerbatimBot) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Lookup(bot))
