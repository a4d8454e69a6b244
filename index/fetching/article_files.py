"""A fetched page as files for the folder of articles: the page, word for word, and a sidecar that says where from."""

from __future__ import annotations

import codecs
import datetime
from collections.abc import Container

from index.corpus.folder import sidecar_name
from index.fetching import Fetched, cited_url, file_name_of
from index.reading.extracted import Extracted
from index.reading.formats import Format, checked_format
from index.reading.html.charset import encoding_of
from index.reading.html.extractor import DECLARED, DECLARED_WITHIN
from index.reading.sandbox import READERS
from index.reading.sidecar import rewritten

UTF_16 = ("utf-16", "utf-16le", "utf-16be")
"""Believed of a server; a page that names one of these in its own marks is not written in it."""
TRIES = 1000
"""Names that are tried where others have the first."""


def files_of(fetched: Fetched, editor: str, at: datetime.datetime, taken: Container[str]) -> dict[str, bytes]:
    """The page's file and its sidecar by their names.

    Args:
        fetched: the page.
        editor: who asked for it.
        at: when.
        taken: the ids that articles have already.

    Raises:
        ArticleRejected: the page is not what its content type says, or no article is found on it.
    """
    data = _in_its_charset(fetched)
    named = file_name_of(fetched.url, fetched.media_type)
    form = checked_format(named, data)
    held = None if form is Format.TEXT else READERS.extracted(form, data, named)
    name = _free(file_name_of(fetched.url, fetched.media_type, _title_in(held) if held else None), taken)
    cited = cited_url(fetched.url, held.canonical if held else None)
    return {name: data, sidecar_name(name): rewritten(None, {"url": cited}, editor, at)}


def _title_in(held: Extracted) -> str | None:
    """What the page calls itself, or its headline."""
    if "title" in held.facts:
        return held.facts["title"].value
    return held.text[slice(*held.headline)] if held.headline else None


def _in_its_charset(fetched: Fetched) -> bytes:
    """The page's bytes; in UTF-8 with its mark where the server names an encoding that the page itself does not."""
    data, charset = fetched.data, fetched.charset
    if charset is None or not fetched.media_type.startswith(("text/", "application/xhtml")):
        return data
    name = charset if charset in UTF_16 else encoding_of(charset)
    if name is None or data.startswith(codecs.BOM_UTF8):
        return data
    if name == "utf-8" and not DECLARED.search(data[:DECLARED_WITHIN]):
        return data
    try:
        return codecs.BOM_UTF8 + data.decode(name).encode()
    except UnicodeError:
        return data


def _free(name: str, taken: Container[str]) -> str:
    """The name, or the first with a number behind it that no article has."""
    stem, _, ending = name.rpartition(".")
    names = [stem, *(f"{stem[:95]}-{number}" for number in range(2, TRIES))]
    return f"{next(each for each in names if each not in taken)}.{ending}"
