"""Read an article file into an `IndexedArticle`: its text, metadata with origins, exclusions and sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from index.analysis.language_detection import detect_language
from index.cleaning import Rule
from index.models import Article, IndexedArticle, MetadataField, Origin
from index.reading.decoding import MAX_BYTES, check_size, decode
from index.reading.entry_builder import ReaderInput, build_entry, most_reliable
from index.reading.formats import ENDINGS as FORMATS
from index.reading.formats import Format, checked_format
from index.reading.language import language_of_article
from index.reading.sandbox import SANDBOXED_READER
from index.reading.sidecar import Sidecar, read_sidecar, sidecar_name
from index.reading.sources import NO_SOURCES, Sources

ENDINGS = tuple(FORMATS)
MAX_FILE_BYTES = MAX_BYTES
IN_PROCESS_UP_TO = 2**16
"""Bytes or characters up to which a text is cleaned and split in this process: 2 s for the worst known input,
usually 0.2 s. Larger input goes to the sandbox, which has limits."""


def read_article(  # noqa: PLR0913, PLR0917  # all that an entry is made of
    file: str,
    data: bytes,
    sidecar: bytes | None,
    rules: Sequence[Rule],
    sources: Sources = NO_SOURCES,
    article_id: str | None = None,
) -> IndexedArticle:
    """Read one article file; raise ArticleRejected if it or its sidecar cannot be read.

    Args:
        file: its path in the folder of articles; suffix and content decide the format.
        data: its bytes.
        sidecar: the bytes of its sidecar; None if there is none.
        rules: the cleaning rules.
        sources: publishers by host, and where folders are published.
        article_id: the article's id; None for the file's name without suffix.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    stated = Sidecar() if sidecar is None else read_sidecar(sidecar, sidecar_name(file), sha256)
    check_size(data, file)
    form = checked_format(file, data)
    held = None if form is Format.TEXT else SANDBOXED_READER.extract(form, data, file, sources.anchors_of(file))
    reader_input = ReaderInput(article_id or PurePosixPath(file).stem, file, data, stated, held, sources.url_of(file))
    is_small = len(data if held is None else held.text) <= IN_PROCESS_UP_TO
    entry = (build_entry if is_small else SANDBOXED_READER.build_entry)(reader_input, rules)
    language = language_of_article(entry.article.text, stated, held, sources.language_of(file), _detect_language)
    article = entry.article.model_copy(update={"language": language})
    return _with_publisher(entry.model_copy(update={"article": article}), sources)


def _detect_language(text: str) -> str | None:
    return detect_language(text, SANDBOXED_READER.classify_language)


def _with_publisher(entry: IndexedArticle, sources: Sources) -> IndexedArticle:
    """Add the publisher configured for the URL's host, unless an origin of higher precedence names one."""
    article = entry.article
    name = sources.publisher_of(article.url.value) if article.url else None
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
