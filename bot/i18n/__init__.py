"""Localisation: English in `messages.py`, other languages as gettext catalogues in `locales/`.

Quotations, metadata and users' words are never translated.
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
_current_language: ContextVar[str] = ContextVar("current_language", default=ENGLISH)


def language_of(locale: object) -> str:
    """Return the language for a Discord locale such as `de` or `en-GB`; English if it is not supported."""
    language = str(locale or "").partition("-")[0]
    return language if language in LANGUAGES else ENGLISH


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Use a language within this context, and in threads started from it."""
    before = _current_language.set(language)
    try:
        yield
    finally:
        _current_language.reset(before)


def translate(sentence: str, language: str | None = None) -> str:
    """Translate a message into a language; by default the current one."""
    target = language or _current_language.get()
    return str(sentence) if target == ENGLISH else _catalogue(target).gettext(str(sentence))


@cache
def all_translations(sentence: str) -> frozenset[str]:
    """Return a message in all languages."""
    return frozenset(translate(sentence, language) for language in LANGUAGES)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [language])
