"""The kinds of pages that can be articles, and what the file of one is called."""

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
"""The ending of an article's file by its media type; what is not here is not fetched."""
ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/markdown;q=0.9,text/plain;q=0.8,*/*;q=0.1"
MARKDOWN = frozenset({".md", ".markdown"})
INDEX = frozenset({"index", "default"})


def file_name_of(url: str, media_type: str, title: str | None = None) -> str:
    """What an article's file is called: a slug of its title, else of its URL, and the ending of its media type.

    Args:
        url: the page's.
        media_type: one of `ENDINGS`; Markdown served as plain text is known by the ending of the URL.
        title: the page's, where it states one.

    Raises:
        KeyError: no article is of this media type.
    """
    parsed = URL(url)
    parts = [PurePosixPath(part) for part in parsed.path.split("/") if part]
    ending = ENDINGS[media_type]
    if ending == ".txt" and parts and parts[-1].suffix.lower() in MARKDOWN:
        ending = ".md"
    named = [part.stem for part in parts if part.stem.lower() not in INDEX]
    candidates = (title or "", *reversed(named[-1:]), parsed.host or "")
    return slug(next((text for text in candidates if any(map(str.isalnum, text))), "")) + ending
