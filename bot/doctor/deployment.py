"""What is told about a deployment at every start, and by `verbatim doctor`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

import discord

from bot.doctor import messages
from bot.doctor.finding import Finding, Level, ok, warning
from bot.policy.permissions import invite_link
from bot.settings import OptionalSettings, unknown_variables

log = logging.getLogger(__name__)


def has_message_content(application: discord.AppInfo) -> bool:
    """Whether the application has the privileged message content intent."""
    flags = application.flags
    return flags.gateway_message_content or flags.gateway_message_content_limited


def application_findings(settings: OptionalSettings, application: discord.AppInfo) -> Iterator[Finding]:
    """The invite link, who may use `/admin`, and whether the message content intent is on."""
    yield ok(messages.INVITE.format(link=invite_link(application.id)))
    yield _admins(settings, application)
    yield ok(messages.CONTENT_ON if has_message_content(application) else messages.CONTENT_OFF)


def _admins(settings: OptionalSettings, application: discord.AppInfo) -> Finding:
    if not settings.admin_guilds:
        return warning(messages.NO_ADMIN_SERVER)
    team = application.team
    who = [messages.TEAM.format(name=team.name) if team else messages.OWNER.format(name=application.owner.name)]
    if settings.admin_users:
        who.append(messages.ADMIN_USERS.format(ids=_listed(settings.admin_users)))
    if settings.admin_roles:
        who.append(messages.ADMIN_ROLES.format(ids=_listed(settings.admin_roles)))
    return ok(messages.ADMINS.format(servers=_listed(settings.admin_guilds), who="; ".join(who)))


def unread_channel_findings(servers: Collection[int], *, message_content: bool) -> Iterator[Finding]:
    """The servers that name channels to answer in without a mention, where the intent for that is off."""
    if servers and not message_content:
        yield warning(messages.CONTENT_MISSING.format(servers=_listed(servers)))


def admin_server_findings(
    settings: OptionalSettings,
    roles: Mapping[int, Collection[int]],
    is_own: Callable[[int], bool] = lambda _: True,
) -> Iterator[Finding]:
    """The admin servers that the bot is not in, and the admin roles that are in none of them.

    Args:
        settings: the deployment's settings.
        roles: the ids of the roles of each server that the bot is in, at least of the admin servers.
        is_own: whether `roles` would have a server; of several processes, each knows those of its shards.
    """
    for server in sorted(filter(is_own, settings.admin_guilds - roles.keys())):
        yield warning(messages.NOT_IN_ADMIN_SERVER.format(server=server))
    if not all(map(is_own, settings.admin_guilds)):
        return
    known = {role for server in settings.admin_guilds & roles.keys() for role in roles[server]}
    for role in sorted(settings.admin_roles - known) if known else ():
        yield warning(messages.UNKNOWN_ROLE.format(role=role))


def log_findings(found: Iterable[Finding]) -> None:
    """Log findings, a line each."""
    for finding in found:
        log.log(logging.INFO if finding.level is Level.OK else logging.WARNING, "%s", finding.text)


def variable_findings(env_file: Path | None) -> Iterator[Finding]:
    """The variables that look like settings, but are none."""
    for unknown in unknown_variables(env_file):
        meant = messages.MEANT.format(meant=unknown.meant) if unknown.meant else ""
        yield warning(messages.UNKNOWN_VARIABLE.format(name=unknown.name) + meant)


def _listed(ids: Collection[int]) -> str:
    return ", ".join(str(one) for one in sorted(ids))
