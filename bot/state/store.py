"""Persistent state in SQLite: read on demand, committed before anything relies on it.

Only server settings are also cached in memory, since every question needs them.
"""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    case,
    create_engine,
    delete,
    event,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from bot.state.migrate import migrate
from bot.state.models import (
    ALLOWED,
    UNASKED,
    AuditEntry,
    BotThread,
    Feedback,
    FeedbackReason,
    ServerSettings,
    StoredAnswer,
)
from bot.state.tables import AnswerRow, AuditRow, ChannelRow, FeedbackRow, KeyRow, ServerRow, ThreadRow
from index.models import Verdict

log = logging.getLogger(__name__)
FILE = "state.sqlite3"
DAMAGED, TIME_FORMAT = ".damaged-", "%Y%m%dT%H%M%S"
"""Suffix and timestamp of a damaged database that was renamed; it may contain questions."""
RETENTION = datetime.timedelta(days=30)
"""How long questions, buttons and feedback are stored."""
AUDIT_RETENTION = datetime.timedelta(days=365)
EMPTY_LOG = text("PRAGMA wal_checkpoint(TRUNCATE)")
Result = TypeVar("Result")


class StateUnavailable(Exception):
    """The state cannot be read or written."""


def utc_now() -> datetime.datetime:
    """Return the current time."""
    return datetime.datetime.now(datetime.UTC)


