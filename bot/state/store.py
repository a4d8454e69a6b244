"""Persistent state in a database: read on demand, committed before anything relies on it.

Only server settings are also cached in memory, since every question needs them.
"""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from discord.utils import snowflake_time
from pydantic import SecretStr, ValidationError
from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    String,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from bot.state.database import Database, Lock, utc_now
from bot.state.generations import ANSWERS, SETTINGS, next_generation
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
from bot.state.postgresql import postgres_database
from bot.state.postgresql.messages import FILE_UNUSED
from bot.state.sqlite.database import SqliteDatabase
from bot.state.tables import (
    AnswerRow,
    AuditRow,
    Base,
    ChannelRow,
    FeedbackRow,
    LanguageRow,
    QuestionCountRow,
    ServerRow,
    SyncedCommandsRow,
    ThreadRow,
    storable,
)
from index.models import Verdict

log = logging.getLogger(__name__)
FILE = "state.sqlite3"
RETENTION = datetime.timedelta(days=30)
"""How long questions, buttons and feedback are stored."""
AUDIT_RETENTION, COUNT_RETENTION = datetime.timedelta(days=365), datetime.timedelta(days=1)
REFUSAL_PERIOD, MAX_REFUSALS = datetime.timedelta(hours=1), 100
"""A user's attempts at one command are stored once in this time, and so many attempts of all users."""
CLOCKS_DIFFER = datetime.timedelta(days=1)
Result = TypeVar("Result")
Change = Callable[[ServerSettings], Mapping[str, Any]]
"""The fields of a server's settings that change, with their new values."""


