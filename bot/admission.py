"""Who may ask where and how often, and who may look after the articles: they belong to the deployment."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord

from bot.cooldowns import TooFast
from bot.settings import Settings
from bot.state import ServerSettings, StateBroken

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)


async def settings_in(bot: Verbatim, server: int | None) -> ServerSettings:
    """The settings of a server; the defaults in direct messages, and where the state cannot be read."""
    if server is None:
        return ServerSettings()
    try:
        return await bot.state.server(server)
    except StateBroken as error:
        log.warning("The settings of a server could not be read: %s", error)
        return ServerSettings()


async def admit_command(bot: Verbatim, interaction: discord.Interaction[Any]) -> bool:
    """Whether a command may be answered for all to see, as far as it is the server's to say; TooFast as in `admit`."""
    settings = await settings_in(bot, interaction.guild_id)
    return admit(bot, interaction.user.id, home_of(interaction.channel), settings) and _is_open(interaction)


def admit(bot: Verbatim, user: int, channel: int | None, settings: ServerSettings, *, unasked: bool = False) -> bool:
    """Whether the bot may answer in this channel for all to see; TooFast where somebody has to wait.

    Args:
        bot: with its cool-downs and their defaults.
        user: who asks.
        channel: where; None for a place that only the asker sees.
        settings: of the server; the defaults elsewhere.
        unasked: whether nobody turned to the bot: nobody is told to wait then, they are just not answered.
    """
    here = channel is None or not settings.allowed or channel in settings.allowed or channel in settings.unasked
    own, shared = settings.user_seconds, settings.channel_seconds
    try:
        bot.cooldowns.ask(
            user,
            bot.settings.user_seconds if own is None else own,
            channel if here else None,
            bot.settings.channel_seconds if shared is None else shared,
        )
    except TooFast:
        if unasked:
            return False
        raise
    return here


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
    """The application's owner, or the members of the team that owns it; asked anew, for teams change."""
    application: discord.AppInfo | None
    try:
        application = await client.application_info()
    except discord.HTTPException:
        application = client.application
    if application is None:
        return frozenset()
    if application.team is None:
        return frozenset({application.owner.id})
    accepted = discord.TeamMembershipState.accepted
    return frozenset(member.id for member in application.team.members if member.membership_state is accepted)
