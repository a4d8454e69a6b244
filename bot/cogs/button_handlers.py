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

from bot.i18n import language_of, speaking, told
from bot.i18n.messages import Say
from bot.layout import Shown, article_shown, context_shown, more_shown, passages_shown, said
from bot.layout.buttons import HANDLERS, Button, Press
from bot.sending.deliver import deliver, in_time, tell
from bot.sending.destinations import ToInteraction
from bot.sending.error_messages import Expired
from bot.state import Given, Place, Rating, StateBroken, Suggested, Why
from bot.state.store import utc_now
from index.analysis.analyzer import terms
from index.errors import ArticleChanged, ArticleUnknown
from index.models import Quote

if TYPE_CHECKING:
    from bot.client import Verbatim

log = logging.getLogger(__name__)
A_PAGE = 3
SUGGESTED = 3
FORM = re.compile(r"v1:why:(?P<given>[\w-]{1,40})")
REASONS = {
    Why.WRONG_PASSAGE: Say.WHY_WRONG_PASSAGE,
    Why.NO_ANSWER: Say.WHY_NO_ANSWER,
    Why.OUTDATED: Say.WHY_OUTDATED,
    Why.OTHER: Say.WHY_OTHER,
}
AnyInteraction = discord.Interaction[Any]


class WhyForm(ui.Modal):
    """Modal that asks what is wrong with an answer; its custom id survives a restart."""

    def __init__(self, given: str) -> None:
        super().__init__(title=told(Say.WHY_TITLE), custom_id=f"v1:why:{given}", timeout=900)
        options = [discord.SelectOption(label=told(say), value=why.value) for why, say in REASONS.items()]
        choice: ui.Select[ui.Modal] = ui.Select(custom_id="why", options=options)
        self.add_item(ui.Label(text=told(Say.WHY_LABEL), component=choice))


