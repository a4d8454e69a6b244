"""Check URLs before they are requested: the one given, and each redirect."""

from __future__ import annotations

import regex
from yarl import URL

from index.fetching.addresses import address_of
from index.fetching.guard import Guard
from index.fetching.refusals import RefusalReason, refusal
from index.models import validate_url

SCHEMES = frozenset({"http", "https"})
NUMBER = regex.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)")


def parse_given_url(url: str, guard: Guard) -> URL:
    """Return the URL that a person enters, without fragment; raise FetchRefused if it must not be fetched."""
    text = url.strip()
    found = parse_url(text)
    try:
        validate_url(text)
    except ValueError as error:
        raise refusal(text, RefusalReason.URL, str(error)) from error
    return check_url(found, guard)


def redirect_target(url: URL, location: str, guard: Guard) -> URL:
    """Return the target of a redirect; raise FetchRefused if it must not be fetched.

    A redirect from https to http is refused: https proves that the source said these words; over http anybody on the
    way could change them. Whoever accepts the http page as the source can enter its address.
    """
    target = url.join(parse_url(location))
    if url.scheme == "https" and target.scheme == "http":
        raise refusal(str(target), RefusalReason.DOWNGRADE)
    return check_url(target, guard)


def parse_url(text: str) -> URL:
    """Parse a URL, non-ASCII characters encoded; raise FetchRefused if it is invalid."""
    try:
        found = URL(text)
        _ = found.port, found.host, str(found)
    except (ValueError, IndexError) as error:  # yarl's, for invalid addresses and host names
        raise refusal(text, RefusalReason.URL) from error
    if found.scheme and found.scheme not in SCHEMES:
        raise refusal(text, RefusalReason.SCHEME)
    if found.raw_user is not None or found.raw_password is not None:
        raise refusal(text, RefusalReason.USER)
    return found


def check_url(url: URL, guard: Guard) -> URL:
    """Return the URL without fragment; raise FetchRefused because of its scheme, port or address.

    A host name is not resolved here: its addresses are checked when connecting.
    """
    text = str(url)
    bare = parse_url(text).with_fragment(None)  # parsed again, as yarl changes some paths and hosts when joining
    host, port = bare.raw_host, bare.port
    if bare.scheme not in SCHEMES:
        raise refusal(text, RefusalReason.SCHEME)
    if not host or port is None:
        raise refusal(text, RefusalReason.URL)
    if port not in guard.ports:
        raise refusal(text, RefusalReason.PORT)
    if is_number(host) and not guard.allows(host, port):
        raise refusal(text, RefusalReason.ADDRESS)
    try:
        validate_url(str(bare))
    except ValueError as error:
        raise refusal(text, RefusalReason.URL, str(error)) from error
    return bare


def is_number(host: str) -> bool:
    """Whether a host is an IP address in any notation: also decimal, octal, hexadecimal or short.

    URL standard, section "host parsing": a host whose last part is a number is an IPv4 address.
    """
    last = host.removesuffix(".").rpartition(".")[2]
    return address_of(host) is not None or ":" in host or NUMBER.fullmatch(last) is not None
