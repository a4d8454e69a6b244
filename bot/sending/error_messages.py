"""Maps exceptions to messages for users: the single error handler for commands, messages and events."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus

import discord
from discord import app_commands
from prometheus_client import Counter

from bot.i18n import told
from bot.i18n.messages import Name, Say
from bot.layout import Shown, failure_shown, said
from bot.layout.parts import Moment, Recorded
from bot.policy.cooldowns import TooFast
from bot.state import StateBroken
from index.errors import ArticleChanged, ArticleUnknown, ProofFailed, VerbatimError

log = logging.getLogger(__name__)

TOO_LATE = frozenset({10003, 10008, 10015, 10062, 40060, 50027})
"""Discord's codes for a channel, message or interaction that is gone, expired or already answered."""
NOT_PERMITTED = frozenset({50001, 50007, 50013})
"""Discord's codes for missing access or permissions."""


class NotAllowed(app_commands.CheckFailure):
    """Somebody who is not an admin used an admin command."""


class NotManaging(app_commands.CheckFailure):
    """Somebody without Manage Server used a command that needs it, or used it outside a server."""


class Stopping(app_commands.CheckFailure):
    """The bot is shutting down and accepts no new tasks."""


class Expired(Exception):
    """What a button refers to is no longer stored."""


TOLD: dict[type[Exception], Say] = {
    NotAllowed: Say.REFUSAL,
    NotManaging: Say.MANAGERS_ONLY,
    StateBroken: Say.STATE_BROKEN,
    ArticleChanged: Say.CHANGED_SINCE,
    Stopping: Say.STOPPING,
    Expired: Say.EXPIRED,
    app_commands.CommandNotFound: Say.COMMANDS_CHANGED,
    app_commands.CommandSignatureMismatch: Say.COMMANDS_CHANGED,
    ArticleUnknown: Say.ARTICLE_UNKNOWN,
}
"""Expected exceptions, and the message for each."""

IN_DISCORD = {
    "Run `verbatim reindex`": ("Use /admin {}", Name.REINDEX),
    "`verbatim reindex`": ("/admin {}", Name.REINDEX),
    "`verbatim articles`": ("/{}", Name.ARTICLES),
    "`verbatim history`": ("/admin {}", Name.HISTORY),
    "--seeds or VERBATIM_SEEDS": ("the setting {}", "VERBATIM_SEEDS"),
    "(--data, VERBATIM_DATA)": ("(the setting {})", "VERBATIM_DATA"),
}
"""Names of commands and settings in the index's messages, and their names in Discord."""


def reason_of(error: VerbatimError) -> str:
    """Return the reason of an error for an admin, with commands named as in Discord and in the current language."""
    reason = str(error)
    for in_terminal, (here, name) in IN_DISCORD.items():
        reason = reason.replace(in_terminal, here.format(told(name)))
    return reason


def failure(sentence: Say, error: VerbatimError) -> Shown:
    """Render a sentence and the reason of an error."""
    return failure_shown(sentence, reason_of(error))


INCIDENTS = Counter("verbatim_incidents", "Faults with an incident id", registry=None)


def new_incident() -> str:
    """Return a new incident id, shown to the user and logged; counted in the metrics."""
    INCIDENTS.inc()
    return secrets.token_hex(4)


def explained(error: BaseException) -> Shown | None:
    """Return the message for an error; None if nobody can be notified. Logs unexpected errors."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, TooFast):
        when = Moment(int(error.until) + 1, relative=True)
        return said(error.sentence, when=when)
    for kind, sentence in TOLD.items():
        if isinstance(error, kind):
            return said(sentence)
    if isinstance(error, discord.HTTPException):
        return _of_discord(error)
    return _incident(Say.PROOF_FAILED if isinstance(error, ProofFailed) else Say.BROKE, error)


def _of_discord(error: discord.HTTPException) -> Shown | None:
    if error.code in TOO_LATE or error.status == HTTPStatus.NOT_FOUND:
        log.info("An answer came too late: %s", error)
        return None
    if error.status == HTTPStatus.UNAUTHORIZED:
        log.error("Discord no longer accepts the token. Set DISCORD_TOKEN to the bot's current token.")
        return None
    if error.code in NOT_PERMITTED or error.status == HTTPStatus.FORBIDDEN:
        log.warning("An answer could not be sent, because the bot lacks a permission there: %s", error)
        return None
    if error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("Discord did not accept an answer: %s", error)
        return said(Say.BUSY)
    return _incident(Say.BROKE, error)


def _incident(sentence: Say, error: BaseException) -> Shown:
    incident = new_incident()
    log.error("Incident %s", incident, exc_info=error)
    return said(sentence, incident=Recorded.of(incident))
