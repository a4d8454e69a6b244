"""`/channels`: a server's settings, for members with Manage Server."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.forum_tags import CLEAR_VALUE, offer_forum_tags, tag_problems
from bot.i18n.command_translator import describe_options, localised
from bot.i18n.messages import CommandDescription, CommandName, Message
from bot.layout import render_settings
from bot.layout.markdown import single_line
from bot.layout.parts import ChannelMention, FixedSentence
from bot.layout.settings import DefaultCooldowns
from bot.policy.permissions import TO_OPEN_THREADS, missing_permission
from bot.sending.deliver import defer_if_slow, deliver
from bot.sending.destinations import InteractionDestination
from bot.sending.error_messages import NotManager
from bot.state import ALLOWED, MAX_TAG_LENGTH, UNASKED, AuditEntry, Change, ServerSettings, StateUnavailable, utc_now

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
MAX_SECONDS = 3600
CHANNEL_TYPES = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
)
"""Channel types with messages. Not media channels, which discord.py counts as forums: Discord does not document their
type and rejects the whole sync of a command that names it.
"""
Seconds = app_commands.Range[int, 0, MAX_SECONDS]


class ChannelTransformer(app_commands.Transformer):
    """A channel option that also takes channels the bot cannot see."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The option type."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The channel types offered."""
        return list(CHANNEL_TYPES)

    async def transform(
        self, interaction: discord.Interaction[Any], value: app_commands.AppCommandChannel, /
    ) -> app_commands.AppCommandChannel:
        """Return the channel as chosen; only its id is used."""
        del interaction
        return value


ChannelOption = app_commands.Transform[app_commands.AppCommandChannel, ChannelTransformer]


class Channels(commands.Cog):
    """Commands for a server's settings."""

    channels = app_commands.Group(
        name=localised(CommandName.CHANNELS),
        description=localised(CommandDescription.CHANNELS),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot
        self._changing = asyncio.Lock()
        """Held from reading settings to writing them, so that concurrent changes do not overwrite each other."""

    async def interaction_check(self, interaction: discord.Interaction[VerbatimBot], /) -> bool:  # type: ignore[override]  # narrowed to this bot's interactions
        """Require Manage Server on every call, whatever Discord lets members see."""
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            raise NotManager
        return True

    @channels.command(name=localised(CommandName.ADD), description=localised(CommandDescription.CHANNELS_ADD))
    @describe_options(channel=CommandDescription.CHANNEL, kind=CommandDescription.CHANNEL_KIND)
    @app_commands.choices(
        kind=[
            app_commands.Choice(name=localised(CommandDescription.KIND_UNASKED), value=UNASKED),
            app_commands.Choice(name=localised(CommandDescription.KIND_ALLOWED), value=ALLOWED),
        ]
    )
    async def add(
        self, interaction: discord.Interaction[VerbatimBot], channel: ChannelOption, kind: app_commands.Choice[str]
    ) -> None:
        """Add a channel to a list."""
        to = InteractionDestination(interaction, private=True)
        async with defer_if_slow(to), self._changing:
            await self._change(
                interaction,
                f"add {kind.value}",
                str(channel.id),
                lambda now: {kind.value: getattr(now, kind.value) | {channel.id}},
            )
        sentences = [FixedSentence.of(Message.CHANNEL_ADDED, channel=ChannelMention(channel.id))]
        if kind.value == UNASKED and not self.bot.intents.message_content:
            sentences.append(FixedSentence.of(Message.NO_CONTENT_INTENT))
        await self._send_settings(to, sentences)

    @channels.command(name=localised(CommandName.REMOVE), description=localised(CommandDescription.CHANNELS_REMOVE))
    @describe_options(channel=CommandDescription.CHANNEL)
    async def remove(self, interaction: discord.Interaction[VerbatimBot], channel: ChannelOption) -> None:
        """Remove a channel from all lists."""
        to = InteractionDestination(interaction, private=True)
        async with defer_if_slow(to), self._changing:
            now = self.bot.state.server_settings(_guild_id(interaction))
            is_listed = channel.id in now.unasked | now.allowed
            if is_listed:
                await self._change(interaction, "remove", str(channel.id), lambda now: _lists_without(now, channel.id))
        sentence = Message.CHANNEL_REMOVED if is_listed else Message.CHANNEL_UNKNOWN
        await self._send_settings(to, [FixedSentence.of(sentence, channel=ChannelMention(channel.id))])

    @channels.command(name=localised(CommandName.LIST), description=localised(CommandDescription.CHANNELS_LIST))
    async def show(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Show all settings."""
        now = self.bot.state.server_settings(_guild_id(interaction))
        problems = tag_problems(interaction.guild, now.answered_tag) if now.answered_tag else []
        await self._send_settings(InteractionDestination(interaction, private=True), problems, now)

    @channels.command(name=localised(CommandName.SET), description=localised(CommandDescription.CHANNELS_SET))
    @describe_options(
        threads=CommandDescription.SET_THREADS,
        private=CommandDescription.SET_PRIVATE,
        unsure=CommandDescription.SET_UNSURE,
        answered_tag=CommandDescription.SET_ANSWERED_TAG,
        user_seconds=CommandDescription.SET_USER_SECONDS,
        channel_seconds=CommandDescription.SET_CHANNEL_SECONDS,
    )
    @app_commands.autocomplete(answered_tag=offer_forum_tags)
    async def set(  # the options of the command
        self,
        interaction: discord.Interaction[VerbatimBot],
        threads: bool | None = None,
        private: bool | None = None,
        unsure: bool | None = None,
        answered_tag: app_commands.Range[str, 1, MAX_TAG_LENGTH] | None = None,
        user_seconds: Seconds | None = None,
        channel_seconds: Seconds | None = None,
    ) -> None:
        """Change the given settings."""
        values = {
            "threads": threads,
            "private": private,
            "unsure": unsure,
            "answered_tag": answered_tag,
            "user_seconds": user_seconds,
            "channel_seconds": channel_seconds,
        }
        changed: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        if answered_tag is not None:
            changed["answered_tag"] = None if single_line(answered_tag) in {"", CLEAR_VALUE} else answered_tag
        to = InteractionDestination(interaction, private=True)
        if not changed:
            await self._send_settings(to, [], self.bot.state.server_settings(_guild_id(interaction)))
            return
        details = ", ".join(f"{name}={value}" for name, value in changed.items())
        async with defer_if_slow(to), self._changing:
            now = await self._change(interaction, "set", details, lambda _: changed)
        sentences = [FixedSentence.of(Message.SETTINGS_CHANGED)]
        if changed.get("answered_tag"):
            sentences += tag_problems(interaction.guild, changed["answered_tag"])
        missing = missing_permission(interaction.app_permissions, *TO_OPEN_THREADS) if threads else None
        if missing is not None:
            sentences.append(FixedSentence.of(Message.LACKING_FOR_THREADS, permission=FixedSentence.of(missing)))
        await self._send_settings(to, sentences, now)

    @channels.command(name=localised(CommandName.RESET), description=localised(CommandDescription.CHANNELS_RESET))
    async def reset(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Reset all settings and lists."""
        to = InteractionDestination(interaction, private=True)
        async with defer_if_slow(to), self._changing:
            now = await self._change(interaction, "reset", "", lambda _: ServerSettings().model_dump())
        await self._send_settings(to, [FixedSentence.of(Message.SETTINGS_CHANGED)], now)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Remove a deleted channel from the lists.

        The last allowed channel stays: otherwise deleting it would let the bot answer everywhere. `/channels list`
        says how to choose another.
        """

        def left(now: ServerSettings) -> dict[str, Any]:
            lists = _lists_without(now, channel.id)
            return lists if lists[ALLOWED] else lists | {ALLOWED: now.allowed}

        async with self._changing:
            now = self.bot.state.server_settings(channel.guild.id)
            if left(now) == {UNASKED: now.unasked, ALLOWED: now.allowed}:
                return
            try:
                await self.bot.state.change_server_settings(channel.guild.id, left)
            except StateUnavailable as error:
                log.warning("A deleted channel could not be removed from the lists: %s", error)

    async def _change(
        self, interaction: discord.Interaction[VerbatimBot], action: str, details: str, change: Change
    ) -> ServerSettings:
        """Change settings and write the audit log; a failure to log does not undo the change."""
        server = _guild_id(interaction)
        now = await self.bot.state.change_server_settings(server, change)
        logged = AuditEntry(
            at=utc_now(), user=interaction.user.id, server=server, action=f"channels {action}", details=details
        )
        try:
            await self.bot.state.add_audit_entry(logged)
        except StateUnavailable as error:
            log.warning("The audit log could not be written: %s", error)
        return now

    async def _send_settings(
        self, to: InteractionDestination, sentences: list[FixedSentence], settings: ServerSettings | None = None
    ) -> None:
        defaults = DefaultCooldowns(self.bot.settings.user_seconds, self.bot.settings.channel_seconds)
        guild = to.interaction.guild
        chosen = settings.allowed | settings.unasked if settings is not None and settings.allowed else frozenset()
        is_shut_out = bool(chosen) and guild is not None and not any(map(guild.get_channel, chosen))
        await deliver(
            self.bot.engine, lambda: render_settings(sentences, settings, defaults, is_shut_out=is_shut_out), to
        )


def _lists_without(settings: ServerSettings, channel: int) -> dict[str, Any]:
    return {UNASKED: settings.unasked - {channel}, ALLOWED: settings.allowed - {channel}}


def _guild_id(interaction: discord.Interaction[Any]) -> int:
    if interaction.guild_id is None:
        raise NotManager
    return interaction.guild_id


async def setup(bot: VerbatimBot) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Channels(bot))
