"""The SQLAlchemy tables; `bot.state.migrate` makes them, or brings older ones to this form."""

from __future__ import annotations

import datetime
import re
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


UNSTORABLE, REPLACEMENT = re.compile("[\0\ud800-\udfff]"), "\N{REPLACEMENT CHARACTER}"
"""Characters that cannot be stored, and what stands in their place: PostgreSQL has no NUL, UTF-8 no surrogates."""


def storable(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """Replace the characters that cannot be stored, in a text or inside of lists and objects."""
    if isinstance(value, str):
        return UNSTORABLE.sub(REPLACEMENT, value)
    if isinstance(value, dict):
        return {storable(name): storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    return value


class Text(TypeDecorator[str]):
    """A text that every database can hold."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Any) -> str | None:  # noqa: ANN401  # any dialect
        """Replace the characters that cannot be stored."""
        return storable(value)  # type: ignore[no-any-return]  # a text stays one


class Json(TypeDecorator[Any]):
    """JSON that every database can hold."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, _: Any) -> Any:  # noqa: ANN401  # any JSON, any dialect
        """Replace the characters that cannot be stored."""
        return storable(value)


class Utc(TypeDecorator[datetime.datetime]):
    """A UTC timestamp, stored without a time zone, since SQLite has none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, _: Any) -> datetime.datetime | None:  # noqa: ANN401  # any dialect
        """Convert to naive UTC."""
        return value.astimezone(datetime.UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime.datetime | None, _: Any) -> datetime.datetime | None:  # noqa: ANN401  # any dialect
        """Convert to aware UTC."""
        return value.replace(tzinfo=datetime.UTC) if value else None


class Base(DeclarativeBase):
    """Base class of the tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {int: BigInteger, str: Text, datetime.datetime: Utc}  # noqa: RUF012  # required by SQLAlchemy


class ServerRow(Base):
    """A server's settings."""

    __tablename__ = "servers"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    threads: Mapped[bool]
    private: Mapped[bool]
    unsure: Mapped[bool]
    answered_tag: Mapped[str | None]
    user_seconds: Mapped[int | None]
    channel_seconds: Mapped[int | None]


class ChannelRow(Base):
    """A channel on one of a server's lists: answers without a mention, or allowed for answers."""

    __tablename__ = "channels"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    server: Mapped[int] = mapped_column(index=True)


class AnswerRow(Base):
    """A stored answer."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_channel_at", "channel", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(index=True)
    asker: Mapped[str] = mapped_column(index=True)
    server: Mapped[int | None]
    channel: Mapped[int | None]
    question_message: Mapped[int | None] = mapped_column(index=True)
    verdict: Mapped[str]
    question: Mapped[str | None]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    """The remaining fields of a `StoredAnswer`, which are never queried."""
    messages: Mapped[list[int]] = mapped_column(Json)


class FeedbackRow(Base):
    """A reader's rating of an answer."""

    __tablename__ = "feedback"
    given: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    rater: Mapped[str] = mapped_column(primary_key=True, index=True)
    good: Mapped[bool]
    why: Mapped[str | None]
    at: Mapped[datetime.datetime]


class ThreadRow(Base):
    """A thread that the bot opened."""

    __tablename__ = "threads"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    article: Mapped[str | None]
    asker: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime.datetime]


class AuditRow(Base):
    """An entry of the audit log."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(index=True)
    user: Mapped[int]
    server: Mapped[int | None]
    action: Mapped[str]
    details: Mapped[str]


class KeyRow(Base):
    """Secret keys of this deployment, generated once."""

    __tablename__ = "keys"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class SyncedCommandsRow(Base):
    """A hash of the commands that were synced last, everywhere or in one server."""

    __tablename__ = "synced_commands"
    scope: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str]


class ProcessRow(Base):
    """A process of this application, where several run."""

    __tablename__ = "processes"
    id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    shards: Mapped[list[int]] = mapped_column(JSON)
    shard_count: Mapped[int]
    version: Mapped[str]
    servers: Mapped[int]
    snapshot: Mapped[str | None]
    damaged: Mapped[bool]
    ready: Mapped[bool]
    started: Mapped[datetime.datetime]
    seen: Mapped[datetime.datetime]


class LeaseRow(Base):
    """Work that one process at a time may do, and until when it may; the rows are made with the table."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime.datetime]


class GenerationRow(Base):
    """How often something has changed that processes keep in memory; the rows are made with the table."""

    __tablename__ = "generations"
    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class QuestionCountRow(Base):
    """Questions of a member in the time of their cool-down, where several processes run."""

    __tablename__ = "question_counts"
    asker: Mapped[str] = mapped_column(primary_key=True)
    seconds: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    at: Mapped[datetime.datetime] = mapped_column(index=True)
    """When the first of these questions was asked."""


class LanguageRow(Base):
    """The language of a user who has used an interaction, where several processes run."""

    __tablename__ = "languages"
    asker: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str]
    at: Mapped[datetime.datetime] = mapped_column(index=True)


OF_RUNNING_PROCESSES = {row.__tablename__ for row in (ProcessRow, LeaseRow, GenerationRow)}
"""Tables about what runs now: they mean nothing in another database, which has its own."""
