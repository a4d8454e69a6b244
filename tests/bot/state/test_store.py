"""What outlives a restart."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

import pytest
from discord.utils import time_snowflake

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
    store,
    utc_now,
)
from bot.state.store import RETENTION
from index.models import Span, Verdict
from tests.stored_answers import given

from .conftest import Place


async def test_what_may_answer_is_kept_and_without_questions_its_bold_words_are_not(state: State) -> None:
    place = given(state).quotes[0]
    kept = given(state, verdict=Verdict.MAY_ANSWER, quotes=(), possible=(place,))
    await state.store_answer(kept)
    assert await state.find_answer("one") == kept
    assert kept.shown_quotes == (place,)
    assert kept.without_question().possible[0].matched == ()
    assert [asked.id for asked, _ in await state.unanswered()] == ["one"]


async def test_an_answer_is_the_same_after_a_restart(state: State, place: Place) -> None:
    kept = given(state)
    await state.store_answer(kept)
    await state.set_messages("one", [11, 12], 3)
    await state.close()
    again = await place.open()
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


async def test_the_sources_of_a_quotation_are_the_same_after_a_restart(state: State, place: Place) -> None:
    also = SourceReference(article="dyke", sha256="1" * 64, spans=(Span(3, 7), Span(9, 11)))
    quote = QuoteReference(
        article="dam", sha256="0" * 64, spans=(Span(1, 5), Span(7, 9)), also=(also,), further_sources=3
    )
    kept = given(state, quotes=(quote,), nearest=(quote,))
    await state.store_answer(kept)
    await state.close()
    again = await place.open()
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


async def test_the_settings_of_a_server_are_kept(state: State, place: Place) -> None:
    assert state.server_settings(1) == ServerSettings()
    set_ = await state.update_server_settings(
        1, threads=True, unsure=True, unasked=frozenset({5, 6}), allowed=frozenset({5}), user_seconds=0
    )
    await state.update_server_settings(2, private=True)
    await state.close()
    again = await place.open()
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


async def test_a_character_that_no_database_holds_is_replaced_wherever_it_stands(state: State) -> None:
    odd, told = (
        "Which \ud800half\0?\udfff",
        "Which \N{REPLACEMENT CHARACTER}half\N{REPLACEMENT CHARACTER}?\N{REPLACEMENT CHARACTER}",
    )
    [quote] = given(state).quotes
    await state.store_answer(given(state, question=odd, quotes=(quote.model_copy(update={"matched": (odd,)}),)))
    found = await state.find_answer("one")
    assert found
    assert (found.question, found.quotes[0].matched) == (told, (told,))
    assert await state.find_answer("one\0") is None
    await state.add_audit_entry(AuditEntry(at=utc_now(), user=1, server=None, action="add", details=odd))
    assert [one.details for one in await state.audit_log(1)] == [told]
    await state.add_refusal(1, None, odd)
    await state.add_refusal(1, None, odd)
    assert [one.details for one in await state.audit_log(9)] == [told, told]
    assert (await state.update_server_settings(1, answered_tag=odd)).answered_tag == told
    await state.store_thread(BotThread(thread=1, article=odd, asker="r", at=utc_now()))
    thread = await state.find_thread(1)
    assert thread
    assert thread.article == told


async def test_without_questions_nothing_is_left_of_their_words(state: State) -> None:
    [place] = given(state).quotes
    kept = [
        given(state, "one", nearest=(place, place)),
        given(state, "two", question=None),
        given(state, "three", question=None, quotes=()),
        given(state, "four", possible=(place,), quotes=()),
    ]
    for one in kept:
        await state.store_answer(one)
    await state.delete_questions()
    assert [await state.find_answer(one.id) for one in kept] == [one.without_question() for one in kept]
    await state.delete_questions()
    assert await state.find_answer("one") == kept[0].without_question()


async def test_the_questions_of_many_answers_go_at_once(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BATCH", 3)
    many = [given(state, str(number)) for number in range(10)]
    for one in many:
        await state.store_answer(one)
    await state.delete_questions()
    assert [await state.find_answer(one.id) for one in many] == [one.without_question() for one in many]


async def test_follow_ups_follow_the_answer_that_replaces_theirs(state: State) -> None:
    for name, follows in (("old", None), ("a", "old"), ("b", "older"), ("c", None), ("d", "old")):
        await state.store_answer(given(state, name, follows=follows))
    await state.follow_instead("old", "new")
    found = [await state.find_answer(name) for name in "abcd"]
    assert [one and one.follows for one in found] == ["new", "older", None, "new"]
    assert found[0] == given(state, "a", follows="new", at=found[0].at if found[0] else None)


async def test_an_answer_is_found_in_its_channel_by_a_message_in_it(state: State) -> None:
    await state.store_answer(given(state))
    await state.set_messages("one", [110, 12], 3)
    for message, channel, is_found in ((110, 3, True), (12, 3, True), (11, 3, False), (110, 2, False)):
        assert (await state.answer_in_message(message, channel) is not None) == is_found


async def test_the_latest_answers_of_a_channel_are_public_and_newest_first(state: State) -> None:
    now = utc_now()
    changes: dict[str, dict[str, Any]] = {
        "new": {},
        "private": {"private": True},
        "elsewhere": {"channel": 9},
        "others": {"asker": state.pseudonym(8)},
        "by command": {"question_message": None},
        "earlier": {"question_message": 5},
    }
    for age, (name, changed) in enumerate(changes.items()):
        await state.store_answer(given(state, name, **changed, at=now - datetime.timedelta(minutes=age)))
    named = [one.id for one in await state.latest_answers(2)]
    assert named == ["new", "others", "by command", "earlier"]
    own = await state.latest_answers(2, state.pseudonym(7), besides=6)
    assert [one.id for one in own] == ["by command", "earlier"]


async def test_the_commands_that_were_synced_are_known_again(state: State, place: Place) -> None:
    await state.set_command_fingerprint(0, "a")
    await state.set_command_fingerprint(1, "b")
    await state.set_command_fingerprint(0, "c")
    await state.set_command_fingerprint(1, None)
    assert await state.command_fingerprints() == {0: "c"}
    await state.close()
    again = await place.open()
    assert await again.command_fingerprints() == {0: "c"}
    await again.close()


async def test_a_change_of_settings_keeps_what_another_process_has_changed(state: State, place: Place) -> None:
    other = await place.open()
    await other.update_server_settings(1, threads=True, allowed=frozenset({5}))
    now = await state.update_server_settings(1, private=True)
    assert now == ServerSettings(threads=True, private=True, allowed=frozenset({5}))
    now = await state.change_server_settings(1, lambda stored: {"allowed": stored.allowed | {6}})
    now = await other.change_server_settings(1, lambda stored: {"allowed": stored.allowed | {7}})
    assert now.allowed == {5, 6, 7}
    await other.close()


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
