"""What outlives a restart."""

from __future__ import annotations

import asyncio
import datetime
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from discord.utils import time_snowflake
from sqlalchemy import create_engine, text

from bot.state import (
    REFUSED,
    AuditEntry,
    BotThread,
    Feedback,
    FeedbackReason,
    QuoteReference,
    ServerSettings,
    SourceReference,
    State,
    StateUnavailable,
    StoredAnswer,
    store,
    utc_now,
)
from bot.state.migrate import config
from bot.state.store import FILE, RETENTION
from bot.state.tables import Base
from index.models import Span, Verdict

QUESTION = "Who built the dam?"


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    opened = await State.open(tmp_path)
    yield opened
    await opened.close()


def given(state: State, name: str = "one", user: int = 7, **changed: object) -> StoredAnswer:
    made = StoredAnswer(
        id=name,
        at=utc_now(),
        asker=state.pseudonym(user),
        server=1,
        channel=2,
        question_message=2**63 - 1,
        question=QUESTION,
        verdict=Verdict.ANSWERED,
        quotes=(QuoteReference(article="dam", sha256="0" * 64, spans=(Span(1, 5), Span(7, 9)), matched=("dam",)),),
    )
    return made.model_copy(update=changed)


async def test_the_migrations_make_the_tables_that_the_code_knows(state: State, tmp_path: Path) -> None:
    await state.update_server_settings(1, threads=True)
    engine = create_engine(f"sqlite:///{tmp_path / FILE}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


async def test_settings_from_before_a_migration_are_kept(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / FILE}")
    with engine.begin() as connection:
        made = config()
        made.attributes["connection"] = connection
        command.upgrade(made, "0001")
        connection.execute(text("INSERT INTO servers (id, threads, private) VALUES (1, 1, 0)"))
        connection.execute(text("INSERT INTO channels (id, kind, server) VALUES (5, 'unasked', 1)"))
    engine.dispose()
    state = await State.open(tmp_path)
    assert state.server_settings(1) == ServerSettings(threads=True, unasked=frozenset({5}))
    await state.close()


async def test_what_may_answer_is_kept_and_without_questions_its_bold_words_are_not(state: State) -> None:
    place = given(state).quotes[0]
    kept = given(state, verdict=Verdict.MAY_ANSWER, quotes=(), possible=(place,))
    await state.store_answer(kept)
    assert await state.find_answer("one") == kept
    assert kept.shown_quotes == (place,)
    assert kept.without_question().possible[0].matched == ()
    assert [asked.id for asked, _ in await state.unanswered()] == ["one"]


async def test_an_answer_is_the_same_after_a_restart(state: State, tmp_path: Path) -> None:
    kept = given(state)
    await state.store_answer(kept)
    await state.set_messages("one", [11, 12], 3)
    await state.close()
    again = await State.open(tmp_path)
    assert await again.find_answer("one") == kept.model_copy(update={"messages": (11, 12), "channel": 3})
    assert await again.answers_to(2**63 - 1) == [await again.find_answer("one")]
    assert await again.find_answer("two") is None
    assert again.pseudonym(7) == kept.asker
    await again.delete_answer("one")
    assert await again.find_answer("one") is None
    await again.close()


async def test_an_answer_is_found_by_each_of_its_messages_in_their_channel(state: State) -> None:
    first = time_snowflake(utc_now())
    for place, name in enumerate(("one", "two")):
        await state.store_answer(given(state, name))
        await state.set_messages(name, [first + 10 * place, first + 10 * place + 1], 3)
    for place, name in enumerate(("one", "two")):
        for message in (first + 10 * place, first + 10 * place + 1):
            found = await state.find_answer_of(message, 3)
            assert found and found.id == name
            assert await state.find_answer_of(message, 4) is None
    assert await state.find_answer_of(first + 5, 3) is None
    assert await state.find_answer_of(first // 10, 3) is None, "a part of an id is none"


async def test_an_answer_that_is_not_kept_any_more_is_not_found_by_its_message(state: State) -> None:
    long_ago = utc_now() - RETENTION
    await state.store_answer(given(state, at=long_ago))
    await state.set_messages("one", [time_snowflake(long_ago)], 3)
    assert await state.find_answer_of(time_snowflake(long_ago), 3) is None


async def test_the_sources_of_a_quotation_are_the_same_after_a_restart(state: State, tmp_path: Path) -> None:
    also = SourceReference(article="dyke", sha256="1" * 64, spans=(Span(3, 7), Span(9, 11)))
    place = QuoteReference(
        article="dam", sha256="0" * 64, spans=(Span(1, 5), Span(7, 9)), also=(also,), further_sources=3
    )
    kept = given(state, quotes=(place,), nearest=(place,))
    await state.store_answer(kept)
    await state.close()
    again = await State.open(tmp_path)
    assert await again.find_answer("one") == kept
    await again.close()


def test_a_place_that_was_kept_before_there_were_other_sources_is_read() -> None:
    before = QuoteReference(article="dam", sha256="0" * 64, spans=(Span(1, 5),), matched=("dam",))
    written = {"article": "dam", "sha256": "0" * 64, "spans": [[1, 5]], "matched": ["dam"]}
    assert QuoteReference.model_validate(written) == before


async def test_a_reader_has_one_word_on_an_answer_and_the_last_counts(state: State) -> None:
    await state.store_answer(given(state))
    for good, why in ((True, None), (False, FeedbackReason.OUTDATED)):
        await state.store_feedback(Feedback(answer_id="one", rater="r", good=good, reason=why, at=utc_now()))
    [rating] = await state.feedback_on("one")
    assert (rating.good, rating.reason) == (False, FeedbackReason.OUTDATED)
    with pytest.raises(StateUnavailable):
        await state.store_feedback(Feedback(answer_id="no such answer", rater="r", good=True, at=utc_now()))


async def test_what_was_not_answered_or_found_bad_is_found_again(state: State) -> None:
    await state.store_answer(given(state, "good"))
    await state.store_answer(given(state, "bad"))
    await state.store_answer(given(state, "none", verdict=Verdict.NOT_FOUND, quotes=()))
    await state.store_answer(given(state, "unkept", verdict=Verdict.NOT_FOUND, question=None))
    await state.store_feedback(Feedback(answer_id="bad", rater="r", good=False, at=utc_now()))
    await state.store_feedback(Feedback(answer_id="good", rater="r", good=True, at=utc_now()))
    found = await state.unanswered()
    assert sorted((one.id, len(ratings)) for one, ratings in found) == [("bad", 1), ("none", 0)]


async def test_nothing_is_kept_longer_than_thirty_days(state: State) -> None:
    old = utc_now() - RETENTION - datetime.timedelta(minutes=1)
    await state.store_answer(given(state, "old", at=old))
    await state.store_feedback(Feedback(answer_id="old", rater="r", good=True, at=old))
    await state.store_thread(BotThread(thread=5, asker="r", at=old))
    await state.store_answer(given(state, "young"))
    assert await state.find_answer("old") is None
    await state.delete_expired()
    assert await state.feedback_on("old") == []
    assert await state.find_thread(5) is None
    assert await state.answers_to(2**63 - 1) == [await state.find_answer("young")]


async def test_a_user_is_forgotten(state: State) -> None:
    await state.store_answer(given(state, "mine", user=7))
    await state.store_answer(given(state, "other", user=8))
    for name in ("mine", "other"):
        await state.store_feedback(Feedback(answer_id=name, rater=state.pseudonym(7), good=True, at=utc_now()))
    await state.store_feedback(Feedback(answer_id="mine", rater=state.pseudonym(8), good=True, at=utc_now()))
    assert await state.delete_user_data(7) == 1
    assert await state.find_answer("mine") is None
    assert await state.find_answer("other")
    assert await state.feedback_on("other") == []
    assert await state.delete_user_data(7) == 0


async def test_a_users_name_and_id_are_nowhere_in_the_file(state: State, tmp_path: Path) -> None:
    await state.store_answer(given(state, user=123456789012345678))
    await state.close()
    assert b"123456789012345678" not in (tmp_path / FILE).read_bytes()


async def test_the_settings_of_a_server_are_kept(state: State, tmp_path: Path) -> None:
    assert state.server_settings(1) == ServerSettings()
    set_ = await state.update_server_settings(
        1, threads=True, unsure=True, unasked=frozenset({5, 6}), allowed=frozenset({5}), user_seconds=0
    )
    await state.update_server_settings(2, private=True)
    await state.close()
    again = await State.open(tmp_path)
    assert again.server_settings(1) == set_
    assert again.server_settings(2).private
    assert (await again.update_server_settings(1, unasked=frozenset())).allowed == {5}
    await again.close()


async def test_a_thread_knows_its_article(state: State) -> None:
    thread = BotThread(thread=9, article="dam", asker="r", at=utc_now())
    await state.store_thread(thread)
    assert await state.find_thread(9) == thread
    await state.store_thread(thread.model_copy(update={"article": None}))
    opened = await state.find_thread(9)
    assert opened
    assert opened.article is None


async def test_the_audit_has_the_newest_first(state: State) -> None:
    for action in ("add", "remove"):
        await state.add_audit_entry(AuditEntry(at=utc_now(), user=1, server=None, action=action, details="dam"))
    assert [one.action for one in await state.audit_log(5)] == ["remove", "add"]
    assert len(await state.audit_log(1)) == 1


async def test_attempts_without_right_are_kept_once_an_hour_and_never_fill_the_audit(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user, server, attempted in (
        (1, 5, "admin add"),
        (1, 6, "admin add"),
        (1, 5, "admin edit"),
        (2, None, "admin add"),
    ):
        await state.add_refusal(user, server, attempted)
    kept = await state.audit_log(10)
    assert {(one.user, one.details) for one in kept} == {(1, "admin add"), (1, "admin edit"), (2, "admin add")}
    assert [one.action for one in kept] == [REFUSED] * 3
    monkeypatch.setattr(store, "MAX_REFUSALS", 5)
    for user in range(10, 20):
        await state.add_refusal(user, None, "admin add")
    assert len(await state.audit_log(100)) == 5
    monkeypatch.setattr(store, "REFUSAL_PERIOD", datetime.timedelta(0))
    await state.add_refusal(1, 5, "admin add")
    assert len(await state.audit_log(100)) == 6


async def test_attempts_without_right_go_with_a_members_data_and_after_a_month(state: State) -> None:
    for user in (1, 2):
        await state.add_refusal(user, None, "admin add")
        await state.add_audit_entry(AuditEntry(at=utc_now(), user=user, server=None, action="add", details="dam"))
    await state.delete_user_data(1)
    assert [(one.user, one.action) for one in await state.audit_log(9)] == [(2, "add"), (2, REFUSED), (1, "add")]
    old = utc_now() - RETENTION - datetime.timedelta(minutes=1)
    for action in (REFUSED, "edit"):
        await state.add_audit_entry(AuditEntry(at=old, user=3, server=None, action=action, details="dam"))
    await state.delete_expired()
    assert [one.action for one in await state.audit_log(9)] == ["add", REFUSED, "add", "edit"]


async def test_many_writes_at_once_all_arrive(state: State) -> None:
    many = [given(state, str(number)) for number in range(500)]
    bad = Feedback(answer_id="nothing", rater="r", good=True, at=utc_now())
    results = await asyncio.gather(
        state.store_feedback(bad),
        *(state.store_answer(one) for one in many),
        state.store_feedback(bad),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [StateUnavailable, *[type(None)] * 500, StateUnavailable]
    assert await state.find_answer("499")


async def test_what_became_of_an_answer_is_noted_though_all_is_written_at_once(state: State) -> None:
    numbers = range(100)
    writes = [
        (state.store_answer(given(state, str(number))), state.set_messages(str(number), [number], 3))
        for number in numbers
    ]
    await asyncio.gather(*(write for pair in writes for write in pair), state.delete_answer("7"))
    kept = [await state.find_answer(str(number)) for number in numbers]
    assert [one and one.messages for one in kept] == [None if number == 7 else (number,) for number in numbers]


async def test_what_is_written_is_on_the_disk_when_it_is_said_so_however_many_write(
    state: State, tmp_path: Path
) -> None:
    for number in range(20):
        await asyncio.gather(
            state.store_answer(given(state, f"a{number}")), state.store_answer(given(state, f"b{number}"))
        )
        with sqlite3.connect(tmp_path / FILE) as other:
            assert other.execute("SELECT count(*) FROM answers").fetchone() == (2 * number + 2,)


async def test_what_the_driver_cannot_write_is_refused_and_the_next_is_written(state: State) -> None:
    with pytest.raises(StateUnavailable) as broken:
        await state.store_answer(given(state, "bad", question="Which half \ud800?"))
    assert "half" not in str(broken.value)
    await state.store_answer(given(state, "good"))
    assert await state.find_answer("good")
    assert await state.find_answer("bad") is None


async def test_a_file_that_is_no_database_is_set_aside_and_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_bytes(b"rubbish " * 1000)
    state = await State.open(tmp_path)
    await state.update_server_settings(1, threads=True)
    await state.close()
    [aside] = await asyncio.to_thread(lambda: list(tmp_path.glob(f"{FILE}.damaged-*")))
    assert aside.read_bytes().startswith(b"rubbish")
    assert aside.name in caplog.text


async def test_what_was_set_aside_is_not_kept_longer_either(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"rubbish " * 1000)
    state = await State.open(tmp_path)
    aside = await asyncio.to_thread(lambda: next(tmp_path.glob(f"{FILE}.damaged-*")))
    old = tmp_path / f"{FILE}.damaged-{utc_now() - RETENTION - datetime.timedelta(minutes=1):%Y%m%dT%H%M%S}-wal"
    old.write_bytes(b"a question")
    await state.delete_expired()
    assert aside.exists()
    assert not old.exists()
    await state.delete_questions()
    assert not aside.exists()
    await state.close()


async def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateUnavailable, match="cannot be stored in"):
        await State.open(tmp_path / "file")


async def test_a_database_that_breaks_says_so_without_the_question(state: State, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute("DROP TABLE feedback")
        base.execute("DROP TABLE answers")
    base.close()
    with pytest.raises(StateUnavailable) as broken:
        await state.store_answer(given(state))
    assert QUESTION not in str(broken.value)
    with pytest.raises(StateUnavailable):
        await state.find_answer("one")


async def test_a_thumb_takes_no_reason_back_and_another_thumb_does(state: State) -> None:
    await state.store_answer(given(state))

    async def rated(*, good: bool, why: FeedbackReason | None = None) -> FeedbackReason | None:
        await state.store_feedback(Feedback(answer_id="one", rater="r", good=good, reason=why, at=utc_now()))
        [rating] = await state.feedback_on("one")
        assert rating.good == good
        return rating.reason

    assert await rated(good=False, why=FeedbackReason.OUTDATED) is FeedbackReason.OUTDATED
    assert await rated(good=False) is FeedbackReason.OUTDATED
    assert await rated(good=True) is None
    assert await rated(good=False) is None
