"""Media types that can be articles, and names for their files."""

from __future__ import annotations

from pathlib import PurePosixPath
from types import MappingProxyType

from yarl import URL

from index.corpus.slugs import slug

ENDINGS = MappingProxyType(
    {
        "text/html": ".html",
        "application/xhtml+xml": ".html",
        "text/plain": ".txt",
        "text/markdown": ".md",
        "text/x-markdown": ".md",
        "application/pdf": ".pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    }
)
"""File suffix by media type; no other types are fetched."""
ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/markdown;q=0.9,text/plain;q=0.8,*/*;q=0.1"
MARKDOWN = frozenset({".md", ".markdown", ".mdx"})
INDEX = frozenset({"index", "default"})


def file_name_of(url: str, media_type: str, title: str | None = None) -> str:
    """Return a file name: a slug of the title, else of the URL, with the suffix of the media type.

    Markdown served as plain text is recognised by the URL's suffix. Raises KeyError for types not in `ENDINGS`.
    """
    parsed = URL(url)
    parts = [PurePosixPath(part) for part in parsed.path.split("/") if part]
    ending = ENDINGS[media_type]
    if ending == ".txt" and parts and parts[-1].suffix.lower() in MARKDOWN:
        ending = ".md"
    named = [part.stem for part in parts if part.stem.lower() not in INDEX]
    candidates = (title or "", *reversed(named[-1:]), parsed.host or "")
    return slug(next((text for text in candidates if any(map(str.isalnum, text))), "")) + ending
