"""Who may ask where and how often, and who may look after the articles: they belong to the deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.cooldowns import TooFast
from bot.settings import Settings
from bot.state import ServerSettings

if TYPE_CHECKING:
    from bot.client import Verbatim


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
