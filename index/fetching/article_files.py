"""Files for a fetched page in the folder of articles: the page, word for word, and a sidecar with its URL."""

from __future__ import annotations

import codecs
import datetime
from collections.abc import Container

from index.fetching import FetchedPage, canonical_url_of, file_name_of
from index.reading.extracted import Extracted
from index.reading.formats import Format, checked_format
from index.reading.html.charset import encoding_of
from index.reading.html.extractor import DECLARED, DECLARED_WITHIN
from index.reading.sandbox import SANDBOXED_READER
from index.reading.sidecar import sidecar_name, update_sidecar

UTF_16 = ("utf-16", "utf-16le", "utf-16be")
"""Accepted from a server only: a page that declares one of these itself is not written in it."""
MAX_TRIES = 1000
"""Number of names tried if the first is taken."""


def article_files(fetched: FetchedPage, editor: str, at: datetime.datetime, taken: Container[str]) -> dict[str, bytes]:
    """Return the page's file and its sidecar by name; `taken` are the existing article ids.

    Raises ArticleRejected if the content does not match its media type, or no article is found in it.
    """
    data = _data_with_charset(fetched)
    named = file_name_of(fetched.url, fetched.media_type)
    form = checked_format(named, data)
    held = None if form is Format.TEXT else SANDBOXED_READER.extract(form, data, named)
    name = _free_name(file_name_of(fetched.url, fetched.media_type, _title_in(held) if held else None), taken)
    cited = canonical_url_of(fetched.url, held.canonical if held else None)
    return {name: data, sidecar_name(name): update_sidecar(None, {"url": cited}, editor, at)}


def _title_in(held: Extracted) -> str | None:
    """Return the page's title or its headline."""
    if "title" in held.facts:
        return held.facts["title"].value
    return held.text[slice(*held.headline)] if held.headline else None


def _data_with_charset(fetched: FetchedPage) -> bytes:
    """Return the bytes, as UTF-8 with byte order mark if the page alone does not reveal the server's charset."""
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


def _free_name(name: str, taken: Container[str]) -> str:
    """Return the name, with a number appended if an article already has it."""
    stem, _, ending = name.rpartition(".")
    names = [stem, *(f"{stem[:95]}-{number}" for number in range(2, MAX_TRIES))]
    return f"{next(each for each in names if each not in taken)}.{ending}"
