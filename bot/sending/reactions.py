"""Reactions to messages: a thumbs-up for thanks, the tag of an answered forum post."""

from __future__ import annotations

import logging

import aiohttp
import discord

from bot.policy.permissions import TO_REACT, TO_TAG, is_allowed

log = logging.getLogger(__name__)
THUMBS_UP = "👍"
FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError)
MAX_TAGS = 5
"""Most tags that Discord allows on a forum post."""


async def react_with_thumbs_up(message: discord.Message) -> bool:
    """React to a message; return whether that worked."""
    if not is_allowed(message.channel, *TO_REACT):
        return False
    try:
        await message.add_reaction(THUMBS_UP)
    except FAILURES as error:
        log.info("A reaction could not be added: %s", error)
        return False
    return True


async def tag_as_answered(post: discord.Thread, name: str) -> None:
    """Add the tag with this name to a forum post, if its forum has one; a failure is logged and nothing more."""
    tag = find_tag(post.parent, name)
    if tag is None or tag in post.applied_tags or len(post.applied_tags) >= MAX_TAGS:
        return
    if not is_allowed(post, *TO_TAG):
        log.info("The forum post %d is not tagged, because Manage Threads is missing.", post.id)
        return
    try:
        await post.add_tags(tag)
    except FAILURES as error:
        log.info("The forum post %d could not be tagged: %s", post.id, error)


def find_tag(channel: object, name: str) -> discord.ForumTag | None:
    """Return the tag of a forum with this name, whatever its case."""
    if not isinstance(channel, discord.ForumChannel):
        return None
    wanted = name.strip().casefold()
    return next((tag for tag in channel.available_tags if tag.name.strip().casefold() == wanted), None)
