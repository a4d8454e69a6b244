"""Whether a sentence refers back to the one before it, and is quoted with it. The ranking does not use it."""

from __future__ import annotations

import regex

from index.analysis.analyzer import stop_words
from index.analysis.question import WORD
from index.analysis.sentence_features import SentenceFeatures
from index.sentences.word_classes import begins_sentence

OF_A_PERSON = regex.compile(r"\b(?:he|she|him|his|her|hers)\b", regex.IGNORECASE)
OF_ANYTHING = regex.compile(
    r"\b(?:they|them|it(?!\s(?:is|was|became|becomes|seems|seemed|takes|took|has\sbeen)"
    r"\s(?:[^\s,]+\s){0,4}(?:that|to|for|who|when)\b))\b"
)
DEMONSTRATIVE = regex.compile(
    r"\W*(?:These|Those|This|Such)\s(?!(?:who|that|which|as|with|in|of|from|time|days?|week|weekend|month|years?|morning"
    r"|century|article|page|section|chapter|guide|document|site|report|book|list)\b)\p{Ll}"
)
REST_OF_A_QUOTATION = regex.compile(r"[^“„]*”|[^\"“„]+\"\W*$")
NOTHING_BUT_A_QUOTATION = regex.compile(r"“[^”]*”?\W*|\"[^\"]*\"?\W*")
A_PERSON = regex.compile(
    r"\b(?:the|an?|each|every|any)\s(?:[\w’'-]+\s)?[\w’'-]+(?:er|or|ist|ian|ant|man|woman|ster|ee)\b", regex.IGNORECASE
)
IN_A_PLACE = regex.compile(r"\b(?i:in|at|from|near|into|to|through|across|around)\s(?:the\s)?(?:\p{Lu}[\w.’'-]*\s)*$")
NAMED_LATER = regex.compile(r".{0,60}?,\s\p{Lu}")
SUBORDINATE = regex.compile(
    r"\W*(?:when|while|if|although|though|after|before|because|as|since|once|until|unless)\b", regex.IGNORECASE
)
NO_PERSON = ("agenc", "compan", "firm", "government", "group", "team", "public", "staff", "police", "troop")
OPENING_WORDS = 5


def refers_back(features: SentenceFeatures) -> bool:
    """Whether a sentence is only understood with the one before: by a pronoun, or as a part of a quotation."""
    text = features.text
    return (
        features.needs_context
        or DEMONSTRATIVE.match(text) is not None
        or REST_OF_A_QUOTATION.match(text) is not None
        or NOTHING_BUT_A_QUOTATION.fullmatch(text) is not None
        or _names_nobody_before_a_pronoun(features)
        or _names_nothing_before_a_pronoun(text)
    )


def _names_nobody_before_a_pronoun(features: SentenceFeatures) -> bool:
    """In 1850 she founded a school. The school, which she founded, is closed."""
    found = OF_A_PERSON.search(features.text)
    if not found:
        return False
    before = features.text[: found.start()]
    words = WORD.findall(before)
    if len(words) < OPENING_WORDS and NAMED_LATER.match(features.text, found.end()):  # In his youth, Darwin collected
        return False
    people = any(place < found.start() and not word.startswith(NO_PERSON) for place, word in features.people)
    names = any(place < found.start() and not IN_A_PLACE.search(before[:place]) for place, _ in features.names)
    return not (people or names or A_PERSON.search(before) or (words and _is_name(words[0])))


def _names_nothing_before_a_pronoun(text: str) -> bool:
    """In 1850 it was closed. Later they left."""
    found = OF_ANYTHING.search(text)
    if not found:
        return False
    words = WORD.findall(text[: found.start()])
    if len(words) > OPENING_WORDS or SUBORDINATE.match(text):
        return False
    return not any(map(_is_noun, words))


def _is_name(word: str) -> bool:
    """Whether the first word of a sentence may be a name or another noun."""
    return _is_noun(word) and not word.endswith(("ed", "ing"))


def _is_noun(word: str) -> bool:
    known = word.lower() in stop_words().words or begins_sentence(word.capitalize())
    return not known and not word[0].isdigit()
