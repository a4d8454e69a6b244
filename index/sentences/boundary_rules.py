"""Whether a sentence ends at a boundary candidate: small rules in order; where none applies, sentencex decides."""

from __future__ import annotations

from itertools import islice

import regex

from index.sentences.abbreviations import abbreviation_ends
from index.sentences.boundaries import BoundaryCandidate
from index.sentences.word_classes import TOKEN, begins_sentence, is_small, is_verb
from index.sentences.word_lists import words

QUOTES = frozenset("\"'“”„‟‘’‚«»‹›")
SUBSTANCE = regex.compile(r"[\p{L}\p{N}]")
LABEL = regex.compile(r"\W*(?:\d{1,3}|\p{L}|[ivxIVX]{1,4})[.)]?")
GOES_ON = regex.compile(r"[,;:)\]}%&/”»…]|[-–—](?!\d)|[+=<>×÷≤≥|~^]\s")
WIDE_STOP = regex.compile(r"[。．！？｡]")
WIDE_QUOTES = frozenset('”’」』》"')
WIDE_GOES_ON = regex.compile(rf"{GOES_ON.pattern}|[，、と]")
UP_TO_A_MARK = regex.compile(r"[^。．！？｡“「『\"]*")
GLUED = regex.compile(r"[\p{L}'’-]*(?:\p{Ll}{2}|\p{Lu}{2})[)\]]?|[\d,.]*\d{2}%?")
ORDINARY = regex.compile(r"[\p{Ll}'’-]{3,}|[\w.,]*\d[\w.,%]*|\p{Lu}[\p{Ll}’'-]{3,}|.*[)\]”\"’»]")
ATTRIBUTION = regex.compile(r"(?:\p{Lu}[\w'’-]+ ){1,3}(?P<verb>\p{Ll}+)\.")

CLOSED = regex.compile(r"\w\W?[)\]}”\"»`]$")

LONGEST_LABEL = 10
REACH = 10
"""Most words between a quotation and the verb of saying that names its speaker."""


def ends_at(candidate: BoundaryCandidate) -> bool:
    """Whether a sentence ends at a boundary candidate."""
    if not SUBSTANCE.search(candidate.before):
        return False
    if candidate.begin == candidate.end:
        return _ends_without_a_space(candidate)
    for rule in (_label, _emoji, _mark, _small_letter, _stop, _ellipsis, _speaker):
        verdict = rule(candidate)
        if verdict is not None:
            return verdict
    return candidate.proposed or begins_sentence(candidate.next) or ORDINARY.fullmatch(candidate.word) is not None


def _ends_without_a_space(candidate: BoundaryCandidate) -> bool:
    """Chinese and Japanese stops, and sentences joined where a page lost its white space: left.She stayed."""
    if WIDE_STOP.search(candidate.stop):
        quoted = any(mark in WIDE_QUOTES for mark in candidate.closing)
        return not (quoted and _said_behind(candidate.after)) and not WIDE_GOES_ON.match(candidate.after)
    behind = candidate.after[len(candidate.opening) + len(candidate.next) :]
    if not candidate.stop or not behind[:1].isspace() or not begins_sentence(candidate.next):
        return False
    return bool(GLUED.fullmatch(candidate.word)) and abbreviation_ends(candidate) is None


def _said_behind(after: str) -> bool:
    """Whether the speaker of a quotation is named directly after it: “…。”他说."""
    head = UP_TO_A_MARK.match(after[:10])
    return head is not None and any(verb in head[0] for verb in words("said_behind_a_quotation"))


def _label(candidate: BoundaryCandidate) -> bool | None:
    """The number of a list item: 1. The first item."""
    end = min(candidate.end, candidate.start + LONGEST_LABEL)
    return False if LABEL.fullmatch(candidate.shadow, candidate.start, end) else None


def _emoji(candidate: BoundaryCandidate) -> bool | None:
    """An emoji between sentences: Thank you, Lagos ❤️ We will be back."""
    return begins_sentence(candidate.next) if not candidate.stop and not candidate.proposed else None


def _mark(candidate: BoundaryCandidate) -> bool | None:
    """A comma, a bracket or a dash after the stop."""
    return False if GOES_ON.match(candidate.after) else None


def _stop(candidate: BoundaryCandidate) -> bool | None:
    quoted = any(mark in QUOTES for mark in candidate.closing)
    return None if quoted or candidate.stop not in {".", "!", "?"} else abbreviation_ends(candidate)


def _small_letter(candidate: BoundaryCandidate) -> bool | None:
    """A lower-case letter continues the sentence, except in a text that begins none with a capital.

    After a closing mark the stop is no abbreviation's, and a name in lower case follows: (a part of Node). npm is…
    """
    if not is_small(candidate.next):
        return None
    if any(mark in QUOTES for mark in candidate.closing) or candidate.stop != ".":
        return False
    if CLOSED.search(candidate.before):
        return True
    sentence = candidate.shadow[candidate.start : candidate.start + 200].lstrip()
    all_small = is_small(sentence) and sentence.islower() and candidate.before.islower()
    return all_small and ORDINARY.fullmatch(candidate.word) is not None and abbreviation_ends(candidate) is None


def _ellipsis(candidate: BoundaryCandidate) -> bool | None:
    """An ellipsis ends a sentence less often than a full stop."""
    if not (candidate.stop.endswith("…") or candidate.stop.endswith("..") or ". ." in candidate.stop):
        return None
    if any(mark in QUOTES for mark in candidate.closing):
        return None
    if candidate.next in {"I", candidate.word}:
        return False
    spaced = not candidate.word or ". ." in candidate.stop
    return begins_sentence(candidate.next) if spaced or candidate.closing else True


def _speaker(candidate: BoundaryCandidate) -> bool | None:
    """A quotation and its speaker: “Who won?” Smith asked."""
    if not any(mark in QUOTES for mark in candidate.closing) or candidate.opening or not candidate.next[:1].isupper():
        return None
    if any(mark in '“"«„' for mark in candidate.before.lstrip()[1:]) or begins_sentence(candidate.next):
        return None
    if candidate.stop == ".":
        found = ATTRIBUTION.match(candidate.after)
        return False if found and found["verb"] in words("speaking") else None
    return False if _names_a_speaker(candidate.after) else None


def _names_a_speaker(piece: str) -> bool:
    """Whether a verb of saying comes before any other verb and before the sentence ends."""
    previous = ""
    for match in islice(TOKEN.finditer(piece), REACH + 1):
        word = match[0]
        if previous and word in words("speaking"):
            return True
        if is_verb(word) or word in "!?…" or (word == "." and len(previous) > 1 and previous not in words("titles")):
            return False
        previous = word
    return False
