"""The languages of the fixed sentences: English in `messages.py`, the others as gettext catalogues in `locales`.

Quotations, facts and users' words are never translated.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "locales"
DOMAIN = "verbatim"
ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")
_speaking: ContextVar[str] = ContextVar("speaking", default=ENGLISH)


def language_of(locale: object) -> str:
    """The language that serves a locale of Discord's, such as `de` or `en-GB`; English where none does."""
    language = str(locale or "").partition("-")[0]
    return language if language in LANGUAGES else ENGLISH


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Tell everything in this language meanwhile, in threads that are started from here too."""
    before = _speaking.set(language)
    try:
        yield
    finally:
        _speaking.reset(before)


def spoken() -> str:
    """The language that is being spoken."""
    return _speaking.get()


def told(sentence: str, language: str | None = None) -> str:
    """A sentence of the wording in a language; in the one that is being spoken, where none is named."""
    chosen = language or _speaking.get()
    return str(sentence) if chosen == ENGLISH else _catalogue(chosen).gettext(str(sentence))


@cache
def in_all(sentence: str) -> frozenset[str]:
    """A sentence in all languages."""
    return frozenset(told(sentence, language) for language in LANGUAGES)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [language])
