"""Link buttons that open an article, at the quotation if possible."""

from __future__ import annotations

import string
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from bot.i18n.messages import Message
from bot.layout.text_fragments import text_fragments
from index.models import Article, Source

MAX_URL_LENGTH = 512


@dataclass(frozen=True)
class Link:
    """A button with a fixed label that opens a URL."""

    label: Message
    url: str


def link_to(article: Article) -> Link | None:
    """Return the link to an article; None if it has no URL, or one too long for a button."""
    url = _ascii_url(article.url.value if article.url else None)
    return Link(Message.OPEN_ARTICLE, url) if url is not None and len(url) <= MAX_URL_LENGTH else None


def link_to_quote(quote: Source) -> Link | None:
    """Return the link to the section of a quotation, or else to the quotation itself, or else to the article."""
    section = _ascii_url(quote.section_url)
    if section is not None and len(section) <= MAX_URL_LENGTH:
        return Link(Message.OPEN_SECTION, section)
    url = _ascii_url(quote.article.url.value if quote.article.url else None)
    if url is None or ":~:" in url:
        return link_to(quote.article)
    opened = f"{url}{'' if '#' in url else '#'}:~:text="
    room = MAX_URL_LENGTH - len(opened)
    found = next((one for one in text_fragments(quote) if len(one) <= room), None)
    return Link(Message.OPEN_AT_QUOTE, opened + found) if found else link_to(quote.article)


def _ascii_url(url: str | None) -> str | None:
    if url is None or not urlsplit(url).netloc.isascii():
        return None
    return percent_encoded(url, safe=string.punctuation)
