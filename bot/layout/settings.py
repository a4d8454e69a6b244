"""What those who manage a server see of its settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.layout.pages import Block, Shown
from bot.layout.pieces import ChannelName, Figure, Fixed, Line
from bot.state import ServerSettings
from bot.wording import Say


class Defaults(NamedTuple):
    """What holds where a server has not said otherwise."""

    user_seconds: int
    channel_seconds: int


def settings_shown(
    sentences: Sequence[Fixed], settings: ServerSettings | None, defaults: Defaults, *, is_shut_out: bool = False
) -> Shown:
    """What was done, and the settings where they are given.

    Args:
        sentences: what was done.
        settings: those of the server.
        defaults: what holds where the server has not said otherwise.
        is_shut_out: whether all channels are gone that the server has chosen for answers.
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
