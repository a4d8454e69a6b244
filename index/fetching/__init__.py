"""Fetch an article from a URL, safely: only public addresses, bounded time and size, robots.txt respected.

`fetch` returns the bytes of a page and its final URL; `index.reading` reads them.
"""

from index.fetching.canonical_url import canonical_url_of
from index.fetching.guard import PUBLIC, Guard
from index.fetching.media_types import file_name_of
from index.fetching.page import LIMITS, FetchedPage, FetchLimits, fetch
from index.fetching.refusals import RefusalReason

__all__ = [
    "LIMITS",
    "PUBLIC",
    "FetchLimits",
    "FetchedPage",
    "Guard",
    "RefusalReason",
    "canonical_url_of",
    "fetch",
    "file_name_of",
]
