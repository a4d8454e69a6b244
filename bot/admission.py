"""Who may look after the articles: they belong to the deployment, not to a server."""

from __future__ import annotations

from typing import Any

import discord

from bot.settings import Settings


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
