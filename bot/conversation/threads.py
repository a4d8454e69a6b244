"""Threads that the bot opened for a question, and the article that each is about."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.conversation.question_handler import QuestionHandler
from bot.i18n.messages import Message
from bot.layout import render_message
from bot.sending.deliver import deliver
from bot.sending.destinations import ChannelDestination
from bot.state import BotThread, StateUnavailable, utc_now

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)


async def find_bot_thread(bot: VerbatimBot, channel: object) -> BotThread | None:
    """Return the record of a thread that the bot opened, one without an article if it is gone; None elsewhere."""
    if not isinstance(channel, discord.Thread) or not bot.user or channel.owner_id != bot.user.id:
        return None
    return await _find_thread(bot, channel.id) or BotThread(thread=channel.id, asker="", at=utc_now())


async def _find_thread(bot: VerbatimBot, thread: int) -> BotThread | None:
    try:
        return await bot.state.find_thread(thread)
    except StateUnavailable as error:
        log.warning("A thread could not be looked up: %s", error)
        return None


async def tell_to_reply(bot: VerbatimBot, thread: discord.Thread, language: str) -> None:
    """Say in a new thread how to go on, if Discord does not show the bot what is written there."""
    if bot.intents.message_content:
        return
    try:
        await deliver(bot.engine, lambda: render_message(Message.REPLY_IN_THREAD), ChannelDestination(thread, language))
    except discord.HTTPException as error:
        log.info("How to go on in a thread could not be said there: %s", error)


async def store_thread(bot: VerbatimBot, thread: int, handler: QuestionHandler) -> None:
    """Record the article that a thread is about: the one asked about, or the first one quoted."""
    quotes = handler.answer.shown_quotes if handler.answer else ()
    about = handler.question.article or (quotes[0].article.id if quotes else None)
    try:
        asker = bot.state.pseudonym(handler.question.user)
        await bot.state.store_thread(BotThread(thread=thread, article=about, asker=asker, at=utc_now()))
    except StateUnavailable as error:
        log.warning("A thread's article could not be stored: %s", error)


async def update_thread(bot: VerbatimBot, thread: int, handler: QuestionHandler) -> None:
    """Record what a thread is about now, if the bot opened it."""
    if await _find_thread(bot, thread):
        await store_thread(bot, thread, handler)
