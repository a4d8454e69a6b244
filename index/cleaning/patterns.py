"""The patterns of rules: the program's own run by `regex`, those of anybody else by RE2, in time linear in the text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

import re2
import regex

from index.errors import RuleTooSlow

LENGTH_AT_MOST = 2_000
"""Characters of a pattern that is run by RE2."""
MEMORY = 2**20
"""Bytes that RE2 may take for one pattern, compiled and running."""
STEPS_AT_MOST = 5_000
"""Instructions of a compiled pattern: at worst each one looks at each byte of a text, once."""
KEPT = 1_000
"""Compiled patterns that are kept."""
SECONDS = 2.0
"""Of a processor, that one pattern may take over one piece of a text."""
LONG = 500
"""Characters from which on a piece may take a built-in pattern that long. The clock costs more than most matches do."""
BACKTRACKING = regex.compile(
    r"invalid perl operator: \(\?(?:<?[=!]|>|P$)|invalid escape sequence: \\[1-9]|\+\+|\*\+|\?\+"
)
NO_BACKTRACKING = (
    "lookahead, lookbehind, back-references and possessive quantifiers are not supported, because patterns must "
    "match in linear time"
)


class Found(Protocol):
    """A match: what both engines tell of it."""

    def span(self) -> tuple[int, int]:
        """[start, end) in `str` offsets of the whole text."""

    def groupdict(self) -> dict[str, str | None]:
        """What the named groups hold."""


class Pattern(Protocol):
    """A compiled pattern, asked about [start, end) of a text."""

    def finditer(self, text: str, start: int, end: int, /) -> Iterator[Found]:
        """All matches, in order, none overlapping another."""

    def match(self, text: str, start: int, end: int, /) -> Found | None:
        """The match at the start."""

    def fullmatch(self, text: str, start: int, end: int, /) -> Found | None:
        """The match from the start to the end."""


class PatternRefused(ValueError):
    """A pattern that cannot be used; the message is half a sentence that says why."""


@lru_cache(KEPT)
def compiled(pattern: str, rule: str = "", *, linear: bool = False) -> Pattern:
    """The pattern, compiled once; RuleTooSlow is raised where it takes too long over a piece of a text.

    Args:
        pattern: in the syntax of the `regex` package, or of RE2 (https://github.com/google/re2/wiki/Syntax).
        rule: the name of the rule that it is of.
        linear: whether RE2 runs it.

    Raises:
        PatternRefused: it is no pattern, or one that may take too long.
    """
    return Linear(pattern, rule) if linear else Backtracking(pattern, rule)


class Backtracking:
    """A pattern that the `regex` package runs. It looks beyond the ends of what it is asked about."""

    def __init__(self, pattern: str, rule: str) -> None:
        """Compile it; PatternRefused as in `compiled`."""
        self._rule = rule
        try:
            self._compiled = regex.compile(pattern, regex.VERSION0)
        except regex.error as error:
            message = f"it is not a valid regular expression: {error}"
            raise PatternRefused(message) from error

    def finditer(self, text: str, start: int, end: int, /) -> Iterator[Found]:
        """All matches, in order; found at once, so that what is done with each takes none of the time."""
        try:
            return iter([*self._compiled.finditer(text, start, end, timeout=_seconds(start, end))])
        except TimeoutError as error:
            raise _too_slow(self._rule) from error

    def match(self, text: str, start: int, end: int, /) -> Found | None:
        """The match at the start."""
        try:
            return self._compiled.match(text, start, end, timeout=_seconds(start, end))
        except TimeoutError as error:
            raise _too_slow(self._rule) from error

    def fullmatch(self, text: str, start: int, end: int, /) -> Found | None:
        """The match from the start to the end."""
        try:
            return self._compiled.fullmatch(text, start, end, timeout=_seconds(start, end))
        except TimeoutError as error:
            raise _too_slow(self._rule) from error


def _seconds(start: int, end: int) -> float | None:
    return SECONDS if end - start > LONG else None


def _too_slow(rule: str) -> RuleTooSlow:
    what = f"The rule {rule!r} takes more than {SECONDS:g} seconds on one piece of text."
    return RuleTooSlow(
        what, "Break the text's long lines, limit what the rule can match, or turn the rule off (docs/rules.md)."
    )


class Linear:
    """A pattern that RE2 runs. What it is asked about is all that it sees: `^` and `$` are the ends of that."""

    def __init__(self, pattern: str, rule: str) -> None:
        """Compile it; PatternRefused as in `compiled`."""
        self._rule = rule
        if len(pattern) > LENGTH_AT_MOST:
            message = f"it has {len(pattern):,} characters; the limit is {LENGTH_AT_MOST:,}"
            raise PatternRefused(message)
        options = re2.Options()
        options.max_mem, options.log_errors = MEMORY, False
        try:
            self._compiled = re2.compile(pattern, options)
        except re2.error as error:
            raise PatternRefused(_reason(error)) from error
        except UnicodeEncodeError as error:
            message = "it contains half of a surrogate pair"
            raise PatternRefused(message) from error
        if self._compiled.programsize > STEPS_AT_MOST:
            message = "it is too large; reduce repetitions such as {0,500}"
            raise PatternRefused(message)

    def finditer(self, text: str, start: int, end: int, /) -> Iterator[Found]:
        """All matches, in order; RE2's own reckoning from bytes to characters goes through the text once.

        Each search is linear, all together may not be: what could go on to the end of a line is looked for up to there,
        from behind every match.
        """
        found = []
        until = time.thread_time() + SECONDS
        for each in self._compiled.finditer(_encodable(text[start:end])):
            found.append(LinearMatch(each, start))
            if time.thread_time() > until:
                raise _too_slow(self._rule)
        return iter(found)

    def match(self, text: str, start: int, end: int, /) -> Found | None:
        """The match at the start."""
        found = self._compiled.match(_encodable(text[start:end]))
        return LinearMatch(found, start) if found else None

    def fullmatch(self, text: str, start: int, end: int, /) -> Found | None:
        """The match from the start to the end."""
        found = self._compiled.fullmatch(_encodable(text[start:end]))
        return LinearMatch(found, start) if found else None


class LinearMatch:
    """A match of RE2 in a piece of a text, told in the offsets of the text."""

    def __init__(self, found: Found, start: int) -> None:
        self._found, self._start = found, start

    def span(self) -> tuple[int, int]:
        """[start, end) in the whole text."""
        start, end = self._found.span()
        return self._start + start, self._start + end

    def groupdict(self) -> dict[str, str | None]:
        """What the named groups hold."""
        return self._found.groupdict()


def _encodable(piece: str) -> str:
    """The piece as UTF-8 can write it: a question mark for each half of a surrogate pair, so no offset moves."""
    try:
        piece.encode()
    except UnicodeEncodeError:
        return piece.encode("utf-8", "replace").decode()
    return piece


def _reason(error: Exception) -> str:
    """Why RE2 refuses a pattern; it tells in bytes where the pattern is none that can be printed."""
    told = error.args[0] if error.args else ""
    reason = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    if BACKTRACKING.search(reason):
        return f"{NO_BACKTRACKING} ({reason})"
    if "too large" in reason or "repetition size" in reason:
        return f"it is too large; reduce repetitions such as {{0,500}} ({reason})"
    return f"it is not a valid regular expression: {reason}"
