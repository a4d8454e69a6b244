"""The language of an article, told from its text."""

from __future__ import annotations

import io
import lzma
from array import array
from functools import cache, partial
from importlib import resources

import numpy as np
import numpy.typing as npt
import regex
from py3langid.langid import LanguageIdentifier

from index.analysis.analyzer import stop_words
from index.analysis.languages import ENGLISH, codes, fold, has_analyzer, language
from index.models import NORWEGIAN

SAMPLE = 5_000
"""Characters of a text that are looked at."""
MIN_LETTERS, MIN_LETTERS_UNSPACED = 40, 15
"""Letters of a text from which its language is told."""
LETTER = regex.compile(r"\p{L}")
LATIN = regex.compile(r"\p{Latin}")
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*")


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of a text's language; None where it is too short, or in no language that has an analyzer.

    Latin letters are read as another language than English only where the text has more of that one's function words.
    """
    sample = text[:SAMPLE]
    letters = len(LETTER.findall(sample))
    unspaced = len(UNSPACED.findall(sample))
    if letters < (MIN_LETTERS_UNSPACED if unspaced * 2 > letters else MIN_LETTERS):
        return None
    if KANA.search(sample) and unspaced * 2 > letters:
        return "ja"
    written = str(_identifier().classify(sample)[0])
    code = NORWEGIAN.get(written, written)
    if len(LATIN.findall(sample)) * 2 > letters and code != ENGLISH and not _has_more_words_of(code, sample):
        return ENGLISH
    return code if code in codes() else None


@cache
def _identifier() -> LanguageIdentifier:
    """The library's identifier, loaded in memory: its own loader unpacks it on the disk, which may be full."""
    file = resources.files("py3langid").joinpath("data", "model.npz.xz")
    with np.load(io.BytesIO(lzma.decompress(file.read_bytes())), allow_pickle=False) as model:
        return LanguageIdentifier(
            model["ptc"],
            model["pc"],
            model["classes"].tolist(),
            _plain(model["nextmove"]),
            model["out_feat"].tolist(),
            tk_row=_plain(model["nextmove_row"]),
        )


def _plain(numbers: npt.NDArray[np.unsignedinteger]) -> array[int]:
    """The same numbers as an array of the standard library, whose items are read faster one by one."""
    return array("H" if numbers.itemsize == np.dtype(np.uint16).itemsize else "I", numbers.tobytes())


def _has_more_words_of(code: str, text: str) -> bool:
    """Whether more words of a text are function words of this language than English ones."""
    words = [match.group() for match in WORD.finditer(text)]
    own = language(code).stop_words if has_analyzer(code) else frozenset[str]()
    folded = map(partial(fold, code=code), words)
    return sum(word in own for word in folded) > sum(word.lower() in stop_words().words for word in words)


def load_model() -> None:
    """Load the model, which takes about a second and 80 MB; `detect_language` does it on first use."""
    _identifier()
