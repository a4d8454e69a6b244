"""Persistent state in SQLite: read on demand, committed before anything relies on it.

Only server settings are also cached in memory, since every question needs them.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from discord.utils import snowflake_time
from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from bot.state.damage import is_damage
from bot.state.database import Database, StateUnavailable, utc_now
from bot.state.models import (
    ALLOWED,
    REFUSED,
    UNASKED,
    AuditEntry,
    BotThread,
    Feedback,
    FeedbackReason,
    ServerSettings,
    StoredAnswer,
)
from bot.state.tables import AnswerRow, AuditRow, Base, ChannelRow, FeedbackRow, ServerRow, SyncedCommandsRow, ThreadRow
from index.models import Verdict

log = logging.getLogger(__name__)
FILE = "state.sqlite3"
RETENTION = datetime.timedelta(days=30)
"""How long questions, buttons and feedback are stored."""
AUDIT_RETENTION = datetime.timedelta(days=365)
REFUSAL_PERIOD, MAX_REFUSALS = datetime.timedelta(hours=1), 100
"""A user's attempts at one command are stored once in this time, and so many attempts of all users."""
CLOCKS_DIFFER = datetime.timedelta(days=1)
DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*"
"""A stored time, as SQLite's GLOB reads it."""
Result = TypeVar("Result")


