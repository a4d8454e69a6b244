"""`/channels`: a server's settings, for members with Manage Server."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.i18n.command_translator import named, options
from bot.i18n.messages import Describe, Name, Say
from bot.layout import settings_shown
from bot.layout.parts import ChannelName, Fixed
from bot.layout.settings import Defaults
from bot.policy.permissions import TO_OPEN_THREADS, lacking
from bot.sending.deliver import deliver, in_time
from bot.sending.destinations import ToInteraction
from bot.sending.error_messages import NotManaging
from bot.state import ALLOWED, UNASKED, Logged, ServerSettings, StateBroken
from bot.state.store import utc_now

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)
SECONDS_AT_MOST = 3600
KINDS = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
)
"""Channel types with messages. Not media channels, which discord.py counts as forums: Discord does not document their
type and rejects the whole sync of a command that names it.
"""
Seconds = app_commands.Range[int, 0, SECONDS_AT_MOST]


class ToPlace(app_commands.Transformer):
    """A channel option that also takes channels the bot cannot see."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The option type."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The channel types offered."""
        return list(KINDS)

    async def transform(
        self, interaction: discord.Interaction[Any], value: app_commands.AppCommandChannel, /
    ) -> app_commands.AppCommandChannel:
        """Return the channel as chosen; only its id is used."""
        del interaction
        return value


Place = app_commands.Transform[app_commands.AppCommandChannel, ToPlace]


class Channels(commands.Cog):
    """Commands for a server's settings."""

    channels = app_commands.Group(
        name=named(Name.CHANNELS),
        description=named(Describe.CHANNELS),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )

    def __init__(self, bot: Verbatim) -> None:
        self.bot = bot
        self._changing = asyncio.Lock()
        """Held from reading settings to writing them, so that concurrent changes do not overwrite each other."""

    async def interaction_check(self, interaction: discord.Interaction[Verbatim], /) -> bool:  # type: ignore[override]  # narrowed to this bot's interactions
        """Require Manage Server on every call, whatever Discord lets members see."""
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            raise NotManaging
        return True

    @channels.command(name=named(Name.ADD), description=named(Describe.CHANNELS_ADD))
    @options(channel=Describe.CHANNEL, kind=Describe.CHANNEL_KIND)
    @app_commands.choices(
        kind=[
            app_commands.Choice(name=named(Describe.KIND_UNASKED), value=UNASKED),
            app_commands.Choice(name=named(Describe.KIND_ALLOWED), value=ALLOWED),
        ]
    )
    async def add(
        self, interaction: discord.Interaction[Verbatim], channel: Place, kind: app_commands.Choice[str]
    ) -> None:
        """Add a channel to a list."""
        to = ToInteraction(interaction, private=True)
        async with in_time(to), self._changing:
            listed = getattr(self.bot.state.server(_server(interaction)), kind.value)
            await self._change(interaction, f"add {kind.value}", str(channel.id), {kind.value: listed | {channel.id}})
        sentences = [Fixed.of(Say.CHANNEL_ADDED, channel=ChannelName(channel.id))]
        if kind.value == UNASKED and not self.bot.intents.message_content:
            sentences.append(Fixed.of(Say.NO_CONTENT_INTENT))
        await self._tell(to, sentences)

    @channels.command(name=named(Name.REMOVE), description=named(Describe.CHANNELS_REMOVE))
    @options(channel=Describe.CHANNEL)
    async def remove(self, interaction: discord.Interaction[Verbatim], channel: Place) -> None:
        """Remove a channel from all lists."""
        to = ToInteraction(interaction, private=True)
        async with in_time(to), self._changing:
            now = self.bot.state.server(_server(interaction))
            is_listed = channel.id in now.unasked | now.allowed
            if is_listed:
                await self._change(interaction, "remove", str(channel.id), _without(now, channel.id))
        sentence = Say.CHANNEL_REMOVED if is_listed else Say.CHANNEL_UNKNOWN
        await self._tell(to, [Fixed.of(sentence, channel=ChannelName(channel.id))])

    @channels.command(name=named(Name.LIST), description=named(Describe.CHANNELS_LIST))
    async def show(self, interaction: discord.Interaction[Verbatim]) -> None:
        """Show all settings."""
        now = self.bot.state.server(_server(interaction))
        await self._tell(ToInteraction(interaction, private=True), [], now)

    @channels.command(name=named(Name.SET), description=named(Describe.CHANNELS_SET))
    @options(
        threads=Describe.SET_THREADS,
        private=Describe.SET_PRIVATE,
        unsure=Describe.SET_UNSURE,
        user_seconds=Describe.SET_USER_SECONDS,
        channel_seconds=Describe.SET_CHANNEL_SECONDS,
    )
    async def set(
        self,
        interaction: discord.Interaction[Verbatim],
        threads: bool | None = None,
        private: bool | None = None,
        unsure: bool | None = None,
        user_seconds: Seconds | None = None,
        channel_seconds: Seconds | None = None,
    ) -> None:
        """Change the given settings."""
        given = {
            "threads": threads,
            "private": private,
            "unsure": unsure,
            "user_seconds": user_seconds,
            "channel_seconds": channel_seconds,
        }
        changed = {name: value for name, value in given.items() if value is not None}
        to = ToInteraction(interaction, private=True)
        if not changed:
            await self._tell(to, [], self.bot.state.server(_server(interaction)))
            return
        details = ", ".join(f"{name}={value}" for name, value in changed.items())
        async with in_time(to), self._changing:
            now = await self._change(interaction, "set", details, changed)
        sentences = [Fixed.of(Say.SETTINGS_CHANGED)]
        missing = lacking(interaction.app_permissions, *TO_OPEN_THREADS) if threads else None
        if missing is not None:
            sentences.append(Fixed.of(Say.LACKING_FOR_THREADS, permission=Fixed.of(missing)))
        await self._tell(to, sentences, now)

    @channels.command(name=named(Name.RESET), description=named(Describe.CHANNELS_RESET))
    async def reset(self, interaction: discord.Interaction[Verbatim]) -> None:
        """Reset all settings and lists."""
        to = ToInteraction(interaction, private=True)
        async with in_time(to), self._changing:
            now = await self._change(interaction, "reset", "", ServerSettings().model_dump())
        await self._tell(to, [Fixed.of(Say.SETTINGS_CHANGED)], now)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Remove a deleted channel from the lists.

        The last allowed channel stays: otherwise deleting it would let the bot answer everywhere. `/channels list`
        says how to choose another.
        """
        async with self._changing:
            now = self.bot.state.server(channel.guild.id)
            left = _without(now, channel.id)
            if not left[ALLOWED]:
                left[ALLOWED] = now.allowed
            if left == {UNASKED: now.unasked, ALLOWED: now.allowed}:
                return
            try:
                await self.bot.state.set(channel.guild.id, **left)
            except StateBroken as error:
                log.warning("A deleted channel could not be removed from the lists: %s", error)

    async def _change(
        self, interaction: discord.Interaction[Verbatim], action: str, details: str, changed: dict[str, Any]
    ) -> ServerSettings:
        """Change settings and write the audit log; a failure to log does not undo the change."""
        server = _server(interaction)
        now = await self.bot.state.set(server, **changed)
        logged = Logged(
            at=utc_now(), user=interaction.user.id, server=server, action=f"channels {action}", details=details
        )
        try:
            await self.bot.state.note(logged)
        except StateBroken as error:
            log.warning("The audit log could not be written: %s", error)
        return now

    async def _tell(self, to: ToInteraction, sentences: list[Fixed], settings: ServerSettings | None = None) -> None:
        defaults = Defaults(self.bot.settings.user_seconds, self.bot.settings.channel_seconds)
        guild = to.interaction.guild
        chosen = settings.allowed | settings.unasked if settings is not None and settings.allowed else frozenset()
        is_shut_out = bool(chosen) and guild is not None and not any(map(guild.get_channel, chosen))
        await deliver(
            self.bot.engine, lambda: settings_shown(sentences, settings, defaults, is_shut_out=is_shut_out), to
        )


def _without(settings: ServerSettings, channel: int) -> dict[str, Any]:
    return {UNASKED: settings.unasked - {channel}, ALLOWED: settings.allowed - {channel}}


def _server(interaction: discord.Interaction[Any]) -> int:
    if interaction.guild_id is None:
        raise NotManaging
    return interaction.guild_id


async def setup(bot: Verbatim) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Channels(bot))
