"""Candidates for sentence boundaries in a paragraph: sentencex's, and every mark that could be a full stop."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import regex
import sentencex

from index.sentences.word_lists import languages

BLOCK = 10_000
"""Most characters that sentencex is given at once."""

UNUSUAL_WHITESPACE = regex.compile(r"[\s\p{Z}\p{Cc}\p{Cf}\u034F]")
SURROGATE = regex.compile(r"\p{Cs}")
EMOJI = r"[[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\uFE0F\u20E3]--[©®™0-9#*]]"
NOTE = r"\[(?:\^[\w-]{1,30}|\d{1,3}|\p{Ll}|note \d+|nb \d+|citation needed)\]|[¹²³⁰-⁹]"
CLOSING = r"[\p{Pf}\p{Pe}»]|[“‘‹«\"'](?![\w$€£])|[ ][»”](?!\w)"
STOP = r"[\p{STerm}…]+(?:[ ](?:\.[ ]?)*[.…]+)*"
BOUNDARY = regex.compile(
    rf"(?V1)(?P<stop>{STOP})(?P<closing>(?:{CLOSING}|{NOTE}|[ ]*{EMOJI})*)[ ]*"
    rf"|(?P<emoji>{EMOJI})[ ]++(?=\p{{Lu}})"
)
BLINDING = regex.compile(
    rf"(?V1)(?<!\w)[\p{{Pi}}\p{{Pf}}\"'„]|[\p{{Pi}}\p{{Pf}}\"'„](?!\w)|\[\d+\]|[\p{{Ps}}\p{{Pe}}]|{EMOJI}"
)
FIRST_WORD = regex.compile(r"[^\w#@$€£¥]*+(?P<word>[\w#@$€£¥](?:[\w'’&-]|\.(?=\w)){0,60}+)?")
LAST_WORD = regex.compile(r"[^\s\p{Ps}\p{Pi}\"/—–]+$")
SCRIPTS = {
    "ja": regex.compile(r"[\p{Hiragana}\p{Katakana}]"),
    "zh": regex.compile(r"\p{Han}"),
    "ko": regex.compile(r"\p{Hangul}"),
    "ur": regex.compile(r"[ٹڈڑںےۓ۔]"),
    "ar": regex.compile(r"\p{Arabic}"),
    "hi": regex.compile(r"\p{Devanagari}"),
    "bn": regex.compile(r"\p{Bengali}"),
    "ru": regex.compile(r"\p{Cyrillic}"),
    "el": regex.compile(r"\p{Greek}"),
    "he": regex.compile(r"\p{Hebrew}"),
    "hy": regex.compile(r"\p{Armenian}"),
    "am": regex.compile(r"\p{Ethiopic}"),
    "ta": regex.compile(r"\p{Tamil}"),
    "th": regex.compile(r"\p{Thai}"),
}


@dataclass(frozen=True)
class BoundaryCandidate:
    """A place where a sentence could end, with what the rules look at. All offsets are in `shadow`."""

    shadow: str
    start: int
    """Where the sentence that would end here begins."""
    stop_at: int
    stop: str
    """The mark: `.`, `?!`, `...`; empty after an emoji."""
    closing: str
    """Quotation marks, brackets, footnote marks and emoji after it."""
    end: int
    begin: int
    """Where the next sentence would begin."""
    proposed: bool
    """Whether sentencex ends a sentence here."""
    headline: bool
    """Whether the paragraph is written as a headline."""

    @cached_property
    def before(self) -> str:
        """The sentence up to the mark, at most its last 400 characters."""
        return self.shadow[max(self.start, self.stop_at - 400) : self.stop_at]

    @cached_property
    def after(self) -> str:
        """What follows, at most 200 characters."""
        return self.shadow[self.begin : self.begin + 200]

    @cached_property
    def word(self) -> str:
        """The word before the mark: `U.S`, `Inc`, `left`."""
        found = LAST_WORD.search(self.before[-60:])
        return found[0] if found else ""

    @cached_property
    def previous(self) -> str:
        """The word before `word`."""
        found = self.before[: len(self.before) - len(self.word)][-60:].split()
        return found[-1] if found else ""

    @cached_property
    def next(self) -> str:
        """The first word after the boundary, without quotation marks or brackets before it."""
        return first_word(self.after)

    @cached_property
    def opening(self) -> str:
        """Quotation marks, brackets and the like before the next word."""
        return self.after[: self.after.find(self.next)] if self.next else self.after


def first_word(piece: str) -> str:
    """The first word of a piece, without quotation marks or brackets before it; empty where there is none."""
    found = FIRST_WORD.match(piece)
    return (found["word"] or "") if found else ""


def normalise_whitespace(text: str) -> str:
    """A text of the same length with plain spaces for other white space and controls; sentencex panics on some."""
    return SURROGATE.sub("\ufffd", UNUSUAL_WHITESPACE.sub(" ", text))


def boundary_marks(shadow: str) -> Iterator[tuple[regex.Match[str] | None, int, bool]]:
    """Boundary candidates in a paragraph's `shadow`, in order: mark, offset after it, whether sentencex agrees."""
    proposals = sentencex_boundaries(shadow)
    passed = 0
    for match in BOUNDARY.finditer(shadow):
        while passed < len(proposals) and proposals[passed] <= match.start():
            yield None, proposals[passed], True
            passed += 1
        inside = bisect_right(proposals, match.end(), passed)
        yield match, match.end("emoji") if match["emoji"] else match.end("closing"), inside > passed
        passed = inside
    for proposal in proposals[passed:]:
        yield None, proposal, True


def sentencex_boundaries(shadow: str) -> list[int]:
    """Offsets at which sentencex ends a sentence, without the edges of windows, which would cut sentences."""
    blind = BLINDING.sub(lambda match: " " * len(match[0]), shadow)
    language = language_of(shadow[:2000])
    found: list[int] = []
    start = 0
    while start < len(blind):
        window = blind[start : start + BLOCK]
        inside = _segment(language, window)
        found += [start + len(window[:place].rstrip(" ")) for place in inside]
        if start + BLOCK >= len(blind):
            break
        start += inside[-1] if inside else (window.rfind(" ") + 1 or BLOCK)
    return found


def language_of(shadow: str) -> str:
    """The language for sentencex: by script, for Latin letters by their commonest words; else English."""
    if not shadow.isascii():  # faster: a list has thousands of small paragraphs
        letters = sum(map(str.isalpha, shadow))
        for code, script in SCRIPTS.items():
            if len(script.findall(shadow)) * 10 > letters * (1 if code in {"ja", "ur"} else 5):
                return code
    found = shadow.split()
    shares = {code: sum(map(common.__contains__, found)) for code, common in languages().items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] > shares["en"] and shares[best] * 6 >= len(found) else "en"


def _segment(language: str, window: str) -> list[int]:
    """Offsets in the window at which sentencex begins a new sentence; none where it panics."""
    try:
        found = sentencex.get_sentence_boundaries(language, window)
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # a Rust panic is not an Exception; interrupts are raised again
            raise
        return []
    return [place for place in (each["start_index"] for each in found) if 0 < place < len(window)]