class State:
    """The database. Every method raises `StateUnavailable` if the database fails."""

    def __init__(self, database: Database, servers: dict[int, ServerSettings]) -> None:
        self._database = database
        self._servers = servers

    @classmethod
    async def open(cls, folder: Path) -> Self:
        """Open the database in a folder, creating it if missing; a damaged one is renamed and replaced."""
        database = Database(folder / FILE)
        return cls(database, await asyncio.to_thread(database.open, _load_server_settings))

    async def close(self) -> None:
        """Wait for running operations, then close."""
        await self._database.close()

    # ---- reading and writing -----------------------------------------------------------------------------------------

    async def _execute(self, *statements: Executable) -> int:
        """Run statements in one durable transaction; return the rows affected by the last."""

        def carried_out(connection: Connection) -> int:
            return [connection.execute(statement).rowcount for statement in statements][-1]

        return await self._database.write(carried_out)

    async def _fetch(self, statement: Executable, model_of: Callable[[Any], Result]) -> list[Result]:
        """Return the rows of a query as models."""
        return await self._database.read(
            lambda connection: [model_of(row) for row in connection.execute(statement).all()]
        )

    async def _delete(self, *statements: Executable) -> int:
        """Delete as `_execute`; a database that is too damaged for it is replaced, since nothing may be kept longer."""
        try:
            rows = await self._execute(*statements)
        except StateUnavailable as error:
            if not is_damage(error.__cause__) or not await self._database.replace_if_damaged():
                raise
            rows = 0
            for server in list(self._servers):
                await self.update_server_settings(server)
        with contextlib.suppress(StateUnavailable):  # the rows are deleted; the log is truncated next time
            await self._database.truncate_log()
        return rows

    # ---- who asks ----------------------------------------------------------------------------------------------------

    def pseudonym(self, user: int) -> str:
        """Return the user's pseudonym: always the same, and not reversible without the deployment's key."""
        return hmac.digest(self._database.key, str(user).encode(), hashlib.sha256).hex()[:32]

    async def delete_user_data(self, user: int) -> int:
        """Delete a user's questions and feedback; return the number of answers deleted."""
        name = self.pseudonym(user)
        own = select(AnswerRow.id).where(AnswerRow.asker == name)
        rows = await self._delete(
            delete(FeedbackRow).where(or_(FeedbackRow.rater == name, FeedbackRow.given.in_(own))),
            delete(ThreadRow).where(ThreadRow.asker == name),
            delete(AuditRow).where(AuditRow.user == user, AuditRow.action == REFUSED),
            delete(AnswerRow).where(AnswerRow.asker == name),
        )
        await asyncio.to_thread(self._database.delete_set_aside)
        return rows

    async def delete_questions(self) -> None:
        """Delete the questions and their words from all answers, but keep what buttons need."""
        asked = or_(AnswerRow.question.is_not(None), func.instr(AnswerRow.content, BOLD_WORDS) > 0)
        await self._delete(
            update(AnswerRow).where(asked, _has_json_content()).values(_no_question()), delete(AnswerRow).where(asked)
        )
        await asyncio.to_thread(self._database.delete_set_aside)

    async def delete_expired(self) -> None:
        """Delete expired rows."""
        kept = {FeedbackRow: RETENTION, ThreadRow: RETENTION, AnswerRow: RETENTION, AuditRow: AUDIT_RETENTION}
        refused = delete(AuditRow).where(AuditRow.action == REFUSED, AuditRow.at < utc_now() - RETENTION)
        expired = (statement for table, period in kept.items() for statement in _expire(table, period))
        await self._delete(*expired, refused)
        await asyncio.to_thread(self._database.delete_set_aside, RETENTION)

    # ---- answers -----------------------------------------------------------------------------------------------------

    async def store_answer(self, stored: StoredAnswer) -> None:
        """Store an answer before it is sent."""
        await self._execute(insert(AnswerRow).values(_answer_values(stored)))

    async def set_messages(self, answer_id: str, messages: Sequence[int], channel: int | None) -> None:
        """Record an answer's messages and their channel, which may differ from the question's."""
        noted = {"messages": list(messages), "channel": channel}
        await self._execute(update(AnswerRow).where(AnswerRow.id == answer_id).values(noted))

    async def find_answer(self, answer_id: str) -> StoredAnswer | None:
        """Return a stored answer; None if it has expired."""
        wanted = select(AnswerRow.__table__).where(AnswerRow.id == answer_id, _unexpired(AnswerRow.at))
        return next(iter(await self._fetch(wanted, _stored_answer)), None)

    async def find_answer_of(self, message: int, channel: int) -> StoredAnswer | None:
        """Return the stored answer that one of the bot's messages in a channel belongs to; None if there is none."""
        # Answers are stored when their messages are written: the index on `at` finds those of these days.
        written = snowflake_time(message)
        wanted = select(AnswerRow.__table__).where(
            AnswerRow.at.between(written - CLOCKS_DIFFER, written + CLOCKS_DIFFER),
            _unexpired(AnswerRow.at),
            AnswerRow.channel == channel,
            func.instr(AnswerRow.messages, str(message)) > 0,
        )
        found = await self._fetch(wanted.order_by(AnswerRow.at.desc()), _stored_answer)
        return next((stored for stored in found if message in stored.messages), None)

    async def answers_to(self, question_message: int) -> list[StoredAnswer]:
        """Return the answers to a message, newest last; several if a newer one was only sent in part."""
        wanted = select(AnswerRow.__table__).where(AnswerRow.question_message == question_message)
        return await self._fetch(wanted.order_by(AnswerRow.at), _stored_answer)

    async def answer_in_message(self, message: int, channel: int) -> StoredAnswer | None:
        """Return the answer that one of the bot's messages in a channel is part of."""
        sent = func.json_each(AnswerRow.messages).table_valued("value")
        holds = select(sent.c.value).where(sent.c.value == message).exists()
        wanted = select(AnswerRow.__table__).where(AnswerRow.channel == channel, _unexpired(AnswerRow.at), holds)
        return next(iter(await self._fetch(wanted, _stored_answer)), None)

    async def latest_answers(
        self, channel: int, asker: str | None = None, *, besides: int | None = None
    ) -> list[StoredAnswer]:
        """Return the latest public answers in a channel, newest first.

        Args:
            channel: the channel of their messages.
            asker: the pseudonym of the member who asked; None for anybody.
            besides: a message whose own answers do not count, nor any later ones.
        """
        wanted = select(AnswerRow.__table__).where(AnswerRow.channel == channel, _unexpired(AnswerRow.at))
        if asker is not None:
            wanted = wanted.where(AnswerRow.asker == asker)
        if besides is not None:
            asked = AnswerRow.question_message
            wanted = wanted.where(or_(asked.is_(None), asked < besides))
        newest = wanted.order_by(AnswerRow.at.desc()).limit(LATEST)
        return [one for one in await self._fetch(newest, _stored_answer) if not one.private]

    async def delete_answer(self, answer_id: str) -> None:
        """Delete an answer and its ratings."""
        await self._delete_answers(AnswerRow.id == answer_id)

    async def follow_instead(self, old: str, new: str) -> None:
        """Let the follow-ups of an answer follow the one that replaces it."""
        is_following = func.json_extract(AnswerRow.content, "$.follows") == old
        follows = case((_has_json_content(), is_following), else_=False)
        content = func.json_set(AnswerRow.content, "$.follows", new)
        recent = AnswerRow.at > utc_now() - CLOCKS_DIFFER
        await self._execute(update(AnswerRow).where(recent, follows).values(content=content))

    async def delete_answers_to(self, question_message: int) -> None:
        """Delete the answers to a message and their ratings."""
        await self._delete_answers(AnswerRow.question_message == question_message)

    async def _delete_answers(self, which: ColumnElement[bool]) -> None:
        given = select(AnswerRow.id).where(which)
        await self._execute(delete(FeedbackRow).where(FeedbackRow.given.in_(given)), delete(AnswerRow).where(which))

    async def unanswered(self) -> list[tuple[StoredAnswer, list[Feedback]]]:
        """Return the stored questions not answered for sure or rated as not helpful, newest first, with bad ratings."""
        bad = select(FeedbackRow.given).where(FeedbackRow.good.is_(False))
        unanswered = AnswerRow.verdict.in_(UNANSWERED)
        wanted = select(AnswerRow.__table__).where(
            AnswerRow.question.is_not(None), _unexpired(AnswerRow.at), or_(unanswered, AnswerRow.id.in_(bad))
        )
        answers = await self._fetch(wanted.order_by(AnswerRow.at.desc()), _stored_answer)
        ratings: dict[str, list[Feedback]] = {}
        for rating in await self._fetch(select(FeedbackRow.__table__).where(FeedbackRow.good.is_(False)), _feedback):
            ratings.setdefault(rating.answer_id, []).append(rating)
        return [(stored, ratings.get(stored.id, [])) for stored in answers]

    # ---- feedback ----------------------------------------------------------------------------------------------------

    async def store_feedback(self, rating: Feedback) -> None:
        """Store a rating; a reader's latest counts, but a thumbs down without a reason keeps an earlier reason."""
        values: dict[str, Any] = {"good": rating.good, "why": rating.reason and rating.reason.value, "at": rating.at}
        key = {"given": rating.answer_id, "rater": rating.rater}
        wanted = insert(FeedbackRow).values(**key, **values)
        if not rating.good and rating.reason is None:  # the modal may have been stored first
            values["why"] = case((FeedbackRow.good.is_(False), FeedbackRow.why))
        await self._execute(wanted.on_conflict_do_update(index_elements=list(key), set_=values))

    async def feedback_on(self, answer_id: str) -> list[Feedback]:
        """Return the ratings of an answer."""
        return await self._fetch(select(FeedbackRow.__table__).where(FeedbackRow.given == answer_id), _feedback)

    # ---- servers and threads -----------------------------------------------------------------------------------------

    def server_settings(self, server: int) -> ServerSettings:
        """Return a server's settings, or the defaults."""
        return self._servers.get(server, ServerSettings())

    @property
    def unasked_servers(self) -> set[int]:
        """The servers that name channels in which the bot answers without a mention."""
        return {server for server, settings in self._servers.items() if settings.unasked}

    async def update_server_settings(self, server: int, **changed: Any) -> ServerSettings:  # noqa: ANN401  # the fields of `ServerSettings`
        """Change a server's settings; return the new ones."""
        now = self.server_settings(server).model_copy(update=changed)
        values = {name: getattr(now, name) for name in SETTABLE}
        kinds = {UNASKED: now.unasked, ALLOWED: now.allowed}
        channels = [
            insert(ChannelRow).values(id=channel, kind=kind, server=server)
            for kind, ids in kinds.items()
            for channel in sorted(ids)
        ]
        written = insert(ServerRow).values(id=server, **values)
        await self._execute(
            written.on_conflict_do_update(index_elements=["id"], set_=values),
            delete(ChannelRow).where(ChannelRow.server == server),
            *channels,
        )
        self._servers[server] = now
        return now

    async def store_thread(self, thread: BotThread) -> None:
        """Record a thread that the bot opened, or update its article."""
        values = thread.model_dump(exclude={"thread"})
        wanted = insert(ThreadRow).values(id=thread.thread, **values)
        await self._execute(wanted.on_conflict_do_update(index_elements=["id"], set_=values))

    async def find_thread(self, thread: int) -> BotThread | None:
        """Return the record of a thread that the bot opened."""
        return next(iter(await self._fetch(select(ThreadRow.__table__).where(ThreadRow.id == thread), _thread)), None)

    # ---- commands ----------------------------------------------------------------------------------------------------

    async def command_fingerprints(self) -> dict[int, str]:
        """Return the hashes of the commands that were synced last, by scope; see `bot/command_sync.py`."""
        table = SyncedCommandsRow.__table__
        rows = await self._fetch(select(table), lambda row: (row.scope, row.fingerprint))
        return {scope: fingerprint for scope, fingerprint in rows if isinstance(scope, int)}

    async def set_command_fingerprint(self, scope: int, fingerprint: str | None) -> None:
        """Store the hash of the commands synced in a scope; None where it has none any more."""
        statements: list[Executable] = [delete(SyncedCommandsRow).where(SyncedCommandsRow.scope == scope)]
        if fingerprint is not None:
            statements.append(insert(SyncedCommandsRow).values(scope=scope, fingerprint=fingerprint))
        await self._execute(*statements)

    # ---- audit -------------------------------------------------------------------------------------------------------

    async def add_audit_entry(self, logged: AuditEntry) -> None:
        """Add an entry to the audit log."""
        await self._execute(insert(AuditRow).values(**logged.model_dump()))

    async def add_refusal(self, user: int, server: int | None, attempted: str) -> None:
        """Add that somebody tried a command of the admins; once an hour for each command, and not without end."""
        values = AuditEntry(at=utc_now(), user=user, server=server, action=REFUSED, details=attempted).model_dump()
        recent = select(AuditRow.id).where(AuditRow.action == REFUSED, AuditRow.at > utc_now() - REFUSAL_PERIOD)
        same = recent.where(AuditRow.user == user, AuditRow.details == attempted)
        full = select(func.count()).select_from(recent.subquery()).scalar_subquery() >= MAX_REFUSALS
        row = select(*(literal(value, AuditRow.__table__.c[name].type) for name, value in values.items()))
        await self._execute(insert(AuditRow).from_select(list(values), row.where(not_(exists(same)), not_(full))))

    async def audit_log(self, at_most: int) -> list[AuditEntry]:
        """Return the latest entries of the audit log, newest first."""
        wanted = select(AuditRow.__table__).order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(at_most)
        return await self._fetch(wanted, _audit_entry)


