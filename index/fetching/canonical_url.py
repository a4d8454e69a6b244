"""Which URL to cite for a page: its final URL or its canonical link."""

from __future__ import annotations

from urllib.parse import urldefrag

from yarl import URL

from index.errors import FetchRefused
from index.fetching.guard import PUBLIC
from index.fetching.urls import check_url, parse_url
from index.models import validate_url


def canonical_url_of(fetched_url: str, canonical: str | None) -> str:
    """Return the absolute URL to cite, without fragment; raise ValueError if the fetched URL cannot be cited.

    The canonical link, the `href` as written, is used only if it cannot lead elsewhere: the same host exactly (no
    subdomain, no other spelling than by IDNA), http or https on the default port, no downgrade from https to http, and
    no front page, which templates state for every page by mistake. Otherwise the fetched URL is cited.
    """
    page = validate_url(urldefrag(fetched_url).url)
    if canonical is None or not canonical.strip():
        return page
    fetched = URL(page)
    try:
        own = check_url(fetched.join(parse_url(canonical.strip())), PUBLIC)
    except FetchRefused:
        return page
    front = not own.raw_path_qs.strip("/") and fetched.raw_path_qs.strip("/")
    downgraded = fetched.scheme == "https" and own.scheme == "http"
    if own.raw_host != fetched.raw_host or not own.is_default_port() or downgraded or front:
        return page
    return str(own)
