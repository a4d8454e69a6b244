"""The one way out: quotations are read back from the finished messages and proved, and only then is anything sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from discord import DiscordException
from discord.ui import LayoutView

from bot.i18n import in_all, speaking
from bot.i18n.messages import Say
from bot.layout import Shown
from bot.layout.markdown import reads_as
from bot.layout.parts import QUOTE_MARK
from bot.sending.destinations import Destination
from bot.sending.error_messages import explained
from index.engine import Engine
from index.errors import ArticleUnknown, ProofFailed

log = logging.getLogger(__name__)

LOOKED_THROUGH = 20_000_000
"""Sentences times characters of a question up to which it takes some ten milliseconds: no more than a thread costs
that takes turns with the event loop."""
LONG_QUESTION = 500
"""Characters of a question up to which it is short whatever it says: a word of thousands takes long to spell right."""
TEXT_DISPLAY = 10


async def deliver(
    engine: Engine,
    make: Callable[[], Shown | None],
    to: Destination,
    keep: Callable[[], Awaitable[bool]] | None = None,
    *,
    is_long: bool = False,
) -> None:
    """Make what is to be shown, prove it, and send it; the destination knows then which messages it became.

    Where the index was replaced in between, so that the proof is of articles which are no longer the same, it is made
    once more.

    Args:
        engine: where it is proved.
        make: gives what is to be shown, in the language that is being spoken; None for nothing at all.
        to: where it goes.
        keep: keeps what its buttons refer to; without it, or where it answers False, there are no buttons.
        is_long: whether making it takes longer than the event loop can wait.

    Raises:
        ProofFailed: a quotation is not what its article says; nothing was sent.
        discord.HTTPException: Discord did not take it.
    """
    with speaking(to.language):
        async with in_time(to):
            shown = await _prepared(engine, make, keep, is_long=is_long)
    if shown is not None:
        for view in shown.views:
            await to.send(view)
    await to.finish()


@asynccontextmanager
async def in_time(to: Destination) -> AsyncIterator[None]:
    """Let the user see that an answer is coming, where what is done meanwhile takes longer than Discord waits."""
    loop = asyncio.get_running_loop()
    under_way: list[asyncio.Task[None]] = []
    due = loop.call_later(to.patience, lambda: under_way.append(loop.create_task(_put_off(to))))
    try:
        yield
    finally:
        due.cancel()
        for task in under_way:
            await task  # never left in the middle: what is sent next must know whether it was put off


async def _put_off(to: Destination) -> None:
    try:
        await to.put_off()
    except (DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("The response could not be deferred: %s", error)


def is_long(engine: Engine, question: str, article: str | None = None) -> bool:
    """Whether looking for this takes longer than the event loop can wait."""
    work = engine.served.collection.sentences * len(question)
    return (work > LOOKED_THROUGH or len(question) > LONG_QUESTION) and not engine.knows(question, article)


async def _prepared(
    engine: Engine, make: Callable[[], Shown | None], keep: Callable[[], Awaitable[bool]] | None, *, is_long: bool
) -> Shown | None:
    served = engine.served
    shown = await asyncio.to_thread(make) if is_long else make()
    if shown is None:
        return None
    try:
        prove(engine, shown)
    except (ProofFailed, ArticleUnknown):
        if engine.served is served:
            raise
        shown = await asyncio.to_thread(make)
        if shown is None:
            return None
        prove(engine, shown)
    if shown.has_buttons and not (keep and await keep()):
        # Made once more, for what is said of buttons goes with them.
        shown = (await asyncio.to_thread(make) or shown).without_buttons()
        prove(engine, shown)
    return shown


async def tell(error: BaseException, to: Destination) -> None:
    """Send what the user should know of an error; where that fails too, the log has it."""
    with speaking(to.language):
        shown = explained(error)
    if shown is None:
        return
    try:
        for view in shown.views:
            await to.send(view)
    except (DiscordException, aiohttp.ClientError, OSError) as failed:
        log.warning("An error message could not be sent: %s", failed)


def prove(engine: Engine, shown: Shown) -> None:
    """Prove every quotation as a reader will read it; ProofFailed, or ArticleUnknown where its article is gone."""
    read = quotations_in(shown.views)
    if len(read) != len(shown.quotes):
        what = f"The message should contain {len(shown.quotes)} quotations, but contains {len(read)}."
        raise ProofFailed(what, "Nothing was sent.")
    for quote, words in zip(shown.quotes, read, strict=True):
        engine.prove(quote, words)


def quotations_in(views: Iterable[LayoutView]) -> list[str]:
    """The quotations of these messages as a reader reads them, each put together where it goes on over several."""
    quotations: list[str] = []
    goes_on = False
    for line in _lines(views):
        if line.startswith(QUOTE_MARK):
            words = reads_as(line.removeprefix(QUOTE_MARK))
            if goes_on and quotations:
                quotations[-1] += words
            else:
                quotations.append(words)
            goes_on = False
        elif line in in_all(Say.QUOTE_GOES_ON):
            goes_on = True
    return quotations


def _lines(views: Iterable[LayoutView]) -> Iterator[str]:
    for view in views:
        for component in _walked(view.to_components()):  # type: ignore[no-untyped-call]  # discord.py leaves it untyped
            if component["type"] == TEXT_DISPLAY:
                yield from component["content"].split("\n")


def _walked(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walked(component.get("components", ()))
