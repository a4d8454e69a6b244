"""Fetch an article from a URL, safely: only public addresses, bounded time and size, robots.txt respected.

`fetch` returns the bytes of a page and its final URL; `index.reading` reads them.
"""

from index.fetching.canonical_url import cited_url
from index.fetching.guard import PUBLIC, Guard
from index.fetching.media_types import file_name_of
from index.fetching.page import LIMITS, Fetched, Limits, fetch
from index.fetching.refusals import Reason

__all__ = ["LIMITS", "PUBLIC", "Fetched", "Guard", "Limits", "Reason", "cited_url", "fetch", "file_name_of"]
