"""A URL that may be asked for: checked as it is given, and at every redirect anew."""

from __future__ import annotations

import regex
from yarl import URL

from index.fetching.addresses import address_of
from index.fetching.guard import Guard
from index.fetching.refusals import Reason, refusal
from index.models import checked_url

SCHEMES = frozenset({"http", "https"})
NUMBER = regex.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)")


def given(url: str, guard: Guard) -> URL:
    """The URL that a person gives, without its fragment; FetchRefused where it is not one to be fetched."""
    text = url.strip()
    found = parsed(text)
    try:
        checked_url(text)
    except ValueError as error:
        raise refusal(text, Reason.URL, str(error)) from error
    return permitted(found, guard)


def redirected(url: URL, location: str, guard: Guard) -> URL:
    """Where a redirect leads; FetchRefused where that is not to be fetched.

    From https to http is refused: that the source said these words is what https vouches for, and on the way back to
    http anybody could have changed them. Who takes the http page for the source can give its address.
    """
    target = url.join(parsed(location))
    if url.scheme == "https" and target.scheme == "http":
        raise refusal(str(target), Reason.DOWNGRADE)
    return permitted(target, guard)


def parsed(text: str) -> URL:
    """The URL as it is sent, with what is not ASCII encoded; FetchRefused where it cannot be read as a URL."""
    try:
        found = URL(text)
        _ = found.port, found.host, str(found)
    except (ValueError, IndexError) as error:  # yarl's own, of an address or of a name's parts that it cannot read
        raise refusal(text, Reason.URL) from error
    if found.scheme and found.scheme not in SCHEMES:
        raise refusal(text, Reason.SCHEME)
    if found.raw_user is not None or found.raw_password is not None:
        raise refusal(text, Reason.USER)
    return found


def permitted(url: URL, guard: Guard) -> URL:
    """The same URL without its fragment; FetchRefused for its scheme, its port or its address.

    A host's name is not looked up here: what it stands for is checked when it is connected to.
    """
    text = str(url)
    bare = parsed(text).with_fragment(None)  # read again: yarl joins some paths, and writes some hosts, another way
    host, port = bare.raw_host, bare.port
    if bare.scheme not in SCHEMES:
        raise refusal(text, Reason.SCHEME)
    if not host or port is None:
        raise refusal(text, Reason.URL)
    if port not in guard.ports:
        raise refusal(text, Reason.PORT)
    if is_number(host) and not guard.allows(host, port):
        raise refusal(text, Reason.ADDRESS)
    try:
        checked_url(str(bare))
    except ValueError as error:
        raise refusal(text, Reason.URL, str(error)) from error
    return bare


def is_number(host: str) -> bool:
    """Whether a host is an address in whatever notation: also decimal, octal, hexadecimal, or short.

    The rule of the URL standard, section "host parsing": a host whose last part is a number is an IPv4 address.
    """
    last = host.removesuffix(".").rpartition(".")[2]
    return address_of(host) is not None or ":" in host or NUMBER.fullmatch(last) is not None