SETTABLE = ("threads", "private", "unsure", "answered_tag", "user_seconds", "channel_seconds")
UNANSWERED = (Verdict.MAY_ANSWER.value, Verdict.NOT_FOUND.value)
"""Verdicts that may mean an article is missing. Not `unclear`, which is often a greeting."""
LATEST = 10
"""The newest answers in a channel among which one is looked for that a question may follow."""
BOLD_WORDS = '"matched": ["'
"""In an answer's content if it holds words of the question."""
IN_CONTENT = {"article", "private", "quotes", "possible", "nearest", "suggestions", "follows"}


def _load_server_settings(connection: Connection) -> dict[int, ServerSettings]:
    """Return the settings of all servers; a server whose row is damaged has the defaults, but keeps its channels."""
    channels: dict[tuple[int, str], set[int]] = {}
    for row in connection.execute(select(ChannelRow.__table__)):
        if isinstance(row.id, int):
            channels.setdefault((row.server, row.kind), set()).add(row.id)
    rows = {row.id: row for row in connection.execute(select(ServerRow.__table__))}
    return {
        server: _server_settings(
            rows.get(server), channels.get((server, UNASKED), set()), channels.get((server, ALLOWED), set())
        )
        for server in {*rows, *(server for server, _ in channels)}
        if isinstance(server, int)
    }


