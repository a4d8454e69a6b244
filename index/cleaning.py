"""Boilerplate as data: rules name the spans of a text that are not the article. The text itself is never edited."""

from __future__ import annotations

import hashlib
import tomllib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Literal, Self
from urllib.parse import urlsplit

import regex
from pydantic import Field, ValidationError, model_validator

from index.article import Exclusion, Noun, Span
from index.errors import RulesInvalid
from index.sentences import ends_sentence, sentence_spans

LINE = regex.compile(r"[^\r\n]+")
ANY_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’-]*")


class Where(StrEnum):
    """Which part of a text a rule speaks of; rules.toml says what each means."""

    META = "meta"
    LINE = "line"
    INLINE = "inline"
    TAIL = "tail"
    PREFIX = "prefix"
    PROMO = "promo"


class Rule(Noun):
    """One rule of rules.toml."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    kind: Literal["boilerplate", "ad-code", "link-promo", "byline", "date", "caption", "footer"]
    where: Where
    pattern: str
    reason: str = Field(min_length=1)
    hosts: tuple[str, ...] = ()
    at: Literal["top", "end"] | None = None
    until: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.at is not None) != (self.where is Where.META):
            message = 'a rule has at = "top" or "end" when, and only when, it has where = "meta"'
            raise ValueError(message)
        if self.until is not None and self.where is not Where.PROMO:
            message = 'only a rule with where = "promo" has until'
            raise ValueError(message)
        for pattern in filter(None, (self.pattern, self.until)):
            try:
                compiled(pattern)
            except regex.error as error:
                message = f"the pattern {pattern!r} is no regular expression: {error}"
                raise ValueError(message) from error
        return self

    def concerns(self, host: str) -> bool:
        """Whether the rule is for articles from this host."""
        return not self.hosts or any(host == name or host.endswith("." + name) for name in self.hosts)


@cache
def compiled(pattern: str) -> regex.Pattern[str]:
    """The pattern, compiled once; a dot matches a line break only inside a piece that has none of its own."""
    return regex.compile(pattern, regex.VERSION0)


@cache
def built_in_rules() -> tuple[Rule, ...]:
    """The rules of rules.toml.

    Raises:
        RulesInvalid: a rule lacks a field, has one too many, or its pattern does not compile.
    """
    return parse_rules(resources.files("index").joinpath("rules.toml").read_text("utf-8"), "rules.toml")


def parse_rules(toml: str, file: str) -> tuple[Rule, ...]:
    """The rules of a rules file; RulesInvalid names the rule and the field that is wrong."""
    try:
        tables = tomllib.loads(toml).get("rule", [])
        return tuple(Rule.model_validate(table) for table in tables)
    except tomllib.TOMLDecodeError as error:
        what = f"{file} is not TOML: {error}."
        raise RulesInvalid(what, "Correct the line that it names.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the rule"
        what = f"{file} holds a rule that cannot be used: {place}: {first['msg']} (given: {first['input']!r})."
        raise RulesInvalid(what, "Correct the rule; the head of rules.toml explains the fields.") from error


def fingerprint(rules: Sequence[Rule]) -> str:
    """Changes whenever a rule does: articles cleaned by other rules are read anew."""
    return hashlib.sha256("\n".join(rule.model_dump_json() for rule in rules).encode()).hexdigest()[:16]


def lines(text: str) -> list[Span]:
    """The lines that hold something, each trimmed of white space."""
    found = (trimmed(text, Span(*match.span())) for match in LINE.finditer(text))
    return [span for span in found if span.start < span.end]


def trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends; empty, at its start, where it holds nothing else."""
    piece = text[span.start : span.end]
    if not piece.strip():
        return Span(span.start, span.start)
    return Span(span.end - len(piece.lstrip()), span.start + len(piece.rstrip()))


def excluded(text: str, kept: list[Span], url: str | None, rules: Sequence[Rule]) -> list[Exclusion]:
    """What the rules take out of the kept spans of a text, in order, none overlapping another.

    Args:
        text: the article's text.
        kept: spans that are not yet taken out, in order.
        url: the article's source URL, for rules of one host.
        rules: meta rules among them are passed over: reading applies those.
    """
    host = (urlsplit(url).hostname or "") if url else ""
    mine = [rule for rule in rules if rule.concerns(host)]
    found: list[Exclusion] = []
    for where, apply in (
        (Where.LINE, _lines),
        (Where.INLINE, _inline),
        (Where.TAIL, _tail),
        (Where.PROMO, _promo),
        (Where.PREFIX, _prefix),
    ):
        for rule in mine:
            if rule.where is where:
                new = list(apply(text, kept, rule))
                kept = remaining(text, kept, (exclusion.span for exclusion in new))
                found += new
    return list(in_order(found))


