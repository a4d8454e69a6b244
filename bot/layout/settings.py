"""Rendering of a server's settings, for members with Manage Server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.i18n.messages import Say
from bot.layout.pages import Block, Shown
from bot.layout.parts import ChannelName, Figure, Fixed, Line
from bot.state import ServerSettings


class Defaults(NamedTuple):
    """The deployment's defaults for a server's settings."""

    user_seconds: int
    channel_seconds: int


def settings_shown(
    sentences: Sequence[Fixed], settings: ServerSettings | None, defaults: Defaults, *, is_shut_out: bool = False
) -> Shown:
    """Render what was done, and the settings if given.

    Args:
        sentences: what was done.
        settings: the server's settings; None to leave them out.
        defaults: the deployment's defaults.
        is_shut_out: whether all channels chosen for answers have been deleted.
    """
    blocks = [Block((sentence,), framed=False) for sentence in sentences]
    if settings is not None:
        user, channel = settings.user_seconds, settings.channel_seconds
        lines = (
            Fixed.of(Say.SETTINGS),
            *_listed(settings.unasked, Say.UNASKED, Say.NO_UNASKED),
            *_listed(settings.allowed, Say.ALLOWED, Say.NO_ALLOWED),
            *([Fixed.of(Say.CHOSEN_ARE_GONE)] if is_shut_out else []),
            Fixed.of(Say.UNSURE_SHOWN if settings.unsure else Say.UNSURE_SILENT),
            Fixed.of(Say.IN_THREADS if settings.threads else Say.IN_REPLIES),
            Fixed.of(Say.PRIVATE_DEFAULT if settings.private else Say.PUBLIC_DEFAULT),
            Fixed.of(Say.USER_SECONDS, count=Figure(defaults.user_seconds if user is None else user)),
            Fixed.of(Say.CHANNEL_SECONDS, count=Figure(defaults.channel_seconds if channel is None else channel)),
        )
        blocks.append(Block(lines))
    return Shown.of(blocks)


def _listed(channels: Iterable[int], some: Say, none: Say) -> list[Line]:
    lines: list[Line] = [ChannelName(channel) for channel in sorted(channels)]
    return [Fixed.of(some), *lines] if lines else [Fixed.of(none)]
