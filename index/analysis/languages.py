"""One analyzer a language: text to terms, as Lucene's analyzers of the same names do it. languages.toml lists them.

English has an analyzer of its own, in `analyzer.py`. The terms of another language begin with its code, so that no two
languages share one: `de:haus`. Chinese, Japanese, Korean and Thai give each two letters of one script as a term.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

import regex

from index.analysis import analyzer
from index.analysis.analyzer import Term, snowball_stem

ENGLISH, LATIN = "en", "Latin"
SEPARATOR = ":"
"""Between the code of a language and the stem in a term."""
VERSION = "1"
"""Changed when the same text gives other terms by a change of code alone."""
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}ー々〆"
BIGRAM_RUN = regex.compile(
    r"[\p{Han}々〆][\p{Han}々〆\p{M}]*|\p{Hiragana}[\p{Hiragana}ー\p{M}]*|[\p{Katakana}ー][\p{Katakana}ー\p{M}]*"
    r"|\p{Hangul}[\p{Hangul}\p{M}]*|\p{Thai}[\p{Thai}\p{M}]*"
)
"""Letters of one script that are written without spaces. In Japanese, its border is mostly that of a word's stem."""
WORD = regex.compile(rf"(?:(?![{UNSPACED}])[\p{{L}}\p{{N}}])(?:(?![{UNSPACED}])[\p{{L}}\p{{M}}\p{{N}}])*")
"""A word with inner apostrophes, or a number with its separators; never across a script without spaces."""
NUMBER = regex.compile(r"\p{N}++(?:[.,]\p{N}++)*+")
TOKEN = regex.compile(
    rf"(?P<run>{BIGRAM_RUN.pattern})|(?P<number>{NUMBER.pattern})(?!(?![{UNSPACED}])\p{{L}})"
    rf"|(?P<word>{WORD.pattern}(?:['’](?:{WORD.pattern}))*)"
)
THOUSANDS = regex.compile(r"[.,](?=\d{3}(?!\d))")
MARKS = regex.compile(r"(?<=[\p{Latin}\p{Greek}\p{Arabic}\p{Hebrew}])\p{Mn}+|\u0640")
"""Accents and vowel marks that are folded, and Arabic's tatweel."""
LETTERS = str.maketrans(
    {**analyzer.LETTERS, "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك"}
)
TURKISH = str.maketrans({"I": "ı", "İ": "i"})
HIRAGANA = regex.compile(r"\p{Hiragana}+")


@dataclass(frozen=True)
class Language:
    """What languages.toml says of a language, and its stop list."""

    code: str
    script: str
    """Unicode's name of its letters."""
    stemmer: str | None
    stop_words: frozenset[str]
    asking: tuple[str, ...]
    elided: frozenset[str]
    has_bigrams: bool

    @cached_property
    def function_words(self) -> frozenset[str]:
        """Stop words, and words that only ask, in their exact forms."""
        return self.stop_words.union(self.asking)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files("index.analysis").joinpath("languages.toml").read_text("utf-8"))


@cache
def codes() -> frozenset[str]:
    """The codes of all languages that have an analyzer, English too."""
    return frozenset({ENGLISH, *_tables()})


@cache
def language(code: str) -> Language:
    """The language with this code; KeyError for English, and where there is no such analyzer."""
    table = _tables()[code]
    asking = tuple(table.get("asking", "").split())
    has_bigrams = bool(table.get("bigrams", False))
    listed = resources.files("index.analysis").joinpath("stopwords", f"{code}.txt")
    words = listed.read_text("utf-8").split() if listed.is_file() else []
    return Language(
        code=code,
        script=table.get("script", LATIN),
        stemmer=table.get("stemmer"),
        stop_words=frozenset(form for word in words for form in (fold(word, code), *fold(word, code).split("'"))),
        asking=asking if has_bigrams else tuple(fold(word, code) for word in asking),
        elided=frozenset(table.get("elided", "").split()),
        has_bigrams=has_bigrams,
    )


def has_analyzer(code: str) -> bool:
    """Whether a language other than English has an analyzer of its own."""
    return code in _tables()


