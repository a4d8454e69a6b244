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

from bot.state.migrate import brought_up_to_date
from bot.state.models import ALLOWED, UNASKED, Given, Logged, Opened, Rating, ServerSettings, Why
from bot.state.tables import AnswerRow, AuditRow, ChannelRow, FeedbackRow, KeyRow, ServerRow, ThreadRow
from index.models import Verdict

log = logging.getLogger(__name__)
FILE = "state.sqlite3"
DAMAGED, WHEN = ".damaged-", "%Y%m%dT%H%M%S"
"""Suffix and timestamp of a damaged database that was renamed; it may contain questions."""
KEPT = datetime.timedelta(days=30)
"""How long questions, buttons and feedback are stored."""
AUDIT_KEPT = datetime.timedelta(days=365)
EMPTY_LOG = text("PRAGMA wal_checkpoint(TRUNCATE)")
Result = TypeVar("Result")


class StateBroken(Exception):
    """The state cannot be read or written."""


def utc_now() -> datetime.datetime:
    """Return the current time."""
    return datetime.datetime.now(datetime.UTC)


class State:
    """The database. Every method raises `StateBroken` if the database fails."""

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
            aside = path.with_name(f"{FILE}{DAMAGED}{utc_now():{WHEN}}")
            log.error("The database %s cannot be used (%s); it was renamed to %s.", path, _said(error), aside.name)  # noqa: TRY400  # no traceback for the operator
        try:
            await asyncio.to_thread(_set_aside, path, aside)
            return await asyncio.to_thread(cls._opened, path)
        except (SQLAlchemyError, OSError) as error:
            message = (
                f"The bot's database cannot be stored in {str(folder)!r} ({_said(error)}). Make the folder writable."
            )
            raise StateBroken(message) from error

    @classmethod
    def _opened(cls, path: Path) -> Self:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 20})
        event.listen(engine, "connect", _prepare)
        try:
            with engine.begin() as connection:
                brought_up_to_date(connection)
            with engine.begin() as connection:
                fresh = insert(KeyRow).values(name="asker", value=secrets.token_bytes(32)).on_conflict_do_nothing()
                connection.execute(fresh)
                key = connection.scalar(select(KeyRow.value).where(KeyRow.name == "asker"))
                connection.scalar(select(func.count()).select_from(AnswerRow))
                servers = _servers(connection)
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

    async def _do(self, *statements: Executable) -> int:
        """Run statements in one durable transaction; return the rows affected by the last."""

        def carried_out() -> int:
            rows = 0
            with self._engine.begin() as connection:
                for statement in statements:
                    rows = connection.execute(statement).rowcount
            return rows

        return await self._finished(self._writer, carried_out)

    async def _rows(self, statement: Executable) -> Sequence[Any]:
        """Return the rows of a query; reads do not wait for writes."""

        def read() -> Sequence[Any]:
            with self._engine.connect() as connection:
                return connection.execute(statement).all()

        return await self._finished(None, read)

    async def _finished(self, thread: ThreadPoolExecutor | None, work: Callable[[], Result]) -> Result:
        """Run work in a thread and return its result; it is completed even if the caller is cancelled."""
        running = asyncio.get_running_loop().run_in_executor(thread, work)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(running)
        except Exception as error:
            raise StateBroken(_said(error)) from error

    # ---- who asks ----------------------------------------------------------------------------------------------------

    def known_as(self, user: int) -> str:
        """Return the user's pseudonym: always the same, and not reversible without the deployment's key."""
        return hmac.digest(self._key, str(user).encode(), hashlib.sha256).hex()[:32]

    async def forget(self, user: int) -> int:
        """Delete a user's questions and feedback; return the number of answers deleted."""
        name = self.known_as(user)
        own = select(AnswerRow.id).where(AnswerRow.asker == name)
        rows = await self._do(
            delete(FeedbackRow).where(or_(FeedbackRow.rater == name, FeedbackRow.given.in_(own))),
            delete(ThreadRow).where(ThreadRow.asker == name),
            delete(AnswerRow).where(AnswerRow.asker == name),
        )
        await self._wipe()
        return rows

    async def forget_questions(self) -> None:
        """Delete the questions and their words from all answers, but keep what buttons need."""
        asked = await self._rows(select(AnswerRow.__table__).where(AnswerRow.question.is_not(None)))
        bare = [_given(row).without_question() for row in asked]
        statements = [update(AnswerRow).where(AnswerRow.id == one.id).values(_answer_values(one)) for one in bare]
        if statements:
            await self._do(*statements)
            await self._wipe()
        await asyncio.to_thread(_forget_damaged, self._path, utc_now())

    async def tidy(self) -> None:
        """Delete expired rows."""
        await self._do(
            delete(FeedbackRow).where(FeedbackRow.at < utc_now() - KEPT),
            delete(ThreadRow).where(ThreadRow.at < utc_now() - KEPT),
            delete(AnswerRow).where(AnswerRow.at < utc_now() - KEPT),
            delete(AuditRow).where(AuditRow.at < utc_now() - AUDIT_KEPT),
        )
        await self._wipe()
        await asyncio.to_thread(_forget_damaged, self._path, utc_now() - KEPT)

    async def _wipe(self) -> None:
        """Truncate the write-ahead log, which still holds deleted rows; postponed while others read from it."""
        await self._do(EMPTY_LOG)

    # ---- answers -----------------------------------------------------------------------------------------------------

    async def remember(self, given: Given) -> None:
        """Store an answer before it is sent."""
        await self._do(insert(AnswerRow).values(_answer_values(given)))

    async def sent(self, given: str, messages: Sequence[int], channel: int | None) -> None:
        """Record an answer's messages and their channel, which may differ from the question's."""
        noted = {"messages": list(messages), "channel": channel}
        await self._do(update(AnswerRow).where(AnswerRow.id == given).values(noted))

    async def recall(self, given: str) -> Given | None:
        """Return a stored answer; None if it has expired."""
        rows = await self._rows(select(AnswerRow.__table__).where(AnswerRow.id == given, _young(AnswerRow.at)))
        return _given(rows[0]) if rows else None

    async def answers_to(self, question_message: int) -> list[Given]:
        """Return the answers to a message, newest last; several if a newer one was only sent in part."""
        wanted = select(AnswerRow.__table__).where(AnswerRow.question_message == question_message)
        return [_given(row) for row in await self._rows(wanted.order_by(AnswerRow.at))]

    async def drop(self, given: str) -> None:
        """Delete an answer and its ratings."""
        await self._do(
            delete(FeedbackRow).where(FeedbackRow.given == given), delete(AnswerRow).where(AnswerRow.id == given)
        )

    async def without_answer(self) -> list[tuple[Given, list[Rating]]]:
        """Return the stored questions not answered for sure or rated as not helpful, newest first, with bad ratings."""
        bad = select(FeedbackRow.given).where(FeedbackRow.good.is_(False))
        unanswered = AnswerRow.verdict.in_(UNANSWERED)
        wanted = select(AnswerRow.__table__).where(
            AnswerRow.question.is_not(None), _young(AnswerRow.at), or_(unanswered, AnswerRow.id.in_(bad))
        )
        answers = [_given(row) for row in await self._rows(wanted.order_by(AnswerRow.at.desc()))]
        ratings: dict[str, list[Rating]] = {}
        for row in await self._rows(select(FeedbackRow.__table__).where(FeedbackRow.good.is_(False))):
            ratings.setdefault(row.given, []).append(_rating(row))
        return [(given, ratings.get(given.id, [])) for given in answers]

    # ---- feedback ----------------------------------------------------------------------------------------------------

    async def rate(self, rating: Rating) -> None:
        """Store a rating; a reader's latest counts, but a thumbs down without a reason keeps an earlier reason."""
        values: dict[str, Any] = {"good": rating.good, "why": rating.why and rating.why.value, "at": rating.at}
        key = {"given": rating.given, "rater": rating.rater}
        wanted = insert(FeedbackRow).values(**key, **values)
        if not rating.good and rating.why is None:  # the modal may have been stored first
            values["why"] = case((FeedbackRow.good.is_(False), FeedbackRow.why))
        await self._do(wanted.on_conflict_do_update(index_elements=list(key), set_=values))

    async def ratings_of(self, given: str) -> list[Rating]:
        """Return the ratings of an answer."""
        rows = await self._rows(select(FeedbackRow.__table__).where(FeedbackRow.given == given))
        return [_rating(row) for row in rows]

    # ---- servers and threads -----------------------------------------------------------------------------------------

    def server(self, server: int) -> ServerSettings:
        """Return a server's settings, or the defaults."""
        return self._servers.get(server, ServerSettings())

    async def set(self, server: int, **changed: Any) -> ServerSettings:  # noqa: ANN401  # the fields of `ServerSettings`
        """Change a server's settings; return the new ones."""
        now = self.server(server).model_copy(update=changed)
        values = {name: getattr(now, name) for name in SETTABLE}
        kinds = {UNASKED: now.unasked, ALLOWED: now.allowed}
        channels = [
            insert(ChannelRow).values(id=channel, kind=kind, server=server)
            for kind, ids in kinds.items()
            for channel in sorted(ids)
        ]
        written = insert(ServerRow).values(id=server, **values)
        await self._do(
            written.on_conflict_do_update(index_elements=["id"], set_=values),
            delete(ChannelRow).where(ChannelRow.server == server),
            *channels,
        )
        self._servers[server] = now
        return now

    async def opened(self, thread: Opened) -> None:
        """Record a thread that the bot opened, or update its article."""
        values = thread.model_dump(exclude={"thread"})
        wanted = insert(ThreadRow).values(id=thread.thread, **values)
        await self._do(wanted.on_conflict_do_update(index_elements=["id"], set_=values))

    async def thread(self, thread: int) -> Opened | None:
        """Return the record of a thread that the bot opened."""
        rows = await self._rows(select(ThreadRow.__table__).where(ThreadRow.id == thread))
        return Opened(thread=rows[0].id, article=rows[0].article, asker=rows[0].asker, at=rows[0].at) if rows else None

    # ---- audit -------------------------------------------------------------------------------------------------------

    async def note(self, logged: Logged) -> None:
        """Add an entry to the audit log."""
        await self._do(insert(AuditRow).values(**logged.model_dump()))

    async def audit(self, at_most: int) -> list[Logged]:
        """Return the latest entries of the audit log, newest first."""
        wanted = select(AuditRow.__table__).order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(at_most)
        names = Logged.model_fields
        return [Logged(**{name: getattr(row, name) for name in names}) for row in await self._rows(wanted)]


