"""Questions: by a mention, a reply with a mention, a direct message, and `/ask`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands.choices import offer_articles
from bot.delivery import deliver, tell
from bot.destinations import ToInteraction, ToMessage
from bot.layout import answer_shown, said
from bot.wording import Describe, Say

if TYPE_CHECKING:
    from bot.client import Verbatim

QUESTION_AT_MOST = 2000
WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})
# Mentions of users, roles, channels and commands, emoji and timestamps: nothing that an article could be asked for.
TOKENS = re.compile(r"<(?:@[!&]?|\#|/[^:>]*:|a?:\w+:|t:-?)[0-9]+(?::[A-Za-z])?>")


def question_in(message: discord.Message, bot: discord.ClientUser) -> str | None:
    """The question in a message, "" where it has no words; None where the message is not meant for the bot.

    A direct mention of the bot counts, and so does the ping of a reply to it; a role's or everyone's does not.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in WRITTEN:
        return None
    if message.guild is not None and not any(user.id == bot.id for user in message.mentions):
        return None
    return words_of(message.content)


def words_of(text: str) -> str:
    """What somebody wrote, without mentions, emoji and timestamps, on one line."""
    return " ".join(TOKENS.sub(" ", text).split())


class Ask(commands.Cog):
    """Answers questions."""

    def __init__(self, bot: Verbatim) -> None:
        """Answer from the bot's engine."""
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot, as a reply to it."""
        question = question_in(message, self.bot.user) if self.bot.user else None
        if question is None:
            return
        to = ToMessage(message)
        try:
            self.bot.in_hand.take()
            await deliver(
                self.bot.engine,
                lambda: answer_shown(self.bot.engine.ask(question), apart=False) if question else said(Say.HOW_TO_ASK),
                to,
            )
        except Exception as error:  # noqa: BLE001  # the mapper decides what is told, and logs the rest
            await tell(error, to)

    @app_commands.command(name="ask", description=Describe.ASK)
    @app_commands.describe(question=Describe.ASK_QUESTION, article=Describe.ONE_ARTICLE, private=Describe.ASK_PRIVATE)
    @app_commands.autocomplete(article=offer_articles)
    async def ask(
        self,
        interaction: discord.Interaction[Verbatim],
        question: app_commands.Range[str, 1, QUESTION_AT_MOST],
        article: str | None = None,
        private: bool = False,
    ) -> None:
        """Answer a question, from one article where one is named."""
        chosen, asked = self.bot.names.id_of(article) if article else None, words_of(question)
        await deliver(
            self.bot.engine,
            lambda: answer_shown(self.bot.engine.ask(asked, chosen), apart=True),
            ToInteraction(interaction, private=private),
        )
