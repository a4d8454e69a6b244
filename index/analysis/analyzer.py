"""Text to terms, with one analyzer for articles and questions.

NFKC, case folding, possessives and contractions removed, stop words left out, Snowball's English stemmer.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import threading
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import regex
import Stemmer

# An acronym with full stops, a number with its separators, or a word with its inner apostrophes.
WORD = regex.compile(
    r"\p{L}(?:\.\p{L})+(?:\.(?!\w)|(?!\w))"
    r"|\p{N}+(?:[.,]\p{N}+)*[\p{L}\p{M}]*"
    r"|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}]+)*"
)
CONTRACTION = regex.compile(r"'(?:s|re|ll|ve|d|m)$")


class Term(NamedTuple):
    """A term of the index, and the span of its word: `text[start:end]`."""

    term: str
    start: int
    end: int


class StopWords(NamedTuple):
    """Stop words, and those of them that are names when written in capitals (US, WHO, IT)."""

    words: frozenset[str]
    acronyms: frozenset[str]


_threads = threading.local()


@cache
def stop_words() -> StopWords:
    """The stop list of stopwords.txt, parsed once."""
    words: dict[str, set[str]] = {"": set(), "acronyms": set()}
    section = ""
    for line in _stop_words_file().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            words[section].update(line.split())
    return StopWords(frozenset(words[""] | words["acronyms"]), frozenset(words["acronyms"]))


def _stop_words_file() -> str:
    return resources.files("index.analysis").joinpath("stopwords.txt").read_text("utf-8")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Snowball's English stem (Porter2) of a case-folded word."""
    if not hasattr(_threads, "stemmer"):  # a Stemmer is not thread-safe
        _threads.stemmer = Stemmer.Stemmer("english")
    return str(_threads.stemmer.stemWord(word))


@lru_cache(maxsize=65536)
def _normalise(word: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold()).replace("’", "'")
    plain = CONTRACTION.sub("", plain)
    if plain[:1].isdigit():
        return plain.replace(",", "")
    return plain.replace(".", "") if "." in plain else plain


def terms(text: str) -> list[Term]:
    """The terms of a text in order, each with the span of its word; stop words are left out."""
    stop = stop_words()
    all_capitals = text.upper() == text and any(
        _normalise(match.group()) in stop.words - stop.acronyms for match in WORD.finditer(text)
    )
    found = []
    for match in WORD.finditer(text):
        word = match.group()
        plain = _normalise(word)
        if not plain:
            continue
        if plain in stop.words and not (
            plain in stop.acronyms and ("." in word or (_is_upper_case(word) and not all_capitals))
        ):
            continue
        found.append(Term(stem(plain), match.start(), match.end()))
    return found


def _is_upper_case(word: str) -> bool:
    return word.replace("’", "'").split("'")[0].isupper()


@cache
def fingerprint() -> str:
    """Changes whenever the same text might give other terms; an index with another fingerprint is rebuilt."""
    parts = [WORD.pattern, _stop_words_file(), importlib.metadata.version("PyStemmer"), unicodedata.unidata_version]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
