"""`/ask` and the “Find in articles” message menu."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import check_command, check_cooldown, settings_in
from bot.cogs.autocomplete import offer_articles
from bot.conversation.follow_up import followed_by_command
from bot.conversation.message_filter import plain_words
from bot.conversation.question_handler import IncomingQuestion, QuestionHandler
from bot.conversation.threads import find_bot_thread, store_thread, tell_to_reply
from bot.i18n.command_translator import describe_options, localised
from bot.i18n.messages import CommandDescription, CommandName, Message
from bot.layout import render_answer, render_message, render_more
from bot.layout.parts import FixedSentence
from bot.monitoring.metrics import Trigger
from bot.policy.permissions import TO_OPEN_THREADS, missing_permission
from bot.sending.deliver import defer_if_slow, deliver
from bot.sending.destinations import InteractionDestination, thread_name

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
MAX_QUESTION_LENGTH = 2000
NEAREST = 3
"""Nearest passages shown when nothing may answer the message."""


class Ask(commands.Cog):
    """Commands that answer questions."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot
        menu = app_commands.ContextMenu(name=localised(CommandName.FIND_IN_ARTICLES), callback=self.find_in_articles)
        self.menu = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(
            app_commands.allowed_installs(guilds=True, users=True)(menu)
        )

    async def cog_load(self) -> None:
        """Add the message menu."""
        self.bot.tree.add_command(self.menu)

    @app_commands.command(name=localised(CommandName.ASK), description=localised(CommandDescription.ASK))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @describe_options(
        question=CommandDescription.ASK_QUESTION,
        article=CommandDescription.ONE_ARTICLE,
        private=CommandDescription.ASK_PRIVATE,
        thread=CommandDescription.ASK_THREAD,
    )
    @app_commands.autocomplete(article=offer_articles)
    async def ask(
        self,
        interaction: discord.Interaction[VerbatimBot],
        question: app_commands.Range[str, 1, MAX_QUESTION_LENGTH],
        article: str | None = None,
        private: bool | None = None,
        thread: bool = False,
    ) -> None:
        """Answer a question, optionally from one article only."""
        chosen = await self.bot.article_names.resolve_in_thread(article) if article else None
        may_write = await check_command(self.bot, interaction)
        settings = settings_in(self.bot, interaction.guild_id)
        alone = not may_write or (settings.private if private is None else private)
        to = InteractionDestination(interaction, private=alone)
        async with defer_if_slow(to):
            opened = await find_bot_thread(self.bot, interaction.channel)
            text = plain_words(question)
            follows = await followed_by_command(self.bot, interaction.channel, text)
        handler = QuestionHandler(
            self.bot,
            IncomingQuestion(
                text=text,
                trigger=Trigger.COMMAND,
                user=interaction.user.id,
                server=interaction.guild_id,
                channel=interaction.channel_id,
                article=chosen,
                preferred_article=opened.article if opened and chosen is None else None,
                follows=follows,
                is_separate=True,
                private=alone,
            ),
        )
        await handler.deliver(to)
        if thread:
            await self._open_thread(interaction, handler)

    async def _open_thread(self, interaction: discord.Interaction[VerbatimBot], handler: QuestionHandler) -> None:
        """Open a thread on the answer, or say why that is not possible."""
        to = InteractionDestination(interaction, private=True)
        channel = interaction.channel
        is_public = interaction.is_guild_integration() and not handler.question.private
        if not is_public or not isinstance(channel, discord.TextChannel):
            await deliver(self.bot.engine, lambda: render_message(Message.NO_THREAD), to)
            return
        missing = missing_permission(
            interaction.app_permissions, "view_channel", "read_message_history", *TO_OPEN_THREADS
        )
        if missing is not None:
            await deliver(
                self.bot.engine, lambda: render_message(Message.LACKING, permission=FixedSentence.of(missing)), to
            )
            return
        try:
            message = await channel.fetch_message((await interaction.original_response()).id)
            thread = await message.create_thread(name=thread_name(handler.question.text))
        except (discord.Forbidden, discord.NotFound) as error:
            log.info("A thread could not be opened: %s", error)
            await deliver(self.bot.engine, lambda: render_message(Message.NO_THREAD), to)
            return
        await store_thread(self.bot, thread.id, handler)
        await tell_to_reply(self.bot, thread, to.language)

    async def find_in_articles(self, interaction: discord.Interaction[VerbatimBot], message: discord.Message) -> None:
        """Show privately what the articles say about a message."""
        text = plain_words(message.content)
        to = InteractionDestination(interaction, private=True)
        if not text:
            await deliver(self.bot.engine, lambda: render_message(Message.NOTHING_TO_LOOK_FOR), to)
            return
        await check_cooldown(self.bot, interaction.user.id, None, settings_in(self.bot, interaction.guild_id))
        with self.bot.metrics.time_answer(Trigger.MENU) as answered:

            def make() -> Any:  # noqa: ANN401  # a Shown
                answer = self.bot.engine.ask(text)
                answered.verdict = answer.verdict
                if answer.shown_quotes or not answer.nearest:
                    return render_answer(answer)
                return render_more(Message.NEAREST_OF, answer.nearest[:NEAREST], corrections=answer.corrections)

            await deliver(self.bot.engine, make, to, queue=self.bot.queue_for(text))


async def setup(bot: VerbatimBot) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Ask(bot))
