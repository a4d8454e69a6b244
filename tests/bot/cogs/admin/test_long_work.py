"""Long work shows how it goes, ends in order, and does not keep the bot from stopping."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Self

import pytest
from discord import ui
from pydantic import SecretStr

from bot.client import VerbatimBot
from bot.cogs.admin import index
from bot.cogs.admin.index import IndexCommands, ReindexJob
from bot.layout import RenderedMessages
from bot.monitoring.metrics import Metrics
from bot.sending.error_messages import ShuttingDown
from bot.settings import Settings
from bot.state import State
from bot.task_tracker import TaskTracker
from index.engine import Engine
from tests.bot.conftest import SEEDS


class Rewritten:
    """A message that is written anew; it keeps every version."""

    is_expired = False
    language = "en"
    channel_id: int | None = None
    defer_after = 1.5

    def __init__(self) -> None:
        self.sent_ids: list[int] = []
        self.texts: list[str] = []
        self.was_sent = threading.Event()

    def replace_next(self) -> Self:
        return self

    async def send(self, view: ui.LayoutView) -> None:
        self.texts.append(text_of(view))
        self.was_sent.set()

    async def defer(self) -> None: ...

    async def finish(self) -> None: ...


def text_of(view: ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[VerbatimBot]:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    engine = Engine.open(tmp_path / "seeds", tmp_path / "data")
    settings = Settings(_env_file=None, discord_token=SecretStr("x" * 30), data=tmp_path / "data")
    state = await State.open(tmp_path / "data")
    yield VerbatimBot(engine, settings, state, Metrics())
    await state.close()


def slowed(work: ReindexJob, between: Callable[[], None]) -> ReindexJob:
    """The same work, with something done after each file."""
    progress = work._progress

    def slow_progress(done: int, total: int) -> None:
        progress(done, total)
        between()

    work._progress = slow_progress  # type: ignore[method-assign]  # a disk that is slow
    return work


async def test_progress_is_shown_while_there_is_any(bot: VerbatimBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "EDIT_SECONDS", 0.02)
    (bot.engine.seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will build a dam in the valley.\n")
    to: Any = Rewritten()

    def wait_until_shown() -> None:
        assert to.was_sent.wait(60)
        to.was_sent.clear()

    work = slowed(ReindexJob(bot), wait_until_shown)
    running = asyncio.create_task(asyncio.to_thread(work.run, dry_run=False))
    await IndexCommands(bot)._follow(running, work, to)
    assert to.texts == [f"Reading the articles: {done} of 3 files done." for done in (2, 3)]
    assert (await running).articles == 3


async def test_progress_is_not_told_more_often_than_discord_likes(
    bot: VerbatimBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert index.EDIT_SECONDS >= 2
    monkeypatch.setattr(index, "EDIT_SECONDS", 0.1)
    for number in range(40):
        (bot.engine.seeds / f"dam-{number}.txt").write_text(f"A dam\n\nAnn Karlsson will build dam {number}.\n")
    work = slowed(ReindexJob(bot), lambda: time.sleep(0.02))
    running = asyncio.create_task(asyncio.to_thread(work.run, dry_run=False))
    to: Any = Rewritten()
    began = time.monotonic()
    await IndexCommands(bot)._follow(running, work, to)
    assert 2 <= len(to.texts) <= (time.monotonic() - began) / 0.1 + 1


async def test_a_reindexing_that_is_given_up_changes_nothing_and_says_so(bot: VerbatimBot) -> None:
    (bot.engine.seeds / "dam.txt").write_text("A dam\n\nAnn Karlsson will build a dam in the valley.\n")
    bot.tasks.given_up.set()
    to: Any = Rewritten()
    shown: RenderedMessages = await IndexCommands(bot)._reindexed(to, dry_run=False)
    assert text_of(shown.views[0]).startswith("Indexing was cancelled, because the bot is shutting down.")
    assert len(bot.engine.entries()) == 2


async def test_a_reindexing_that_breaks_says_so_with_an_incident_id(
    bot: VerbatimBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(**_: object) -> None:
        message = "secret"
        raise RuntimeError(message)

    monkeypatch.setattr(bot.engine, "reindex", breaks)
    to: Any = Rewritten()
    said = text_of((await IndexCommands(bot)._reindexed(to, dry_run=False)).views[0])
    assert said.startswith("Indexing failed. I keep answering from the previous index.")
    assert "secret" not in said
    assert said.split("\u2068")[1].split("\u2069")[0] in caplog.text
    assert "secret" in caplog.text


async def test_what_is_in_hand_is_finished_and_nothing_new_is_taken() -> None:
    in_hand, finished = TaskTracker(), []

    async def answer() -> None:
        in_hand.track()
        await asyncio.sleep(0.05)
        finished.append("answer")

    answering = asyncio.create_task(answer())
    await asyncio.sleep(0)
    await in_hand.drain(5, 5)
    assert finished == ["answer"]
    with pytest.raises(ShuttingDown):
        in_hand.track()
    await answering


async def test_what_takes_too_long_is_given_up() -> None:
    in_hand = TaskTracker()

    async def work() -> bool:
        in_hand.track()
        return await asyncio.to_thread(in_hand.given_up.wait, 10)

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    await in_hand.drain(0.05, 5)
    assert working.done()
    assert working.result()