class Views(commands.Cog, name=HANDLERS):
    """Handles button clicks and the feedback modal."""

    def __init__(self, bot: Verbatim) -> None:
        self.bot = bot
        self._does: dict[str, Callable[[ToInteraction, Given, int], Awaitable[None]]] = {
            Press.CONTEXT: self._context,
            Press.MORE: self._more,
            Press.NEAREST: self._more,
            Press.GOOD: self._good,
            Press.BAD: self._bad,
            Press.DELETE: self._delete,
            Press.SUGGESTION: self._suggestion,
        }
        self._responds: dict[str, Callable[[AnyInteraction, str], Awaitable[None]]] = {
            Press.BAD: self._ask_why,
            Press.DELETE: self._acknowledge,
        }
        """Initial responses other than a message; these cannot be deferred."""

    async def cog_load(self) -> None:
        """Register the buttons, so that those from before a restart work too."""
        self.bot.add_dynamic_items(Button)

    async def pressed(self, interaction: AnyInteraction, press: str, given: str, number: int) -> None:
        """Handle a click; errors are shown privately to the user who clicked."""

        async def do(to: ToInteraction) -> None:
            recalling = asyncio.create_task(self.bot.state.recall(given))
            if press in self._responds:
                await asyncio.wait({recalling}, timeout=to.patience)
                if not recalling.done() or recalling.result() is not None:
                    await self._responds[press](interaction, given)
            kept = await self._kept(recalling, to)
            await self._does.get(press, self._nothing)(to, kept, number)

        await self._answered(interaction, do)

    async def _answered(self, interaction: AnyInteraction, do: Callable[[ToInteraction], Awaitable[None]]) -> None:
        to = ToInteraction(interaction, private=True)
        try:
            self.bot.in_hand.take()
            await do(to)
        except Exception as error:  # noqa: BLE001  # `tell` maps the error to a message, or logs it
            await tell(error, to)

    async def _nothing(self, *_: object) -> None:
        """Handle an unknown button, from another version or forged."""
        raise Expired

    @staticmethod
    async def _kept(recalling: Awaitable[Given | None], to: ToInteraction) -> Given:
        async with in_time(to):
            found = await recalling
        if found is None:
            raise Expired
        return found

    async def _say(self, to: ToInteraction, sentence: Say) -> None:
        await deliver(self.bot.engine, lambda: said(sentence), to)

    async def _show(self, to: ToInteraction, make: Callable[[], Shown], *, is_long: bool = False) -> None:
        """Show something privately; if the article has changed, say so instead."""

        def made() -> Shown:
            try:
                return make()
            except (ArticleChanged, ArticleUnknown):
                return said(Say.CHANGED_SINCE)

        async def kept() -> bool:
            return True

        await deliver(self.bot.engine, made, to, kept, is_long=is_long)

    def _again(self, place: Place) -> Quote:
        also = [(source.article, source.sha256, source.spans) for source in place.also]
        quoted = self.bot.engine.quote_again(place.article, place.sha256, place.spans, place.matched, also)
        return quoted.model_copy(update={"further_sources": place.further_sources})

    # ---- passages ----------------------------------------------------------------------------------------------------

    async def _context(self, to: ToInteraction, given: Given, _: int) -> None:

        def make() -> Shown:
            quoted = self._still(given.shown)
            if not quoted:
                return said(Say.CHANGED_SINCE)
            around = [(quote, *self.bot.engine.around(quote)) for quote in quoted]
            return context_shown([(before, quote, after) for quote, before, after in around])

        await self._show(to, make)

    async def _more(self, to: ToInteraction, given: Given, first: int) -> None:
        heading = Say.MORE_OF if given.shown else Say.NEAREST_OF
        page = given.nearest[first : first + A_PAGE]
        following = first + A_PAGE

        def make() -> Shown:
            more = len(given.nearest) > following
            return more_shown(heading, self._still(page), Button.of(Press.MORE, given.id, following) if more else None)

        await self._show(to, make)

    def _still(self, places: Sequence[Place]) -> list[Quote]:
        found = []
        for place in places:
            try:
                found.append(self._again(place))
            except (ArticleChanged, ArticleUnknown):
                continue
        return found

    async def _suggestion(self, to: ToInteraction, given: Given, number: int) -> None:
        """Show the best passages for the question and the suggestion; for an article without any, its metadata."""
        if number >= len(given.suggestions):
            raise Expired
        suggested = given.suggestions[number]
        await self._show(to, lambda: self._about(given, suggested), is_long=True)

    def _about(self, given: Given, suggested: Suggested) -> Shown:
        engine = self.bot.engine
        entry = engine.entry(suggested.article)
        question = given.question or ""
        if suggested.span is None:
            found = engine.search(question, SUGGESTED, suggested.article) if terms(question) else ()
            return passages_shown(question, found) if found else article_shown(entry)
        if entry.article.text_sha256 != suggested.sha256:
            return said(Say.CHANGED_SINCE)
        name = " ".join(entry.article.text[slice(*suggested.span)].split())
        return passages_shown(name, engine.search(f"{question} {name}", SUGGESTED))

    # ---- feedback ----------------------------------------------------------------------------------------------------

    async def _good(self, to: ToInteraction, given: Given, _: int) -> None:
        await self._rate(to, given, good=True)
        await self._say(to, Say.THANKS)

    async def _ask_why(self, interaction: AnyInteraction, given: str) -> None:
        with speaking(language_of(interaction.locale)):
            await interaction.response.send_modal(WhyForm(given))

    async def _bad(self, to: ToInteraction, given: Given, _: int) -> None:
        """Record that the answer was not helpful, even if the modal is never submitted."""
        await self._rate(to, given, good=False)

    async def _rate(self, to: ToInteraction, given: Given, *, good: bool, why: Why | None = None) -> None:
        rater = self.bot.state.known_as(to.interaction.user.id)
        async with in_time(to):
            await self.bot.state.rate(Rating(given=given.id, rater=rater, good=good, why=why, at=utc_now()))
        if why is None:  # the modal only adds a reason to a rating that was counted already
            self.bot.metrics.feedback.labels(str(good).lower()).inc()

    @commands.Cog.listener()
    async def on_interaction(self, interaction: AnyInteraction) -> None:
        """Handle a submitted feedback modal."""
        data: Any = interaction.data or {}
        form = FORM.fullmatch(data.get("custom_id", ""))
        if interaction.type is not discord.InteractionType.modal_submit or form is None:
            return

        async def do(to: ToInteraction) -> None:
            kept = await self._kept(self.bot.state.recall(form["given"]), to)
            await self._rate(to, kept, good=False, why=_chosen(data))
            await self._say(to, Say.THANKS)

        await self._answered(interaction, do)

    # ---- deleting ----------------------------------------------------------------------------------------------------

    @staticmethod
    async def _acknowledge(interaction: AnyInteraction, _: str) -> None:
        """Defer without a message: the answer is about to be deleted."""
        await interaction.response.defer()

    async def _delete(self, to: ToInteraction, given: Given, _: int) -> None:
        """Delete the answer, for the asker or a member with Manage Messages."""
        interaction = to.interaction
        is_asker = self.bot.state.known_as(interaction.user.id) == given.asker
        if not is_asker and not (interaction.guild and interaction.permissions.manage_messages):
            await self._say(to, Say.NOT_YOURS)
            return
        pressed = interaction.message.id if interaction.message else None
        for message in dict.fromkeys((*given.messages, *([pressed] if pressed else []))):
            await self._delete_message(interaction, message, is_pressed=message == pressed)
        try:
            await self.bot.state.drop(given.id)
        except StateBroken as error:
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


def _chosen(data: Any) -> Why:  # noqa: ANN401  # raw interaction data
    for row in data.get("components", ()):
        for value in (row.get("component") or {}).get("values", ()):
            if value in set(Why):
                return Why(value)
    return Why.OTHER


async def setup(bot: Verbatim) -> None:
    """Add the cog; discord.py calls this when the extension is loaded."""
    await bot.add_cog(Views(bot))
