"""Patterns of rules: built-in ones run on `regex`, all others on RE2, in time linear in the text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

import re2
import regex

from index.errors import RuleTooSlow

MAX_PATTERN_LENGTH = 2_000
"""Maximum characters of a pattern for RE2."""
RE2_MEMORY = 2**20
"""Bytes that RE2 may use for one pattern, compiled and running."""
MAX_STEPS = 5_000
"""Maximum instructions of a compiled pattern: at worst each visits each byte of a text once."""
PATTERN_CACHE_SIZE = 1_000
"""Size of the cache of compiled patterns."""
TIMEOUT_SECONDS = 2.0
"""Processor seconds that one pattern may take on one piece of a text."""
LONG_TEXT_LENGTH = 500
"""Characters of a piece from which built-in patterns are timed. Timing costs more than most matches do."""
BACKTRACKING = regex.compile(
    r"invalid perl operator: \(\?(?:<?[=!]|>|P$)|invalid escape sequence: \\[1-9]|\+\+|\*\+|\?\+"
)
NO_BACKTRACKING = (
    "lookahead, lookbehind, back-references and possessive quantifiers are not supported, because patterns must "
    "match in linear time"
)


class Match(Protocol):
    """A match, as both engines return it."""

    def span(self) -> tuple[int, int]:
        """[start, end) in `str` offsets of the whole text."""

    def groupdict(self) -> dict[str, str | None]:
        """Values of the named groups."""


class Pattern(Protocol):
    """A compiled pattern, applied to [start, end) of a text."""

    def finditer(self, text: str, start: int, end: int, /) -> Iterator[Match]:
        """All matches, in order, without overlaps."""

    def match(self, text: str, start: int, end: int, /) -> Match | None:
        """The match at the start."""

    def fullmatch(self, text: str, start: int, end: int, /) -> Match | None:
        """The match from the start to the end."""


class PatternRefused(ValueError):
    """A pattern that cannot be used; the message is a clause that says why."""


@lru_cache(PATTERN_CACHE_SIZE)
def compile_pattern(pattern: str, rule: str = "", *, linear: bool = False) -> Pattern:
    """Compile a pattern for RE2 if `linear`, else for `regex`; raise PatternRefused if invalid or maybe too slow.

    Matching raises RuleTooSlow if it takes too long. RE2's syntax: https://github.com/google/re2/wiki/Syntax.
    """
    return LinearPattern(pattern, rule) if linear else BacktrackingPattern(pattern, rule)


class BacktrackingPattern:
    """A pattern run by the `regex` package. Lookaround sees the text outside the given range."""

    def __init__(self, pattern: str, rule: str) -> None:
        """Compile it; raise PatternRefused as in `compile_pattern`."""
        self._rule = rule
        try:
            self._compiled = regex.compile(pattern, regex.VERSION0)
        except regex.error as error:
            message = f"it is not a valid regular expression: {error}"
            raise PatternRefused(message) from error

    def finditer(self, text: str, start: int, end: int, /) -> Iterator[Match]:
        """Return all matches, found at once, so that processing them does not count towards the time limit."""
        try:
            return iter([*self._compiled.finditer(text, start, end, timeout=_timeout(start, end))])
        except TimeoutError as error:
            raise _too_slow(self._rule) from error

    def match(self, text: str, start: int, end: int, /) -> Match | None:
        """The match at the start."""
        try:
            return self._compiled.match(text, start, end, timeout=_timeout(start, end))
        except TimeoutError as error:
            raise _too_slow(self._rule) from error

    def fullmatch(self, text: str, start: int, end: int, /) -> Match | None:
        """The match from the start to the end."""
        try:
            return self._compiled.fullmatch(text, start, end, timeout=_timeout(start, end))
        except TimeoutError as error:
            raise _too_slow(self._rule) from error


def _timeout(start: int, end: int) -> float | None:
    return TIMEOUT_SECONDS if end - start > LONG_TEXT_LENGTH else None


def _too_slow(rule: str) -> RuleTooSlow:
    problem = f"The rule {rule!r} takes more than {TIMEOUT_SECONDS:g} seconds on one piece of text."
    return RuleTooSlow(
        problem, "Break the text's long lines, limit what the rule can match, or turn the rule off (docs/rules.md)."
    )


class LinearPattern:
    """A pattern run by RE2. It sees nothing outside the given range: `^` and `$` match at its ends."""

    def __init__(self, pattern: str, rule: str) -> None:
        """Compile it; raise PatternRefused as in `compile_pattern`."""
        self._rule = rule
        if len(pattern) > MAX_PATTERN_LENGTH:
            message = f"it has {len(pattern):,} characters; the limit is {MAX_PATTERN_LENGTH:,}"
            raise PatternRefused(message)
        options = re2.Options()
        options.max_mem, options.log_errors = RE2_MEMORY, False
        try:
            self._compiled = re2.compile(pattern, options)
        except re2.error as error:
            raise PatternRefused(_reason(error)) from error
        except UnicodeEncodeError as error:
            message = "it contains half of a surrogate pair"
            raise PatternRefused(message) from error
        if self._compiled.programsize > MAX_STEPS:
            message = "it is too large; reduce repetitions such as {0,500}"
            raise PatternRefused(message)

    def finditer(self, text: str, start: int, end: int, /) -> Iterator[Match]:
        """Return all matches, in order; RE2 converts byte offsets to characters in one pass.

        Each search is linear, but all together may not be: after every match, a pattern that could continue to the end
        of the line is searched for up to there.
        """
        found = []
        until = time.thread_time() + TIMEOUT_SECONDS
        for each in self._compiled.finditer(_encodable(text[start:end])):
            found.append(LinearMatch(each, start))
            if time.thread_time() > until:
                raise _too_slow(self._rule)
        return iter(found)

    def match(self, text: str, start: int, end: int, /) -> Match | None:
        """The match at the start."""
        found = self._compiled.match(_encodable(text[start:end]))
        return LinearMatch(found, start) if found else None

    def fullmatch(self, text: str, start: int, end: int, /) -> Match | None:
        """The match from the start to the end."""
        found = self._compiled.fullmatch(_encodable(text[start:end]))
        return LinearMatch(found, start) if found else None


class LinearMatch:
    """A match of RE2 in a piece of a text, with offsets in the whole text."""

    def __init__(self, found: Match, start: int) -> None:
        self._found, self._start = found, start

    def span(self) -> tuple[int, int]:
        """[start, end) in the whole text."""
        start, end = self._found.span()
        return self._start + start, self._start + end

    def groupdict(self) -> dict[str, str | None]:
        """Values of the named groups."""
        return self._found.groupdict()


def _encodable(piece: str) -> str:
    """Replace lone surrogates by question marks, so that UTF-8 can encode the piece and no offset changes."""
    try:
        piece.encode()
    except UnicodeEncodeError:
        return piece.encode("utf-8", "replace").decode()
    return piece


def _reason(error: Exception) -> str:
    """Say why RE2 refuses a pattern; its message is in bytes if the pattern is not printable."""
    told = error.args[0] if error.args else ""
    reason = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    if BACKTRACKING.search(reason):
        return f"{NO_BACKTRACKING} ({reason})"
    if "too large" in reason or "repetition size" in reason:
        return f"it is too large; reduce repetitions such as {{0,500}} ({reason})"
    return f"it is not a valid regular expression: {reason}"
