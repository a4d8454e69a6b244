"""Threads that the bot opened for a question, and the article that each is about."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.conversation.question_handler import Answering
from bot.state import Opened, StateBroken
from bot.state.store import utc_now

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)


async def opened_at(bot: Verbatim, channel: object) -> Opened | None:
    """Return the record of a thread that the bot opened; None for any other channel, or if the state cannot be read."""
    if not isinstance(channel, discord.Thread) or not bot.user or channel.owner_id != bot.user.id:
        return None
    try:
        return await bot.state.thread(channel.id)
    except StateBroken as error:
        log.warning("A thread could not be looked up: %s", error)
        return None


async def note_thread(bot: Verbatim, thread: int, answering: Answering) -> None:
    """Record the article that a thread is about: the one asked about, or the first one quoted."""
    quotes = answering.answer.shown if answering.answer else ()
    about = answering.question.article or (quotes[0].article.id if quotes else None)
    try:
        asker = bot.state.known_as(answering.question.user)
        await bot.state.opened(Opened(thread=thread, article=about, asker=asker, at=utc_now()))
    except StateBroken as error:
        log.warning("A thread's article could not be stored: %s", error)
