"""The four kinds of parts of a message: quotation, metadata, user's words, fixed sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol, Self

from bot.i18n import translate
from bot.i18n.messages import LanguageName, Message
from bot.layout.limits import Size, longest_fitting
from bot.layout.markdown import BOLD, emphasise, escape_markdown, isolate_direction, single_line
from index.models import HEADING_SEPARATOR, collapse_whitespace

QUOTE_MARK, FENCE = "> ", "```"
SMALL_PRINT = "-# "
ESCAPE = "\\"
MAX_EMPHASISED_RUNS = 30
"""Runs of words in a quotation that may be in bold."""
LINKED = re.compile(r"https?://")
LEFT_OUT_AT_END = (".", ",", ":", ";", "'", "]", ")")
"""What Discord leaves out of a link at the end of a URL, unless it is in angle brackets, which are not shown."""


class Inline(Protocol):
    """A part that can be used inside a fixed sentence."""

    @property
    def inline(self) -> str:
        """Its markdown inside a line."""
        ...


class Line(Protocol):
    """A part that can be a line of its own."""

    @property
    def line(self) -> str:
        """Its markdown as a line."""
        ...

    def split(self, room: Size) -> tuple[Line, Line] | None:
        """Return what fits into the room, and the rest; None if it cannot be split or nothing fits."""
        ...


@dataclass(frozen=True)
class QuotedText:
    """A quotation, or a piece of one that continues in the next message."""

    words: str
    matched: tuple[str, ...] = ()
    """Words of the question, shown in bold."""

    @cached_property
    def line(self) -> str:
        """The quotation as a block quote, each of its lines with the mark."""
        shown: list[str] = []
        runs = MAX_EMPHASISED_RUNS
        for line in self.words.split("\n"):
            shown.append(emphasise(line, self.matched, runs))
            runs -= shown[-1].count(BOLD) // 2
        return "\n".join(QUOTE_MARK + line for line in shown)

    def split(self, room: Size) -> tuple[Self, Self] | None:
        """Split between two words if possible; both pieces together are exactly the quotation."""
        bold = Size.of(BOLD * 2 * MAX_EMPHASISED_RUNS) if self.matched else Size(0, 0)
        marks = Size.of((QUOTE_MARK + ESCAPE) * self.words.count("\n"))
        end = longest_fitting(self.words, room - Size.of(QUOTE_MARK) - marks - bold)
        if not 0 < end < len(self.words):
            return None
        return replace(self, words=self.words[:end]), replace(self, words=self.words[end:])


@dataclass(frozen=True)
class QuotedCode:
    """A quoted block of code, in a fence that it cannot close."""

    words: str
    language: str = ""
    """Named on the fence, where Discord colours the code by it."""

    @classmethod
    def of(cls, words: str, language: str = "") -> Self | QuotedText:
        """Make it from code; code with a fence in it is shown as a quotation."""
        return QuotedText(words) if FENCE in words else cls(words, language)

    @property
    def line(self) -> str:
        """The fenced code."""
        return f"{FENCE}{self.language}\n{self.words}\n{FENCE}"

    def split(self, room: Size) -> tuple[Self, Self] | None:
        """Split after a line if possible; both pieces together are exactly the code."""
        within = room - Size.of(replace(self, words="").line)
        fitting = (
            bisect_right(range(len(self.words)), 0, key=lambda end: not Size.of(self.words[:end]).fits(within)) - 1
        )
        end = self.words.rfind("\n", 0, fitting) + 1 or fitting
        if end <= 0:
            return None
        return replace(self, words=self.words[:end]), replace(self, words=self.words[end:])


@dataclass(frozen=True)
class HeadingPath:
    """The headings above a quotation, from the outermost in."""

    headings: tuple[str, ...]

    @property
    def line(self) -> str:
        """The headings in small print, each after the one that it is under."""
        return SMALL_PRINT + HEADING_SEPARATOR.join(map(escape_markdown, self.headings))

    def split(self, room: Size) -> None:
        """Return None: it cannot be split."""


@dataclass(frozen=True)
class MetadataText:
    """A metadata value, or a fact about the program's own files."""

    value: str
    bold: bool = False

    @classmethod
    def of(cls, value: str, *, bold: bool = False) -> Self:
        """Make it from a value, folded to one line."""
        return cls(collapse_whitespace(value), bold)

    @property
    def line(self) -> str:
        """The escaped value, in bold if wanted."""
        mark = BOLD if self.bold and self.value else ""
        return mark + escape_markdown(self.value) + mark

    @property
    def inline(self) -> str:
        """The escaped value, with its writing direction isolated."""
        return isolate_direction(escape_markdown(self.value))

    def split(self, room: Size) -> tuple[Self, Self] | None:
        """Split as a quotation is split."""
        end = longest_fitting(self.value, room - Size.of(BOLD * 2))
        if not 0 < end < len(self.value):
            return None
        return replace(self, value=self.value[:end]), replace(self, value=self.value[end:])


