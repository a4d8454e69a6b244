"""Checks that ask Discord, by REST alone: the bot may be running meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator
from typing import NamedTuple

import aiohttp
import discord
from pydantic import SecretStr

from bot.doctor import messages
from bot.doctor.deployment import (
    admin_server_findings,
    application_findings,
    has_message_content,
    unread_channel_findings,
)
from bot.doctor.finding import Finding, ok, problem, warning
from bot.policy.permissions import NEEDED, PERMISSION_NAMES
from bot.settings import OptionalSettings
from bot.state.inspection import Inspection

PAGE = 200
"""Servers that Discord lists at once."""
MAX_SERVERS = 20
"""Servers whose channels are looked at, with three requests for each."""


class Membership(NamedTuple):
    """A server that the bot is in, and its permissions there, without those of channels."""

    name: str
    permissions: discord.Permissions


async def discord_findings(settings: OptionalSettings, token: SecretStr, state: Inspection) -> list[Finding]:
    """Whether Discord accepts the token, and what the bot may do in each of its servers.

    Args:
        settings: the deployment's settings.
        token: the bot's token.
        state: the channels that servers have named.
    """
    found: list[Finding] = []
    try:
        async with discord.Client(intents=discord.Intents(guilds=True)) as client:
            await client.login(token.get_secret_value())
            async for finding in _ask(client, settings, state):
                found.append(finding)  # noqa: PERF401  # what comes before an error counts
    except discord.LoginFailure:
        found.append(problem(messages.REJECTED))
    except (discord.DiscordServerError, aiohttp.ClientError, OSError, TimeoutError):
        found.append(problem(messages.NO_DISCORD))
    except discord.HTTPException as error:
        found.append(problem(messages.REFUSED.format(error=error)))
    return found


async def _ask(client: discord.Client, settings: OptionalSettings, state: Inspection) -> AsyncIterator[Finding]:
    user, application = client.user, client.application
    if user is None or application is None:  # set by the login; for the type checker
        return
    yield ok(messages.ACCEPTED.format(name=user.name))
    for finding in application_findings(settings, application):
        yield finding
    memberships = await _memberships(client)
    unread = state.unasked.keys() & memberships.keys()
    for finding in unread_channel_findings(unread, message_content=has_message_content(application)):
        yield finding
    for finding in _permission_findings(memberships.values()):
        yield finding
    roles = {
        server: [role.id for role in (await client.fetch_guild(server, with_counts=False)).roles]
        for server in sorted(settings.admin_guilds & memberships.keys())
    }
    for finding in admin_server_findings(settings, roles):
        yield finding
    named = sorted((state.unasked.keys() | state.allowed.keys()) & memberships.keys())
    for server in named[:MAX_SERVERS]:
        channels = state.unasked.get(server, frozenset()) | state.allowed.get(server, frozenset())
        async for finding in _channel_findings(client, user.id, server, channels):
            yield finding
    if len(named) > MAX_SERVERS:
        yield warning(messages.NOT_LOOKED_AT.format(count=len(named) - MAX_SERVERS))


async def _memberships(client: discord.Client) -> dict[int, Membership]:
    """The bot's servers by id. Discord computes the permissions, which discord.py's `fetch_guilds` leaves out."""
    found: dict[int, Membership] = {}
    while True:
        page = await client.http.get_guilds(PAGE, after=max(found, default=None), with_counts=False)
        for guild in page:
            permissions = discord.Permissions(int(guild.get("permissions", 0)))
            found[int(guild["id"])] = Membership(guild["name"], permissions)
        if len(page) < PAGE:
            return found


def _permission_findings(memberships: Collection[Membership]) -> Iterator[Finding]:
    lacking = [(one, missing) for one in memberships if (missing := _missing(one.permissions))]
    for one, missing in lacking:
        names = _names(missing)
        yield _level(missing)(messages.NOT_PERMITTED.format(server=one.name, permissions=names))
    if not memberships:
        yield warning(messages.NO_SERVER)
    elif len(lacking) < len(memberships):
        yield ok(messages.PERMITTED.format(count=len(memberships) - len(lacking), total=len(memberships)))


async def _channel_findings(
    client: discord.Client, user: int, server: int, named: Collection[int]
) -> AsyncIterator[Finding]:
    """The channels that a server names, and in which the bot cannot answer."""
    guild = await client.fetch_guild(server, with_counts=False)
    me = await guild.fetch_member(user)
    channels = {channel.id: channel for channel in await guild.fetch_channels()}
    for channel in sorted(named):
        if channel not in channels:
            yield warning(messages.CHANNEL_GONE.format(server=guild.name, channel=channel))
        elif missing := _missing(channels[channel].permissions_for(me)):
            name, names = channels[channel].name, _names(missing)
            yield _level(missing)(
                messages.NOT_PERMITTED_IN_CHANNEL.format(channel=name, server=guild.name, permissions=names)
            )


def _missing(permissions: discord.Permissions) -> list[str]:
    """The needed permissions that are missing."""
    return [] if permissions.administrator else [name for name in NEEDED if not getattr(permissions, name)]


def _names(missing: list[str]) -> str:
    """Their names in Discord's settings."""
    return ", ".join(PERMISSION_NAMES[name].value for name in missing)


def _level(missing: list[str]) -> Callable[[str], Finding]:
    """How bad it is: without reactions, the bot thanks in words."""
    return warning if missing == ["add_reactions"] else problem
