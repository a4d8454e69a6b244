"""The state in its database: read when it is needed, written before anything relies on it.

The settings of servers alone are held in memory, too: every question needs them.
"""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import hmac
import itertools
import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import Executable, bindparam, case, delete, event, func, or_, select, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.state.migrating import brought_up_to_date
from bot.state.nouns import ALLOWED, UNASKED, Given, Logged, Opened, Rating, ServerSettings, Why
from bot.state.tables import AnswerRow, AuditRow, ChannelRow, FeedbackRow, KeyRow, ServerRow, ThreadRow
from index.article import Verdict

log = logging.getLogger(__name__)
FILE = "state.sqlite3"
DAMAGED, WHEN = ".damaged-", "%Y%m%dT%H%M%S"
"""How a database is called that was set aside, and when it was: it may hold questions."""
KEPT = datetime.timedelta(days=30)
"""For how long questions, buttons and feedback are kept."""
AUDIT_KEPT = datetime.timedelta(days=365)
AT_ONCE = 200
"""Writes that share a transaction at most."""
APART = 0.05
"""Seconds between the beginnings of two transactions: where many ask, their answers share one."""
NEW_ANSWER = insert(AnswerRow)
PUT: dict[str, Any] = {"messages": bindparam("sent"), "channel": bindparam("place")}
MESSAGES = update(AnswerRow).where(AnswerRow.id == bindparam("given")).values(PUT)
"""What every question does: carried out for several at once where several wait."""


EMPTY_LOG = text("PRAGMA wal_checkpoint(TRUNCATE)")
"""Not in a transaction with others: where it comes together with them, each is carried out for itself."""


class Job(NamedTuple):
    """Statements that are carried out together, and who waits for it."""

    statements: Sequence[Executable]
    done: asyncio.Future[int]
    values: dict[str, Any] | None = None
    """Of the only statement, where it has places for them."""


class StateBroken(Exception):
    """The state cannot be read or written just now."""


def utc_now() -> datetime.datetime:
    """The time."""
    return datetime.datetime.now(datetime.UTC)


