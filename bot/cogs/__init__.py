"""The commands, one cog per topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.cogs.about import About
from bot.cogs.admin import Admin
from bot.cogs.ask import Ask
from bot.cogs.channels import Channels
from bot.cogs.lookup import Lookup
from bot.cogs.messages import Messages

if TYPE_CHECKING:
    from bot.client import Verbatim


async def install(bot: Verbatim) -> None:
    """Add all cogs; the admin commands only in the configured admin servers."""
    for cog in (Messages(bot), Ask(bot), Lookup(bot), Channels(bot), About(bot)):
        await bot.add_cog(cog)
    if bot.settings.admin_guilds:
        await bot.add_cog(Admin(bot), guilds=[discord.Object(guild) for guild in bot.settings.admin_guilds])
