"""Plain text: metadata lines of a page dump, and its headline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from index.cleaning import Rule, RuleScope, sorted_exclusions
from index.models import Exclusion, MetadataField, Origin, Span
from index.reading.fields import clean_line, clean_url, day_in_words
from index.reading.marks import ASKS, NUMBERED, QUESTION_MARK
from index.sentences import sentence_spans

END_LINES = 3
"""Last lines that are searched for a trailer."""
TOP_LINES = 400
"""If no body has begun by then, the text is a list and has none."""
MAX_HEADLINE_LENGTH = 300
HEADLINE_WORDS = 3
LABEL_WORDS = 3
BODY_WORDS = 8
BODY_FROM = 250
STOPPED = regex.compile(r"[\p{STerm}…][\p{Pe}\p{Pf}\p{Pi}\"']*$")
"""The end of a sentence, in any script."""
ASKED = regex.compile(r"[?!؟？！][\p{Pe}\p{Pf}\p{Pi}\"']*$")
"""An end that many headlines have."""
# Where no spaces part words, two ideographs or kana, or four letters of Thai, Lao, Khmer or Burmese, are about a word.
WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}]{1,2}|\p{Line_Break=SA}{1,4}"
    r"|[^\s\p{Han}\p{Hiragana}\p{Katakana}\p{Line_Break=SA}]+"
)


class PageMetadata(NamedTuple):
    """Metadata found in a text, and the spans that state it."""

    url: MetadataField | None
    author: MetadataField | None
    published: MetadataField | None
    headline: Span | None
    exclusions: tuple[Exclusion, ...]
    labels: tuple[Exclusion, ...]
    """Lines of up to three words above the body, such as a section's name or a menu; never quotable."""


def read_page_metadata(
    text: str, all_lines: list[Span], rules: Sequence[Rule], *, has_headings: bool = False
) -> PageMetadata:
    """Apply the rules with where = "meta" to the lines around the body; find the headline unless `has_headings`.

    `all_lines` are the lines that may belong to the article.
    """
    top = _top(text, all_lines, rules, has_headings=has_headings)
    facts: dict[str, MetadataField] = {}
    exclusions: list[Exclusion] = []
    for rule in rules:
        if rule.where is not RuleScope.META:
            continue
        for line in top if rule.at == "top" else all_lines[-END_LINES:]:
            match = rule.compiled_pattern.fullmatch(text, *line)
            if match is None or any(line == exclusion.span for exclusion in exclusions):
                continue
            exclusions.append(Exclusion(span=line, kind=rule.kind, rule=rule.name))
            for name, value in match.groupdict().items():
                if fact := _metadata_field(name, value):
                    facts.setdefault(name, fact)
    taken = {exclusion.span for exclusion in exclusions} | _boilerplate(text, top, rules)
    candidates = [line for line in top if line not in taken and not (has_headings or _asks(text[slice(*line)]))]
    headline = _headline(text, candidates, followed=len(all_lines) > 1)
    labels = _labels(text, [line for line in top if line not in taken and line != headline])
    found = facts.get("url"), facts.get("author"), facts.get("published")
    return PageMetadata(*found, headline, sorted_exclusions(exclusions), labels)


def _top(text: str, all_lines: list[Span], rules: Sequence[Rule], *, has_headings: bool) -> list[Span]:
    """Return the lines above the first that reads as body; among headings, a line that leads up to a list does."""
    stated = [rule.compiled_pattern for rule in rules if rule.where is RuleScope.META and rule.at == "top"]
    for number, line in enumerate(all_lines[:TOP_LINES]):
        following = all_lines[number + 1] if number + 1 < len(all_lines) else None
        if any(pattern.fullmatch(text, *line) for pattern in stated):
            continue
        is_lead_in = has_headings and text[line.end - 1] in ":："
        if (
            is_lead_in
            or _reads_as_body(text[line.start : line.end])
            or (following and _is_continuation(text, line, following))
        ):
            return all_lines[:number]
    return all_lines[:1] if len(all_lines) > 1 else []


def _reads_as_body(line: str) -> bool:
    """Whether a line is very long, ends with a full stop unlike a headline, or has more than one sentence."""
    words = _count_words(line)
    if len(line) >= BODY_FROM or (words > LABEL_WORDS and _is_stopped(line)):
        return True
    return words >= BODY_WORDS and len(sentence_spans(line)) > 1


def _is_stopped(line: str) -> bool:
    """Whether a line ends like a sentence and unlike a headline."""
    return STOPPED.search(line) is not None and not ASKED.search(line)


def _count_words(line: str) -> int:
    return len(WORD.findall(line))


def _is_continuation(text: str, line: Span, following: Span) -> bool:
    """Whether a sentence continues from a line into the next, as in hard-wrapped text."""
    both = text[line.start : following.end]
    return any(start < line.end - line.start < end for start, end in sentence_spans(both))


def _boilerplate(text: str, top: list[Span], rules: Sequence[Rule]) -> set[Span]:
    """Return the lines that cleaning will exclude whole: none of them is a headline."""
    patterns = [
        rule.compiled_pattern for rule in rules if rule.where in {RuleScope.LINE, RuleScope.TAIL} and not rule.hosts
    ]
    return {line for line in top if any(pattern.fullmatch(text, *line) for pattern in patterns)}


def _headline(text: str, candidates: list[Span], *, followed: bool) -> Span | None:
    fitting = [
        span
        for span in candidates
        if span.end - span.start <= MAX_HEADLINE_LENGTH and not _is_stopped(text[span.start : span.end])
    ]
    if not fitting or not followed:
        return None
    several = (span for span in fitting if _count_words(text[span.start : span.end]) >= HEADLINE_WORDS)
    return next(several, fitting[0])


def _labels(text: str, top: list[Span]) -> tuple[Exclusion, ...]:
    short = (line for line in top if _is_label(text[line.start : line.end]))
    return tuple(Exclusion(span=line, kind="boilerplate", rule="label-above-body") for line in short)


def _asks(line: str) -> bool:
    """Whether a line is marked or numbered as the question of a FAQ, whose answer follows."""
    return QUESTION_MARK.match(line) is not None or (NUMBERED.match(line) and ASKS.search(line)) is not None


def _is_label(line: str) -> bool:
    """Whether a line has few words and does not end like a sentence: "They won." is one."""
    return _count_words(line) <= LABEL_WORDS and not STOPPED.search(line)


def _metadata_field(name: str, value: str | None) -> MetadataField | None:
    """Return the metadata field, None if its value is unreliable."""
    value = clean_line(value)
    if value is None:
        return None
    if name == "url":
        url = clean_url(value)
        return MetadataField(value=url, origin=Origin.TRAILER) if url else None
    if name == "published":
        day = day_in_words(value)
        return MetadataField(value=day, origin=Origin.TEXT) if day else None
    return MetadataField(value=value, origin=Origin.TEXT)
