"""What is logged, and how: on the console, and never the token."""

from __future__ import annotations

import logging
import sys

import discord
from pydantic import SecretStr

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class WithoutSecret(logging.Formatter):
    """A formatter that leaves a secret out of whatever is logged, tracebacks too."""

    def __init__(self, secret: SecretStr) -> None:
        """Leave this secret out."""
        super().__init__(FORM)
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line, or several."""
        return super().format(record).replace(self._secret.get_secret_value(), str(self._secret))


def set_up_logging(level: str, secret: SecretStr) -> None:
    """Log to standard error from this level on; discord.py a step less, for it tells every connection."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithoutSecret(secret))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("discord").setLevel(max(logging.getLogger().level, logging.WARNING))
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot never speaks aloud
