"""Text to terms, with one analyzer for articles and questions.

NFKC, case and accents folded, possessives and contractions removed, numbers in digits, stop words left out,
Snowball's English stemmer.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import threading
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import regex
import Stemmer

from index.analysis.number_words import HUNDRED, NUMBERS, ORDINALS, join_numbers

VERSION = "words of code, labels of rows"
"""Changed when the same text gives other terms by a change of code alone, here or in the modules beside this one."""
# An acronym with full stops, a number with its separators, or a word with its inner apostrophes.
WORD = regex.compile(
    r"\p{L}(?:\.\p{L})+(?:\.(?!\w)|(?!\w))"
    r"|\p{N}+(?:[.,]\p{N}+)*[\p{L}\p{M}]*"
    r"|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}]+)*"
)
CONTRACTION = regex.compile(r"'(?:s|re|ll|ve|d|m)$")
ACCENT = regex.compile(r"(?<=\p{Latin})\p{Mn}+")
LETTERS = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ı": "i"}
"""Latin letters that Unicode does not decompose into a letter and its accent."""
NUMBER_GAP = regex.compile(r"[\s\p{Pd}]")


class Term(NamedTuple):
    """A term of the index, the span of its word, `text[start:end]`, and the word's exact form."""

    term: str
    start: int
    end: int
    form: str
    """The word with case, accents and possessives folded, not stemmed."""


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
    return snowball_stem(word, "english")


def snowball_stem(word: str, algorithm: str) -> str:
    """Snowball's stem of a word in lower case, by PyStemmer's name of the algorithm."""
    if not hasattr(_threads, "stemmers"):  # a Stemmer is not thread-safe
        _threads.stemmers = {}
    if algorithm not in _threads.stemmers:
        _threads.stemmers[algorithm] = Stemmer.Stemmer(algorithm)
    return str(_threads.stemmers[algorithm].stemWord(word))


@lru_cache(maxsize=65536)
def normalise(word: str) -> str:
    """The exact form of a word: case, accents, possessives, full stops and the commas of numbers folded."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold()).replace("’", "'")
    plain = CONTRACTION.sub("", plain if plain.isascii() else _fold_accents(plain))
    if plain[:1].isdigit():
        return ORDINALS.get(plain) or plain.replace(",", "")
    return plain.replace(".", "") if "." in plain else plain


def _fold_accents(plain: str) -> str:
    letters = "".join(LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFC", ACCENT.sub("", letters))


def terms(text: str) -> list[Term]:
    """The terms of a text in order, each with the span of its word; stop words are left out."""
    stop = stop_words()
    all_capitals = text.upper() == text and any(
        normalise(match.group()) in stop.words - stop.acronyms for match in WORD.finditer(text)
    )
    found: list[Term] = []
    for match in WORD.finditer(text):
        word = match.group()
        plain = normalise(word)
        if not plain:
            continue
        if plain in NUMBERS:
            _add_number(NUMBERS[plain], text, match.start(), match.end(), found)
            continue
        if plain in stop.words and not (
            plain in stop.acronyms and ("." in word or (_is_upper_case(word) and not all_capitals))
        ):
            continue
        found.append(Term(stem(plain), match.start(), match.end(), plain))
    return found


def _add_number(number: int, text: str, start: int, end: int, found: list[Term]) -> None:
    """Add a number word: as the rest of the number that the last term is, or as a number of its own.

    `one` alone is a pronoun more often than a number.
    """
    before = _number_before(text, start, found)
    if before and (whole := join_numbers(before, number)):
        last = found.pop()
        found.append(Term(str(whole), last.start, end, str(whole)))
    elif number != 1:
        found.append(Term(str(number), start, end, str(number)))


def _number_before(text: str, start: int, found: list[Term]) -> int:
    """The number in words that the last term is, if the next word may belong to it; 0 where there is none."""
    last = found[-1] if found else None
    if last is None or text[last.start].isdigit() or not last.form.isdigit():
        return 0
    number, between = int(last.form), text[last.end : start]
    return number if NUMBER_GAP.fullmatch(between) or (number % HUNDRED == 0 and between == " and ") else 0


def _is_upper_case(word: str) -> bool:
    return word.replace("’", "'").split("'")[0].isupper()


@cache
def fingerprint() -> str:
    """Changes whenever the same text might give other terms; an index with another fingerprint is rebuilt."""
    tables = json.dumps([LETTERS, NUMBERS, ORDINALS])
    versions = importlib.metadata.version("PyStemmer"), unicodedata.unidata_version
    parts = [WORD.pattern, ACCENT.pattern, _stop_words_file(), tables, VERSION, *versions]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
