"""One request after the other, each through the guard: no proxy, no cookie, no login, no word of where it came from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from typing import Self

import aiohttp
import regex
from aiohttp.abc import AbstractResolver
from yarl import URL

from index.fetching.body import ACCEPTED
from index.fetching.connector import Gate, GuardedConnector
from index.fetching.guard import Guard
from index.fetching.refusals import Reason, refusal
from index.fetching.urls import redirected

DISTRIBUTION = "verbatim-bot"
PRODUCT = "Verbatim"
"""What robots.txt files call the bot."""
LINE_AT_MOST = 1 << 13
FIELD_AT_MOST = 1 << 15
"""Bytes of a header; security policies alone pass 8 KiB. There are at most 128 of them."""
CONTACT = regex.compile(r"[\x21-\x27\x2a-\x7e]{1,200}")
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def user_agent(contact: str | None = None) -> str:
    """What the bot calls itself: product, version, and where its owner can be reached.

    Args:
        contact: a URL or an address of mail of whoever runs the bot.

    Raises:
        ValueError: the contact holds white space, parentheses or what is not ASCII.
    """
    if contact is not None and not CONTACT.fullmatch(contact):
        message = "the contact must be a URL or an email address, in ASCII"
        raise ValueError(message)
    try:
        product = f"{PRODUCT}/{metadata.version(DISTRIBUTION)}"
    except metadata.PackageNotFoundError:  # run without having been installed
        product = PRODUCT
    return product if contact is None else f"{product} (+{contact})"


class Client:
    """A session of its own for each fetch, so that nothing is carried from one to the next."""

    def __init__(self, guard: Guard, resolver: AbstractResolver | None = None, contact: str | None = None) -> None:
        self.guard = guard
        self._gate = Gate(guard)
        headers = {"User-Agent": user_agent(contact), "Accept-Encoding": ACCEPTED}
        self._session = aiohttp.ClientSession(
            connector=GuardedConnector(self._gate, resolver),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # the one deadline is the caller's
            trust_env=False,
            auto_decompress=False,
            max_line_size=LINE_AT_MOST,
            max_field_size=FIELD_AT_MOST,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @asynccontextmanager
    async def get(self, url: URL, accept: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """The response to a GET, whatever its status; a redirect is not followed.

        Raises:
            FetchRefused: in the block too, where the body turns out to be cut short.
        """
        try:
            async with self._session.get(url, headers={"Accept": accept}, allow_redirects=False) as response:
                yield response
        except TimeoutError as error:
            raise refusal(str(url), Reason.TIME) from error
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            raise refusal(str(url), self._reason(error)) from error

    def _reason(self, error: Exception) -> Reason:
        if self._gate.refused:
            return Reason.ADDRESS
        match error:
            case aiohttp.ClientSSLError() | aiohttp.ClientConnectorCertificateError():
                return Reason.CERTIFICATE
            case aiohttp.ClientPayloadError():
                return Reason.CUT
            case aiohttp.InvalidURL() | UnicodeError():
                return Reason.URL
            case _:
                return Reason.UNREACHABLE

    def target(self, url: URL, response: aiohttp.ClientResponse) -> URL | None:
        """Where a response redirects to; None where it does not. FetchRefused where that is not to be fetched."""
        if response.status not in REDIRECTS:
            return None
        location = response.headers.get("Location", "").strip()
        if not location:
            raise refusal(str(url), Reason.STATUS, f"{response.status} without a location")
        return redirected(url, location, self.guard)
