"""What is read of a file, by section: each chunk as it is shown, with the headings above it."""

from __future__ import annotations

from index.cleaning import built_in_rules
from index.models import IndexedArticle, collapse_whitespace
from index.reading import read_article


def entry_of(file: str, data: str | bytes) -> IndexedArticle:
    return read_article(file, data.encode() if isinstance(data, str) else data, None, built_in_rules())


def shown(entry: IndexedArticle) -> list[tuple[str, str]]:
    """The headings above each chunk that can be quoted, and the chunk; rows as pairs of header and cell."""
    text = entry.article.text
    rows = {block.span: block.text_in(text) for block in entry.blocks if block.cells}
    return [
        (
            " › ".join(collapse_whitespace(text[slice(*span)]) for span in entry.heading_path(chunk.span.start + 1)),
            rows.get(chunk.span) or text[slice(*chunk.span)],
        )
        for chunk in entry.body_sentences
    ]


def chunks(entry: IndexedArticle) -> list[str]:
    return [chunk for _, chunk in shown(entry)]


def kinds(entry: IndexedArticle) -> list[str]:
    return [chunk.kind.value for chunk in entry.body_sentences]