def in_order(exclusions: Iterable[Exclusion]) -> tuple[Exclusion, ...]:
    """The exclusions in the order of the text."""
    return tuple(sorted(exclusions, key=lambda exclusion: exclusion.span))


def remaining(text: str, kept: Iterable[Span], cuts: Iterable[Span]) -> list[Span]:
    """The kept spans less the cuts, trimmed of white space, in order; empty ones left out."""
    ahead = deque(sorted(cuts))
    left = []
    for start, end in kept:
        place = start
        while ahead and ahead[0].start < end:
            cut = ahead[0]
            left.append(Span(place, max(place, cut.start)))
            place = max(place, cut.end)
            if cut.end > end:
                break
            ahead.popleft()
        left.append(Span(place, max(place, end)))
    spans = (trimmed(text, span) for span in left)
    return [span for span in spans if span.start < span.end]


def _exclusion(rule: Rule, start: int, end: int) -> Exclusion:
    return Exclusion(span=Span(start, end), kind=rule.kind, rule=rule.name)


def _lines(text: str, kept: list[Span], rule: Rule) -> Iterator[Exclusion]:
    for span in kept:
        for line in lines(text[span.start : span.end]):
            start, end = span.start + line.start, span.start + line.end
            if compiled(rule.pattern).fullmatch(text, start, end):
                yield _exclusion(rule, start, end)


def _inline(text: str, kept: list[Span], rule: Rule) -> Iterator[Exclusion]:
    for span in kept:
        for match in compiled(rule.pattern).finditer(text, span.start, span.end):
            yield _exclusion(rule, *match.span())


def _prefix(text: str, kept: list[Span], rule: Rule) -> Iterator[Exclusion]:
    if kept and (match := compiled(rule.pattern).match(text, kept[0].start, kept[0].end)):
        yield _exclusion(rule, *match.span())


def _tail(text: str, kept: list[Span], rule: Rule) -> Iterator[Exclusion]:
    """From the first opener that stands where a sentence could begin, all that is kept."""
    for number, span in enumerate(kept):
        for match in compiled(rule.pattern).finditer(text, span.start, span.end):
            if _may_begin_here(text, span.start, match.start()):
                yield _exclusion(rule, match.start(), span.end)
                yield from (_exclusion(rule, *rest) for rest in kept[number + 1 :])
                return


def _may_begin_here(text: str, start: int, place: int) -> bool:
    before = text[start:place]
    return not before.strip() or "\n" in before[len(before.rstrip()) :] or ends_sentence(before, text[place:])


def _promo(text: str, kept: list[Span], rule: Rule) -> Iterator[Exclusion]:
    is_open = False  # whether the headline runs on into what is kept next, behind something excluded
    for span in kept:
        place = span.start
        while place < span.end:
            opener = None if is_open else compiled(rule.pattern).search(text, place, span.end)
            if opener is None and not is_open:
                break
            start, headline = opener.span() if opener else (place, place)
            place, is_open = _promo_end(text, headline, span.end, rule)
            yield _exclusion(rule, start, place)


def _promo_end(text: str, start: int, end: int, rule: Rule) -> tuple[int, bool]:
    """Where the headline that begins here ends, and whether it may go on behind `end`.

    It ends where the rule knows it, else with the next sentence. A piece that ends like a sentence but is set like a
    headline throughout ("Who Is Xi?") may be half of one: then the sentence after it goes too.
    """
    if rule.until and (known := compiled(rule.until).match(text, start, end)):
        return int(known.end()), False
    place = start
    for a, b in sentence_spans(text[start:end]):
        place = start + b
        if not _is_headline(text[start + a : place]):
            break
    return place, place == end and not ends_sentence(text[start:place], "")


def _is_headline(text: str) -> bool:
    """Whether the words are set like a headline: nowhere three in a row without a capital."""
    small = "".join("a" if word[0].islower() else "A" for word in ANY_WORD.findall(text))
    return "aaa" not in small