class State:
    """The database. Every method raises `StateUnavailable` if the database fails."""

    def __init__(self, engine: Engine, key: bytes, servers: dict[int, ServerSettings], path: Path) -> None:
        self._engine = engine
        self._key = key
        self._servers = servers
        self._path = path
        self._writer = ThreadPoolExecutor(1, "state")
        """A single writer thread, so that transactions run in the order they were requested."""
        self._running: set[asyncio.Future[Any]] = set()

    # ---- opening and closing -----------------------------------------------------------------------------------------

    @classmethod
    async def open(cls, folder: Path) -> Self:
        """Open the database in a folder, creating it if missing; a damaged one is renamed and replaced."""
        path = folder / FILE
        try:
            return await asyncio.to_thread(cls._opened, path)
        except (SQLAlchemyError, OSError) as error:
            aside = path.with_name(f"{FILE}{DAMAGED}{utc_now():{TIME_FORMAT}}")
            log.error("The database %s cannot be used (%s); it was renamed to %s.", path, _reason(error), aside.name)  # noqa: TRY400  # no traceback for the operator
        try:
            await asyncio.to_thread(_move_aside, path, aside)
            return await asyncio.to_thread(cls._opened, path)
        except (SQLAlchemyError, OSError) as error:
            message = (
                f"The bot's database cannot be stored in {str(folder)!r} ({_reason(error)}). Make the folder writable."
            )
            raise StateUnavailable(message) from error

    @classmethod
    def _opened(cls, path: Path) -> Self:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 20})
        event.listen(engine, "connect", _set_pragmas)
        try:
            with engine.begin() as connection:
                migrate(connection)
            with engine.begin() as connection:
                fresh = insert(KeyRow).values(name="asker", value=secrets.token_bytes(32)).on_conflict_do_nothing()
                connection.execute(fresh)
                key = connection.scalar(select(KeyRow.value).where(KeyRow.name == "asker"))
                connection.scalar(select(func.count()).select_from(AnswerRow))
                servers = _load_server_settings(connection)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, bytes(key or b""), servers, path)

    async def close(self) -> None:
        """Wait for running operations, then close."""
        if self._running:
            await asyncio.wait(self._running)
        self._writer.shutdown()
        self._engine.dispose()

    # ---- reading and writing -----------------------------------------------------------------------------------------

    async def _execute(self, *statements: Executable) -> int:
        """Run statements in one durable transaction; return the rows affected by the last."""

        def carried_out() -> int:
            rows = 0
            with self._engine.begin() as connection:
                for statement in statements:
                    rows = connection.execute(statement).rowcount
            return rows

        return await self._run(self._writer, carried_out)

    async def _fetch(self, statement: Executable) -> Sequence[Any]:
        """Return the rows of a query; reads do not wait for writes."""

        def read() -> Sequence[Any]:
            with self._engine.connect() as connection:
                return connection.execute(statement).all()

        return await self._run(None, read)

    async def _run(self, thread: ThreadPoolExecutor | None, work: Callable[[], Result]) -> Result:
        """Run work in a thread and return its result; it is completed even if the caller is cancelled."""
        running = asyncio.get_running_loop().run_in_executor(thread, work)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(running)
        except Exception as error:
            raise StateUnavailable(_reason(error)) from error

    # ---- who asks ----------------------------------------------------------------------------------------------------

    def pseudonym(self, user: int) -> str:
        """Return the user's pseudonym: always the same, and not reversible without the deployment's key."""
        return hmac.digest(self._key, str(user).encode(), hashlib.sha256).hex()[:32]

    async def delete_user_data(self, user: int) -> int:
        """Delete a user's questions and feedback; return the number of answers deleted."""
        name = self.pseudonym(user)
        own = select(AnswerRow.id).where(AnswerRow.asker == name)
        rows = await self._execute(
            delete(FeedbackRow).where(or_(FeedbackRow.rater == name, FeedbackRow.given.in_(own))),
            delete(ThreadRow).where(ThreadRow.asker == name),
            delete(AnswerRow).where(AnswerRow.asker == name),
        )
        await self._truncate_wal()
        return rows

    async def delete_questions(self) -> None:
        """Delete the questions and their words from all answers, but keep what buttons need."""
        asked = await self._fetch(select(AnswerRow.__table__).where(AnswerRow.question.is_not(None)))
        bare = [_stored_answer(row).without_question() for row in asked]
        statements = [update(AnswerRow).where(AnswerRow.id == one.id).values(_answer_values(one)) for one in bare]
        if statements:
            await self._execute(*statements)
            await self._truncate_wal()
        await asyncio.to_thread(_delete_damaged, self._path, utc_now())

    async def delete_expired(self) -> None:
        """Delete expired rows."""
        await self._execute(
            delete(FeedbackRow).where(FeedbackRow.at < utc_now() - RETENTION),
            delete(ThreadRow).where(ThreadRow.at < utc_now() - RETENTION),
            delete(AnswerRow).where(AnswerRow.at < utc_now() - RETENTION),
            delete(AuditRow).where(AuditRow.at < utc_now() - AUDIT_RETENTION),
        )
        await self._truncate_wal()
        await asyncio.to_thread(_delete_damaged, self._path, utc_now() - RETENTION)

    async def _truncate_wal(self) -> None:
        """Truncate the write-ahead log, which still holds deleted rows; postponed while others read from it."""
        await self._execute(EMPTY_LOG)

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
        rows = await self._fetch(select(AnswerRow.__table__).where(AnswerRow.id == answer_id, _unexpired(AnswerRow.at)))
        return _stored_answer(rows[0]) if rows else None

    async def answers_to(self, question_message: int) -> list[StoredAnswer]:
        """Return the answers to a message, newest last; several if a newer one was only sent in part."""
        wanted = select(AnswerRow.__table__).where(AnswerRow.question_message == question_message)
        return [_stored_answer(row) for row in await self._fetch(wanted.order_by(AnswerRow.at))]

    async def delete_answer(self, answer_id: str) -> None:
        """Delete an answer and its ratings."""
        await self._execute(
            delete(FeedbackRow).where(FeedbackRow.given == answer_id),
            delete(AnswerRow).where(AnswerRow.id == answer_id),
        )

    async def unanswered(self) -> list[tuple[StoredAnswer, list[Feedback]]]:
        """Return the stored questions not answered for sure or rated as not helpful, newest first, with bad ratings."""
        bad = select(FeedbackRow.given).where(FeedbackRow.good.is_(False))
        unanswered = AnswerRow.verdict.in_(UNANSWERED)
        wanted = select(AnswerRow.__table__).where(
            AnswerRow.question.is_not(None), _unexpired(AnswerRow.at), or_(unanswered, AnswerRow.id.in_(bad))
        )
        answers = [_stored_answer(row) for row in await self._fetch(wanted.order_by(AnswerRow.at.desc()))]
        ratings: dict[str, list[Feedback]] = {}
        for row in await self._fetch(select(FeedbackRow.__table__).where(FeedbackRow.good.is_(False))):
            ratings.setdefault(row.given, []).append(_feedback(row))
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
        rows = await self._fetch(select(FeedbackRow.__table__).where(FeedbackRow.given == answer_id))
        return [_feedback(row) for row in rows]

    # ---- servers and threads -----------------------------------------------------------------------------------------

    def server_settings(self, server: int) -> ServerSettings:
        """Return a server's settings, or the defaults."""
        return self._servers.get(server, ServerSettings())

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
        rows = await self._fetch(select(ThreadRow.__table__).where(ThreadRow.id == thread))
        return (
            BotThread(thread=rows[0].id, article=rows[0].article, asker=rows[0].asker, at=rows[0].at) if rows else None
        )

    # ---- audit -------------------------------------------------------------------------------------------------------

    async def add_audit_entry(self, logged: AuditEntry) -> None:
        """Add an entry to the audit log."""
        await self._execute(insert(AuditRow).values(**logged.model_dump()))

    async def audit_log(self, at_most: int) -> list[AuditEntry]:
        """Return the latest entries of the audit log, newest first."""
        wanted = select(AuditRow.__table__).order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(at_most)
        names = AuditEntry.model_fields
        return [AuditEntry(**{name: getattr(row, name) for name in names}) for row in await self._fetch(wanted)]


