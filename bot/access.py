"""Who may ask where and how often, and who may look after the articles: they belong to the deployment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord

from bot.settings import Settings
from bot.state import ServerSettings

if TYPE_CHECKING:
    from bot.client import Verbatim

PATIENCE = 1.0
"""Seconds for which Discord is waited for to tell who owns the application; it waits for three itself."""


def settings_in(bot: Verbatim, server: int | None) -> ServerSettings:
    """The settings of a server; the defaults in direct messages."""
    return ServerSettings() if server is None else bot.state.server(server)


def admit_command(bot: Verbatim, interaction: discord.Interaction[Any]) -> bool:
    """Whether a command may be answered for all to see, as far as it is the server's to say; TooFast as in `admit`."""
    settings = settings_in(bot, interaction.guild_id)
    channel = home_of(interaction.channel)
    is_welcome = may_answer_in(channel, settings)
    admit(bot, interaction.user.id, channel if is_welcome else None, settings)
    return is_welcome and _is_open(interaction)


def may_answer_in(channel: int | None, settings: ServerSettings) -> bool:
    """Whether the server lets the bot answer in a channel for all to see."""
    return not settings.allowed or channel in settings.allowed | settings.unasked


def admit(bot: Verbatim, user: int, channel: int | None, settings: ServerSettings) -> None:
    """Count a question in.

    Args:
        bot: with its cool-downs and their defaults.
        user: who asks.
        channel: where; None for a place that only the asker sees.
        settings: of the server; the defaults elsewhere.

    Raises:
        TooFast: somebody has to wait.
    """
    own, shared = settings.user_seconds, settings.channel_seconds
    bot.cooldowns.ask(
        user,
        bot.settings.user_seconds if own is None else own,
        channel,
        bot.settings.channel_seconds if shared is None else shared,
    )


def home_of(channel: Any) -> int | None:  # noqa: ANN401  # whatever a message or an interaction stands in
    """The channel, or the one that a thread belongs to."""
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return getattr(channel, "id", None)


def _is_open(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot may write where a command was used; where it is no member, Discord sees to that itself."""
    if interaction.guild is None or not interaction.is_guild_integration():
        return True
    return interaction.app_permissions.send_messages or isinstance(interaction.channel, discord.Thread)


async def may_administer(interaction: discord.Interaction[Any], settings: Settings) -> bool:
    """Whether the caller is in an admin server, and is a listed user, holds a listed role, or owns the application.

    Permissions of the server open nothing: somebody who administers another server, or this one, is not thereby an
    admin of the articles.
    """
    if interaction.guild_id not in settings.admin_guilds:
        return False
    user = interaction.user
    if user.id in settings.admin_users:
        return True
    if isinstance(user, discord.Member) and any(role.id in settings.admin_roles for role in user.roles):
        return True
    return user.id in await _owners(interaction.client)


async def _owners(client: discord.Client) -> frozenset[int]:
    """The application's owner, or the members of the team that owns it; asked anew, for teams change.

    Where Discord does not tell in time for the command to be answered, who owned it at the start still does.
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
