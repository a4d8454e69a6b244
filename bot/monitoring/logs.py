"""Logging as readable lines or JSON, with the secrets redacted, and the shards of one of several processes."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Collection, MutableMapping
from typing import Any, Literal, TextIO

import discord
import structlog
from pydantic import SecretStr
from structlog.typing import ExcInfo

EventDict = MutableMapping[str, Any]


class _ShardsAdder:
    """Adds the shards and the id of this process to each line."""

    def __init__(self, shards: Collection[int]) -> None:
        self._added = {"shards": ",".join(map(str, sorted(shards))), "pid": os.getpid()}

    def __call__(self, _: object, __: str, event: EventDict) -> EventDict:
        return {**event, **self._added}


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """A formatter that redacts secrets in messages and tracebacks."""

    def __init__(
        self, *secrets: SecretStr, form: Literal["console", "json"] = "console", shards: Collection[int] = ()
    ) -> None:
        # Local variables in a traceback could hold questions.
        as_dict = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        renderers: dict[str, list[Any]] = {
            "json": [
                structlog.processors.ExceptionRenderer(as_dict),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "console": [
                _escape_values,
                structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_write_traceback),
            ],
        }
        super().__init__(
            foreign_pre_chain=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.contextvars.merge_contextvars,
                *([_ShardsAdder(shards)] if shards else []),
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers[form]],
        )
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Format a record and redact the secrets."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret.get_secret_value(), str(secret))
        return line


def _escape(text: str) -> str:
    """Escape line breaks, terminal codes and other invisible characters, so that no value looks like a log line."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def _escape_values(_: object, __: str, event: EventDict) -> EventDict:
    return {name: _escape(value) if isinstance(value, str) else value for name, value in event.items()}


def _write_traceback(file: TextIO, error: ExcInfo) -> None:
    """Write a traceback, each line indented: the exception's message may have lines of its own."""
    plain = io.StringIO()
    structlog.dev.plain_traceback(plain, error)
    file.write("".join(f"\n  {_escape(line)}" for line in plain.getvalue().strip("\n").split("\n")))


def set_up_logging(
    level: str, *secrets: SecretStr, form: Literal["console", "json"] = "console", shards: Collection[int] = ()
) -> None:
    """Log to standard error from this level; discord.py and the database libraries from WARNING at the lowest."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(*secrets, form=form, shards=shards))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("discord", "alembic", "sqlalchemy", "psycopg"):
        logging.getLogger(noisy).setLevel(max(logging.getLogger().level, logging.WARNING))
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot does not use voice
