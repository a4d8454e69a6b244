"""What processes share about members: how often they have asked, and their language."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from sqlalchemy import Connection, case, select

from bot.state.clock import Clock, database_time
from bot.state.database import Database, utc_now
from bot.state.tables import LanguageRow, QuestionCountRow


class QuestionCount(NamedTuple):
    """The number of a member's question in the time of their cool-down, this one included."""

    number: int
    seconds_left: float
    """Until that time is over."""


class SharedMembers:
    """Counts and languages of members. Every method raises `StateUnavailable` if the database fails."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def count_question(self, asker: str, seconds: int, period: int) -> QuestionCount:
        """Count a question.

        Args:
            asker: the member's pseudonym.
            seconds: the cool-down that applies; each has a count of its own.
            period: the seconds in which questions are counted; the first one after them begins a new count.
        """

        def count(connection: Connection) -> QuestionCount:
            now = database_time(connection, self._clock)
            is_over = QuestionCountRow.at < now - datetime.timedelta(seconds=period)
            counted = {
                "number": case((is_over, 1), else_=QuestionCountRow.number + 1),
                "at": case((is_over, now), else_=QuestionCountRow.at),
            }
            key = {"asker": asker, "seconds": seconds}
            connection.execute(self._database.upsert(QuestionCountRow, key, {"number": 1, "at": now}, **counted))
            row = connection.execute(select(QuestionCountRow.number, QuestionCountRow.at).filter_by(**key)).one()
            passed = max(0.0, (now - row.at).total_seconds())  # another one may have begun later, and counted first
            return QuestionCount(row.number, period - passed)

        return await self._database.write(count)

    async def set_language(self, asker: str, language: str) -> None:
        """Store a user's language."""

        def store(connection: Connection) -> None:
            values = {"language": language, "at": database_time(connection, self._clock)}
            connection.execute(self._database.upsert(LanguageRow, {"asker": asker}, values))

        await self._database.write(store)

    async def language(self, asker: str) -> str | None:
        """Return a user's language; None if it is not known."""
        wanted = select(LanguageRow.language).where(LanguageRow.asker == asker)
        found = await self._database.read(lambda connection: connection.scalar(wanted))
        return found if isinstance(found, str) else None  # a damaged row may hold anything
