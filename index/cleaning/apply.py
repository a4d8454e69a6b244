"""Apply rules to a text: which spans are excluded."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

import regex

from index.cleaning.rule import Rule, RuleScope
from index.models import Exclusion, Span
from index.sentences import ends_sentence, sentence_spans

RESIDUE = 5_000
"""Maximum characters of a boilerplate line; code may have more. Lookahead in longer lines is slow."""
LINE = regex.compile(r"[^\r\n]+")
ANY_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’-]*")
SMALL_WORD = regex.compile(r"(?<![\p{L}\p{M}'’-])[\p{Ll}\p{Lo}]")
PROSE_END = regex.compile(r"[\p{STerm}…][”’\"')\]]*$")
PROSE_WORDS = 8
MIN_ARTICLE_LENGTH = 100
"""Words without a capital that make an article, however much follows: readers' comments can be longer."""
CONTEXT = 2_000
"""Characters before an opener that decide whether a sentence ends there."""
HEADLINE = 800
"""Characters first searched for the end of another article's headline."""


def lines(text: str) -> list[Span]:
    """Return the non-empty lines, trimmed."""
    found = (trim_span(text, Span(*match.span())) for match in LINE.finditer(text))
    return [span for span in found if span.start < span.end]


def trim_span(text: str, span: Span) -> Span:
    """Return the span without white space at its ends; empty, at its start, if it holds nothing else."""
    piece = text[span.start : span.end]
    if not piece.strip():
        return Span(span.start, span.start)
    return Span(span.end - len(piece.lstrip()), span.start + len(piece.rstrip()))


def find_exclusions(text: str, kept: list[Span], url: str | None, rules: Sequence[Rule]) -> list[Exclusion]:
    """Return the exclusions that the rules make in the kept spans, in order, without overlaps.

    `url` decides which rules of a host apply. Meta rules are ignored: the reader applies those.
    """
    host = (urlsplit(url).hostname or "") if url else ""
    mine = [rule for rule in rules if rule.applies_to_host(host)]
    found = list(_lines(text, kept, [rule for rule in mine if rule.where is RuleScope.LINE]))
    kept = subtract_spans(text, kept, (exclusion.span for exclusion in found))
    for where, apply in (
        (RuleScope.INLINE, _inline),
        (RuleScope.TAIL, _tail),
        (RuleScope.PROMO, _promo),
        (RuleScope.PREFIX, _prefix),
    ):
        for rule in mine:
            if rule.where is where:
                new = list(apply(text, kept, rule))
                kept = subtract_spans(text, kept, (exclusion.span for exclusion in new))
                found += new
    return list(sorted_exclusions(found))


def sorted_exclusions(exclusions: Iterable[Exclusion]) -> tuple[Exclusion, ...]:
    """Sort the exclusions by position."""
    return tuple(sorted(exclusions, key=lambda exclusion: exclusion.span))


def subtract_spans(text: str, kept: Iterable[Span], cuts: Iterable[Span]) -> list[Span]:
    """Subtract the cuts from the kept spans; return the non-empty rest, trimmed and in order."""
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
    spans = (trim_span(text, span) for span in left)
    return [span for span in spans if span.start < span.end]


def _exclusion(rule: Rule, start: int, end: int) -> Exclusion:
    return Exclusion(span=Span(start, end), kind=rule.kind, rule=rule.name)


def _lines(text: str, kept: list[Span], rules: Sequence[Rule]) -> Iterator[Exclusion]:
    """Exclude whole lines, each by the first rule that matches."""
    patterns = [(rule, rule.compiled_pattern) for rule in rules]
    code = [(rule, pattern) for rule, pattern in patterns if rule.kind != "boilerplate"]
    for span in kept:
        for line in lines(text[span.start : span.end]):
            start, end = span.start + line.start, span.start + line.end
            fitting = patterns if end - start <= RESIDUE else code
            taker = next((rule for rule, pattern in fitting if pattern.fullmatch(text, start, end)), None)
            if taker is not None:
                yield _exclusion(taker, start, end)


def _matches(text: str, span: Span, rule: Rule) -> Iterator[Span]:
    """Yield the non-empty matches of a rule's pattern in a span."""
    for match in rule.compiled_pattern.finditer(text, span.start, span.end):
        start, end = match.span()
        if start < end:
            yield Span(start, end)


def _inline(text: str, kept: list[Span], rule: Rule) -> Iterator[Exclusion]:
    for span in kept:
        yield from (_exclusion(rule, *found) for found in _matches(text, span, rule))


