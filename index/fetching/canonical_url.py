"""Which URL is cited for a page: the one finally fetched, or the one that the page itself calls its own."""

from __future__ import annotations

from urllib.parse import urldefrag

from yarl import URL

from index.errors import FetchRefused
from index.fetching.guard import PUBLIC
from index.fetching.urls import parsed, permitted
from index.models import checked_url


def cited_url(fetched_url: str, canonical: str | None) -> str:
    """The URL to cite for a page.

    The canonical link is taken only where it cannot lead elsewhere: to the same host exactly (no subdomain, no other
    spelling than by IDNA), by http or https at their own ports, never from https back to http, and not to the site's
    front page, which templates name for every page by mistake. Otherwise the page is cited as it was fetched.

    Args:
        fetched_url: what was finally fetched.
        canonical: the `href` of the page's `link rel=canonical`, as it stands there; None where there is none.

    Returns:
        An absolute URL without fragment that `index.models.checked_url` takes.

    Raises:
        ValueError: the fetched URL itself cannot be cited.
    """
    page = checked_url(urldefrag(fetched_url).url)
    if canonical is None or not canonical.strip():
        return page
    fetched = URL(page)
    try:
        own = permitted(fetched.join(parsed(canonical.strip())), PUBLIC)
    except FetchRefused:
        return page
    front = not own.raw_path_qs.strip("/") and fetched.raw_path_qs.strip("/")
    downgraded = fetched.scheme == "https" and own.scheme == "http"
    if own.raw_host != fetched.raw_host or not own.is_default_port() or downgraded or front:
        return page
    return str(own)