class State:
    """The state. Every method raises StateBroken where the database does not do its part."""

    def __init__(self, engine: AsyncEngine, key: bytes, servers: dict[int, ServerSettings], path: Path) -> None:
        """Over an open database; `open` opens one."""
        self._engine = engine
        self._key = key
        self._servers = servers
        self._path = path
        self._waiting: asyncio.Queue[Job | None] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())
        self._reading: set[asyncio.Task[Sequence[Any]]] = set()

    # ---- opening and closing -----------------------------------------------------------------------------------------

    @classmethod
    async def open(cls, folder: Path) -> Self:
        """The state in a folder, made where there is none; one that is no database any more is set aside.

        Raises:
            StateBroken: it can neither be used nor set aside.
        """
        path = folder / FILE
        try:
            return await cls._opened(path)
        except (SQLAlchemyError, OSError) as error:
            aside = path.with_name(f"{FILE}{DAMAGED}{utc_now():{WHEN}}")
            log.error("The bot's state in %s cannot be used (%s); it is kept as %s.", path, _said(error), aside.name)  # noqa: TRY400  # no traceback for the operator
        try:
            await asyncio.to_thread(_set_aside, path, aside)
            return await cls._opened(path)
        except (SQLAlchemyError, OSError) as error:
            message = f"The bot's state cannot be kept in {str(folder)!r} ({_said(error)}). Make the folder writable."
            raise StateBroken(message) from error

    @classmethod
    async def _opened(cls, path: Path) -> Self:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args={"timeout": 20})
        event.listen(engine.sync_engine, "connect", _prepare)
        try:
            await brought_up_to_date(engine)
            async with engine.begin() as connection:
                fresh = insert(KeyRow).values(name="asker", value=secrets.token_bytes(32)).on_conflict_do_nothing()
                await connection.execute(fresh)
                key = await connection.scalar(select(KeyRow.value).where(KeyRow.name == "asker"))
                await connection.scalar(select(func.count()).select_from(AnswerRow))
                servers = await _servers(connection)
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine, bytes(key or b""), servers, path)

    async def close(self) -> None:
        """Finish what is being written and read, and close."""
        await self._waiting.put(None)
        await asyncio.wait({self._writer, *self._reading})
        await self._engine.dispose()

    # ---- writing -----------------------------------------------------------------------------------------------------

    async def _do(self, *statements: Executable, values: dict[str, Any] | None = None) -> int:
        """Carry out statements, all or none, durably; the number of rows that the last one touched."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        await self._waiting.put(Job(statements, done, values))
        try:
            return await done
        except SQLAlchemyError as error:
            raise StateBroken(_said(error)) from error

    async def _write(self) -> None:
        """Carry out what is waiting, as much as there is in one transaction: its cost is that of the disk."""
        clock = asyncio.get_running_loop().time
        due = 0.0
        while True:
            waiting = [await self._waiting.get()]
            await asyncio.sleep(max(0.0, due - clock()))
            due = clock() + APART
            while len(waiting) < AT_ONCE and not self._waiting.empty():
                waiting.append(self._waiting.get_nowait())
            jobs = [job for job in waiting if job is not None]
            try:
                await self._together(jobs)
            except Exception:  # noqa: BLE001  # told to who waits; whatever it is, the next ones are still written
                for job in jobs:  # one of them is at fault, or all: each for itself
                    await self._alone(job)
            if len(jobs) < len(waiting):
                return

    async def _together(self, jobs: Iterable[Job]) -> None:
        touched: list[tuple[Job, int]] = []
        async with self._engine.begin() as connection:
            for some in groups(jobs):
                rows = await _carried_out(connection, some)
                touched += [(job, rows) for job in some]
        for job, rows in touched:
            if not job.done.done():
                job.done.set_result(rows)

    async def _alone(self, job: Job) -> None:
        try:
            await self._together([job])
        except Exception as error:  # noqa: BLE001  # of one that is of no known kind, the kind is told: its words may be a question's
            if not job.done.done():
                told = str(error) if isinstance(error, OSError) else type(error).__name__
                broken = error if isinstance(error, SQLAlchemyError) else SQLAlchemyError(told)
                job.done.set_exception(broken)

    async def _rows(self, statement: Executable) -> Sequence[Any]:
        """What a statement finds; read to the end though nobody waits for it any longer.

        A connection that is left in the middle would be closed by a thread that may be gone by then.
        """
        reading = asyncio.create_task(self._read(statement))
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        return await asyncio.shield(reading)

    async def _read(self, statement: Executable) -> Sequence[Any]:
        try:
            async with self._engine.connect() as connection:
                return (await connection.execute(statement)).all()
        except (SQLAlchemyError, OSError) as error:
            raise StateBroken(_said(error)) from error

    # ---- who asks ----------------------------------------------------------------------------------------------------

    def known_as(self, user: int) -> str:
        """What stands for a user here: the same for the same user, and no way back without this deployment's key."""
        return hmac.digest(self._key, str(user).encode(), hashlib.sha256).hex()[:32]

    async def forget(self, user: int) -> int:
        """Delete all that is kept of a user's questions and feedback; how many answers it was."""
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
        """Delete the questions and their words from all answers, and keep what the buttons need."""
        asked = await self._rows(select(AnswerRow.__table__).where(AnswerRow.question.is_not(None)))
        bare = [_given(row).without_question() for row in asked]
        statements = [update(AnswerRow).where(AnswerRow.id == one.id).values(_answer_values(one)) for one in bare]
        if statements:
            await self._do(*statements)
            await self._wipe()
        await asyncio.to_thread(_forget_damaged, self._path, utc_now())

    async def tidy(self) -> None:
        """Delete what is older than it may be."""
        await self._do(
            delete(FeedbackRow).where(FeedbackRow.at < utc_now() - KEPT),
            delete(ThreadRow).where(ThreadRow.at < utc_now() - KEPT),
            delete(AnswerRow).where(AnswerRow.at < utc_now() - KEPT),
            delete(AuditRow).where(AuditRow.at < utc_now() - AUDIT_KEPT),
        )
        await self._wipe()
        await asyncio.to_thread(_forget_damaged, self._path, utc_now() - KEPT)

    async def _wipe(self) -> None:
        """Empty the log of writes, which would still hold what was deleted; later, where somebody reads in it."""
        await self._do(EMPTY_LOG)

    # ---- answers -----------------------------------------------------------------------------------------------------

    async def remember(self, given: Given) -> None:
        """Keep an answer, before it is sent."""
        await self._do(NEW_ANSWER, values=_answer_values(given))

    async def sent(self, given: str, messages: Sequence[int], channel: int | None) -> None:
        """Note which messages an answer became, and where: not always where the question stands."""
        await self._do(MESSAGES, values={"given": given, "sent": list(messages), "place": channel})

    async def recall(self, given: str) -> Given | None:
        """An answer by its id; None where it is not kept any more."""
        rows = await self._rows(select(AnswerRow.__table__).where(AnswerRow.id == given, _young(AnswerRow.at)))
        return _given(rows[0]) if rows else None

    async def answers_to(self, question_message: int) -> list[Given]:
        """The answers to a message, the newest last: more than one where a newer one could not be sent whole."""
        wanted = select(AnswerRow.__table__).where(AnswerRow.question_message == question_message)
        return [_given(row) for row in await self._rows(wanted.order_by(AnswerRow.at))]

    async def drop(self, given: str) -> None:
        """Forget an answer and what was thought of it."""
        await self._do(
            delete(FeedbackRow).where(FeedbackRow.given == given), delete(AnswerRow).where(AnswerRow.id == given)
        )

    async def without_answer(self) -> list[tuple[Given, list[Rating]]]:
        """The kept questions that were not answered for sure, or whose answer was marked bad, the newest first."""
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
        """Keep what a reader thinks; their last word on an answer counts, and a thumb takes no reason back."""
        values: dict[str, Any] = {"good": rating.good, "why": rating.why and rating.why.value, "at": rating.at}
        key = {"given": rating.given, "rater": rating.rater}
        wanted = insert(FeedbackRow).values(**key, **values)
        if not rating.good and rating.why is None:  # the form may have been faster
            values["why"] = case((FeedbackRow.good.is_(False), FeedbackRow.why))
        await self._do(wanted.on_conflict_do_update(index_elements=list(key), set_=values))

    async def ratings_of(self, given: str) -> list[Rating]:
        """What readers think of an answer."""
        rows = await self._rows(select(FeedbackRow.__table__).where(FeedbackRow.given == given))
        return [_rating(row) for row in rows]

    # ---- servers and threads -----------------------------------------------------------------------------------------

    def server(self, server: int) -> ServerSettings:
        """The settings of a server; the defaults where nothing was set."""
        return self._servers.get(server, ServerSettings())

    async def set(self, server: int, **changed: Any) -> ServerSettings:  # noqa: ANN401  # the fields of `ServerSettings`
        """Change settings of a server; returns what they are now."""
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
        """Note a thread that the bot has opened, or what it is about now."""
        values = thread.model_dump(exclude={"thread"})
        wanted = insert(ThreadRow).values(id=thread.thread, **values)
        await self._do(wanted.on_conflict_do_update(index_elements=["id"], set_=values))

    async def thread(self, thread: int) -> Opened | None:
        """A thread that the bot has opened."""
        rows = await self._rows(select(ThreadRow.__table__).where(ThreadRow.id == thread))
        return Opened(thread=rows[0].id, article=rows[0].article, asker=rows[0].asker, at=rows[0].at) if rows else None

    # ---- audit -------------------------------------------------------------------------------------------------------

    async def note(self, logged: Logged) -> None:
        """Keep who changed what."""
        await self._do(insert(AuditRow).values(**logged.model_dump()))

    async def audit(self, at_most: int) -> list[Logged]:
        """The last changes, the newest first."""
        wanted = select(AuditRow.__table__).order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(at_most)
        names = Logged.model_fields
        return [Logged(**{name: getattr(row, name) for name in names}) for row in await self._rows(wanted)]


