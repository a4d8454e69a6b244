"""What the bot may do in a place, and the names of what it lacks."""

from __future__ import annotations

import discord
from discord.abc import GuildChannel

from bot.i18n.messages import Say

NAMES = {
    "view_channel": Say.VIEW_CHANNEL,
    "send_messages": Say.SEND_MESSAGES,
    "send_messages_in_threads": Say.SEND_IN_THREADS,
    "create_public_threads": Say.CREATE_THREADS,
    "manage_messages": Say.MANAGE_MESSAGES,
    "attach_files": Say.ATTACH_FILES,
    "read_message_history": Say.READ_HISTORY,
}


TO_OPEN_THREADS = ("create_public_threads", "send_messages_in_threads")
"""What a thread at a message takes; without the second it would be left empty."""


def lacking(permissions: discord.Permissions, *needed: str) -> Say | None:
    """The first of these permissions that is missing, by its name in Discord's own settings."""
    return next((NAMES[name] for name in needed if not getattr(permissions, name)), None)


def lacking_to_write(channel: object) -> Say | None:
    """What the bot lacks to write into a channel or thread of a server."""
    if isinstance(channel, discord.Thread):
        return lacking(channel.permissions_for(channel.guild.me), "view_channel", "send_messages_in_threads")
    if isinstance(channel, GuildChannel):
        return lacking(channel.permissions_for(channel.guild.me), "view_channel", "send_messages")
    return None


def can_reply(channel: object) -> bool:
    """Whether what is written there shows which message it replies to."""
    if not isinstance(channel, GuildChannel | discord.Thread):
        return True
    return lacking(channel.permissions_for(channel.guild.me), "read_message_history") is None


def can_open_threads(channel: object) -> bool:
    """Whether the bot may open a thread in a channel, and write into it."""
    if not isinstance(channel, discord.TextChannel):
        return False
    allowed = channel.permissions_for(channel.guild.me)
    return lacking(allowed, *TO_OPEN_THREADS) is None
