"""`/ask` and the “Find in articles” message menu."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import admit, admit_command, settings_in
from bot.cogs.autocomplete import offer_articles
from bot.conversation.message_filter import words_of
from bot.conversation.question_handler import Answering, Question
from bot.conversation.threads import note_thread, opened_at
from bot.i18n.command_translator import named, options
from bot.i18n.messages import Describe, Name, Say
from bot.layout import answer_shown, more_shown, said
from bot.layout.parts import Fixed
from bot.monitoring.metrics import Way
from bot.policy.permissions import TO_OPEN_THREADS, lacking
from bot.sending.deliver import deliver, in_time, is_long
from bot.sending.destinations import ToInteraction, thread_name

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)
QUESTION_AT_MOST = 2000
NEAREST = 3
"""Nearest passages shown when nothing may answer the message."""


class Ask(commands.Cog):
    """Commands that answer questions."""

    def __init__(self, bot: Verbatim) -> None:
        self.bot = bot
        menu = app_commands.ContextMenu(name=named(Name.FIND_IN_ARTICLES), callback=self.find_in_articles)
        self.menu = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(
            app_commands.allowed_installs(guilds=True, users=True)(menu)
        )

    async def cog_load(self) -> None:
        """Add the message menu."""
        self.bot.tree.add_command(self.menu)

    @app_commands.command(name=named(Name.ASK), description=named(Describe.ASK))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @options(
        question=Describe.ASK_QUESTION,
        article=Describe.ONE_ARTICLE,
        private=Describe.ASK_PRIVATE,
        thread=Describe.ASK_THREAD,
    )
    @app_commands.autocomplete(article=offer_articles)
    async def ask(
        self,
        interaction: discord.Interaction[Verbatim],
        question: app_commands.Range[str, 1, QUESTION_AT_MOST],
        article: str | None = None,
        private: bool | None = None,
        thread: bool = False,
    ) -> None:
        """Answer a question, optionally from one article only."""
        chosen = await self.bot.names.chosen(article) if article else None
        may_write = admit_command(self.bot, interaction)
        settings = settings_in(self.bot, interaction.guild_id)
        alone = not may_write or (settings.private if private is None else private)
        to = ToInteraction(interaction, private=alone)
        async with in_time(to):
            opened = await opened_at(self.bot, interaction.channel)
        answering = Answering(
            self.bot,
            Question(
                text=words_of(question),
                way=Way.COMMAND,
                user=interaction.user.id,
                server=interaction.guild_id,
                channel=interaction.channel_id,
                article=chosen,
                prefers=opened.article if opened and chosen is None else None,
                apart=True,
                private=alone,
            ),
        )
        await answering.deliver(to)
        if thread:
            await self._open_thread(interaction, answering)

    async def _open_thread(self, interaction: discord.Interaction[Verbatim], answering: Answering) -> None:
        """Open a thread on the answer, or say why that is not possible."""
        to = ToInteraction(interaction, private=True)
        channel = interaction.channel
        is_public = interaction.is_guild_integration() and not answering.question.private
        if not is_public or not isinstance(channel, discord.TextChannel):
            await deliver(self.bot.engine, lambda: said(Say.NO_THREAD), to)
            return
        missing = lacking(interaction.app_permissions, "view_channel", "read_message_history", *TO_OPEN_THREADS)
        if missing is not None:
            await deliver(self.bot.engine, lambda: said(Say.LACKING, permission=Fixed.of(missing)), to)
            return
        try:
            message = await channel.fetch_message((await interaction.original_response()).id)
            opened = await message.create_thread(name=thread_name(answering.question.text))
        except (discord.Forbidden, discord.NotFound) as error:
            log.info("A thread could not be opened: %s", error)
            await deliver(self.bot.engine, lambda: said(Say.NO_THREAD), to)
            return
        await note_thread(self.bot, opened.id, answering)

    async def find_in_articles(self, interaction: discord.Interaction[Verbatim], message: discord.Message) -> None:
        """Show privately what the articles say about a message."""
        text = words_of(message.content)
        to = ToInteraction(interaction, private=True)
        if not text:
            await deliver(self.bot.engine, lambda: said(Say.NOTHING_TO_LOOK_FOR), to)
            return
        admit(self.bot, interaction.user.id, None, settings_in(self.bot, interaction.guild_id))
        with self.bot.metrics.answering(Way.MENU) as answered:

            def make() -> Any:  # noqa: ANN401  # a Shown
                answer = self.bot.engine.ask(text)
                answered.verdict = answer.verdict
                if answer.shown or not answer.nearest:
                    return answer_shown(answer)
                return more_shown(Say.NEAREST_OF, answer.nearest[:NEAREST], readings=answer.readings)

            await deliver(self.bot.engine, make, to, is_long=is_long(self.bot.engine, text))


async def setup(bot: Verbatim) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Ask(bot))
