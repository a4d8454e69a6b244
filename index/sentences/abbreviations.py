"""Whether the full stop of an abbreviation also ends the sentence."""

from __future__ import annotations

import regex

from index.sentences.boundaries import Joint
from index.sentences.word_classes import TOKEN, begins_sentence, has_verb, is_small, is_verb
from index.sentences.word_lists import companions, words

NUMERAL = regex.compile(r"[#§\d]|[IVXLC]+(?!\w)|(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)(?!\w)")
DAY = regex.compile(r"\d{1,2}(?!\d)")
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


def abbreviation_ends(joint: Joint) -> bool | None:
    """Whether a sentence ends after an abbreviation and its stop; None where the word is not an abbreviation."""
    for rule in (_exclaimed, _state, _number, _date, _hour, _never, _may_be_last, _measure, _initials, _ordinal):
        verdict = rule(joint)
        if verdict is not None:
            return verdict
    if NO_VOWEL.fullmatch(joint.word):
        return begins_sentence(joint.next)
    return None


def surely_goes_on(word: str) -> bool:
    """Whether an abbreviation is always followed by something: Mr., e.g., No., Jan."""
    listed = any(word in words(name) for name in NEVER_LAST)
    return listed or (word in words("before_number") and not word.islower())


def _exclaimed(joint: Joint) -> bool | None:
    if joint.word in words("exclaimed") and joint.stop in {"!", "?"} and not joint.closing:
        return _could_end(joint, "exclaimed")
    return None


def _state(joint: Joint) -> bool | None:
    """Del. and Miss. are states only after a comma."""
    if joint.word in words("states") and joint.previous.endswith(","):
        return _could_end(joint, "states")
    return None


def _number(joint: Joint) -> bool | None:
    if joint.word not in words("before_number"):
        return None
    if NUMERAL.match(joint.next):
        return False
    elsewhere = any(joint.word in words(name) for name in (*NEVER_LAST, *MAY_BE_LAST, "last"))
    return None if elsewhere or INITIALS.fullmatch(joint.word) else True


def _date(joint: Joint) -> bool | None:
    if joint.word in words("months"):
        return DATE.match(joint.next) is None
    if joint.word in words("weekdays"):
        return not (DATE.match(joint.next) or joint.next in companions("hours"))
    return None


def _hour(joint: Joint) -> bool | None:
    if joint.word not in words("hours") or not joint.previous[-1:].isdigit():
        return None
    local = joint.next in companions("hours") or LOCAL_TIME.match(joint.after)
    return not (local or DATE.match(joint.next) or _is_attribute(joint))


def _is_attribute(joint: Joint) -> bool:
    """Whether the hour modifies a noun: the 9 a.m. Mass."""
    return ATTRIBUTE.search(joint.before[-30:]) is not None and not begins_sentence(joint.next)


def _never(joint: Joint) -> bool | None:
    word = joint.word.capitalize() if joint.word.isupper() and joint.next.isupper() else joint.word
    if joint.word in words("before_place"):
        is_street = STREET.match(joint.previous) is not None
        return is_street and begins_sentence(joint.next) and has_verb(joint.before)
    if word in words("titles") or joint.word in words("never_last"):
        return False
    return None


def _may_be_last(joint: Joint) -> bool | None:
    for name in MAY_BE_LAST:
        if joint.word in words(name):
            return _could_end(joint, name)
    return None


def _measure(joint: Joint) -> bool | None:
    if joint.word in words("last"):
        return not DATE.match(joint.next)
    return None


def _could_end(joint: Joint, name: str) -> bool:
    """Whether a sentence ends after an abbreviation that may be its last word: yes, if the next word begins one."""
    if joint.headline or DATE.match(joint.next) or not joint.next:
        return False
    if joint.next.replace("'", "’") in companions(name):
        return False
    if _begins(joint):
        return True
    if any(mark in joint.opening for mark in '“"«‘'):
        return QUOTED_WORDS.match(joint.after[len(joint.opening) :]) is not None and has_verb(joint.before)
    if "(" in joint.opening:
        return False
    return has_verb(joint.before) and (_is_subject(joint) or (name == "countries" and joint.next in words("nations")))


def _begins(joint: Joint) -> bool:
    """Whether the next word begins a sentence, considering the word after it."""
    behind = joint.after[len(joint.opening) + len(joint.next) :]
    if joint.next in words("starting_nouns"):
        return behind.lstrip()[:1].islower() and has_verb(joint.before)
    if joint.next in words("starters_in_titles") and NAME.match(behind):
        return False
    is_abbreviated = behind.startswith(".") and (len(joint.next) == 1 or joint.next == "No")
    return begins_sentence(joint.next) and not is_abbreviated


def _is_subject(joint: Joint) -> bool:
    """Whether the next word, or the name it begins, is followed by a verb: Lawyers were relieved."""
    following = TOKEN.findall(joint.after)[1:4]
    for word in following:
        if not word[0].isupper():
            return is_verb(word)
    return False


def _initials(joint: Joint) -> bool | None:
    if not INITIALS.fullmatch(joint.word):
        return None
    if joint.previous in words("lettered") or (joint.word == "I" and is_small(joint.previous)):
        return True
    if joint.next in words("starters_that_are_names"):
        return False
    return bool(joint.previous) and _begins(joint)


def _ordinal(joint: Joint) -> bool | None:
    """A day's ordinal before a month: 3. Mai."""
    if ORDINAL.fullmatch(joint.word) and joint.next in words("month_names"):
        return False
    return None
