"""Rendering of a server's settings, for members with Manage Server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.i18n.messages import Message
from bot.layout.pages import Block, RenderedMessages
from bot.layout.parts import ChannelMention, FixedSentence, Line, Number, UserText
from bot.state import ServerSettings


class DefaultCooldowns(NamedTuple):
    """The deployment's defaults for a server's settings."""

    user_seconds: int
    channel_seconds: int


def render_settings(
    sentences: Sequence[FixedSentence],
    settings: ServerSettings | None,
    defaults: DefaultCooldowns,
    *,
    is_shut_out: bool = False,
) -> RenderedMessages:
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
            FixedSentence.of(Message.SETTINGS),
            *_channel_lines(settings.unasked, Message.UNASKED, Message.NO_UNASKED),
            *_channel_lines(settings.allowed, Message.ALLOWED, Message.NO_ALLOWED),
            *([FixedSentence.of(Message.CHOSEN_ARE_GONE)] if is_shut_out else []),
            FixedSentence.of(Message.UNSURE_SHOWN if settings.unsure else Message.UNSURE_SILENT),
            _tag_line(settings.answered_tag),
            FixedSentence.of(Message.IN_THREADS if settings.threads else Message.IN_REPLIES),
            FixedSentence.of(Message.PRIVATE_DEFAULT if settings.private else Message.PUBLIC_DEFAULT),
            FixedSentence.of(Message.USER_SECONDS, count=Number(defaults.user_seconds if user is None else user)),
            FixedSentence.of(
                Message.CHANNEL_SECONDS, count=Number(defaults.channel_seconds if channel is None else channel)
            ),
        )
        blocks.append(Block(lines))
    return RenderedMessages.of(blocks)


def _tag_line(name: str | None) -> Line:
    if name is None:
        return FixedSentence.of(Message.NO_ANSWERED_TAG)
    return FixedSentence.of(Message.ANSWERED_TAG, tag=UserText.of(name))


def _channel_lines(channels: Iterable[int], some: Message, none: Message) -> list[Line]:
    lines: list[Line] = [ChannelMention(channel) for channel in sorted(channels)]
    return [FixedSentence.of(some), *lines] if lines else [FixedSentence.of(none)]