def analyzed_as(code: str) -> str:
    """The language whose analyzer reads a text in the language with this code: its own, or else English."""
    return code if has_analyzer(code) else ENGLISH


@lru_cache(maxsize=65536)
def lower(word: str, code: str) -> str:
    """The word in lower case, in Unicode's compatibility form."""
    plain = unicodedata.normalize("NFKC", word).replace("’", "'")
    return unicodedata.normalize("NFKC", (plain.translate(TURKISH) if code == "tr" else plain).casefold())


@lru_cache(maxsize=65536)
def fold(word: str, code: str) -> str:
    """The exact form of a word: case, accents, vowel marks and variants of letters folded, digits as 0 to 9."""
    plain = lower(word, code)
    if plain.isascii():
        return plain
    plain = unicodedata.normalize("NFC", MARKS.sub("", unicodedata.normalize("NFD", plain))).translate(LETTERS)
    return "".join(str(unicodedata.digit(letter, letter)) for letter in plain)


@lru_cache(maxsize=65536)
def stem(word: str, code: str) -> str:
    """Snowball's stem of a word, folded; the stemmer sees the accents, which tell endings apart."""
    name = language(code).stemmer
    plain = MARKS.sub("", lower(word, code)) if code in {"ar", "fa"} else lower(word, code)
    if name is None or not any(map(str.isalpha, plain)):
        return fold(plain, code)
    return fold(snowball_stem(plain, name), code) or fold(plain, code)


def terms_in(text: str, code: str) -> list[Term]:
    """The terms of a text in this language, in order, each with the span of its word; stop words are left out.

    A language without an analyzer is read as English.
    """
    return list(_terms(text, language(code))) if has_analyzer(code) else analyzer.terms(text)


def _terms(text: str, of: Language) -> Iterator[Term]:
    for match in TOKEN.finditer(text):
        if match["run"]:
            yield from _bigrams(text, match, of)
        elif match["number"]:
            plain = THOUSANDS.sub("", fold(match["number"], of.code))
            yield Term(_term(plain, of), match.start(), match.end(), plain)
        else:
            start = match.start() + _elided(match["word"], of)
            word = text[start : match.end()]
            plain = fold(word, of.code)
            if plain not in of.stop_words:
                yield Term(_term(stem(word, of.code), of), start, match.end(), plain)


def _term(stem_: str, of: Language) -> str:
    return of.code + SEPARATOR + stem_


def _elided(word: str, of: Language) -> int:
    """How many characters at the beginning of a word are elided before an apostrophe: 2 of `l'eau`."""
    before, apostrophe, _ = word.replace("’", "'").partition("'")
    return len(before) + 1 if apostrophe and fold(before, of.code) in of.elided else 0


def _bigrams(text: str, run: regex.Match[str], of: Language) -> Iterator[Term]:
    """Each two letters of a run as a term; a run of one letter as one of its own."""
    start, end = run.span()
    for place in range(start, max(start + 1, end - 1)):
        piece = fold(text[place : min(place + 2, end)], of.code)
        yield Term(_term(piece, of), place, min(place + 2, end), piece)


def question_terms(text: str, code: str) -> list[Term]:
    """The terms of a question in a language other than English, without the words that only ask."""
    of = language(code)
    if not of.has_bigrams:
        return [term for term in _terms(text, of) if term.form not in of.asking]
    asked = text
    for piece in of.asking:
        asked = asked.replace(piece, " " * len(piece))
    found = list(_terms(asked, of))
    return [term for term in found if not HIRAGANA.fullmatch(term.form)] or found


@cache
def fingerprint(code: str) -> str:
    """Changes whenever the same text in this language might give other terms."""
    if not has_analyzer(code):
        return analyzer.fingerprint()
    of = language(code)
    parts = [
        VERSION,
        code,
        TOKEN.pattern,
        MARKS.pattern,
        THOUSANDS.pattern,
        json.dumps([LETTERS, TURKISH], sort_keys=True),
        str(of.stemmer),
        *sorted(of.stop_words),
        *sorted(of.elided),
        str(of.has_bigrams),
        importlib.metadata.version("PyStemmer"),
        unicodedata.unidata_version,
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
