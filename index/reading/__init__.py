"""Read an article file into an `IndexedArticle`: its text, metadata with origins, exclusions and sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePath

from index.cleaning import Rule
from index.models import Article, IndexedArticle, MetadataField, Origin
from index.reading.decoding import MAX_BYTES, check_size, decode
from index.reading.entry_builder import ReaderInput, build_entry, most_reliable
from index.reading.formats import ENDINGS as FORMATS
from index.reading.formats import Format, checked_format
from index.reading.publishers import NONE, Publishers, publisher_of
from index.reading.sandbox import SANDBOXED_READER
from index.reading.sidecar import Sidecar, read_sidecar

ENDINGS = tuple(FORMATS)
MAX_FILE_BYTES = MAX_BYTES
IN_PROCESS_UP_TO = 2**16
"""Bytes or characters up to which a text is cleaned and split in this process: 2 s for the worst known input,
usually 0.2 s. Larger input goes to the sandbox, which has limits."""


def read_article(
    file: str, data: bytes, sidecar: bytes | None, rules: Sequence[Rule], publishers: Publishers = NONE
) -> IndexedArticle:
    """Read one article file; raise ArticleRejected if it or its sidecar cannot be read.

    The name without suffix is the article's id; suffix and content decide the format. `sidecar` is None if there is
    none, `publishers` maps hosts to publishers.
    """
    name = PurePath(file).stem
    sha256 = hashlib.sha256(data).hexdigest()
    stated = Sidecar() if sidecar is None else read_sidecar(sidecar, f"{name}.meta.toml", sha256)
    check_size(data, file)
    form = checked_format(file, data)
    held = None if form is Format.TEXT else SANDBOXED_READER.extract(form, data, file)
    reader_input = ReaderInput(name, file, data, stated, held)
    is_small = len(data if held is None else held.text) <= IN_PROCESS_UP_TO
    entry = (build_entry if is_small else SANDBOXED_READER.build_entry)(reader_input, rules)
    return _with_publisher(entry, publishers)


def _with_publisher(entry: IndexedArticle, publishers: Publishers) -> IndexedArticle:
    """Add the publisher configured for the URL's host, unless an origin of higher precedence names one."""
    article = entry.article
    name = publisher_of(article.url.value, publishers) if article.url else None
    stated = MetadataField(value=name, origin=Origin.SOURCES) if name else None
    publisher = most_reliable(article.publisher, stated)
    return entry.model_copy(update={"article": article.model_copy(update={"publisher": publisher})})


def extract_again(article: Article, data: bytes) -> str | None:
    """Extract an article's text from its file again, None if the file itself is the text.

    Raises ArticleRejected if that fails. The article's own text is returned if other library versions extracted it.
    """
    if article.extraction is None:
        return None
    form = Format(article.extraction.format)
    if form is Format.TEXT:
        return decode(data, article.file)[0]
    held = SANDBOXED_READER.extract(form, data, article.file)
    return held.text if held.by == article.extraction.by else article.text
