"""The tag of answered forum posts: what `/channels set` offers, and what is in its way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.i18n.messages import Message
from bot.layout.parts import ChannelMention, FixedSentence, UserText
from bot.policy.permissions import TO_TAG, missing_permission
from bot.sending.reactions import find_tag

if TYPE_CHECKING:
    from bot.client import VerbatimBot

CLEAR_VALUE = "-"
"""What a manager enters for no tag."""
MAX_CHOICES = 25


async def offer_forum_tags(interaction: discord.Interaction[VerbatimBot], typed: str) -> list[app_commands.Choice[str]]:
    """Offer the names of the tags of the server's forums."""
    forums = interaction.guild.forums if interaction.guild else []
    names = dict.fromkeys(tag.name for forum in forums for tag in forum.available_tags)
    wanted = typed.strip().casefold()
    return [app_commands.Choice(name=name, value=name) for name in names if wanted in name.casefold()][:MAX_CHOICES]


def tag_problems(guild: discord.Guild | None, name: str) -> list[FixedSentence]:
    """Return what keeps posts from being tagged: no forum has the tag, or the bot lacks a permission there."""
    if guild is None:
        return []
    forums = [forum for forum in guild.forums if find_tag(forum, name)]
    return list(_problems(guild, forums)) if forums else [FixedSentence.of(Message.TAG_UNKNOWN, tag=UserText.of(name))]


def _problems(guild: discord.Guild, forums: list[discord.ForumChannel]) -> Iterator[FixedSentence]:
    for forum in forums:
        missing = missing_permission(forum.permissions_for(guild.me), *TO_TAG)
        if missing is not None:
            yield FixedSentence.of(
                Message.LACKING_FOR_TAG,
                channel=ChannelMention(forum.id),
                permission=FixedSentence.of(missing),
            )