SETTABLE = ("threads", "private", "unsure", "user_seconds", "channel_seconds")
UNANSWERED = (Verdict.MAY_ANSWER.value, Verdict.NOT_FOUND.value)
"""Verdicts that may mean an article is missing. Not `unclear`, which is often a greeting."""
IN_CONTENT = {"article", "private", "quotes", "possible", "nearest", "suggestions"}


def _set_pragmas(connection: Any, _: Any) -> None:  # noqa: ANN401  # the driver's connection
    """Configure SQLite: durable commits, readers that do not wait for writers, deleted data overwritten."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _load_server_settings(connection: Connection) -> dict[int, ServerSettings]:
    channels: dict[tuple[int, str], set[int]] = {}
    for row in connection.execute(select(ChannelRow.__table__)):
        channels.setdefault((row.server, row.kind), set()).add(row.id)
    return {
        row.id: ServerSettings(
            **{name: getattr(row, name) for name in SETTABLE},
            unasked=frozenset(channels.get((row.id, UNASKED), ())),
            allowed=frozenset(channels.get((row.id, ALLOWED), ())),
        )
        for row in connection.execute(select(ServerRow.__table__))
    }


def _move_aside(path: Path, aside: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))


def _delete_damaged(path: Path, before: datetime.datetime) -> None:
    """Delete damaged databases that were renamed before a time; log those that cannot be deleted."""
    until = f"{path.name}{DAMAGED}{before:{TIME_FORMAT}}"
    for part in path.parent.glob(f"{path.name}{DAMAGED}*"):
        if part.name[: len(until)] <= until:
            try:
                part.unlink()
                log.info("%s was deleted, because it may contain questions.", part)
            except OSError as error:
                log.warning("%s could not be deleted (%s). It may contain questions.", part, error.strerror)


def _reason(error: Exception) -> str:
    """Return the cause without the statement and its values, which may contain a question; else the error's type."""
    if isinstance(error, SQLAlchemyError | OSError):
        return str(getattr(error, "orig", None) or error).splitlines()[0]
    return type(error).__name__


def _unexpired(column: Any) -> Any:  # noqa: ANN401  # a SQLAlchemy column
    return column > utc_now() - RETENTION


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
    return StoredAnswer.model_validate({name: getattr(row, name) for name in names} | row.content)


def _feedback(row: Any) -> Feedback:  # noqa: ANN401  # a row
    return Feedback(
        answer_id=row.given, rater=row.rater, good=row.good, reason=row.why and FeedbackReason(row.why), at=row.at
    )
