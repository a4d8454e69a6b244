"""Reasons not to fetch a URL, each with its sentence and remedy."""

from __future__ import annotations

from enum import StrEnum

import regex

from index.errors import FetchRefused

MAX_URL_SHOWN = 200
USER = regex.compile(r"^(\s*[\w+.-]*:[/\\]*)[^/\\?#]*@")


class RefusalReason(StrEnum):
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
    RefusalReason.URL: ("it is not a usable web address", "Copy the address from a browser."),
    RefusalReason.SCHEME: ("only http and https addresses can be fetched", "Use the address of a web page."),
    RefusalReason.USER: ("it contains a user name or password", "Remove it from the address."),
    RefusalReason.PORT: ("only ports 80 and 443 are allowed", BROWSER),
    RefusalReason.ADDRESS: ("its host has no public address", "Use a page that is publicly reachable."),
    RefusalReason.UNREACHABLE: (
        "its server cannot be reached, or does not speak HTTP",
        "Check the address in a browser.",
    ),
    RefusalReason.CERTIFICATE: (
        "its server's certificate is not valid",
        "Contact the site's owner; the page is not safe to quote.",
    ),
    RefusalReason.TIME: ("it took too long", f"Try again later. {BROWSER}"),
    RefusalReason.REDIRECTS: ("it redirects too often", "Use the address that a browser ends up at."),
    RefusalReason.DOWNGRADE: (
        "it redirects from https to http, where its text could be tampered with",
        "Use the http address itself if that is the source.",
    ),
    RefusalReason.STATUS: (
        "its server did not return the page",
        "Check whether a browser shows the page without a login.",
    ),
    RefusalReason.ROBOTS: ("its site's robots.txt does not allow it", "Ask the site, or quote another source."),
    RefusalReason.TYPE: (
        "it is not a supported kind of file",
        f"Supported: HTML, plain text, Markdown, PDF and DOCX. {BROWSER}",
    ),
    RefusalReason.ENCODING: ("its compression is not supported", BROWSER),
    RefusalReason.CUT: ("the download was incomplete", "Try again later."),
    RefusalReason.SIZE: ("it is too large", "Use the address of a single article."),
}


def refusal(url: str, reason: RefusalReason, detail: str = "") -> FetchRefused:
    """Return the error for a URL that is not fetched; `detail` is what was found, such as a status."""
    why, remedy = SENTENCES[reason]
    found = f" ({_printable(detail)})" if detail else ""
    return FetchRefused(f"{printable_url(url)} was not fetched: {why}{found}.", remedy, reason)


def printable_url(url: str) -> str:
    """Return a printable URL: no user name or password, no control characters, at most 200 characters."""
    return _printable(USER.sub(r"\1…@", url))


def _printable(text: str) -> str:
    cut = text if len(text) <= MAX_URL_SHOWN else text[: MAX_URL_SHOWN - 1] + "…"
    return cut if cut.isprintable() else "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in cut)
