"""Nothing leaves that is not proved, and there is no other way out."""

from __future__ import annotations

import ast
import asyncio
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from discord import ui
from hypothesis import HealthCheck, given, settings

import bot
from bot.bounded import BoundedQueue, TooManyWaiting
from bot.i18n.messages import Message
from bot.layout import Asker, RenderedMessages, render_answer, render_message, render_more, render_passages
from bot.sending.deliver import deliver, is_long, read_quotations, send_error
from index.answering.encoder import Encoder
from index.engine import Engine
from index.errors import ProofFailed
from index.models import Quote
from tests.bot.conftest import SEEDS
from tests.bot.made_up import several_quotes
from tests.properties import examples

QUESTION = "Who is the White House science and technology chief?"


class Collected:
    """A destination that keeps what it is sent."""

    language = "en"
    channel_id: int | None = None

    def __init__(self, defer_after: float = 1.5) -> None:
        self.defer_after = defer_after
        self.sent_ids: list[int] = []
        self.views: list[ui.LayoutView] = []
        self.told_to_wait = asyncio.Event()

    async def send(self, view: ui.LayoutView) -> None:
        self.views.append(view)

    async def defer(self) -> None:
        self.told_to_wait.set()

    async def finish(self) -> None: ...

    @property
    def texts(self) -> list[str]:
        return [
            item.content for view in self.views for item in view.walk_children() if isinstance(item, ui.TextDisplay)
        ]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    return Engine.open(tmp_path / "seeds", tmp_path / "data")


def altered(shown: RenderedMessages, change: Callable[[str], str]) -> RenderedMessages:
    """The same messages, with something changed in their texts."""
    for view in shown.views:
        for item in view.walk_children():
            if isinstance(item, ui.TextDisplay):
                item.content = change(item.content)
    return shown


async def test_what_is_proved_is_sent(engine: Engine) -> None:
    to = Collected()
    await deliver(engine, lambda: render_answer(engine.ask(QUESTION), Asker(1)), to)
    assert read_quotations(to.views) == [quote.text for quote in engine.ask(QUESTION).quotes]


@pytest.mark.parametrize(
    ("change", "into"),
    [("Kratsios", "Kratsiou"), ("evidence that", "evidence  that"), ("said in", "said\n> in"), ("> ", "")],
)
async def test_nothing_is_sent_of_a_message_in_which_a_quotation_was_changed(
    engine: Engine, change: str, into: str
) -> None:
    to = Collected()
    with pytest.raises(ProofFailed):
        await deliver(
            engine,
            lambda: altered(render_answer(engine.ask(QUESTION)), lambda text: text.replace(change, into)),
            to,
        )
    assert to.views == []


