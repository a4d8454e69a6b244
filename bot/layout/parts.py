"""The four kinds of pieces that a message is made of: quotation, fact of record, user's words, fixed sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol, Self

from bot.i18n import told
from bot.i18n.messages import Say
from bot.layout.limits import Size, longest_fitting
from bot.layout.markdown import BOLD, emphasised, isolated, neutral, user_words
from index.models import fold

QUOTE_MARK = "> "
EMPHASISED_AT_MOST = 30
"""Runs of words of a quotation that are emphasised."""
LINKED = re.compile(r"https?://")


class Inline(Protocol):
    """A piece that can stand inside a fixed sentence."""

    @property
    def inline(self) -> str:
        """Its markdown there."""
        ...


class Line(Protocol):
    """A piece that can stand as a line of its own."""

    @property
    def line(self) -> str:
        """Its markdown there."""
        ...

    def split(self, room: Size) -> tuple[Line, Line] | None:
        """What fits into this room, and the rest; None where the line does not come apart, or nothing fits."""
        ...


@dataclass(frozen=True)
class Quoted:
    """A quotation, or a piece of one that goes on in the next message."""

    words: str
    matched: tuple[str, ...] = ()
    """Words of it that the question asked for: in bold."""

    @cached_property
    def line(self) -> str:
        """As a block quote."""
        return QUOTE_MARK + emphasised(self.words, self.matched, EMPHASISED_AT_MOST)

    def split(self, room: Size) -> tuple[Self, Self] | None:
        """Between two words where it can be; both pieces together are the quotation, to the last space."""
        bold = Size.of(BOLD * 2 * EMPHASISED_AT_MOST) if self.matched else Size(0, 0)
        end = longest_fitting(self.words, room - Size.of(QUOTE_MARK) - bold)
        if not 0 < end < len(self.words):
            return None
        return replace(self, words=self.words[:end]), replace(self, words=self.words[end:])


@dataclass(frozen=True)
class Recorded:
    """A fact of record, or a fact about the program's own files."""

    value: str
    bold: bool = False

    @classmethod
    def of(cls, value: str, *, bold: bool = False) -> Self:
        """The fact on one line."""
        return cls(fold(value), bold)

    @property
    def line(self) -> str:
        """Alone on its line."""
        mark = BOLD if self.bold and self.value else ""
        return mark + neutral(self.value) + mark

    @property
    def inline(self) -> str:
        """In a line that it shares."""
        return isolated(neutral(self.value))

    def split(self, room: Size) -> tuple[Self, Self] | None:
        """As a quotation is split."""
        end = longest_fitting(self.value, room - Size.of(BOLD * 2))
        if not 0 < end < len(self.value):
            return None
        return replace(self, value=self.value[:end]), replace(self, value=self.value[end:])


@dataclass(frozen=True)
class SourceUrl:
    """The source URL, exactly, so that Discord makes a link of it; it never comes apart."""

    url: str

    @classmethod
    def of(cls, url: str) -> Self | Recorded:
        """The URL, bare where Discord makes a link of it and leaves its signs alone; else neutral."""
        return cls(url) if LINKED.match(url) else Recorded(url)

    @property
    def line(self) -> str:
        """Alone on its line."""
        return self.url

    def split(self, room: Size) -> None:
        """Never: half of a URL is another URL."""


@dataclass(frozen=True)
class Asked:
    """The user's own words."""

    words: str

    @classmethod
    def of(cls, text: str) -> Self:
        """The words, without what cannot be seen."""
        return cls(user_words(text))

    @property
    def inline(self) -> str:
        """In a line that they share."""
        return isolated(neutral(self.words))


@dataclass(frozen=True)
class Figure:
    """A number that the program counted or measured."""

    value: int

    @property
    def inline(self) -> str:
        """In digits."""
        return str(self.value)


@dataclass(frozen=True)
class Moment:
    """A time, in seconds since 1970; Discord shows it in each reader's own time zone."""

    seconds: int
    relative: bool = False
    """Whether it is told as "in 5 seconds"."""

    @property
    def inline(self) -> str:
        """As Discord's timestamp."""
        return f"<t:{self.seconds}:{'R' if self.relative else 'f'}>"


@dataclass(frozen=True)
class Person:
    """A user, by the name that each reader knows them by; nobody is pinged by it."""

    id: int

    @property
    def inline(self) -> str:
        """As Discord's mention."""
        return f"<@{self.id}>"


@dataclass(frozen=True)
class ChannelName:
    """A channel of the server."""

    id: int

    @property
    def inline(self) -> str:
        """As Discord's link to it."""
        return f"<#{self.id}>"

    @property
    def line(self) -> str:
        """Alone on its line."""
        return self.inline

    def split(self, room: Size) -> None:
        """Never."""


@dataclass(frozen=True)
class Fixed:
    """A sentence of `bot/i18n/messages.py`, with pieces in its places."""

    sentence: Say
    values: dict[str, Inline] = field(default_factory=dict)

    @classmethod
    def of(cls, sentence: Say, **values: Inline) -> Self:
        """The sentence with these values."""
        return cls(sentence, values)

    @property
    def line(self) -> str:
        """Alone on its line."""
        return told(self.sentence).format_map({name: piece.inline for name, piece in self.values.items()})

    @property
    def inline(self) -> str:
        """Within another sentence."""
        return self.line

    def split(self, room: Size) -> None:
        """Never: fixed sentences are short."""