SETTABLE = ("threads", "private", "unsure", "user_seconds", "channel_seconds")
UNANSWERED = (Verdict.MAY_ANSWER.value, Verdict.NOT_FOUND.value)
"""Verdicts that may mean an article is missing. Not `unclear`, which is often a greeting."""
IN_CONTENT = {"article", "private", "quotes", "possible", "nearest", "suggestions"}


def _prepare(connection: Any, _: Any) -> None:  # noqa: ANN401  # the driver's connection
    """Configure SQLite: durable commits, readers that do not wait for writers, deleted data overwritten."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _servers(connection: Connection) -> dict[int, ServerSettings]:
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


def _set_aside(path: Path, aside: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))


def _forget_damaged(path: Path, before: datetime.datetime) -> None:
    """Delete damaged databases that were renamed before a time; log those that cannot be deleted."""
    until = f"{path.name}{DAMAGED}{before:{WHEN}}"
    for part in path.parent.glob(f"{path.name}{DAMAGED}*"):
        if part.name[: len(until)] <= until:
            try:
                part.unlink()
                log.info("%s was deleted, because it may contain questions.", part)
            except OSError as error:
                log.warning("%s could not be deleted (%s). It may contain questions.", part, error.strerror)


def _said(error: Exception) -> str:
    """Return the cause without the statement and its values, which may contain a question; else the error's type."""
    if isinstance(error, SQLAlchemyError | OSError):
        return str(getattr(error, "orig", None) or error).splitlines()[0]
    return type(error).__name__


def _young(column: Any) -> Any:  # noqa: ANN401  # a SQLAlchemy column
    return column > utc_now() - KEPT


def _answer_values(given: Given) -> dict[str, Any]:
    values = {name: getattr(given, name) for name in ("id", "at", "asker", "server", "channel", "question_message")}
    return values | {
        "question": given.question,
        "verdict": given.verdict.value,
        "messages": list(given.messages),
        "content": given.model_dump(mode="json", include=IN_CONTENT),
    }


def _given(row: Any) -> Given:  # noqa: ANN401  # a row
    names = ("id", "at", "asker", "server", "channel", "question_message", "verdict", "question", "messages")
    return Given.model_validate({name: getattr(row, name) for name in names} | row.content)


def _rating(row: Any) -> Rating:  # noqa: ANN401  # a row
    return Rating(given=row.given, rater=row.rater, good=row.good, why=row.why and Why(row.why), at=row.at)
