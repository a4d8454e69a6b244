"""The only module that sends: reads the quotations back from the finished messages and proves them first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import aiohttp
from discord import DiscordException
from discord.ui import LayoutView

from bot.bounded import BoundedQueue
from bot.i18n import all_translations, use_language
from bot.i18n.messages import Message
from bot.layout import RenderedMessages
from bot.layout.markdown import unescape_markdown
from bot.layout.parts import FENCE, QUOTE_MARK, SMALL_PRINT
from bot.sending.destinations import Destination
from bot.sending.error_messages import render_error
from index.engine import Engine
from index.errors import ArticleUnknown, ProofFailed
from index.models import HEADING_SEPARATOR

log = logging.getLogger(__name__)

MAX_WORK_ON_LOOP = 20_000_000
"""Sentences times characters of a question up to which a search takes about ten milliseconds; below this, handing it to
a thread costs more than it saves.
"""
MAX_SHORT_QUESTION = 500
"""Characters above which a question always counts as long: correcting the spelling of a very long word is slow."""
TEXT_DISPLAY = 10
NEXT_LINE, END_OF_TEXT = "\n", ""


async def deliver(
    engine: Engine,
    make: Callable[[], RenderedMessages | None],
    to: Destination,
    keep: Callable[[], Awaitable[bool]] | None = None,
    queue: BoundedQueue | None = None,
) -> None:
    """Render a message, prove its quotations and send it; the destination then knows the ids of its messages.

    If the index was replaced meanwhile and the proof fails, the message is rendered and proved once more.

    Args:
        engine: proves the quotations.
        make: renders the message in the current language; None for no message.
        to: the destination.
        keep: stores the answer, which its buttons refer to; without it, or if it returns False, there are no buttons.
        queue: where the rendering waits for its turn in a thread, if it is too slow for the event loop.

    Raises:
        TooManyWaiting: the queue is full; nothing was sent.
        ProofFailed: a quotation differs from its article; nothing was sent.
        discord.HTTPException: Discord rejected the message.
    """
    with use_language(to.language):
        async with defer_if_slow(to):
            shown = await _render_and_prove(engine, make, keep, queue)
    if shown is not None:
        for view in shown.views:
            await to.send(view)
    await to.finish()


@asynccontextmanager
async def defer_if_slow(to: Destination) -> AsyncIterator[None]:
    """Defer if the body takes longer than the destination's `defer_after`."""
    loop = asyncio.get_running_loop()
    under_way: list[asyncio.Task[None]] = []
    due = loop.call_later(to.defer_after, lambda: under_way.append(loop.create_task(_defer(to))))
    try:
        yield
    finally:
        due.cancel()
        for task in under_way:
            await task  # awaited, not cancelled: the next message depends on whether it was deferred


