"""Whatever goes wrong, a user sees a fixed sentence or nothing, and never an exception."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from pydantic import SecretStr

from bot.i18n.messages import Message
from bot.monitoring.logs import RedactingFormatter
from bot.sending.error_messages import NotAdmin, ShuttingDown, render_error
from index.errors import ArticleUnknown, FolderUnusable, ProofFailed


def told(error: BaseException) -> str | None:
    shown = render_error(error)
    if shown is None:
        return None
    [view] = shown.views
    [item] = view.walk_children()
    assert isinstance(item, ui.TextDisplay)
    return item.content


def refused(status: int, code: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="reason")
    return discord.HTTPException(response, {"code": code, "message": "secret"})


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotAdmin(), Message.REFUSAL),
        (ShuttingDown(), Message.STOPPING),
        (app_commands.CommandNotFound("gone", []), Message.COMMANDS_CHANGED),
        (ArticleUnknown("secret", ""), Message.ARTICLE_UNKNOWN),
        (refused(503, 0), Message.BUSY),
        (refused(429, 0), Message.BUSY),
    ],
)
def test_what_is_no_fault_of_the_program_is_a_sentence(error: Exception, sentence: Message) -> None:
    assert told(error) == sentence


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, 10062), (404, 10008), (404, 10003), (400, 40060), (401, 50027), (403, 50013), (403, 50001)],
)
def test_where_nobody_can_be_told_nobody_is(status: int, code: int, caplog: pytest.LogCaptureFixture) -> None:
    assert told(refused(status, code)) is None
    assert not caplog.records or all(record.levelname != "ERROR" for record in caplog.records)


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (ValueError("secret"), "Something went wrong."),
        (FolderUnusable("secret", "/secret"), "Something went wrong."),
        (refused(400, 50035), "Something went wrong."),
        (ProofFailed("secret", ""), "I couldn't verify"),
    ],
)
def test_anything_else_has_an_incident_id_and_its_traceback_goes_to_the_log(
    error: Exception, begins: str, caplog: pytest.LogCaptureFixture
) -> None:
    sentence = told(error) or ""
    assert sentence.startswith(begins)
    assert "secret" not in sentence
    incident = sentence.split("\u2068")[1].split("\u2069")[0]
    assert f"Incident {incident}" in caplog.text
    assert "secret" in caplog.text


def test_a_commands_own_exception_is_looked_at_and_not_its_wrapping() -> None:
    command: Any = SimpleNamespace(name="ask")
    assert told(app_commands.CommandInvokeError(command, ArticleUnknown("", ""))) == Message.ARTICLE_UNKNOWN


def test_the_token_is_left_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("x").error("It was %s", "my-token", exc_info=ValueError("the header was Bot my-token"))
    line = RedactingFormatter(SecretStr("my-token")).format(caplog.records[0])
    assert "my-token" not in line
    assert "**********" in line
