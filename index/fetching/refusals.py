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
    Reason.URL: ("it is not a usable web address", "Copy the address from a browser."),
    Reason.SCHEME: ("only http and https addresses can be fetched", "Use the address of a web page."),
    Reason.USER: ("it contains a user name or password", "Remove it from the address."),
    Reason.PORT: ("only ports 80 and 443 are allowed", BROWSER),
    Reason.ADDRESS: ("its host has no public address", "Use a page that is publicly reachable."),
    Reason.UNREACHABLE: ("its server cannot be reached, or does not speak HTTP", "Check the address in a browser."),
    Reason.CERTIFICATE: (
        "its server's certificate is not valid",
        "Contact the site's owner; the page is not safe to quote.",
    ),
    Reason.TIME: ("it took too long", f"Try again later. {BROWSER}"),
    Reason.REDIRECTS: ("it redirects too often", "Use the address that a browser ends up at."),
    Reason.DOWNGRADE: (
        "it redirects from https to http, where its text could be tampered with",
        "Use the http address itself if that is the source.",
    ),
    Reason.STATUS: ("its server did not return the page", "Check whether a browser shows the page without a login."),
    Reason.ROBOTS: ("its site's robots.txt does not allow it", "Ask the site, or quote another source."),
    Reason.TYPE: (
        "it is not a supported kind of file",
        f"Supported: HTML, plain text, Markdown, PDF and DOCX. {BROWSER}",
    ),
    Reason.ENCODING: ("its compression is not supported", BROWSER),
    Reason.CUT: ("the download was incomplete", "Try again later."),
    Reason.SIZE: ("it is too large", "Use the address of a single article."),
}


def refusal(url: str, reason: Reason, detail: str = "") -> FetchRefused:
    """Return the error for a URL that is not fetched; `detail` is what was found, such as a status."""
    why, remedy = SENTENCES[reason]
    found = f" ({_printable(detail)})" if detail else ""
    return FetchRefused(f"{shown(url)} was not fetched: {why}{found}.", remedy, reason)


def shown(url: str) -> str:
    """Return a printable URL: no user name or password, no control characters, at most 200 characters."""
    return _printable(USER.sub(r"\1…@", url))


def _printable(text: str) -> str:
    cut = text if len(text) <= SHOWN_AT_MOST else text[: SHOWN_AT_MOST - 1] + "…"
    return cut if cut.isprintable() else "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in cut)
