"""An article from a URL, safely: only public addresses, in bounded time and size, where robots.txt allows it.

`fetch` gives the bytes of a page and the URL that they came from; reading them is the business of `index.reading`.
"""

from index.fetching.canonical_url import cited_url
from index.fetching.guard import PUBLIC, Guard
from index.fetching.media_types import file_name_of
from index.fetching.page import LIMITS, Fetched, Limits, fetch
from index.fetching.refusals import Reason

__all__ = ["LIMITS", "PUBLIC", "Fetched", "Guard", "Limits", "Reason", "cited_url", "fetch", "file_name_of"]
