"""HTTP client whose requests all pass the guard: one at a time, without proxy, cookies, login or referrer."""

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
from index.fetching.connector import ConnectionGate, GuardedConnector
from index.fetching.guard import Guard
from index.fetching.refusals import RefusalReason, refusal
from index.fetching.urls import redirect_target

DISTRIBUTION = "verbatim-bot"
PRODUCT = "Verbatim"
"""The bot's name in robots.txt files."""
MAX_LINE_BYTES = 1 << 13
MAX_FIELD_BYTES = 1 << 15
"""Bytes of a header, at most 128 of them; security policies alone exceed 8 KiB."""
CONTACT = regex.compile(r"[\x21-\x27\x2a-\x7e]{1,200}")
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def user_agent(contact: str | None = None) -> str:
    """Return the user agent: product, version, and the operator's contact, a URL or mail address.

    Raises ValueError if the contact holds white space, parentheses or non-ASCII characters.
    """
    if contact is not None and not CONTACT.fullmatch(contact):
        message = "the contact must be a URL or an email address, in ASCII"
        raise ValueError(message)
    try:
        product = f"{PRODUCT}/{metadata.version(DISTRIBUTION)}"
    except metadata.PackageNotFoundError:  # run without installation
        product = PRODUCT
    return product if contact is None else f"{product} (+{contact})"


class Client:
    """One session per fetch, so that nothing is carried over to the next."""

    def __init__(self, guard: Guard, resolver: AbstractResolver | None = None, contact: str | None = None) -> None:
        self.guard = guard
        self._gate = ConnectionGate(guard)
        headers = {"User-Agent": user_agent(contact), "Accept-Encoding": ACCEPTED}
        self._session = aiohttp.ClientSession(
            connector=GuardedConnector(self._gate, resolver),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # the caller sets the only deadline
            trust_env=False,
            auto_decompress=False,
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_FIELD_BYTES,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @asynccontextmanager
    async def get(self, url: URL, accept: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """Yield the response to a GET; redirects are not followed. FetchRefused also inside the block, if truncated."""
        try:
            async with self._session.get(url, headers={"Accept": accept}, allow_redirects=False) as response:
                yield response
        except TimeoutError as error:
            raise refusal(str(url), RefusalReason.TIME) from error
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            raise refusal(str(url), self._reason(error)) from error

    def _reason(self, error: Exception) -> RefusalReason:
        if self._gate.refused:
            return RefusalReason.ADDRESS
        match error:
            case aiohttp.ClientSSLError() | aiohttp.ClientConnectorCertificateError():
                return RefusalReason.CERTIFICATE
            case aiohttp.ClientPayloadError():
                return RefusalReason.CUT
            case aiohttp.InvalidURL() | UnicodeError():
                return RefusalReason.URL
            case _:
                return RefusalReason.UNREACHABLE

    def target(self, url: URL, response: aiohttp.ClientResponse) -> URL | None:
        """Return a redirect's target, None if there is none; raise FetchRefused if it must not be fetched."""
        if response.status not in REDIRECTS:
            return None
        location = response.headers.get("Location", "").strip()
        if not location:
            raise refusal(str(url), RefusalReason.STATUS, f"{response.status} without a location")
        return redirect_target(url, location, self.guard)
