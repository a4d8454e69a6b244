"""Authorisation: where the bot answers, how often a user may ask, and who is an admin of the articles."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord

from bot.settings import Settings
from bot.state import ServerSettings

if TYPE_CHECKING:
    from bot.client import VerbatimBot

PATIENCE = 1.0
"""Seconds to wait for Discord's reply about the application's owner; an interaction must be answered within three."""


def settings_in(bot: VerbatimBot, server: int | None) -> ServerSettings:
    """Return a server's settings; the defaults in direct messages."""
    return ServerSettings() if server is None else bot.state.server_settings(server)


async def check_command(bot: VerbatimBot, interaction: discord.Interaction[Any]) -> bool:
    """Count a command towards the cool-downs; return whether the server allows a public answer; raises `OnCooldown`."""
    settings = settings_in(bot, interaction.guild_id)
    channel = parent_channel_id(interaction.channel)
    is_welcome = may_answer_in(channel, settings)
    await check_cooldown(bot, interaction.user.id, channel if is_welcome else None, settings)
    return is_welcome and _can_write_here(interaction)


def may_answer_in(channel: int | None, settings: ServerSettings) -> bool:
    """Whether the server allows public answers in a channel."""
    return not settings.allowed or channel in settings.allowed | settings.unasked


async def check_cooldown(bot: VerbatimBot, user: int, channel: int | None, settings: ServerSettings) -> None:
    """Count a question towards the cool-downs.

    Args:
        bot: holds the cool-downs and their defaults.
        user: the asker's id.
        channel: the channel's id; None if only the asker sees the answer.
        settings: the server's settings; the defaults in direct messages.

    Raises:
        OnCooldown: the user or the channel has to wait.
    """
    own, shared = settings.user_seconds, settings.channel_seconds
    await bot.cooldowns.check(
        user,
        bot.settings.user_seconds if own is None else own,
        channel,
        bot.settings.channel_seconds if shared is None else shared,
    )


def check_button_cooldown(bot: VerbatimBot, interaction: discord.Interaction[Any]) -> None:
    """Count a press of a button towards the member's cool-down for buttons; raises `OnCooldown`."""
    own = settings_in(bot, interaction.guild_id).user_seconds
    bot.cooldowns.check_press(interaction.user.id, bot.settings.user_seconds if own is None else own)


def parent_channel_id(channel: Any) -> int | None:  # noqa: ANN401  # the channel of any message or interaction
    """Return the channel's id; for a thread, its parent's."""
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return getattr(channel, "id", None)


def _can_write_here(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot may write where a command was used; for user installs Discord enforces that itself."""
    if interaction.guild is None or not interaction.is_guild_integration():
        return True
    return interaction.app_permissions.send_messages or isinstance(interaction.channel, discord.Thread)


async def may_administer(interaction: discord.Interaction[Any], settings: Settings) -> bool:
    """Whether the caller is an admin; see `is_admin`."""
    return await is_admin(interaction.client, interaction.user, interaction.guild_id, settings)


async def is_admin(
    client: discord.Client, user: discord.User | discord.Member, server: int | None, settings: Settings
) -> bool:
    """Whether a user is in an admin server and is listed, has a listed role, or owns the application.

    Server permissions do not count: the articles belong to the deployment, not to a server.
    """
    if server not in settings.admin_guilds:
        return False
    if user.id in settings.admin_users:
        return True
    if isinstance(user, discord.Member) and any(role.id in settings.admin_roles for role in user.roles):
        return True
    return user.id in await _owners(client)


async def _owners(client: discord.Client) -> frozenset[int]:
    """Return the ids of the application's owner or team members.

    Fetched on every call, because teams change. If Discord does not reply in time, those known at startup are used.
    """
    application: discord.AppInfo | None
    try:
        async with asyncio.timeout(PATIENCE):
            application = await client.application_info()
    except (discord.HTTPException, TimeoutError):
        application = client.application
    if application is None:
        return frozenset()
    if application.team is None:
        return frozenset({application.owner.id})
    accepted = discord.TeamMembershipState.accepted
    return frozenset(member.id for member in application.team.members if member.membership_state is accepted)
