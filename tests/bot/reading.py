"""The text of a message as a member reads it."""

from __future__ import annotations

from tests.discord_server import ServerMessage, texts

from .accounting import EMPHASIS


def read(message: ServerMessage) -> list[str]:
    """The texts of a message, quotations without the bold of the question's words."""
    return ["\n".join(map(_plain, text.split("\n"))) for text in texts(message)]


def quoted(message: ServerMessage) -> list[str]:
    """The first lines of the quotations of a message, in order."""
    firsts = (text.split("\n")[0] for text in read(message))
    return [line for line in firsts if line.startswith("> ")]


def _plain(line: str) -> str:
    return EMPHASIS.sub(r"\1", line) if line.startswith("> ") else line
