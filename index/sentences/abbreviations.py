"""Whether the full stop of an abbreviation also ends the sentence."""

from __future__ import annotations

import regex

from index.sentences.boundaries import BoundaryCandidate
from index.sentences.word_classes import TOKEN, begins_sentence, has_verb, is_small, is_verb
from index.sentences.word_lists import companions, words

NUMERAL = regex.compile(r"[#§\d]|[IVXLC]+(?!\w)|(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)(?!\w)")
DATE = regex.compile(r"\d")
ORDINAL = regex.compile(r"\d{1,2}")
INITIALS = regex.compile(r"\p{Lu}(?:[.-]{1,2}\p{Lu})*")
NO_VOWEL = regex.compile(r"(?=\p{Lu}\p{Ll}{1,4}$)(?:(?![AEIOUYÀ-ÖØ-ÝaeiouyÀ-ÿ])\p{Latin})+")
QUOTED_WORDS = regex.compile(r"[^”\"’»]*?[.!?,…][”\"’»]")

ATTRIBUTE = regex.compile(r"\b(?i:the|an?|his|her|its|their) [\d:.]+ \S+$")
NAME = regex.compile(r"\s+\p{Lu}")
LOCAL_TIME = regex.compile(r"\p{Lu}\S+ (?i:(?:standard |daylight |summer )?time)\b")
STREET = regex.compile(r"\p{Lu}|\d+(?:st|nd|rd|th)")

NEVER_LAST = ("titles", "never_last", "before_place")
MAY_BE_LAST = ("countries", "companies", "suffixes", "streets", "states")


def abbreviation_ends(candidate: BoundaryCandidate) -> bool | None:
    """Whether a sentence ends after an abbreviation and its stop; None where the word is not an abbreviation."""
    for rule in (_exclaimed, _state, _number, _date, _hour, _never, _may_be_last, _measure, _initials, _ordinal):
        verdict = rule(candidate)
        if verdict is not None:
            return verdict
    if NO_VOWEL.fullmatch(candidate.word):
        return begins_sentence(candidate.next)
    return None


def never_ends_sentence(word: str) -> bool:
    """Whether an abbreviation is always followed by something: Mr., e.g., No., Jan."""
    listed = any(word in words(name) for name in NEVER_LAST)
    return listed or (word in words("before_number") and not word.islower())


def _exclaimed(candidate: BoundaryCandidate) -> bool | None:
    if candidate.word in words("exclaimed") and candidate.stop in {"!", "?"} and not candidate.closing:
        return _could_end(candidate, "exclaimed")
    return None


def _state(candidate: BoundaryCandidate) -> bool | None:
    """Del. and Miss. are states only after a comma."""
    if candidate.word in words("states") and candidate.previous.endswith(","):
        return _could_end(candidate, "states")
    return None


def _number(candidate: BoundaryCandidate) -> bool | None:
    if candidate.word not in words("before_number"):
        return None
    if NUMERAL.match(candidate.next):
        return False
    elsewhere = any(candidate.word in words(name) for name in (*NEVER_LAST, *MAY_BE_LAST, "last"))
    return None if elsewhere or INITIALS.fullmatch(candidate.word) else True


def _date(candidate: BoundaryCandidate) -> bool | None:
    if candidate.word in words("months"):
        return DATE.match(candidate.next) is None
    if candidate.word in words("weekdays"):
        return not (DATE.match(candidate.next) or candidate.next in companions("hours"))
    return None


def _hour(candidate: BoundaryCandidate) -> bool | None:
    if candidate.word not in words("hours") or not candidate.previous[-1:].isdigit():
        return None
    local = candidate.next in companions("hours") or LOCAL_TIME.match(candidate.after)
    return not (local or DATE.match(candidate.next) or _is_attribute(candidate))


def _is_attribute(candidate: BoundaryCandidate) -> bool:
    """Whether the hour modifies a noun: the 9 a.m. Mass."""
    return ATTRIBUTE.search(candidate.before[-30:]) is not None and not begins_sentence(candidate.next)


def _never(candidate: BoundaryCandidate) -> bool | None:
    word = candidate.word.capitalize() if candidate.word.isupper() and candidate.next.isupper() else candidate.word
    if candidate.word in words("before_place"):
        is_street = STREET.match(candidate.previous) is not None
        return is_street and begins_sentence(candidate.next) and has_verb(candidate.before)
    if word in words("titles") or candidate.word in words("never_last"):
        return False
    return None


def _may_be_last(candidate: BoundaryCandidate) -> bool | None:
    for name in MAY_BE_LAST:
        if candidate.word in words(name):
            return _could_end(candidate, name)
    return None


def _measure(candidate: BoundaryCandidate) -> bool | None:
    if candidate.word in words("last"):
        return not DATE.match(candidate.next)
    return None


def _could_end(candidate: BoundaryCandidate, name: str) -> bool:
    """Whether a sentence ends after an abbreviation that may be its last word: yes, if the next word begins one."""
    if candidate.headline or DATE.match(candidate.next) or not candidate.next:
        return False
    if candidate.next.replace("'", "’") in companions(name):
        return False
    if _begins(candidate):
        return True
    if any(mark in candidate.opening for mark in '“"«‘'):
        return QUOTED_WORDS.match(candidate.after[len(candidate.opening) :]) is not None and has_verb(candidate.before)
    if "(" in candidate.opening:
        return False
    return has_verb(candidate.before) and (
        _is_subject(candidate) or (name == "countries" and candidate.next in words("nations"))
    )


def _begins(candidate: BoundaryCandidate) -> bool:
    """Whether the next word begins a sentence, considering the word after it."""
    behind = candidate.after[len(candidate.opening) + len(candidate.next) :]
    if candidate.next in words("starting_nouns"):
        return behind.lstrip()[:1].islower() and has_verb(candidate.before)
    if candidate.next in words("starters_in_titles") and NAME.match(behind):
        return False
    is_abbreviated = behind.startswith(".") and (len(candidate.next) == 1 or candidate.next == "No")
    return begins_sentence(candidate.next) and not is_abbreviated


def _is_subject(candidate: BoundaryCandidate) -> bool:
    """Whether the next word, or the name it begins, is followed by a verb: Lawyers were relieved."""
    following = TOKEN.findall(candidate.after)[1:4]
    for word in following:
        if not word[0].isupper():
            return is_verb(word)
    return False


def _initials(candidate: BoundaryCandidate) -> bool | None:
    if not INITIALS.fullmatch(candidate.word):
        return None
    if candidate.previous in words("lettered") or (candidate.word == "I" and is_small(candidate.previous)):
        return True
    if candidate.next in words("starters_that_are_names"):
        return False
    return bool(candidate.previous) and _begins(candidate)


def _ordinal(candidate: BoundaryCandidate) -> bool | None:
    """A day's ordinal before a month: 3. Mai."""
    if ORDINAL.fullmatch(candidate.word) and candidate.next in words("month_names"):
        return False
    return None
