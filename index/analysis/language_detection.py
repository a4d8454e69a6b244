"""The language of an article, told from its text."""

from __future__ import annotations

import lzma
from collections.abc import Callable
from functools import cache, partial
from importlib import resources

import numpy as np
import regex
from py3langid.langid import LanguageIdentifier

from index.analysis.analyzer import stop_words
from index.analysis.languages import ENGLISH, codes, fold, has_analyzer, language
from index.models import NORWEGIAN

SAMPLE = 5_000
"""Characters of a text that are looked at."""
MIN_LETTERS, MIN_LETTERS_UNSPACED = 40, 15
"""Letters of a text from which its language is told."""
THE, PLAINLY_ENGLISH = "the", 0.3
"""A word of nearly every English text, and the share of function words from which one with it is plainly English."""
LETTER = regex.compile(r"\p{L}")
LATIN = regex.compile(r"\p{Latin}")
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*")


def detect_language(text: str, classify: Callable[[str], str] | None = None) -> str | None:
    """The ISO 639-1 code of a text's language; None where it is too short, or in no language that has an analyzer.

    A script that one language has, or English function words tell it at once. Else `classify` does: the model of
    py3langid, unless another process is asked. Latin letters are read as another language than English only where the
    text has more of that one's function words.
    """
    sample = text[:SAMPLE]
    letters = len(LETTER.findall(sample))
    unspaced = len(UNSPACED.findall(sample))
    if letters < (MIN_LETTERS_UNSPACED if unspaced * 2 > letters else MIN_LETTERS):
        return None
    if unspaced * 2 > letters and KANA.search(sample):
        return "ja"
    for code, script in _scripts_of_one_language():
        if len(script.findall(sample)) * 2 > letters:
            return code
    is_latin = len(LATIN.findall(sample)) * 2 > letters
    if is_latin and _is_plainly_english(sample):
        return ENGLISH
    written = (classify or classify_by_model)(sample)
    code = NORWEGIAN.get(written, written)
    if is_latin and code != ENGLISH and not _has_more_words_of(code, sample):
        return ENGLISH
    return code if code in codes() else None


@cache
def _scripts_of_one_language() -> tuple[tuple[str, regex.Pattern[str]], ...]:
    """Languages whose script no other language here has, and of Chinese, since Japanese has kana besides."""
    scripts = {code: language(code).script for code in sorted(codes() - {ENGLISH, "ja"})}
    names = list(scripts.values())
    return tuple(
        (code, regex.compile(rf"\p{{{script}}}")) for code, script in scripts.items() if names.count(script) == 1
    )


def _is_plainly_english(text: str) -> bool:
    words = [match.group().lower() for match in WORD.finditer(text)]
    own = sum(word in stop_words().words for word in words)
    return THE in words and own >= PLAINLY_ENGLISH * len(words)


def classify_by_model(text: str) -> str:
    """The code of the language that py3langid takes a text for; loading its model takes some seconds and 90 MB."""
    return str(_identifier().classify(text)[0])


@cache
def _identifier() -> LanguageIdentifier:
    """The library's identifier.

    Its own loader unpacks the model on the disk, which may be full or read-only. Here it is unpacked as it is read,
    once to find the arrays and once to read them in their order, so that it takes 90 MB and not 210.
    """
    packed = resources.files("py3langid").joinpath("data", "model.npz.xz")
    with packed.open("rb") as file, lzma.open(file) as unpacked, np.load(unpacked, allow_pickle=False) as model:
        arrays = {name: model[name] for name in model.files}
    return LanguageIdentifier(
        arrays["ptc"],
        arrays["pc"],
        arrays["classes"].tolist(),
        memoryview(arrays["nextmove"]),  # gives plain numbers, which are read faster one by one
        arrays["out_feat"].tolist(),
        tk_row=arrays["nextmove_row"].tolist(),
    )


def _has_more_words_of(code: str, text: str) -> bool:
    """Whether more words of a text are function words of this language than English ones."""
    words = [match.group() for match in WORD.finditer(text)]
    own = language(code).stop_words if has_analyzer(code) else frozenset[str]()
    folded = map(partial(fold, code=code), words)
    return sum(word in own for word in folded) > sum(word.lower() in stop_words().words for word in words)
