"""Classes of words that matter for full stops: sentence starters, verbs, lower-case words."""

from __future__ import annotations

from functools import cache, lru_cache

import regex

from index.sentences.word_lists import words

MIXED_CASE = regex.compile(r"\p{Ll}{1,6}\p{Lu}")
TOKEN = regex.compile(r"\w(?:[\w'’&-]|\.(?=\w))*|[^\w\s]")
SHORTEST_IN_ED = 5
SHORTEST_ADVERB = 6


@lru_cache(maxsize=4096)
def begins_sentence(word: str) -> bool:
    """Whether a capitalised word begins a sentence, and is hardly ever part of a name: The, He’s."""
    stem = word.replace("'", "’").split("’", 1)[0]
    adverb = stem.endswith("ly") and len(stem) >= SHORTEST_ADVERB and stem not in words("no_adverbs")
    return word in words("starters") or stem in words("starters") or (adverb and word[:1].isupper())


def is_verb(word: str) -> bool:
    """Whether a word, as written, is a finite verb."""
    return word in _verbs() or (word.endswith("ed") and len(word) >= SHORTEST_IN_ED)


def has_verb(piece: str) -> bool:
    """Whether a piece has a finite verb, so that it could be a whole sentence."""
    return any(map(is_verb, set(TOKEN.findall(piece))))  # a set, because pieces may repeat a word many times


@cache
def _verbs() -> frozenset[str]:
    return words("verbs") | words("speaking")


def is_small(word: str) -> bool:
    """Whether a word begins with a lower-case letter and is not a name like iPhone."""
    return word[:1].islower() and not MIXED_CASE.match(word) and word not in words("lower_case_names")
