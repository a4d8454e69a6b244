"""Sentences with exact offsets: paragraphs, then sentencex, then rules that correct its boundaries."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from index.models import Span
from index.sentences.abbreviations import never_ends_sentence
from index.sentences.boundaries import (
    CLOSING,
    LAST_WORD,
    NOTE,
    STOP,
    UNUSUAL_WHITESPACE,
    BoundaryCandidate,
    boundary_marks,
    first_word,
    normalise_whitespace,
)
from index.sentences.boundary_rules import ends_at
from index.sentences.brackets import merge_divided
from index.sentences.paragraphs import LINE_BREAK, begins_item, is_headline, paragraphs
from index.sentences.word_classes import begins_sentence, is_small
from index.sentences.word_lists import words

CONTEXT = 600
"""Characters on either side of a cut that are read to see whether a sentence ends there."""

STOPPED = regex.compile(rf"(?V1)(?P<stop>{STOP})(?P<closing>(?:{CLOSING}|{NOTE})*)\s*$")
# A colon introduces what follows, and a semicolon ends a list item.
ENDED = regex.compile(r"[\p{STerm}…:;][\p{Pe}\p{Pf}\p{Pi}\"'\d\[\]]*$")
# As in tokenised text and wiki notes: `. ''`, `. )`, `.[citation needed]`.
ENDED_SOMEHOW = regex.compile(r"[\p{STerm}…:;](?:\W|\[[^\]]{0,60}\])*$")
ADDRESS = regex.compile(r"\s*https?://\S+\s*")
"""A web address on a line of its own."""
LABEL_WORDS = 3
"""Maximum words of a label on a line of its own."""
BLANK_LINE = regex.compile(r"(?:\r\n|[\n\r])[^\S\n\r]*[\n\r]")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of any string, as [start, end) offsets in order.

    They are trimmed of white space, never overlap, and cover every other character.
    """
    return [
        (start + left, start + right)
        for start, end in paragraphs(text)
        for left, right in merge_divided(text[start:end], list(_sentences(text[start:end])))
    ]


def ends_sentence(left: str, right: str) -> bool:
    """Whether a sentence surely ends where something was cut out between two pieces of text; `right` may be empty."""
    before = BLANK_LINE.split(left.rstrip()[-CONTEXT:])[-1]
    after = BLANK_LINE.split(right.lstrip()[:CONTEXT])[0].rstrip()
    if ADDRESS.fullmatch(before):
        return True
    stopped = STOPPED.search(normalise_whitespace(before))
    if stopped is None or (stopped["stop"].endswith(("..", "…")) and not stopped["closing"]):
        return False
    first = first_word(normalise_whitespace(after))
    if is_small(first) or (before[:-1][-1:].isdigit() and first[:1].isdigit()):  # $3. | 5 million
        return False
    if not after:
        last = LAST_WORD.search(before[: stopped.start()][-60:])
        return last is None or stopped["closing"] != "" or not never_ends_sentence(last[0])
    return any(end == len(before) for _, end in sentence_spans(f"{before} {after}"))


def is_continuation(text: str, left: Span, right: Span) -> bool:
    """Whether two adjacent sentences may be one that is cut in two without words between: at the end of a line or page.

    The left one neither ends nor introduces what follows. The right one begins with a small letter, or the left one
    breaks off: it ends with a word that ends no sentence, it is not the first of its paragraph, or it is longer than a
    label and no headline, and the right one is on the next line ("She met the king | Harald.").
    """
    before, after = _beside_cut(text, left, right)
    if ENDED.search(before):
        return False
    if _is_shown_by_words(before, after):
        return True
    first = first_word(after)
    is_long = len(before.split()) > LABEL_WORDS and not is_headline(before)
    breaks_off = is_long and before.rsplit(maxsplit=1)[-1].casefold() in words("prepositions")
    if ENDED_SOMEHOW.search(before) or begins_item(before, after) or (begins_sentence(first) and not breaks_off):
        return False
    if breaks_off:
        return True
    begun = LINE_BREAK.split(text[max(0, left.start - CONTEXT) : left.end])[-1]
    if len(begun.rstrip()) != left.end - left.start:
        return ENDED.search(after) is not None
    is_next_line = len(LINE_BREAK.findall(text, left.end, right.start)) == 1
    return is_next_line and is_long


def words_continue(text: str, left: Span, right: Span) -> bool:
    """Whether the words of two adjacent sentences show that they are one: the right one begins with a small letter."""
    before, after = _beside_cut(text, left, right)
    return ENDED.search(before) is None and _is_shown_by_words(before, after)


def _beside_cut(text: str, left: Span, right: Span) -> tuple[str, str]:
    return normalise_whitespace(text[slice(*left)][-CONTEXT:]), normalise_whitespace(text[slice(*right)][:CONTEXT])


def _is_shown_by_words(before: str, after: str) -> bool:
    return is_small(first_word(after)) or is_incomplete(before)


def is_incomplete(sentence: str) -> bool:
    """Whether a sentence has no end and its last word ends none: "She said on Monday that the", but not "on 3 May"."""
    last = sentence[-CONTEXT:].rsplit(maxsplit=1)[-1:]
    return bool(last) and last[0] != "May" and last[0].casefold() in words("open_ends")


def _sentences(paragraph: str) -> Iterator[tuple[int, int]]:
    shadow = normalise_whitespace(paragraph)
    headline = is_headline(shadow)
    begun = 0
    for match, place, proposed in boundary_marks(shadow):
        last, following = _gap(paragraph, place)
        if following == len(paragraph):
            break
        candidate = BoundaryCandidate(
            shadow=shadow,
            start=begun,
            stop_at=match.start() if match else place,
            stop=(match["stop"] or "") if match else "",
            closing=(match["closing"] or "") if match else "",
            end=last,
            begin=following,
            proposed=proposed,
            headline=headline,
        )
        if last > begun and ends_at(candidate):
            yield begun, last
            begun = following
    yield begun, len(paragraph)


def _gap(text: str, place: int) -> tuple[int, int]:
    """[start, end) of the white space at a place; invisible characters that are not white space stay with the left."""
    while place > 0 and text[place - 1].isspace():
        place -= 1
    while place < len(text) and not text[place].isspace() and UNUSUAL_WHITESPACE.match(text[place]):
        place += 1
    following = place
    while following < len(text) and text[following].isspace():
        following += 1
    return place, following
