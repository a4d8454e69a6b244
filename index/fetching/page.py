"""Fetch a page: each redirect and robots.txt checked, time and size bounded, supported types only."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import regex
from aiohttp import ClientResponse
from aiohttp.abc import AbstractResolver
from yarl import URL

from index.fetching.body import read_body
from index.fetching.client import Client
from index.fetching.guard import PUBLIC, Guard
from index.fetching.media_types import ACCEPT, ENDINGS
from index.fetching.refusals import RefusalReason, refusal
from index.fetching.robots import Robots
from index.fetching.urls import parse_given_url

OK = 200
CHARSET = regex.compile(r"[a-z0-9][a-z0-9._:+-]{0,39}")


class FetchLimits(NamedTuple):
    """Limits of a fetch, all redirects and robots.txt files together."""

    seconds: float = 15.0
    size: int = 5_000_000
    """Bytes of the page after decompression."""
    redirects: int = 3


class FetchedPage(NamedTuple):
    """A page as its server sent it."""

    url: str
    """The final URL, without fragment."""
    data: bytes
    """The body, decompressed."""
    media_type: str
    """In lower case, a key of `index.fetching.media_types.ENDINGS`."""
    charset: str | None
    """As the server states it, in lower case; not verified."""


LIMITS = FetchLimits()


async def fetch(
    url: str,
    *,
    guard: Guard = PUBLIC,
    resolver: AbstractResolver | None = None,
    limits: FetchLimits = LIMITS,
    contact: str | None = None,
) -> FetchedPage:
    """Fetch the page at a URL.

    Args:
        url: http or https, as entered by a person.
        guard: which addresses are allowed.
        resolver: resolves host names; None for the system's.
        limits: seconds, bytes and redirects.
        contact: URL or mail address of the bot's operator, for the user agent.

    Raises:
        FetchRefused: with reason and remedy, for everything a server does wrong.
        ValueError: the contact is not valid in a header.
    """
    start = parse_given_url(url, guard)
    try:
        async with asyncio.timeout(limits.seconds), Client(guard, resolver, contact) as client:
            return await _follow_redirects(client, start, limits)
    except TimeoutError as error:
        raise refusal(str(start), RefusalReason.TIME, f"more than {limits.seconds:g} seconds") from error


async def _follow_redirects(client: Client, url: URL, limits: FetchLimits) -> FetchedPage:
    robots = Robots(client, limits.redirects)
    for _ in range(limits.redirects + 1):
        await robots.check(url)
        async with client.get(url, ACCEPT) as response:
            target = client.target(url, response)
            if target is None:
                return await _page(url, response, limits.size)
        url = target
    raise refusal(str(url), RefusalReason.REDIRECTS, f"more than {limits.redirects} times")


async def _page(url: URL, response: ClientResponse, size: int) -> FetchedPage:
    if response.status != OK:
        raise refusal(str(url), RefusalReason.STATUS, f"{response.status} {response.reason or ''}".strip())
    media_type = response.content_type.lower() if "Content-Type" in response.headers else ""
    if media_type not in ENDINGS:
        raise refusal(str(url), RefusalReason.TYPE, media_type or "no content type given")
    too_large = f"more than {size / 1_000_000:g} MB"
    if (response.content_length or 0) > size:
        raise refusal(str(url), RefusalReason.SIZE, too_large)
    data, more = await read_body(response, size)
    if more:
        raise refusal(str(url), RefusalReason.SIZE, too_large)
    charset = (response.charset or "").lower()
    return FetchedPage(str(url), data, media_type, charset if CHARSET.fullmatch(charset) else None)
