"""Questions: by a mention, a reply with a mention, a direct message, unasked where a server wants it, and `/ask`."""

from __future__ import annotations

import contextlib
import datetime
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.admission import admit, admit_command, home_of, settings_in
from bot.commands.choices import offer_articles
from bot.cooldowns import TooFast
from bot.delivery import deliver, is_long, tell
from bot.destinations import Destination, ToChannel, ToEdited, ToInteraction, ToMessage, ToNewThread, thread_name
from bot.hearing import is_unasked_question, question_in, question_of_thread, way_of, words_of
from bot.languages import language_of
from bot.layout import answer_shown, more_shown, said
from bot.layout.pieces import ChannelName, Fixed
from bot.metrics import Way
from bot.permissions import can_open_threads, lacking, lacking_to_write
from bot.questions import Answering, Question
from bot.recent import OneAtATime, Recent
from bot.state import Given, Opened, StateBroken
from bot.state.store import utc_now
from bot.translating import named
from bot.wording import Describe, Name, Say
from index.article import Verdict

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)
QUESTION_AT_MOST = 2000
EDITABLE = datetime.timedelta(minutes=5)
"""For how long an edited question is answered anew."""
NEAREST = 3
"""Passages that are shown of a message that no passage answers."""


class Ask(commands.Cog):
    """Answers questions."""

    def __init__(self, bot: Verbatim) -> None:
        """Answer from the bot's engine."""
        self.bot = bot
        self._gone = Recent()
        self._asked = Recent()
        self._one_at_a_time = OneAtATime()
        menu = app_commands.ContextMenu(name=named(Name.FIND_IN_ARTICLES), callback=self.find_in_articles)
        self.menu = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(
            app_commands.allowed_installs(guilds=True, users=True)(menu)
        )

    async def cog_load(self) -> None:
        """Add the message menu."""
        self.bot.tree.add_command(self.menu)

    # ---- messages ----------------------------------------------------------------------------------------------------

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot."""
        to: Destination = ToMessage(message, lambda: message.id in self._gone)
        try:
            way, opened = await self._heard(message)
            if way is None:
                return
            if way is not Way.UNASKED and lacking_to_write(message.channel) is not None:
                to = ToChannel(message.author, to.language)  # whatever is to be told, to wait for one, is told there
            self.bot.in_hand.take()
            async with self._one_at_a_time.at(message.id):
                await self._answer(message, way, opened, to)
        except TooFast as error:
            if error.is_first:  # who goes on all the same is not told again
                await tell(error, to)
        except Exception as error:  # noqa: BLE001  # the mapper decides what is told, and logs the rest
            await tell(error, to)

    async def _heard(self, message: discord.Message) -> tuple[Way | None, Opened | None]:
        """How the message turns to the bot, and the thread of the bot's that it stands in."""
        user, server = self.bot.user, message.guild
        way = way_of(message, user) if user else None
        if way is None and not (self.bot.intents.message_content and server and message.content):
            return None, None
        opened = await self._thread(message.channel)
        if way is not None or server is None:
            return way, opened
        settings = await settings_in(self.bot, server.id)
        unasked = is_unasked_question(message, settings, in_own_thread=opened is not None)
        return (Way.UNASKED if unasked else None), opened

    async def _answer(self, message: discord.Message, way: Way, opened: Opened | None, to: Destination) -> None:
        """Answer a message that is heard, where the bot may answer."""
        text = await self._words(message)
        if way is Way.UNASKED and not text:  # an emoji, or a channel's name: nobody has asked for anything
            return
        settings = await settings_in(self.bot, message.guild.id if message.guild else None)
        if not admit(self.bot, message.author.id, home_of(message.channel), settings, unasked=way is Way.UNASKED):
            if way is not Way.UNASKED:
                await self._tell_directly(message, Fixed.of(Say.NOT_HERE))
            return
        if not text:
            sentence = Say.CANNOT_READ_IT if text is None else Say.HOW_TO_ASK
            await deliver(self.bot.engine, lambda: said(sentence), to)
            return
        missing = lacking_to_write(message.channel)
        if missing is not None:
            if way is Way.UNASKED:
                return
            place = ChannelName(message.channel.id)
            await self._tell_directly(message, Fixed.of(Say.LACKING_IN, channel=place, permission=Fixed.of(missing)))
            to = ToChannel(message.author, to.language)
        elif settings.threads and way is Way.MENTION and can_open_threads(message.channel):
            to = ToNewThread(message, text, lambda: message.id in self._gone)
        self._asked[message.id] = text
        answering = Answering(self.bot, self._question(message, text, way, opened, apart=missing is not None))
        await answering.deliver(to)
        if isinstance(to, ToNewThread) and to.thread is not None:
            await self._note_thread(to.thread.id, answering, message.author.id)

    async def _words(self, message: discord.Message) -> str | None:
        """What is asked; a mention without words in somebody's thread asks what the thread asks."""
        text = question_in(message, self.bot.user) if self.bot.user else ""
        if text == "" and isinstance(message.channel, discord.Thread):
            is_own = self.bot.user is not None and message.channel.owner_id == self.bot.user.id
            return "" if is_own else await question_of_thread(message.channel)
        return text

    def _question(
        self, message: discord.Message, text: str, way: Way, opened: Opened | None, *, apart: bool = False
    ) -> Question:
        return Question(
            text=text,
            way=way,
            user=message.author.id,
            server=message.guild.id if message.guild else None,
            channel=message.channel.id,
            message=message.id,
            prefers=opened.article if opened else None,
            apart=apart,
            private=apart,
            unasked=way is Way.UNASKED,
        )

    async def _tell_directly(self, message: discord.Message, sentence: Fixed) -> None:
        """Write to the author alone, where they let the bot."""
        to = ToChannel(message.author, language_of(message.guild and message.guild.preferred_locale))
        try:
            await deliver(self.bot.engine, lambda: said(sentence.sentence, **sentence.values), to)
        except discord.Forbidden as error:
            log.info("Somebody could not be told why there is no answer: %s", error)

    # ---- questions that change ---------------------------------------------------------------------------------------

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question anew, in place, within five minutes."""
        message = payload.message
        if message.edited_at is None or utc_now() - message.created_at > EDITABLE:
            return
        to: Destination = ToMessage(message)
        try:
            way, opened = await self._heard(message)
            if way is None:
                return
            self.bot.in_hand.take()
            async with self._one_at_a_time.at(message.id):
                before = await self.bot.state.answer_to(message.id)
                text = await self._words(message)
                if not text or text == (self._asked.get(message.id) or (before and before.question)):
                    return
                if before is None:
                    await self._answer(message, way, opened, to)
                elif await self._may_ask_again(message, way):
                    to = ToEdited(message, self._place_of(message, before), before.messages)
                    self._asked[message.id] = text
                    answering = Answering(
                        self.bot, self._question(message, text, Way.EDIT, opened, apart=before.private)
                    )
                    await answering.deliver(to)
                    await self.bot.state.drop(before.id)
                    if before.channel and await self.bot.state.thread(before.channel):
                        await self._note_thread(before.channel, answering, message.author.id)
        except TooFast as error:
            if error.is_first:
                await tell(error, to)
        except Exception as error:  # noqa: BLE001  # the mapper decides what is told, and logs the rest
            await tell(error, to)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take the answer to a deleted question along."""
        await self._take_along(payload.channel_id, [payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Likewise for many at once."""
        await self._take_along(payload.channel_id, sorted(payload.message_ids))

    async def _take_along(self, channel: int, messages: list[int]) -> None:
        for message in messages:
            self._gone[message] = ""
            try:
                async with self._one_at_a_time.at(message):
                    given = await self.bot.state.answer_to(message)
                    if given is not None:
                        await self.withdraw(given)
            except (StateBroken, discord.HTTPException) as error:
                log.warning("The answer to a deleted question in %d could not be deleted: %s", channel, error)

    async def _may_ask_again(self, message: discord.Message, way: Way) -> bool:
        """Whether an edited question is answered: it costs what a new one does; TooFast as in `admit`."""
        settings = await settings_in(self.bot, message.guild.id if message.guild else None)
        return admit(self.bot, message.author.id, home_of(message.channel), settings, unasked=way is Way.UNASKED)

    def _place_of(self, message: discord.Message, before: Given) -> Any:  # noqa: ANN401  # any channel that has messages
        """Where the answer to a message stands: beside it, in a thread, or where only its author sees it."""
        if before.channel in {None, message.channel.id}:
            return message.channel
        return self.bot.get_partial_messageable(before.channel)

    async def withdraw(self, given: Given) -> None:
        """Delete an answer's messages, and forget it."""
        channel: Any = self.bot.get_partial_messageable(given.channel) if given.channel else None
        for message in given.messages if channel else ():
            with contextlib.suppress(discord.NotFound):
                await channel.get_partial_message(message).delete()
        await self.bot.state.drop(given.id)

    # ---- state -------------------------------------------------------------------------------------------------------

    async def _thread(self, channel: object) -> Opened | None:
        """What is known of a thread that the bot has opened."""
        if not isinstance(channel, discord.Thread) or not self.bot.user or channel.owner_id != self.bot.user.id:
            return None
        try:
            return await self.bot.state.thread(channel.id)
        except StateBroken as error:
            log.warning("A thread could not be looked up: %s", error)
            return None

    async def _note_thread(self, thread: int, answering: Answering, user: int) -> None:
        quotes = answering.answer.quotes if answering.answer else ()
        about = answering.question.article or (quotes[0].article.id if quotes else None)
        try:
            asker = self.bot.state.known_as(user)
            await self.bot.state.opened(Opened(thread=thread, article=about, asker=asker, at=utc_now()))
        except StateBroken as error:
            log.warning("What a thread is about could not be kept: %s", error)

    # ---- commands ----------------------------------------------------------------------------------------------------

    @app_commands.command(name=named(Name.ASK), description=named(Describe.ASK))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.rename(
        question=named(Name.QUESTION),
        article=named(Name.ARTICLE),
        private=named(Name.PRIVATE),
        thread=named(Name.THREAD),
    )
    @app_commands.describe(
        question=named(Describe.ASK_QUESTION),
        article=named(Describe.ONE_ARTICLE),
        private=named(Describe.ASK_PRIVATE),
        thread=named(Describe.ASK_THREAD),
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
        """Answer a question, from one article where one is named."""
        chosen = await self.bot.names.chosen(article) if article else None
        may_write = await admit_command(self.bot, interaction)
        settings = await settings_in(self.bot, interaction.guild_id)
        alone = not may_write or (settings.private if private is None else private)
        opened = await self._thread(interaction.channel)
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
        await answering.deliver(ToInteraction(interaction, private=alone))
        if thread:
            await self._open_thread(interaction, answering)

    async def _open_thread(self, interaction: discord.Interaction[Verbatim], answering: Answering) -> None:
        """Open a thread at the answer to a command, or say why there is none."""
        to = ToInteraction(interaction, private=True)
        missing = lacking(interaction.app_permissions, "create_public_threads", "read_message_history")
        is_public = interaction.guild is not None and not answering.question.private
        if not is_public or not isinstance(interaction.channel, discord.TextChannel):
            await deliver(self.bot.engine, lambda: said(Say.NO_THREAD), to)
            return
        if missing is not None:
            await deliver(self.bot.engine, lambda: said(Say.LACKING, permission=Fixed.of(missing)), to)
            return
        message = await interaction.channel.fetch_message((await interaction.original_response()).id)
        opened = await message.create_thread(name=thread_name(answering.question.text))
        await self._note_thread(opened.id, answering, interaction.user.id)

    async def find_in_articles(self, interaction: discord.Interaction[Verbatim], message: discord.Message) -> None:
        """What the articles say about a message, to whoever asks alone."""
        text = words_of(message.content)
        to = ToInteraction(interaction, private=True)
        if not text:
            await deliver(self.bot.engine, lambda: said(Say.NOTHING_TO_LOOK_FOR), to)
            return
        admit(self.bot, interaction.user.id, None, await settings_in(self.bot, interaction.guild_id))
        with self.bot.metrics.answering(Way.MENU) as answered:

            def make() -> Any:  # noqa: ANN401  # what is shown
                answer = self.bot.engine.ask(text)
                answered.verdict = answer.verdict
                if answer.verdict is Verdict.ANSWERED or not answer.nearest:
                    return answer_shown(answer)
                return more_shown(Say.NEAREST_OF, answer.nearest[:NEAREST], None)

            await deliver(self.bot.engine, make, to, is_long=is_long(self.bot.engine, text))
