"""The permissions that the bot needs, the invite link, and the names of missing ones."""

from __future__ import annotations

import discord
from discord.abc import GuildChannel

from bot.i18n.messages import Message

PERMISSION_NAMES = {
    "view_channel": Message.VIEW_CHANNEL,
    "send_messages": Message.SEND_MESSAGES,
    "send_messages_in_threads": Message.SEND_IN_THREADS,
    "create_public_threads": Message.CREATE_THREADS,
    "manage_messages": Message.MANAGE_MESSAGES,
    "attach_files": Message.ATTACH_FILES,
    "read_message_history": Message.READ_HISTORY,
    "add_reactions": Message.ADD_REACTIONS,
    "manage_threads": Message.MANAGE_THREADS,
}

NEEDED = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history", "add_reactions")
"""What the bot asks for in its invite link; without one of these it cannot answer everywhere, or react to thanks."""
OPTIONAL = ("create_public_threads", "manage_threads")
"""Needed only for what a member or a manager may choose: threads, and the tag of answered forum posts."""
TO_OPEN_THREADS = ("create_public_threads", "send_messages_in_threads")
"""Needed to open a thread on a message; without the second, the thread would stay empty."""
TO_REACT = ("view_channel", "read_message_history", "add_reactions")
"""Needed for a reaction; without them a sentence answers thanks."""
TO_TAG = ("manage_threads",)
"""Needed to tag a forum post that somebody else has written."""


def invite_link(application: int) -> str:
    """Return the link that adds the bot to a server, with its commands and exactly the permissions it needs."""
    return discord.utils.oauth_url(application, permissions=discord.Permissions(**dict.fromkeys(NEEDED, True)))


def missing_permission(permissions: discord.Permissions, *needed: str) -> Message | None:
    """Return the first missing permission, by its name in Discord's settings."""
    return next((PERMISSION_NAMES[name] for name in needed if not getattr(permissions, name)), None)


def missing_write_permission(channel: object) -> Message | None:
    """Return the permission that the bot lacks to write in a channel or thread."""
    if isinstance(channel, discord.Thread):
        return missing_permission(channel.permissions_for(channel.guild.me), "view_channel", "send_messages_in_threads")
    if isinstance(channel, GuildChannel):
        return missing_permission(channel.permissions_for(channel.guild.me), "view_channel", "send_messages")
    return None


def can_reply(channel: object) -> bool:
    """Whether the bot can reply to messages there: replies need Read Message History."""
    return is_allowed(channel, "read_message_history")


def is_allowed(channel: object, *needed: str) -> bool:
    """Whether the bot has these permissions in a channel or thread; in direct messages it has all that it needs."""
    if not isinstance(channel, GuildChannel | discord.Thread):
        return True
    return missing_permission(channel.permissions_for(channel.guild.me), *needed) is None


def can_open_threads(channel: object) -> bool:
    """Whether the bot can open a thread in a channel and write in it."""
    if not isinstance(channel, discord.TextChannel):
        return False
    allowed = channel.permissions_for(channel.guild.me)
    return missing_permission(allowed, *TO_OPEN_THREADS) is None
