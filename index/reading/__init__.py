"""Bytes of a file to an Entry: its text, its facts with their origins, what was left out, its sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePath

from index.cleaning import Rule
from index.errors import ArticleRejected
from index.models import Article, Entry, Fact, Origin
from index.reading.decoding import MAX_BYTES
from index.reading.entry_builder import Material, entry_of, surest
from index.reading.formats import ENDINGS as FORMATS
from index.reading.formats import Format, checked_format
from index.reading.publishers import NONE, Publishers, publisher_of
from index.reading.sandbox import READERS
from index.reading.sidecar import Sidecar, read_sidecar

ENDINGS = tuple(FORMATS)
BYTES_AT_MOST = MAX_BYTES
"""Of a file of articles."""
SMALL = 2**16
"""Bytes or characters of a text that is cleaned and split in this process: the worst that is known takes two seconds, a
usual one a fifth of one. What is larger goes to the process of strangers' files, with its limits."""


def read_entry(
    file: str, data: bytes, sidecar: bytes | None, rules: Sequence[Rule], publishers: Publishers = NONE
) -> Entry:
    """The entry of one file of articles.

    Args:
        file: its name; the article's id is the name without its ending, its format what ending and content say.
        data: its bytes.
        sidecar: the bytes of its sidecar, None where it has none.
        rules: the cleaning rules.
        publishers: who publishes on which host.

    Raises:
        ArticleRejected: the file cannot be read as an article, or its sidecar is wrong.
    """
    name = PurePath(file).stem
    sha256 = hashlib.sha256(data).hexdigest()
    stated = Sidecar() if sidecar is None else read_sidecar(sidecar, f"{name}.meta.toml", sha256)
    if len(data) > BYTES_AT_MOST:
        what = f"{file} has {len(data):,} bytes; the limit for an article is {BYTES_AT_MOST:,}."
        raise ArticleRejected(what, "Split the file into separate articles.")
    form = checked_format(file, data)
    held = None if form is Format.TEXT else READERS.extracted(form, data, file)
    material = Material(name, file, data, stated, held)
    is_small = len(data if held is None else held.text) <= SMALL
    entry = (entry_of if is_small else READERS.entry)(material, rules)
    return _with_publisher(entry, publishers)


def _with_publisher(entry: Entry, publishers: Publishers) -> Entry:
    """The entry with the publisher that is stated for the host of its URL, where nothing surer names one."""
    article = entry.article
    name = publisher_of(article.url.value, publishers) if article.url else None
    stated = Fact(value=name, origin=Origin.SOURCES) if name else None
    publisher = surest(article.publisher, stated)
    return entry.model_copy(update={"article": article.model_copy(update={"publisher": publisher})})


def extracted_again(article: Article, data: bytes) -> str | None:
    """The text that is taken out of an article's file now; the article's own where other libraries read it then.

    Raises:
        ArticleRejected: the file cannot be read any more.
    """
    if article.extraction is None:
        return None
    held = READERS.extracted(Format(article.extraction.format), data, article.file)
    return held.text if held.by == article.extraction.by else article.text