class State:
    """The database. Every method raises `StateUnavailable` if the database fails."""

    def __init__(self, database: Database, servers: dict[int, ServerSettings]) -> None:
        self._database = database
        self._servers = servers
        self._settings_lock = asyncio.Lock()
        """Held from writing or reading settings to keeping them in memory, so that no older ones replace newer ones."""

    @classmethod
    async def open(cls, folder: Path, url: SecretStr | None = None) -> Self:
        """Open the state, creating it if missing.

        Args:
            folder: the data folder, with the SQLite file; if that is damaged, it is renamed and replaced.
            url: of a PostgreSQL database, which is used in its place.
        """
        file = folder / FILE
        database = SqliteDatabase(file) if url is None else await asyncio.to_thread(postgres_database, url)
        if url is not None and await asyncio.to_thread(file.exists):
            log.warning(FILE_UNUSED.format(path=str(file)))
        return cls(database, await asyncio.to_thread(database.open, _load_server_settings))

    @property
    def database(self) -> Database:
        """The database, for what several processes share; see `processes.py` and `members.py`."""
        return self._database

    async def close(self) -> None:
        """Wait for running operations, then close."""
        await self._database.close()

    # ---- reading and writing -----------------------------------------------------------------------------------------

    async def _execute(self, *statements: Executable) -> int:
        """Run statements in one durable transaction; return the rows affected by the last."""
        return await self._database.write(_all(*statements))

    async def _fetch(self, statement: Executable, model_of: Callable[[Any], Result]) -> list[Result]:
        """Return the rows of a query as models."""
        return await self._database.read(
            lambda connection: [model_of(row) for row in connection.execute(statement).all()]
        )

    async def _delete(self, work: Callable[[Connection], int]) -> int:
        """Run work that deletes; return its result. Settings are written again if the database had to be replaced."""
        rows = await self._database.delete(work)
        if rows is None:
            servers = dict(self._servers)

            def restore(connection: Connection) -> None:
                for server, settings in servers.items():
                    self._write_settings(connection, server, settings)

            await self._database.write(restore)
        return rows or 0

    # ---- who asks ----------------------------------------------------------------------------------------------------

    def pseudonym(self, user: int) -> str:
        """Return the user's pseudonym: always the same, and not reversible without the deployment's key."""
        return hmac.digest(self._database.key, str(user).encode(), hashlib.sha256).hex()[:32]

    async def delete_user_data(self, user: int) -> int:
        """Delete a user's questions and feedback; return the number of answers deleted."""
        name = self.pseudonym(user)
        own = select(AnswerRow.id).where(AnswerRow.asker == name)
        rows = await self._delete(
            _all(
                next_generation(ANSWERS, exists(own)),
                delete(LanguageRow).where(LanguageRow.asker == name),
                delete(FeedbackRow).where(or_(FeedbackRow.rater == name, FeedbackRow.given.in_(own))),
                delete(ThreadRow).where(ThreadRow.asker == name),
                delete(AuditRow).where(AuditRow.user == user, AuditRow.action == REFUSED),
                delete(AnswerRow).where(AnswerRow.asker == name),
            )
        )
        await asyncio.to_thread(self._database.delete_set_aside)
        return rows

    async def delete_questions(self) -> None:
        """Delete the questions and their words from all answers, but keep what buttons need."""
        await self._delete(_delete_questions)
        await asyncio.to_thread(self._database.delete_set_aside)

    async def delete_expired(self) -> None:
        """Delete expired rows."""
        kept = {FeedbackRow: RETENTION, ThreadRow: RETENTION, AnswerRow: RETENTION, AuditRow: AUDIT_RETENTION}
        kept |= {LanguageRow: RETENTION, QuestionCountRow: COUNT_RETENTION}
        refused = delete(AuditRow).where(AuditRow.action == REFUSED, AuditRow.at < utc_now() - RETENTION)
        expired = (statement for table, period in kept.items() for statement in self._expire(table, period))
        await self._delete(_all(*expired, refused))
        await asyncio.to_thread(self._database.delete_set_aside, RETENTION)

    def _expire(self, table: type[Base], kept: datetime.timedelta) -> Iterator[Executable]:
        """Delete the rows older than this and those without a date. One from the future is dated now, to go in time."""
        at = table.__table__.c.at
        yield delete(table).where(or_(self._database.is_undated(at), at < utc_now() - kept))
        yield update(table).where(at > utc_now() + CLOCKS_DIFFER).values(at=utc_now())

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
            _is_among(message),
        )
        found = await self._fetch(wanted.order_by(AnswerRow.at.desc()), _stored_answer)
        return next((stored for stored in found if message in stored.messages), None)

    async def answers_to(self, question_message: int) -> list[StoredAnswer]:
        """Return the answers to a message, newest last; several if a newer one was only sent in part."""
        wanted = select(AnswerRow.__table__).where(AnswerRow.question_message == question_message)
        return await self._fetch(wanted.order_by(AnswerRow.at), _stored_answer)

    async def answer_in_message(self, message: int, channel: int) -> StoredAnswer | None:
        """Return the answer that one of the bot's messages in a channel is part of."""
        wanted = select(AnswerRow.__table__).where(
            AnswerRow.channel == channel, _unexpired(AnswerRow.at), _is_among(message)
        )
        found = await self._fetch(wanted, _stored_answer)
        return next((stored for stored in found if message in stored.messages), None)

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
        await self._database.write(lambda connection: _follow_instead(connection, old, new))

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
        # A thumbs down has no reason: the modal may have been stored first.
        keeps = not rating.good and rating.reason is None
        changed = {"why": case((FeedbackRow.good.is_(False), FeedbackRow.why))} if keeps else {}
        await self._execute(self._database.upsert(FeedbackRow, key, values, **changed))

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
        return await self.change_server_settings(server, lambda _: changed)

    async def change_server_settings(self, server: int, change: Change) -> ServerSettings:
        """Change a server's settings by a function of the stored ones; return the new ones.

        Other processes change settings too: what is stored counts, not what this one has in memory.
        """

        def work(connection: Connection) -> ServerSettings:
            self._database.hold(connection, Lock.SETTINGS)
            stored = _load_server_settings(connection, server).get(server, ServerSettings())
            now = stored.model_copy(update={name: storable(value) for name, value in change(stored).items()})
            self._write_settings(connection, server, now)
            connection.execute(next_generation(SETTINGS))
            return now

        async with self._settings_lock:
            now = self._servers[server] = await self._database.write(work)
        return now

    async def reload_server_settings(self) -> None:
        """Read the settings of all servers again, of which another process has changed some."""
        async with self._settings_lock:
            self._servers = await self._database.read(_load_server_settings)

    def _write_settings(self, connection: Connection, server: int, settings: ServerSettings) -> None:
        values = {name: getattr(settings, name) for name in SETTABLE}
        connection.execute(self._database.upsert(ServerRow, {"id": server}, values))
        connection.execute(delete(ChannelRow).where(ChannelRow.server == server))
        for kind, ids in ((UNASKED, settings.unasked), (ALLOWED, settings.allowed)):
            for channel in sorted(ids):
                connection.execute(insert(ChannelRow).values(id=channel, kind=kind, server=server))

    async def store_thread(self, thread: BotThread) -> None:
        """Record a thread that the bot opened, or update its article."""
        values = thread.model_dump(exclude={"thread"})
        await self._execute(self._database.upsert(ThreadRow, {"id": thread.thread}, values))

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
        if fingerprint is None:
            await self._execute(delete(SyncedCommandsRow).where(SyncedCommandsRow.scope == scope))
        else:
            stored = {"fingerprint": fingerprint}
            await self._execute(self._database.upsert(SyncedCommandsRow, {"scope": scope}, stored))

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
        added = insert(AuditRow).from_select(list(values), row.where(not_(exists(same)), not_(full)))

        def add(connection: Connection) -> None:
            self._database.hold(connection, Lock.REFUSALS)
            connection.execute(added)

        await self._database.write(add)

    async def audit_log(self, at_most: int) -> list[AuditEntry]:
        """Return the latest entries of the audit log, newest first."""
        wanted = select(AuditRow.__table__).order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(at_most)
        return await self._fetch(wanted, _audit_entry)


