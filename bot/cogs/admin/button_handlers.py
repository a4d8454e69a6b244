"""Handlers of the admins' buttons and of their modal. Whoever presses is authorised again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.access import check_button_cooldown
from bot.cogs.admin.base import require_admin
from bot.cogs.admin.changes import removal, restoration, run_change
from bot.cogs.admin.uploads import FORM_ID, UploadedFile, add_files, is_article_file, submitted_files
from bot.i18n.messages import Message
from bot.layout import render_message
from bot.layout.admin_buttons import ADMIN_HANDLERS, AdminAction, AdminButton, article_reference, id_digest
from bot.layout.parts import FixedSentence
from bot.policy.permissions import missing_permission
from bot.sending.deliver import deliver, send_error
from bot.sending.destinations import ConfirmationDestination, InteractionDestination, ReportDestination
from bot.sending.error_messages import AnswerExpired

if TYPE_CHECKING:
    from bot.client import VerbatimBot

AnyInteraction = discord.Interaction[Any]
MAX_ID_DIGITS = 20
COMMANDS: dict[str, str] = {
    AdminAction.REMOVE: "admin remove",
    AdminAction.CANCEL: "admin remove",
    AdminAction.UNDO: "admin restore",
    AdminAction.ADD: "admin add",
}
"""The command that each button belongs to, for the audit log."""


class AdminButtons(commands.Cog, name=ADMIN_HANDLERS):
    """Handles clicks and submitted files."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot
        self._handlers: dict[str, Callable[[AnyInteraction, str], Awaitable[None]]] = {
            AdminAction.REMOVE: self._remove,
            AdminAction.CANCEL: self._cancel,
            AdminAction.UNDO: self._undo,
            AdminAction.ADD: self._add,
        }

    async def cog_load(self) -> None:
        """Register the buttons, so that those from before a restart work too."""
        self.bot.add_dynamic_items(AdminButton)

    async def handle_admin_button(self, interaction: AnyInteraction, action: str, reference: str) -> None:
        """Handle a click; errors are shown privately to the user who clicked."""
        handler = self._handlers.get(action)

        async def do() -> None:
            if handler is None:  # another version's, or forged
                raise AnswerExpired
            await handler(interaction, reference)

        await self._respond(interaction, COMMANDS.get(action, "admin"), do)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: AnyInteraction) -> None:
        """Handle submitted files."""
        data: Any = interaction.data or {}
        if interaction.type is discord.InteractionType.modal_submit and data.get("custom_id") == FORM_ID:
            to = ReportDestination(interaction, private=True)
            await self._respond(interaction, "admin add", lambda: add_files(self.bot, to, submitted_files(data)))

    async def _respond(self, interaction: AnyInteraction, attempted: str, do: Callable[[], Awaitable[None]]) -> None:
        try:
            self.bot.tasks.track()
            check_button_cooldown(self.bot, interaction)
            await require_admin(self.bot, interaction, attempted)
            await do()
        except Exception as error:  # noqa: BLE001  # `send_error` maps the error to a message, or logs it
            await send_error(error, InteractionDestination(interaction, private=True))

    # ---- removing ----------------------------------------------------------------------------------------------------

    async def _remove(self, interaction: AnyInteraction, reference: str) -> None:
        """Remove the article that was asked about, if it is still the same."""
        to = ConfirmationDestination(interaction)
        await deliver(self.bot.engine, lambda: render_message(Message.REMOVING), to)
        article = await asyncio.to_thread(self._referenced, reference)
        if article is None:
            await deliver(self.bot.engine, lambda: render_message(Message.CONFIRM_OUTDATED), to)
            return
        await run_change(self.bot, to, removal(self.bot, article))

    def _referenced(self, reference: str) -> str | None:
        """Return the id of the article of a reference; None if it has changed or is gone."""
        digest = reference.partition("-")[0]
        collection = self.bot.engine.collection
        article = next((article for article in collection.ids if id_digest(article) == digest), None)
        if article is None or article_reference(collection.article(article)) != reference:
            return None
        return article

    async def _cancel(self, interaction: AnyInteraction, _: str) -> None:
        """Take the question back."""
        to = ConfirmationDestination(interaction)
        await deliver(self.bot.engine, lambda: render_message(Message.NOTHING_REMOVED), to)

    async def _undo(self, interaction: AnyInteraction, reference: str) -> None:
        """Bring a removed article back."""
        await run_change(self.bot, ReportDestination(interaction, private=True), restoration(self.bot, reference))

    # ---- adding ------------------------------------------------------------------------------------------------------

    async def _add(self, interaction: AnyInteraction, reference: str) -> None:
        """Add the files of a message, for the admin who wrote it."""
        to = ReportDestination(interaction, private=True)
        found = await self._message(interaction, reference)
        if isinstance(found, FixedSentence):
            await deliver(self.bot.engine, lambda: render_message(found.sentence, **found.values), to)
            return
        files = [UploadedFile(one.filename, one.size, one.url) for one in found.attachments if is_article_file(one)]
        await add_files(self.bot, to, files)

    async def _message(self, interaction: AnyInteraction, reference: str) -> discord.Message | FixedSentence:
        """Return the message with the files, or why they cannot be added."""
        channel: Any = interaction.channel
        if not reference.isdecimal() or len(reference) > MAX_ID_DIGITS:  # forged
            return FixedSentence.of(Message.FILES_GONE)
        missing = missing_permission(interaction.app_permissions, "read_message_history")
        if missing:
            return FixedSentence.of(Message.LACKING, permission=FixedSentence.of(missing))
        try:
            message: discord.Message = await channel.fetch_message(int(reference))
        except (discord.Forbidden, discord.NotFound):
            return FixedSentence.of(Message.FILES_GONE)
        if message.author.id != interaction.user.id:
            return FixedSentence.of(Message.FILES_NOT_YOURS)
        return message if any(map(is_article_file, message.attachments)) else FixedSentence.of(Message.FILES_GONE)
