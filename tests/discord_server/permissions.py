"""The permission bits used here, and a user's permissions in a channel."""

from enum import IntFlag
from functools import reduce
from operator import or_

from .models import Channel, Guild, User


class Permission(IntFlag):
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


ALL = (1 << 53) - 1
EVERYONE = int(
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)


def permissions_in(user: User, guild: Guild) -> int:
    """A user's permission bits in a guild, by their roles."""
    if user is guild.owner:
        return ALL
    if user.id not in guild.members:
        return 0
    roles = guild.members[user.id].roles
    granted = reduce(or_, (role.permissions for role in roles), guild.everyone.permissions)
    return ALL if granted & Permission.ADMINISTRATOR else granted


def permissions_of(user: User, channel: Channel) -> int:
    """A user's permission bits in a channel: roles, then the channel's overwrites in Discord's order."""
    guild = channel.guild
    if guild is None:
        return EVERYONE
    granted = permissions_in(user, guild)
    if granted == ALL or user.id not in guild.members:
        return granted
    roles = guild.members[user.id].roles
    place = channel.parent or channel
    for group in ([guild.id], [role.id for role in roles], [user.id]):
        found = [place.overwrites[each] for each in group if each in place.overwrites]
        granted &= ~reduce(or_, (each.deny for each in found), 0)
        granted |= reduce(or_, (each.allow for each in found), 0)
    return granted


def may(user: User, channel: Channel, *needed: Permission) -> bool:
    """Whether a user has all of the permissions in a channel; sending is another bit in a thread."""
    granted = permissions_of(user, channel)
    if channel.parent is not None:
        needed = tuple(Permission.SEND_MESSAGES_IN_THREADS if n == Permission.SEND_MESSAGES else n for n in needed)
    return all(granted & each for each in needed)