@dataclass(frozen=True)
class SourceUrl:
    """A source URL, exactly as recorded, so that Discord links it; never split."""

    url: str

    @classmethod
    def of(cls, url: str) -> Self | MetadataText:
        """Return the URL for a link, or an escaped value if Discord would not link it."""
        return cls(url) if LINKED.match(url) else MetadataText(url)

    @property
    def line(self) -> str:
        """The URL, in angle brackets if Discord would link only a part of it."""
        return f"<{self.url}>" if self.url.endswith(LEFT_OUT_AT_END) else self.url

    def split(self, room: Size) -> None:
        """Return None: half of a URL is another URL."""


@dataclass(frozen=True)
class UserText:
    """The user's own words."""

    words: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Make it from a text, without invisible characters."""
        return cls(single_line(text))

    @property
    def inline(self) -> str:
        """The escaped words, with their writing direction isolated."""
        return isolate_direction(escape_markdown(self.words))


@dataclass(frozen=True)
class Number:
    """A number that the program counted or measured."""

    value: int

    @property
    def inline(self) -> str:
        """Its digits."""
        return str(self.value)


@dataclass(frozen=True)
class Timestamp:
    """A time in seconds since 1970; Discord shows it in each reader's time zone."""

    seconds: int
    relative: bool = False
    """Whether it is shown as "in 5 seconds"."""

    @property
    def inline(self) -> str:
        """A Discord timestamp."""
        return f"<t:{self.seconds}:{'R' if self.relative else 'f'}>"


@dataclass(frozen=True)
class UserMention:
    """A user, by the name that each reader sees; not pinged."""

    id: int

    @property
    def inline(self) -> str:
        """A Discord mention."""
        return f"<@{self.id}>"


@dataclass(frozen=True)
class ChannelMention:
    """A channel of the server."""

    id: int

    @property
    def inline(self) -> str:
        """A Discord channel mention."""
        return f"<#{self.id}>"

    @property
    def line(self) -> str:
        """The same as a line."""
        return self.inline

    def split(self, room: Size) -> None:
        """Return None: it cannot be split."""


@dataclass(frozen=True)
class NameOfLanguage:
    """The name of a language, from `bot/i18n/messages.py`."""

    name: LanguageName

    @property
    def line(self) -> str:
        """The translated name."""
        return translate(self.name)

    @property
    def inline(self) -> str:
        """The same inside a sentence."""
        return self.line

    def split(self, room: Size) -> None:
        """Return None: names are short."""


@dataclass(frozen=True)
class FixedSentence:
    """A sentence of `bot/i18n/messages.py` with its placeholders filled."""

    sentence: Message
    values: dict[str, Inline] = field(default_factory=dict)

    @classmethod
    def of(cls, sentence: Message, **values: Inline) -> Self:
        """Make it from a sentence and its values."""
        return cls(sentence, values)

    @property
    def line(self) -> str:
        """The translated sentence."""
        return translate(self.sentence).format_map({name: piece.inline for name, piece in self.values.items()})

    @property
    def inline(self) -> str:
        """The same inside another sentence."""
        return self.line

    def split(self, room: Size) -> None:
        """Return None: fixed sentences are short."""