SETTABLE = ("threads", "private", "unsure", "answered_tag", "user_seconds", "channel_seconds")
UNANSWERED = (Verdict.MAY_ANSWER.value, Verdict.NOT_FOUND.value)
"""Verdicts that may mean an article is missing. Not `unclear`, which is often a greeting."""
LATEST = 10
"""The newest answers in a channel among which one is looked for that a question may follow."""
BATCH = 500
"""Answers that are changed at once."""
BOLD_WORDS = '"matched": ["'
"""In an answer's content if it holds words of the question."""
IN_CONTENT = {"article", "private", "quotes", "possible", "nearest", "suggestions", "follows"}


def _load_server_settings(connection: Connection, server: int | None = None) -> dict[int, ServerSettings]:
    """Return the settings of all servers, or of one.

    A server whose row is damaged has the defaults, but keeps its channels.
    """
    listed, kept = select(ChannelRow.__table__), select(ServerRow.__table__)
    if server is not None:
        listed, kept = listed.where(ChannelRow.server == server), kept.where(ServerRow.id == server)
    channels: dict[tuple[int, str], set[int]] = {}
    for row in connection.execute(listed):
        if isinstance(row.id, int):
            channels.setdefault((row.server, row.kind), set()).add(row.id)
    rows = {row.id: row for row in connection.execute(kept)}
    return {
        one: _server_settings(rows.get(one), channels.get((one, UNASKED), set()), channels.get((one, ALLOWED), set()))
        for one in {*rows, *(listing for listing, _ in channels)}
        if isinstance(one, int)
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


def _all(*statements: Executable) -> Callable[[Connection], int]:
    """Work that runs statements one after another; returns the rows affected by the last."""
    return lambda connection: [connection.execute(statement).rowcount for statement in statements][-1]


def _json_object(written: object) -> dict[str, Any] | None:
    """Return the JSON object of a text; None if it is none, because the row is damaged."""
    try:
        found = json.loads(written) if isinstance(written, str) else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _delete_questions(connection: Connection) -> int:
    """As `StoredAnswer.without_question`, for all rows; those that cannot be read are deleted."""
    content = cast(AnswerRow.content, String)
    asked = or_(AnswerRow.question.is_not(None), content.contains(BOLD_WORDS, autoescape=True))
    ids = connection.scalars(select(AnswerRow.id).where(asked)).all()
    bare = update(AnswerRow).where(AnswerRow.id == bindparam("of")).values(question=None, content=bindparam("bare"))
    for first in range(0, len(ids), BATCH):
        rows = connection.execute(
            select(AnswerRow.id, content).where(AnswerRow.id.in_(ids[first : first + BATCH])).with_for_update()
        ).all()
        found = [(name, _json_object(written)) for name, written in rows]
        changed = [{"of": name, "bare": _without_bold(one)} for name, one in found if one is not None]
        if changed:
            connection.execute(bare, changed)
    return connection.execute(delete(AnswerRow).where(asked)).rowcount


def _without_bold(content: dict[str, Any]) -> dict[str, Any]:
    bare = {
        name: [{key: value for key, value in quote.items() if key != "matched"} for quote in _objects(content, name)]
        for name in ("quotes", "possible", "nearest")
    }
    return content | bare


def _objects(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = content.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _follow_instead(connection: Connection, old: str, new: str) -> None:
    content = cast(AnswerRow.content, String)
    recent = AnswerRow.at > utc_now() - CLOCKS_DIFFER
    mentions = content.contains(old, autoescape=True)
    rows = connection.execute(select(AnswerRow.id, content).where(recent, mentions).with_for_update()).all()
    for name, written in rows:
        found = _json_object(written)
        if found is not None and found.get("follows") == old:
            follows = update(AnswerRow).where(AnswerRow.id == name).values(content=found | {"follows": new})
            connection.execute(follows)


def _is_among(message: int) -> ColumnElement[bool]:
    """Whether an answer may have this message; ids that hold this number are found too."""
    return cast(AnswerRow.messages, String).contains(str(message))


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
