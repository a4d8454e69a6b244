"""Deleting an answer: the “Delete answer” message menu, and what the form and old buttons use."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import check_button_cooldown
from bot.i18n.command_translator import localised
from bot.i18n.messages import CommandName, Message
from bot.layout import render_message
from bot.sending.deliver import defer_if_slow, deliver
from bot.sending.destinations import InteractionDestination
from bot.state import StateUnavailable, StoredAnswer

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
AnyInteraction = discord.Interaction[Any]


def may_delete(bot: VerbatimBot, interaction: AnyInteraction, stored: StoredAnswer | None) -> bool:
    """Whether this member may delete an answer: the asker, members with Manage Messages, anybody in their own DMs."""
    is_asker = stored is not None and bot.state.pseudonym(interaction.user.id) == stored.asker
    is_moderator = interaction.guild_id is not None and interaction.permissions.manage_messages
    return is_asker or is_moderator or interaction.context.dm_channel


async def delete_pressed(bot: VerbatimBot, interaction: AnyInteraction, stored: StoredAnswer) -> None:
    """Delete the answer under which something was pressed; that message goes even where the bot is no member."""
    pressed = interaction.message.id if interaction.message else None
    if pressed is not None:
        try:
            await interaction.delete_original_response()
        except (discord.NotFound, discord.Forbidden) as error:
            log.info("A message of an answer could not be deleted: %s", error)
    await _delete_messages(interaction, [one for one in stored.messages if one != pressed])
    await _forget(bot, stored)


async def _delete_messages(interaction: AnyInteraction, messages: list[int]) -> bool:
    """Delete messages of this channel; return whether all are gone."""
    if not (interaction.is_guild_integration() or interaction.context.dm_channel):
        return not messages  # the bot is no member there, and requests without access count towards a ban
    channel = interaction.client.get_partial_messageable(interaction.channel_id or 0)
    all_gone = True
    for message in messages:
        try:
            await channel.get_partial_message(message).delete()
        except discord.NotFound:
            log.info("The message %d of an answer was deleted already.", message)
        except discord.Forbidden as error:
            log.info("A message of an answer could not be deleted: %s", error)
            all_gone = False
    return all_gone


async def _forget(bot: VerbatimBot, stored: StoredAnswer) -> None:
    try:
        await bot.state.delete_answer(stored.id)
    except StateUnavailable as error:
        log.warning("The record of a deleted answer could not be deleted: %s", error)


class Deletion(commands.Cog):
    """The message menu that deletes an answer."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot
        menu = app_commands.ContextMenu(name=localised(CommandName.DELETE_ANSWER), callback=self.delete_answer)
        self.menu = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(
            app_commands.allowed_installs(guilds=True, users=True)(menu)
        )

    async def cog_load(self) -> None:
        """Add the message menu."""
        self.bot.tree.add_command(self.menu)

    async def delete_answer(self, interaction: discord.Interaction[VerbatimBot], message: discord.Message) -> None:
        """Delete all messages of the answer that this message belongs to."""
        check_button_cooldown(self.bot, interaction)
        to = InteractionDestination(interaction, private=True)
        async with defer_if_slow(to):
            said = await self._delete(interaction, message)
        await deliver(self.bot.engine, lambda: render_message(said), to)

    async def _delete(self, interaction: discord.Interaction[VerbatimBot], message: discord.Message) -> Message:
        """Delete the answer, and return what to say about it."""
        if self.bot.user is None or message.author.id != self.bot.user.id:
            return Message.NOT_AN_ANSWER
        stored = await self.bot.state.find_answer_of(message.id, message.channel.id)
        # Search results and lists are not stored, but Discord says whose command they answer.
        used = message.interaction_metadata
        is_own = used is not None and used.user.id == interaction.user.id
        if not is_own and not may_delete(self.bot, interaction, stored):
            return Message.NOT_YOURS
        messages = dict.fromkeys((message.id, *(stored.messages if stored else ())))
        if not await _delete_messages(interaction, list(messages)):
            return Message.NOT_DELETED
        if stored is not None:
            await _forget(self.bot, stored)
        return Message.DELETED


async def setup(bot: VerbatimBot) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Deletion(bot))
