"""Handlers of the buttons under an answer. A button holds ids only; the state holds what they refer to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.ext import commands

from bot.access import check_button_cooldown
from bot.bounded import BoundedQueue
from bot.cogs.deletion import delete_pressed, may_delete
from bot.conversation.stored_quotes import current_quotes
from bot.i18n import language_of, translate, use_language
from bot.i18n.messages import Message
from bot.layout import RenderedMessages, render_article, render_context, render_message, render_more, render_passages
from bot.layout.buttons import HANDLERS, Button, ButtonAction
from bot.layout.gaps import REASONS
from bot.sending.deliver import defer_if_slow, deliver, send_error
from bot.sending.destinations import InteractionDestination
from bot.sending.error_messages import AnswerExpired
from bot.state import (
    Feedback,
    FeedbackReason,
    StoredAnswer,
    SuggestionReference,
    utc_now,
)
from index.analysis.analyzer import terms
from index.errors import ArticleChanged, ArticleUnknown

if TYPE_CHECKING:
    from bot.client import VerbatimBot

PAGE_SIZE = 3
MAX_SUGGESTED_PASSAGES = 3
FORM = re.compile(r"v1:why:(?P<answer_id>[\w-]{1,40})")
WHY, DELETE = "why", "delete"
"""Custom ids in the form."""
AnyInteraction = discord.Interaction[Any]
FirstResponse = Callable[[AnyInteraction, str, StoredAnswer | None], Awaitable[None]]


class FeedbackForm(ui.Modal):
    """Modal that asks what is wrong with an answer; its custom id survives a restart.

    Whoever may delete the answer can do so here, and then need not say what is wrong.
    """

    def __init__(self, answer_id: str, *, may_delete: bool) -> None:
        super().__init__(title=translate(Message.WHY_TITLE), custom_id=f"v1:why:{answer_id}", timeout=900)
        options = [discord.RadioGroupOption(label=translate(say), value=why.value) for why, say in REASONS.items()]
        choice: ui.RadioGroup[ui.Modal] = ui.RadioGroup(custom_id=WHY, options=options, required=not may_delete)
        self.add_item(ui.Label(text=translate(Message.WHY_LABEL), component=choice))
        if may_delete:
            box: ui.Checkbox[ui.Modal] = ui.Checkbox(custom_id=DELETE)
            self.add_item(ui.Label(text=translate(Message.DELETE_TOO), component=box))


class AnswerButtons(commands.Cog, name=HANDLERS):
    """Handles button clicks and the feedback modal."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot
        self._handlers: dict[str, Callable[[InteractionDestination, StoredAnswer, int], Awaitable[None]]] = {
            ButtonAction.CONTEXT: self._context,
            ButtonAction.MORE: self._more,
            ButtonAction.NEAREST: self._more,
            ButtonAction.GOOD: self._good,
            ButtonAction.BAD: self._bad,
            ButtonAction.DELETE: self._delete,
            ButtonAction.SUGGESTION: self._suggestion,
        }
        self._first_responses: dict[str, FirstResponse] = {
            ButtonAction.BAD: self._ask_reason,
            ButtonAction.DELETE: self._acknowledge,
        }
        """Initial responses other than a message; these cannot be deferred."""

    async def cog_load(self) -> None:
        """Register the buttons, so that those from before a restart work too."""
        self.bot.add_dynamic_items(Button)

    async def handle_button(self, interaction: AnyInteraction, action: str, answer_id: str, number: int) -> None:
        """Handle a click; errors are shown privately to the user who clicked."""

        async def do(to: InteractionDestination) -> None:
            check_button_cooldown(self.bot, interaction)
            kept = await self._stored_answer(answer_id, to, self._first_responses.get(action))
            await self._handlers.get(action, self._ignore)(to, kept, number)

        await self._respond(interaction, do)

    async def _respond(
        self, interaction: AnyInteraction, do: Callable[[InteractionDestination], Awaitable[None]]
    ) -> None:
        to = InteractionDestination(interaction, private=True)
        try:
            self.bot.tasks.track()
            await do(to)
        except Exception as error:  # noqa: BLE001  # `send_error` maps the error to a message, or logs it
            await send_error(error, to)

    async def _ignore(self, *_: object) -> None:
        """Handle an unknown button, from another version or forged."""
        raise AnswerExpired

    async def _stored_answer(
        self, answer_id: str, to: InteractionDestination, respond: FirstResponse | None = None
    ) -> StoredAnswer:
        """Return the answer; respond as soon as it is known, or before Discord stops waiting."""
        recalling = asyncio.create_task(self.bot.state.find_answer(answer_id))
        if respond is not None:
            await asyncio.wait({recalling}, timeout=to.defer_after)
            known = recalling.result() if recalling.done() else None
            if known is not None or not recalling.done():
                await respond(to.interaction, answer_id, known)
        async with defer_if_slow(to):
            found = await recalling
        if found is None:
            raise AnswerExpired
        return found

    async def _send_message(self, to: InteractionDestination, sentence: Message) -> None:
        await deliver(self.bot.engine, lambda: render_message(sentence), to)

    async def _send_privately(
        self, to: InteractionDestination, make: Callable[[], RenderedMessages], queue: BoundedQueue | None = None
    ) -> None:
        """Show something privately; if the article has changed, say so instead."""

        def made() -> RenderedMessages:
            try:
                return make()
            except (ArticleChanged, ArticleUnknown):
                return render_message(Message.CHANGED_SINCE)

        async def kept() -> bool:
            return True

        await deliver(self.bot.engine, made, to, kept, queue)

    # ---- passages ----------------------------------------------------------------------------------------------------

    async def _context(self, to: InteractionDestination, stored: StoredAnswer, _: int) -> None:

        def make() -> RenderedMessages:
            quoted = current_quotes(self.bot.engine, stored.shown_quotes)
            if not quoted:
                return render_message(Message.CHANGED_SINCE)
            around = [(quote, *self.bot.engine.around(quote)) for quote in quoted]
            return render_context([(before, quote, after) for quote, before, after in around])

        await self._send_privately(to, make)

    async def _more(self, to: InteractionDestination, stored: StoredAnswer, first: int) -> None:
        heading = Message.MORE_OF if stored.shown_quotes else Message.NEAREST_OF
        page = stored.nearest[first : first + PAGE_SIZE]
        following = first + PAGE_SIZE

        def make() -> RenderedMessages:
            more = len(stored.nearest) > following
            return render_more(
                heading,
                current_quotes(self.bot.engine, page),
                Button.of(ButtonAction.MORE, stored.id, following) if more else None,
            )

        await self._send_privately(to, make)

    async def _suggestion(self, to: InteractionDestination, stored: StoredAnswer, number: int) -> None:
        """Show the best passages for the question and the suggestion; for an article without any, its metadata."""
        if number >= len(stored.suggestions):
            raise AnswerExpired
        suggested = stored.suggestions[number]
        await self._send_privately(to, lambda: self._render_suggestion(stored, suggested), self.bot.queue)

    def _render_suggestion(self, stored: StoredAnswer, suggested: SuggestionReference) -> RenderedMessages:
        engine = self.bot.engine
        entry = engine.entry(suggested.article)
        question = stored.question or ""
        if suggested.span is None:
            found = engine.search(question, MAX_SUGGESTED_PASSAGES, suggested.article) if terms(question) else ()
            return render_passages(question, found) if found else render_article(entry)
        if entry.article.text_sha256 != suggested.sha256:
            return render_message(Message.CHANGED_SINCE)
        name = " ".join(entry.article.text[slice(*suggested.span)].split())
        return render_passages(name, engine.search(f"{question} {name}", MAX_SUGGESTED_PASSAGES))

    # ---- feedback ----------------------------------------------------------------------------------------------------

    async def _good(self, to: InteractionDestination, stored: StoredAnswer, _: int) -> None:
        await self._rate(to, stored, good=True)
        await self._send_message(to, Message.THANKS)

    async def _ask_reason(self, interaction: AnyInteraction, answer_id: str, stored: StoredAnswer | None) -> None:
        is_private = interaction.message is None or interaction.message.flags.ephemeral
        deletable = stored is not None and not is_private and may_delete(self.bot, interaction, stored)
        with use_language(language_of(interaction.locale)):
            await interaction.response.send_modal(FeedbackForm(answer_id, may_delete=deletable))

    async def _bad(self, to: InteractionDestination, stored: StoredAnswer, _: int) -> None:
        """Record that the answer was not helpful, even if the modal is never submitted."""
        await self._rate(to, stored, good=False)

    async def _rate(
        self, to: InteractionDestination, stored: StoredAnswer, *, good: bool, why: FeedbackReason | None = None
    ) -> None:
        rater = self.bot.state.pseudonym(to.interaction.user.id)
        async with defer_if_slow(to):
            await self.bot.state.store_feedback(
                Feedback(answer_id=stored.id, rater=rater, good=good, reason=why, at=utc_now())
            )
        if why is None:  # the modal only adds a reason to a rating that was counted already
            self.bot.metrics.feedback.labels(str(good).lower()).inc()

    @commands.Cog.listener()
    async def on_interaction(self, interaction: AnyInteraction) -> None:
        """Handle a submitted feedback modal."""
        data: Any = interaction.data or {}
        form = FORM.fullmatch(data.get("custom_id", ""))
        if interaction.type is not discord.InteractionType.modal_submit or form is None:
            return

        entered = _submitted(data)
        wants_deletion = entered.get(DELETE) is True

        async def do(to: InteractionDestination) -> None:
            kept = await self._stored_answer(form["answer_id"], to, self._acknowledge if wants_deletion else None)
            if wants_deletion:
                await self._delete(to, kept)
                return
            if why := entered.get(WHY):
                await self._rate(
                    to, kept, good=False, why=FeedbackReason(why) if why in REASONS else FeedbackReason.OTHER
                )
            await self._send_message(to, Message.THANKS)

        await self._respond(interaction, do)

    # ---- deleting ----------------------------------------------------------------------------------------------------

    @staticmethod
    async def _acknowledge(interaction: AnyInteraction, *_: object) -> None:
        """Defer without a message: the answer is about to be deleted."""
        await interaction.response.defer()

    async def _delete(self, to: InteractionDestination, stored: StoredAnswer, _: int = 0) -> None:
        """Delete the answer, for those who may."""
        if may_delete(self.bot, to.interaction, stored):
            await delete_pressed(self.bot, to.interaction, stored)
        else:
            await self._send_message(to, Message.NOT_YOURS)


def _submitted(data: Any) -> dict[str, Any]:  # noqa: ANN401  # raw interaction data
    """Return what was entered, by custom id; several values of one component as the first."""
    components = [row.get("component") or {} for row in data.get("components", ())]
    return {
        one["custom_id"]: one["value"] if "value" in one else next(iter(one.get("values", ())), None)
        for one in components
        if "custom_id" in one
    }


async def setup(bot: VerbatimBot) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(AnswerButtons(bot))