async def test_the_member_gets_a_sentence_and_an_incident_instead(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    to = Collected()
    shown = altered(render_answer(engine.ask(QUESTION)), str.upper)
    try:
        await deliver(engine, lambda: shown, to)
    except ProofFailed as error:
        await send_error(error, to)
    [sentence] = to.texts
    assert sentence.startswith("I couldn't verify that my quotation matches the article")
    incident = sentence.split("\u2068")[1].split("\u2069")[0]
    assert f"Incident {incident}" in caplog.text
    assert "KRATSIOS" not in sentence


async def test_a_quotation_that_nobody_claims_is_not_sent(engine: Engine) -> None:
    shown = render_answer(engine.ask(QUESTION))
    to = Collected()
    with pytest.raises(ProofFailed):
        await deliver(engine, lambda: RenderedMessages(shown.views, ()), to)
    assert to.views == []


async def test_an_answer_is_made_once_more_where_the_index_was_replaced_meanwhile(engine: Engine) -> None:
    to = Collected()
    made: list[RenderedMessages] = []

    def make() -> RenderedMessages:
        shown = render_passages("chief", engine.search("Michael Kratsios chief", 1))
        if not made:
            china = engine.seeds / "000_88608c0d96434d55.txt"
            china.write_text(china.read_text("utf-8").replace("science and technology", "technology"), "utf-8")
            engine.reindex()
        made.append(shown)
        return shown

    await deliver(engine, make, to)
    assert len(made) == 2
    assert "White House technology chief Michael Kratsios" in read_quotations(to.views)[0]


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(several_quotes(5))
def test_each_quotation_is_read_back_from_the_messages_alone_and_whole(found: list[Quote]) -> None:
    shown = render_more(Message.MORE_OF, found)
    assert read_quotations(shown.views) == [quote.text for quote in shown.quotes]


def test_a_very_long_question_is_looked_for_in_a_thread_until_its_answer_is_known(engine: Engine) -> None:
    question = "always" * 300
    assert is_long(engine, question)
    engine.ask(question)
    assert not is_long(engine, question)
    assert not is_long(engine, QUESTION)


def test_with_an_encoder_every_question_is_looked_for_in_a_thread(engine: Engine) -> None:
    assert is_long(Engine(engine.manager, encoder=cast("Encoder", object())), QUESTION)


async def test_over_many_articles_the_loop_goes_on_and_discord_is_told_to_wait(engine: Engine) -> None:
    enough = threading.Event()

    def slowly() -> RenderedMessages:
        assert enough.wait(60)
        return render_message(Message.NOT_FOUND)

    to = Collected(defer_after=0.05)
    delivering = asyncio.create_task(deliver(engine, slowly, to, queue=BoundedQueue(1, 0)))
    await to.told_to_wait.wait()
    assert to.views == []
    enough.set()
    await delivering
    assert to.texts == [Message.NOT_FOUND]


async def test_four_are_made_at_once_the_others_in_order_and_what_is_too_much_is_refused(engine: Engine) -> None:
    queue, enough = BoundedQueue(4, 20), threading.Event()
    begun: list[int] = []

    def making(number: int) -> Callable[[], RenderedMessages]:
        def make() -> RenderedMessages:
            begun.append(number)
            assert enough.wait(60)
            return render_message(Message.NOT_FOUND)

        return make

    places = [Collected(defer_after=0.05) for _ in range(24)]
    delivering = [
        asyncio.create_task(deliver(engine, making(number), to, queue=queue)) for number, to in enumerate(places)
    ]
    for to in places:
        await to.told_to_wait.wait()
    assert (sorted(begun), queue.waiting) == ([0, 1, 2, 3], 20)
    refused = Collected()
    with pytest.raises(TooManyWaiting):
        await deliver(engine, making(24), refused, queue=queue)
    await deliver(engine, lambda: render_message(Message.NOT_FOUND), refused)
    assert refused.texts == [Message.NOT_FOUND]
    delivering[10].cancel()
    await asyncio.wait({delivering[10]})
    delivering[10] = asyncio.create_task(deliver(engine, making(25), places[10], queue=queue))
    enough.set()
    await asyncio.gather(*delivering)
    # Those that run at once begin in order; each thread then notes its number when it gets to run.
    order = [*range(10), *range(11, 24), 25]
    assert all(abs(begun.index(number) - place) < 4 for place, number in enumerate(order))
    assert [to.texts for to in places] == [[Message.NOT_FOUND]] * 24
    assert queue.waiting == 0


async def test_the_member_who_is_refused_is_told_to_ask_again_in_a_minute() -> None:
    to = Collected()
    await send_error(TooManyWaiting(), to)
    assert to.texts == [Message.TOO_MANY_WAITING]


def test_only_delivery_sends() -> None:
    senders = {"send", "send_message", "reply", "edit_message", "edit_original_response", "edit", "respond"}
    package = Path(bot.__file__).parent
    for path in package.rglob("*.py"):
        if path.name not in {"deliver.py", "destinations.py"}:
            calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
            named = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
            assert not named & senders, path
