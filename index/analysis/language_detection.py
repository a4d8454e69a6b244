"""The language of an article, told from its text."""

from __future__ import annotations

import lzma
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from typing import Any, BinaryIO

import numpy as np
import regex
from py3langid.langid import LanguageIdentifier

from index.analysis.analyzer import stop_words
from index.analysis.languages import ENGLISH, LATIN, codes, fold, language
from index.models import NORWEGIAN

SAMPLE = 5_000
"""Characters of a text that are looked at."""
MIN_LETTERS, MIN_LETTERS_UNSPACED = 40, 15
"""Letters of a text from which its language is told."""
LETTER = regex.compile(r"\p{L}")
LATIN_LETTER = regex.compile(r"\p{Latin}")
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*")
ZIP_MEMBER = b"PK\x03\x04"
ZIP_HEADER = struct.Struct("<6xHH16xHH")
"""Header of a zip member: flags, compression method, lengths of its name and of the extra field."""
SIZES_BEHIND = 8
"""The flag of a member whose sizes stand behind its data."""


def detect_language(text: str, classify: Callable[[str], str] | None = None) -> str | None:
    """The ISO 639-1 code of a text's language; None where it is too short, or in no language that has an analyzer.

    A script that only one language has tells it at once. Latin letters are English unless the text has more function
    words of other languages. Else `classify` tells: the model of py3langid, unless another process is asked.
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
    is_latin = len(LATIN_LETTER.findall(sample)) * 2 > letters
    possible = _likelier_than_english(sample) if is_latin else codes()
    if not possible:
        return ENGLISH
    written = (classify or classify_by_model)(sample)
    code = NORWEGIAN.get(written, written)
    return code if code in possible else ENGLISH if is_latin else None


@cache
def _scripts_of_one_language() -> tuple[tuple[str, regex.Pattern[str]], ...]:
    """Languages whose script no other language here has, and of Chinese, since Japanese has kana besides."""
    scripts = {code: language(code).script for code in sorted(codes() - {ENGLISH, "ja"})}
    names = list(scripts.values())
    return tuple(
        (code, regex.compile(rf"\p{{{script}}}")) for code, script in scripts.items() if names.count(script) == 1
    )


def _likelier_than_english(text: str) -> frozenset[str]:
    """The languages of which a text has more function words than English ones."""
    words = [match.group() for match in WORD.finditer(text)]
    english = sum(word.lower() in stop_words().words for word in words)
    forms = Counter(fold(word, ENGLISH) for word in words)
    return frozenset(
        code
        for code in codes() - {ENGLISH}
        if (of := language(code)).script == LATIN
        and sum(count for form, count in forms.items() if form in of.function_words) > english
    )


def classify_by_model(text: str) -> str:
    """The code of the language that py3langid takes a text for; loading its model takes about a second and 90 MB."""
    return str(_identifier().classify(text)[0])


@cache
def _identifier() -> LanguageIdentifier:
    """The library's identifier.

    Its own loader unpacks the model on the disk, which may be full or read-only. Here it is unpacked as it is read,
    so that it takes 90 MB and not 210.
    """
    packed = resources.files("py3langid").joinpath("data", "model.npz.xz")
    with packed.open("rb") as file, lzma.open(file) as unpacked:
        arrays = dict(stored_arrays(unpacked))
    return LanguageIdentifier(
        arrays["ptc"],
        arrays["pc"],
        arrays["classes"].tolist(),
        memoryview(arrays["nextmove"]),  # gives plain numbers, which are read faster one by one
        arrays["out_feat"].tolist(),
        tk_row=arrays["nextmove_row"].tolist(),
    )


def stored_arrays(npz: BinaryIO | lzma.LZMAFile) -> Iterator[tuple[str, Any]]:
    """The arrays of an uncompressed .npz, in one pass.

    `np.load` goes to its end and back, and unpacks it four times. Raises ValueError if an array is compressed.
    """
    while (header := npz.read(ZIP_HEADER.size)).startswith(ZIP_MEMBER):
        flags, method, name_size, extra_size = ZIP_HEADER.unpack(header)
        name = npz.read(name_size).decode().removesuffix(".npy")
        if method != zipfile.ZIP_STORED or flags & SIZES_BEHIND:
            message = f"The array {name} is not stored as it is."
            raise ValueError(message)
        npz.read(extra_size)
        yield name, np.lib.format.read_array(npz, allow_pickle=False)