def _prefix(text: str, kept: list[Span], rule: Rule) -> Iterator[Exclusion]:
    if (
        kept
        and (match := rule.compiled_pattern.match(text, kept[0].start, kept[0].end))
        and match.span()[1] > kept[0].start
    ):
        yield _exclusion(rule, *match.span())


def _tail(text: str, kept: list[Span], rule: Rule) -> Iterator[Exclusion]:
    """Exclude everything from the first opener where a sentence could begin.

    With hardly any article above it, an opener is in a menu or between headline and text. Then the exclusion ends where
    prose begins.
    """
    place = 0
    for number, span in enumerate(kept):
        for opener in _matches(text, span, rule):
            if opener.start < place or not _may_begin_here(text, span.start, opener.start):
                continue
            above = [*kept[:number], Span(span.start, opener.start)]
            below = [Span(opener.start, span.end), *kept[number + 1 :]]
            ends_all = _prose(text, above) >= min(_prose(text, below), MIN_ARTICLE_LENGTH)
            gone = below if ends_all else list(_up_to_prose(text, below))
            yield from (_exclusion(rule, *each) for each in gone)
            if ends_all:
                return
            place = max([opener.end, *(each.end for each in gone)])


def _prose(text: str, spans: Iterable[Span]) -> int:
    """Count words that begin without a capital, many in prose and few in headlines; stop at `MIN_ARTICLE_LENGTH`."""
    found = (1 for start, end in spans for _ in SMALL_WORD.finditer(text, start, end))
    return sum(itertools.islice(found, MIN_ARTICLE_LENGTH))


def _up_to_prose(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the opener's line and the lines before the next that reads as prose; all if none does."""
    first = True
    for span in spans:
        for a, b in lines(text[span.start : span.end]):
            line = Span(span.start + a, span.start + b)
            if not first and _reads_as_prose(text[slice(*line)]):
                return
            first = False
            yield line


def _reads_as_prose(line: str) -> bool:
    """Whether a line is one or more sentences: long, ended like one, and not in title case."""
    return len(line.split()) >= PROSE_WORDS and PROSE_END.search(line) is not None and not _is_headline(line)


def _may_begin_here(text: str, start: int, place: int) -> bool:
    before, after = text[max(start, place - CONTEXT) : place], text[place : place + CONTEXT]
    return not before.strip() or "\n" in before[len(before.rstrip()) :] or ends_sentence(before, after)


def _promo(text: str, kept: list[Span], rule: Rule) -> Iterator[Exclusion]:
    is_open = False  # whether the headline continues in the next kept span, after an exclusion
    for span in kept:
        place = span.start
        if is_open:
            place, is_open = _promo_end(text, span.start, span.end, rule)
            yield _exclusion(rule, span.start, place)
        for opener in _matches(text, span, rule):
            if opener.start < place or is_open:  # inside the previous headline
                continue
            place, is_open = _promo_end(text, opener.end, span.end, rule)
            yield _exclusion(rule, opener.start, place)


def _promo_end(text: str, start: int, end: int, rule: Rule) -> tuple[int, bool]:
    """Return where the headline that begins here ends, and whether it may continue after `end`.

    It ends where the rule's `until` matches, else with the next sentence. A sentence in title case throughout ("Who Is
    Xi?") may be half of a headline; then the next sentence is excluded too.
    """
    if rule.compiled_until and (known := rule.compiled_until.match(text, start, min(end, start + HEADLINE))):
        return known.span()[1], False
    place = start
    for a, b in _sentences_from(text, start, end):
        place = b
        if not _is_headline(text[a:b]):
            break
    return place, place == end and not ends_sentence(text[max(start, place - CONTEXT) : place], "")


def _sentences_from(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences from a position on, splitting no more text than requested."""
    reach = HEADLINE
    while start < end:
        last = min(end, start + reach)
        found = [Span(start + a, start + b) for a, b in sentence_spans(text[start:last])]
        whole = found if last == end else found[:-1]
        yield from whole
        if last == end:
            return
        if not whole:
            reach *= 2  # one sentence fills all that was split
            continue
        start = whole[-1].end


def _is_headline(text: str) -> bool:
    """Whether the words are in title case: no three in a row without a capital."""
    small = "".join("A" if word[0].isupper() else "a" for word in ANY_WORD.findall(text))
    return "aaa" not in small
