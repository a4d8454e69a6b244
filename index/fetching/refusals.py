"""Reasons not to fetch a URL, each with its sentence and remedy."""

from __future__ import annotations

from enum import StrEnum

import regex

from index.errors import FetchRefused

SHOWN_AT_MOST = 200
USER = regex.compile(r"^(\s*[\w+.-]*:[/\\]*)[^/\\?#]*@")


class Reason(StrEnum):
    """Kinds of refusal."""

    URL = "url"
    SCHEME = "scheme"
    USER = "user"
    PORT = "port"
    ADDRESS = "address"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TIME = "time"
    REDIRECTS = "redirects"
    DOWNGRADE = "downgrade"
    STATUS = "status"
    ROBOTS = "robots"
    TYPE = "type"
    ENCODING = "encoding"
    CUT = "cut"
    SIZE = "size"


BROWSER = "Save the page in a browser and add the file."
SENTENCES = {
    Reason.URL: ("it is not a URL that can be cited", "Give the address as a browser shows it."),
    Reason.SCHEME: ("only http and https are fetched", "Give the address of a page on the web."),
    Reason.USER: ("it holds a user name or password", "Give the address without it."),
    Reason.PORT: ("only the ports 80 and 443 are fetched from", BROWSER),
    Reason.ADDRESS: ("its host has no public address", "Only pages that everybody can reach are fetched."),
    Reason.UNREACHABLE: ("its server cannot be reached, or does not speak HTTP", "Try the address in a browser."),
    Reason.CERTIFICATE: ("its server's certificate is not valid", "Tell the site's owner; it is not safe to quote."),
    Reason.TIME: ("it takes too long", f"Try again later. {BROWSER}"),
    Reason.REDIRECTS: ("it redirects too often", "Give the address that a browser ends at."),
    Reason.DOWNGRADE: (
        "it redirects from https to http, where anybody on the way could change its words",
        "Give the http address itself, if that is the source.",
    ),
    Reason.STATUS: ("its server does not give it", "See whether a browser shows it without a login."),
    Reason.ROBOTS: ("its site's robots.txt does not allow it", "Ask the site, or quote another source."),
    Reason.TYPE: ("it is not an article", f"HTML, plain text, Markdown, PDF and DOCX are read. {BROWSER}"),
    Reason.ENCODING: ("it is compressed in a way that is not read", BROWSER),
    Reason.CUT: ("it ended before it was whole", "Try again later."),
    Reason.SIZE: ("it is too large", "Give the address of one article."),
}


def refusal(url: str, reason: Reason, detail: str = "") -> FetchRefused:
    """Return the error for a URL that is not fetched; `detail` is what was found, such as a status."""
    why, remedy = SENTENCES[reason]
    found = f" ({_printable(detail)})" if detail else ""
    return FetchRefused(f"{shown(url)} is not fetched: {why}{found}.", remedy, reason)


def shown(url: str) -> str:
    """Return a printable URL: no user name or password, no control characters, at most 200 characters."""
    return _printable(USER.sub(r"\1…@", url))


def _printable(text: str) -> str:
    cut = text if len(text) <= SHOWN_AT_MOST else text[: SHOWN_AT_MOST - 1] + "…"
    return cut if cut.isprintable() else "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in cut)
