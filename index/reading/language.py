"""The language of an article: as a source states it, or else as its text tells it."""

from __future__ import annotations

from collections.abc import Callable

from index.models import MetadataField, Origin
from index.reading.entry_builder import most_reliable
from index.reading.extracted import Extracted
from index.reading.sidecar import Sidecar


def language_of_article(
    text: str,
    sidecar: Sidecar,
    extracted: Extracted | None,
    site_language: str | None,
    detect: Callable[[str], str | None],
) -> MetadataField | None:
    """Return the language of an article; None where none is stated and its text, given to `detect`, does not tell.

    Many templates state the same language on every page, so the text is believed where a page says another.
    """
    stated = most_reliable(
        _fact(sidecar.inLanguage, Origin.SIDECAR),
        extracted.facts.get("language") if extracted else None,
        _fact(site_language, Origin.SOURCES),
    )
    if stated is not None and stated.origin is not Origin.HTML_METADATA:
        return stated
    told = detect(text)
    return stated if stated is not None and told in {None, stated.value} else _fact(told, Origin.TEXT)


def _fact(value: str | None, origin: Origin) -> MetadataField | None:
    return MetadataField(value=value, origin=origin) if value else None