def _server_settings(row: Any, unasked: set[int], allowed: set[int]) -> ServerSettings:  # noqa: ANN401  # a row
    lists = {UNASKED: frozenset(unasked), ALLOWED: frozenset(allowed)}
    try:
        return ServerSettings.model_validate({name: getattr(row, name) for name in SETTABLE if row} | lists)
    except ValidationError:
        log.warning("The settings of the server %d are damaged. It has the defaults now.", row.id)
        return ServerSettings.model_validate(lists)


def _unexpired(column: Any) -> Any:  # noqa: ANN401  # a SQLAlchemy column
    return column > utc_now() - RETENTION


def _expire(table: type[Base], kept: datetime.timedelta) -> Iterator[Executable]:
    """Delete the rows older than this and those without a date. One from the future is dated now, to go in time too."""
    at = table.__table__.c.at
    is_dated = and_(func.typeof(at) == "text", func.glob(DATE, at))
    yield delete(table).where(or_(not_(is_dated), at < utc_now() - kept))
    yield update(table).where(at > utc_now() + CLOCKS_DIFFER).values(at=utc_now())


def _has_json_content() -> ColumnElement[bool]:
    """Whether an answer's content is a JSON object; SQLite fails on the functions below if it is not."""
    content = AnswerRow.content
    is_json = and_(func.typeof(content) == "text", func.json_valid(content))
    return case((is_json, func.json_type(content) == "object"), else_=False)


