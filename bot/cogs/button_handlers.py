"""Handlers of the buttons under an answer. A button holds ids only; the state holds what they refer to."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.ext import commands

from bot.bounded import BoundedQueue
from bot.i18n import language_of, translate, use_language
from bot.i18n.messages import Message
from bot.layout import RenderedMessages, render_article, render_context, render_message, render_more, render_passages
from bot.layout.buttons import HANDLERS, Button, ButtonAction
from bot.sending.deliver import defer_if_slow, deliver, send_error
from bot.sending.destinations import InteractionDestination
from bot.sending.error_messages import AnswerExpired
from bot.state import (
    Feedback,
    FeedbackReason,
    QuoteReference,
    StateUnavailable,
    StoredAnswer,
    SuggestionReference,
    utc_now,
)
from index.analysis.analyzer import terms
from index.errors import ArticleChanged, ArticleUnknown
from index.models import Quote

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
PAGE_SIZE = 3
MAX_SUGGESTED_PASSAGES = 3
FORM = re.compile(r"v1:why:(?P<answer_id>[\w-]{1,40})")
REASONS = {
    FeedbackReason.WRONG_PASSAGE: Message.WHY_WRONG_PASSAGE,
    FeedbackReason.NO_ANSWER: Message.WHY_NO_ANSWER,
    FeedbackReason.OUTDATED: Message.WHY_OUTDATED,
    FeedbackReason.OTHER: Message.WHY_OTHER,
}
AnyInteraction = discord.Interaction[Any]


class FeedbackForm(ui.Modal):
    """Modal that asks what is wrong with an answer; its custom id survives a restart."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(title=translate(Message.WHY_TITLE), custom_id=f"v1:why:{answer_id}", timeout=900)
        options = [discord.SelectOption(label=translate(say), value=why.value) for why, say in REASONS.items()]
        choice: ui.Select[ui.Modal] = ui.Select(custom_id="why", options=options)
        self.add_item(ui.Label(text=translate(Message.WHY_LABEL), component=choice))


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
        self._first_responses: dict[str, Callable[[AnyInteraction, str], Awaitable[None]]] = {
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
            recalling = asyncio.create_task(self.bot.state.find_answer(answer_id))
            if action in self._first_responses:
                await asyncio.wait({recalling}, timeout=to.defer_after)
                if not recalling.done() or recalling.result() is not None:
                    await self._first_responses[action](interaction, answer_id)
            kept = await self._stored_answer(recalling, to)
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

    @staticmethod
    async def _stored_answer(recalling: Awaitable[StoredAnswer | None], to: InteractionDestination) -> StoredAnswer:
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

    def _quote_again(self, place: QuoteReference) -> Quote:
        also = [(source.article, source.sha256, source.spans) for source in place.also]
        quoted = self.bot.engine.quote_again(place.article, place.sha256, place.spans, place.matched, also)
        return quoted.model_copy(update={"further_sources": place.further_sources})

    # ---- passages ----------------------------------------------------------------------------------------------------

    async def _context(self, to: InteractionDestination, stored: StoredAnswer, _: int) -> None:

        def make() -> RenderedMessages:
            quoted = self._current_quotes(stored.shown_quotes)
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
                self._current_quotes(page),
                Button.of(ButtonAction.MORE, stored.id, following) if more else None,
            )

        await self._send_privately(to, make)

    def _current_quotes(self, places: Sequence[QuoteReference]) -> list[Quote]:
        found = []
        for place in places:
            try:
                found.append(self._quote_again(place))
            except (ArticleChanged, ArticleUnknown):
                continue
        return found

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

    async def _ask_reason(self, interaction: AnyInteraction, answer_id: str) -> None:
        with use_language(language_of(interaction.locale)):
            await interaction.response.send_modal(FeedbackForm(answer_id))

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

        async def do(to: InteractionDestination) -> None:
            kept = await self._stored_answer(self.bot.state.find_answer(form["answer_id"]), to)
            await self._rate(to, kept, good=False, why=_chosen_reason(data))
            await self._send_message(to, Message.THANKS)

        await self._respond(interaction, do)

    # ---- deleting ----------------------------------------------------------------------------------------------------

    @staticmethod
    async def _acknowledge(interaction: AnyInteraction, _: str) -> None:
        """Defer without a message: the answer is about to be deleted."""
        await interaction.response.defer()

    async def _delete(self, to: InteractionDestination, stored: StoredAnswer, _: int) -> None:
        """Delete the answer, for the asker or a member with Manage Messages."""
        interaction = to.interaction
        is_asker = self.bot.state.pseudonym(interaction.user.id) == stored.asker
        if not is_asker and not (interaction.guild and interaction.permissions.manage_messages):
            await self._send_message(to, Message.NOT_YOURS)
            return
        pressed = interaction.message.id if interaction.message else None
        for message in dict.fromkeys((*stored.messages, *([pressed] if pressed else []))):
            await self._delete_message(interaction, message, is_pressed=message == pressed)
        try:
            await self.bot.state.delete_answer(stored.id)
        except StateUnavailable as error:
            log.warning("The record of a deleted answer could not be deleted: %s", error)

    @staticmethod
    async def _delete_message(interaction: AnyInteraction, message: int, *, is_pressed: bool) -> None:
        try:
            if is_pressed:
                await interaction.delete_original_response()
            elif interaction.channel is not None:
                channel: Any = interaction.channel
                await channel.get_partial_message(message).delete()
        except (discord.NotFound, discord.Forbidden) as error:
            # Deleted already, or part of an answer in a server that the bot is not a member of.
            log.info("A message of an answer could not be deleted: %s", error)


def _chosen_reason(data: Any) -> FeedbackReason:  # noqa: ANN401  # raw interaction data
    for row in data.get("components", ()):
        for value in (row.get("component") or {}).get("values", ()):
            if value in set(FeedbackReason):
                return FeedbackReason(value)
    return FeedbackReason.OTHER


async def setup(bot: VerbatimBot) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(AnswerButtons(bot))