async def _defer(to: Destination) -> None:
    try:
        await to.defer()
    except (DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("The response could not be deferred: %s", error)


def is_long(engine: Engine, question: str, article: str | None = None) -> bool:
    """Whether a search is too slow for the event loop; an encoder and a cluster always are."""
    work = engine.sentences * len(question)
    is_slow = (
        engine.is_remote or engine.encoder is not None or work > MAX_WORK_ON_LOOP or len(question) > MAX_SHORT_QUESTION
    )
    return is_slow and not engine.is_cached(question, article)


async def _render_and_prove(
    engine: Engine,
    make: Callable[[], RenderedMessages | None],
    keep: Callable[[], Awaitable[bool]] | None,
    queue: BoundedQueue | None,
) -> RenderedMessages | None:
    async with queue.place() if queue else nullcontext():
        generation, unanswered = engine.generation, engine.unanswered
        shown = await asyncio.to_thread(make) if queue or engine.is_remote else make()
    if shown is None:
        return None
    try:
        await _prove_without_waiting(engine, shown)
    except (ProofFailed, ArticleUnknown):
        if (engine.generation, engine.unanswered) == (generation, unanswered):
            raise  # neither was the index replaced, nor has its local copy taken over from the cluster
        shown = await asyncio.to_thread(make)
        if shown is None:
            return None
        await _prove_without_waiting(engine, shown)
    is_kept = keep is not None and await keep()
    if shown.has_buttons and not is_kept:
        # Rendered again, since some sentences refer to the buttons.
        shown = (await asyncio.to_thread(make) or shown).without_buttons()
        await _prove_without_waiting(engine, shown)
    return shown


async def _prove_without_waiting(engine: Engine, shown: RenderedMessages) -> None:
    """Prove a message; in a thread where articles are read over the network."""
    if engine.is_remote:
        await asyncio.to_thread(prove, engine, shown)
    else:
        prove(engine, shown)


async def send_error(error: BaseException, to: Destination) -> None:
    """Send the message for an error; if that fails too, log it."""
    with use_language(to.language):
        shown = render_error(error)
    if shown is None:
        return
    try:
        for view in shown.views:
            await to.send(view)
    except (DiscordException, aiohttp.ClientError, OSError) as failed:
        log.warning("An error message could not be sent: %s", failed)


def prove(engine: Engine, shown: RenderedMessages) -> None:
    """Prove every quotation as readers see it; raises `ProofFailed`, or `ArticleUnknown` if the article is gone."""
    read = read_quotations(shown.views)
    if len(read) != len(shown.quotes):
        problem = f"The message should contain {len(shown.quotes)} quotations, but contains {len(read)}."
        raise ProofFailed(problem, "Nothing was sent.")
    for quote, words in zip(shown.quotes, read, strict=True):
        engine.prove(quote, words)
    expected = {HEADING_SEPARATOR.join(quote.headings) for quote in shown.quotes}
    if any(headings not in expected for headings in read_headings(shown.views)):
        problem = "The headings above a quotation are not those of its article."
        raise ProofFailed(problem, "Nothing was sent.")


def read_quotations(views: Iterable[LayoutView]) -> list[str]:
    """Return the quotations of these messages as readers see them; one that goes on in a further message is joined."""
    quotations: list[str] = []
    joint: str | None = None
    """What is between the quotation so far and its next line; None after its end."""
    going_on = all_translations(Message.QUOTE_GOES_ON) | all_translations(Message.GOES_ON)
    between = all_translations(Message.GOES_ON) | all_translations(Message.CONTINUED)
    said = ""
    for line, is_quoted in _quoted_lines(views):
        if is_quoted and joint is not None:
            quotations[-1] += joint + line
        elif is_quoted:
            quotations.append(line)
        if is_quoted:
            joint = NEXT_LINE
        elif line in all_translations(Message.QUOTE_GOES_ON) and joint is not None:
            joint = ""
        elif line not in between and not (line == END_OF_TEXT and said in going_on):
            joint = None
        said = "" if is_quoted else line
    return quotations


def _quoted_lines(views: Iterable[LayoutView]) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it is one of a quotation; of these, what readers see."""
    code: list[str] | None = None
    for line in _lines(views):
        if line.startswith(FENCE) and code is None:
            code = []
        elif line == FENCE and code is not None:
            yield NEXT_LINE.join(code), True
            code = None
        elif code is not None:
            code.append(line)
        elif line.startswith(QUOTE_MARK):
            yield unescape_markdown(line.removeprefix(QUOTE_MARK)), True
        else:
            yield line, False


def read_headings(views: Iterable[LayoutView]) -> list[str]:
    """Return the headings above the quotations as readers see them, a line each."""
    return [
        unescape_markdown(line.removeprefix(SMALL_PRINT))
        for line, is_quoted in _quoted_lines(views)
        if not is_quoted and line.startswith(SMALL_PRINT)
    ]


def _lines(views: Iterable[LayoutView]) -> Iterator[str]:
    """Yield the lines of each text, and after it an empty one."""
    for view in views:
        for component in _walk(view.to_components()):  # type: ignore[no-untyped-call]  # untyped in discord.py
            if component["type"] == TEXT_DISPLAY:
                yield from component["content"].split("\n")
                yield END_OF_TEXT


def _walk(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components", ()))