def _no_question() -> dict[str, Any]:
    """As `StoredAnswer.without_question`, in SQL, so that no damaged row gets in the way."""
    bare: list[Any] = []
    for name in ("quotes", "possible", "nearest"):
        quote = func.json_each(AnswerRow.content, f"$.{name}").table_valued("value", "type")
        without = func.json_group_array(func.json_remove(quote.c.value, "$.matched"))
        bare += f"$.{name}", func.json(select(without).where(quote.c.type == "object").scalar_subquery())
    return {"question": None, "content": func.json_set(AnswerRow.content, *bare)}


def _answer_values(stored: StoredAnswer) -> dict[str, Any]:
    values = {name: getattr(stored, name) for name in ("id", "at", "asker", "server", "channel", "question_message")}
    return values | {
        "question": stored.question,
        "verdict": stored.verdict.value,
        "messages": list(stored.messages),
        "content": stored.model_dump(mode="json", include=IN_CONTENT),
    }


def _stored_answer(row: Any) -> StoredAnswer:  # noqa: ANN401  # a row
    names = ("id", "at", "asker", "server", "channel", "question_message", "verdict", "question", "messages")
    return StoredAnswer.model_validate(row.content | {name: getattr(row, name) for name in names})


def _feedback(row: Any) -> Feedback:  # noqa: ANN401  # a row
    return Feedback(
        answer_id=row.given, rater=row.rater, good=row.good, reason=row.why and FeedbackReason(row.why), at=row.at
    )


def _thread(row: Any) -> BotThread:  # noqa: ANN401  # a row
    return BotThread(thread=row.id, article=row.article, asker=row.asker, at=row.at)


def _audit_entry(row: Any) -> AuditEntry:  # noqa: ANN401  # a row
    return AuditEntry(**{name: getattr(row, name) for name in AuditEntry.model_fields})
