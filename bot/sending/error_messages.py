"""Maps exceptions to messages for users: the single error handler for commands, messages and events."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus

import discord
from discord import app_commands
from prometheus_client import Counter

from bot.bounded import TooManyWaiting
from bot.i18n import translate
from bot.i18n.messages import CommandName, Message
from bot.layout import RenderedMessages, render_failure, render_message
from bot.layout.parts import MetadataText, Timestamp
from bot.policy.cooldowns import OnCooldown
from bot.state import StateUnavailable
from index.errors import (
    ArticleChanged,
    ArticleUnknown,
    ClusterUnavailable,
    ClusterUnusable,
    ProofFailed,
    SnapshotDamaged,
    VerbatimError,
)

log = logging.getLogger(__name__)

TOO_LATE_CODES = frozenset({10003, 10008, 10015, 10062, 40060, 50027})
"""Discord's codes for a channel, message or interaction that is gone, expired or already answered."""
NOT_PERMITTED_CODES = frozenset({50001, 50007, 50013})
"""Discord's codes for missing access or permissions."""


class NotAdmin(app_commands.CheckFailure):
    """Somebody who is not an admin used an admin command."""


class NotManager(app_commands.CheckFailure):
    """Somebody without Manage Server used a command that needs it, or used it outside a server."""


class ShuttingDown(app_commands.CheckFailure):
    """The bot is shutting down and accepts no new tasks."""


class AnswerExpired(Exception):
    """What a button refers to is no longer stored."""


ERROR_MESSAGES: dict[type[Exception], Message] = {
    NotAdmin: Message.REFUSAL,
    NotManager: Message.MANAGERS_ONLY,
    TooManyWaiting: Message.TOO_MANY_WAITING,
    StateUnavailable: Message.STATE_BROKEN,
    ClusterUnavailable: Message.CLUSTER_SILENT,
    ClusterUnusable: Message.CLUSTER_SILENT,
    SnapshotDamaged: Message.ARTICLE_DAMAGED,
    ArticleChanged: Message.CHANGED_SINCE,
    ShuttingDown: Message.STOPPING,
    AnswerExpired: Message.EXPIRED,
    app_commands.CommandNotFound: Message.COMMANDS_CHANGED,
    app_commands.CommandSignatureMismatch: Message.COMMANDS_CHANGED,
    ArticleUnknown: Message.ARTICLE_UNKNOWN,
}
"""Expected exceptions, and the message for each."""

REMEDIES_IN_DISCORD = {
    "Run `verbatim reindex`": ("Use /admin {}", CommandName.REINDEX),
    "`verbatim reindex`": ("/admin {}", CommandName.REINDEX),
    "`verbatim articles`": ("/{}", CommandName.ARTICLES),
    "`verbatim restore`": ("/admin {}", CommandName.RESTORE),
    "`verbatim history`": ("/admin {}", CommandName.HISTORY),
    "--seeds or VERBATIM_SEEDS": ("the setting {}", "VERBATIM_SEEDS"),
    "(--data, VERBATIM_DATA)": ("(the setting {})", "VERBATIM_DATA"),
}
"""Names of commands and settings in the index's messages, and their names in Discord."""


def reason_of(error: VerbatimError) -> str:
    """Return the reason of an error for an admin, with commands named as in Discord and in the current language."""
    reason = str(error)
    for in_terminal, (here, name) in REMEDIES_IN_DISCORD.items():
        reason = reason.replace(in_terminal, here.format(translate(name)))
    return reason


def render_refusal(sentence: Message, error: VerbatimError) -> RenderedMessages:
    """Render a sentence and the reason of an error."""
    return render_failure(sentence, reason_of(error))


INCIDENTS = Counter("verbatim_incidents", "Faults with an incident id", registry=None)


def new_incident() -> str:
    """Return a new incident id, shown to the user and logged; counted in the metrics."""
    INCIDENTS.inc()
    return secrets.token_hex(4)


def render_error(error: BaseException) -> RenderedMessages | None:
    """Return the message for an error; None if nobody can be notified. Logs unexpected errors."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, OnCooldown):
        when = Timestamp(int(error.until) + 1, relative=True)
        return render_message(error.sentence, when=when)
    for kind, sentence in ERROR_MESSAGES.items():
        if isinstance(error, kind):
            if isinstance(error, ClusterUnavailable | ClusterUnusable | SnapshotDamaged):
                log.error("%s", error)
            return render_message(sentence)
    if isinstance(error, discord.HTTPException):
        return _render_discord_error(error)
    return _render_incident(Message.PROOF_FAILED if isinstance(error, ProofFailed) else Message.BROKE, error)


def _render_discord_error(error: discord.HTTPException) -> RenderedMessages | None:
    if error.code in TOO_LATE_CODES or error.status == HTTPStatus.NOT_FOUND:
        log.info("An answer came too late: %s", error)
        return None
    if error.status == HTTPStatus.UNAUTHORIZED:
        log.error("Discord no longer accepts the token. Set DISCORD_TOKEN to the bot's current token.")
        return None
    if error.code in NOT_PERMITTED_CODES or error.status == HTTPStatus.FORBIDDEN:
        log.warning("An answer could not be sent, because the bot lacks a permission there: %s", error)
        return None
    if error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("Discord did not accept an answer: %s", error)
        return render_message(Message.BUSY)
    return _render_incident(Message.BROKE, error)


def _render_incident(sentence: Message, error: BaseException) -> RenderedMessages:
    incident = new_incident()
    log.error("Incident %s", incident, exc_info=error)
    return render_message(sentence, incident=MetadataText.of(incident))
