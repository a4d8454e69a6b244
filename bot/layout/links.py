"""Link buttons that open an article, at the quotation if possible."""

from __future__ import annotations

import string
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from bot.i18n.messages import Message
from index.models import Article, Source, collapse_whitespace

MAX_URL_LENGTH = 512
FRAGMENT_WORDS = 5
"""Words at either end that identify the place; white space and links in between may differ on the page."""
MAX_WORD_LENGTH = 60


@dataclass(frozen=True)
class Link:
    """A button with a fixed label that opens a URL."""

    label: Message
    url: str


def link_to(article: Article) -> Link | None:
    """Return the link to an article; None if it has no URL, or one too long for a button."""
    url = _ascii_url(article)
    return Link(Message.OPEN_ARTICLE, url) if url is not None and len(url) <= MAX_URL_LENGTH else None


def link_to_quote(quote: Source) -> Link | None:
    """Return the link to a quotation in its article, or to the article if a text fragment is not possible."""
    url = _ascii_url(quote.article)
    place = _text_fragment(collapse_whitespace(quote.article.text[slice(*quote.spans[0])]))
    if url is None or place is None or ":~:" in url:
        return link_to(quote.article)
    at_quote = f"{url}{'' if '#' in url else '#'}:~:text={place}"
    return Link(Message.OPEN_AT_QUOTE, at_quote) if len(at_quote) <= MAX_URL_LENGTH else link_to(quote.article)


def _ascii_url(article: Article) -> str | None:
    if article.url is None:
        return None
    url = article.url.value
    if not urlsplit(url).netloc.isascii():
        return None
    return percent_encoded(url, safe=string.punctuation)


def _text_fragment(words: str) -> str | None:
    """Return `start,end` (https://wicg.github.io/scroll-to-text-fragment/), or the whole of a short text."""
    every = words.split(" ")
    ends = [every] if len(every) <= 2 * FRAGMENT_WORDS else [every[:FRAGMENT_WORDS], every[-FRAGMENT_WORDS:]]
    if any(len(word) > MAX_WORD_LENGTH for end in ends for word in end):
        return None
    return ",".join(percent_encoded(" ".join(end), safe="").replace("-", "%2D") for end in ends)