SETTABLE = ("threads", "private", "unsure", "user_seconds", "channel_seconds")
UNANSWERED = (Verdict.MAY_ANSWER.value, Verdict.NOT_FOUND.value)
"""Verdicts of questions that an article may be missing for. An unclear one is a greeting, say, and no gap."""
IN_CONTENT = {"article", "private", "quotes", "possible", "nearest", "suggestions"}


def _prepare(connection: Any, _: Any) -> None:  # noqa: ANN401  # the driver's own
    """A commit is on the disk when it returns, readers do not wait for writers, and what is deleted is overwritten."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def groups(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """The jobs in order, those together that are one statement with different values.

    Of answers that follow each other all are kept before it is noted what became of any: an answer's own note comes
    later than it, and no other's is touched by it.
    """
    for has_values, run in itertools.groupby(jobs, key=lambda job: job.values is not None):
        if has_values:
            kept_first = sorted(run, key=lambda job: job.statements[0] is not NEW_ANSWER)
            yield from (list(same) for _, same in itertools.groupby(kept_first, key=lambda job: id(job.statements[0])))
        else:
            yield from ([job] for job in run)


async def _carried_out(connection: AsyncConnection, jobs: Sequence[Job]) -> int:
    """Carry out a job, or several that are the same but for their values; the rows that the last statement touched."""
    rows = 0
    values = [job.values for job in jobs if job.values is not None]
    for statement in jobs[0].statements:
        rows = (await connection.execute(statement, values or None)).rowcount
    return rows


async def _servers(connection: AsyncConnection) -> dict[int, ServerSettings]:
    """The settings of all servers that have changed any."""
    channels: dict[tuple[int, str], set[int]] = {}
    for row in await connection.execute(select(ChannelRow.__table__)):
        channels.setdefault((row.server, row.kind), set()).add(row.id)
    return {
        row.id: ServerSettings(
            **{name: getattr(row, name) for name in SETTABLE},
            unasked=frozenset(channels.get((row.id, UNASKED), ())),
            allowed=frozenset(channels.get((row.id, ALLOWED), ())),
        )
        for row in await connection.execute(select(ServerRow.__table__))
    }


def _set_aside(path: Path, aside: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))


def _forget_damaged(path: Path, before: datetime.datetime) -> None:
    """Delete the databases that were set aside until then; one that cannot be is named in the log."""
    until = f"{path.name}{DAMAGED}{before:{WHEN}}"
    for part in path.parent.glob(f"{path.name}{DAMAGED}*"):
        if part.name[: len(until)] <= until:
            try:
                part.unlink()
                log.info("%s was deleted: it may hold questions.", part)
            except OSError as error:
                log.warning("%s could not be deleted (%s). It may hold questions.", part, error.strerror)


def _said(error: Exception) -> str:
    """The database's own words, without statement and values: those may hold a question."""
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _young(column: Any) -> Any:  # noqa: ANN401  # as SQLAlchemy's columns
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
