"""Whether a sentence ends at a boundary candidate: small rules in order; where none applies, sentencex decides."""

from __future__ import annotations

from itertools import islice

import regex

from index.sentences.abbreviations import abbreviation_ends
from index.sentences.boundaries import Joint
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

LONGEST_LABEL = 10
REACH = 10
"""Most words between a quotation and the verb of saying that names its speaker."""


def ends(joint: Joint) -> bool:
    """Whether a sentence ends at a boundary candidate."""
    if not SUBSTANCE.search(joint.before):
        return False
    if joint.begin == joint.end:
        return _ends_without_a_space(joint)
    for rule in (_label, _emoji, _mark, _small_letter, _stop, _ellipsis, _speaker):
        verdict = rule(joint)
        if verdict is not None:
            return verdict
    return joint.proposed or begins_sentence(joint.next) or ORDINARY.fullmatch(joint.word) is not None


def _ends_without_a_space(joint: Joint) -> bool:
    """Chinese and Japanese stops, and sentences joined where a page lost its white space: left.She stayed."""
    if WIDE_STOP.search(joint.stop):
        quoted = any(mark in WIDE_QUOTES for mark in joint.closing)
        return not (quoted and _said_behind(joint.after)) and not WIDE_GOES_ON.match(joint.after)
    behind = joint.after[len(joint.opening) + len(joint.next) :]
    if not joint.stop or not behind[:1].isspace() or not begins_sentence(joint.next):
        return False
    return bool(GLUED.fullmatch(joint.word)) and abbreviation_ends(joint) is None


def _said_behind(after: str) -> bool:
    """Whether the speaker of a quotation is named directly after it: “…。”他说."""
    head = UP_TO_A_MARK.match(after[:10])
    return head is not None and any(verb in head[0] for verb in words("said_behind_a_quotation"))


def _label(joint: Joint) -> bool | None:
    """The number of a list item: 1. The first item."""
    end = min(joint.end, joint.start + LONGEST_LABEL)
    return False if LABEL.fullmatch(joint.shadow, joint.start, end) else None


def _emoji(joint: Joint) -> bool | None:
    """An emoji between sentences: Thank you, Lagos ❤️ We will be back."""
    return begins_sentence(joint.next) if not joint.stop and not joint.proposed else None


def _mark(joint: Joint) -> bool | None:
    """A comma, a bracket or a dash after the stop."""
    return False if GOES_ON.match(joint.after) else None


def _stop(joint: Joint) -> bool | None:
    quoted = any(mark in QUOTES for mark in joint.closing)
    return None if quoted or joint.stop not in {".", "!", "?"} else abbreviation_ends(joint)


def _small_letter(joint: Joint) -> bool | None:
    """A lower-case letter continues the sentence, except in a text that begins none with a capital."""
    if not is_small(joint.next):
        return None
    if any(mark in QUOTES for mark in joint.closing) or joint.stop != ".":
        return False
    sentence = joint.shadow[joint.start : joint.start + 200].lstrip()
    all_small = is_small(sentence) and sentence.islower() and joint.before.islower()
    return all_small and ORDINARY.fullmatch(joint.word) is not None and abbreviation_ends(joint) is None


def _ellipsis(joint: Joint) -> bool | None:
    """An ellipsis ends a sentence less often than a full stop."""
    if not (joint.stop.endswith("…") or joint.stop.endswith("..") or ". ." in joint.stop):
        return None
    if any(mark in QUOTES for mark in joint.closing):
        return None
    if joint.next in {"I", joint.word}:
        return False
    spaced = not joint.word or ". ." in joint.stop
    return begins_sentence(joint.next) if spaced or joint.closing else True


def _speaker(joint: Joint) -> bool | None:
    """A quotation and its speaker: “Who won?” Smith asked."""
    if not any(mark in QUOTES for mark in joint.closing) or joint.opening or not joint.next[:1].isupper():
        return None
    if any(mark in '“"«„' for mark in joint.before.lstrip()[1:]) or begins_sentence(joint.next):
        return None
    if joint.stop == ".":
        found = ATTRIBUTION.match(joint.after)
        return False if found and found["verb"] in words("speaking") else None
    return False if _names_a_speaker(joint.after) else None


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
