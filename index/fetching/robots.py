"""The robots.txt files (RFC 9309) of the sites in one fetch, each requested once."""

from __future__ import annotations

import asyncio

from aiohttp import ClientResponse
from protego import Protego
from yarl import URL

from index.errors import FetchRefused
from index.fetching.body import read_body
from index.fetching.client import PRODUCT, Client
from index.fetching.refusals import RefusalReason, refusal

MAX_BYTES = 500 * 1024
"""Bytes of a robots.txt that are read (RFC 9309, section 2.5); rules after them are ignored."""
MAX_AGENTS = 1000
MAX_RULES = 250_000
"""Maximum user-agent lines, and maximum of their number times all lines. Protego stores each rule once per agent of
its group, so that half a megabyte could fill the memory. Large sites stay below a tenth of this."""
OK, REDIRECT, CLIENT_ERROR, SERVER_ERROR = 200, 300, 400, 500


class Robots:
    """The robots.txt files of the hosts in one fetch."""

    def __init__(self, client: Client, redirects: int) -> None:
        self._client = client
        self._redirects = redirects
        self._known: dict[URL, Protego | None] = {}

    async def check(self, url: URL) -> None:
        """Raise FetchRefused if the site forbids the URL, or its robots.txt cannot be read.

        A missing file (4xx) allows everything; a server error (5xx), too many redirects or unusable content forbids.
        """
        origin = url.origin()
        if origin not in self._known:
            self._known[origin] = await self._rules(url, origin.with_path("/robots.txt"))
        rules = self._known[origin]
        if rules and not await asyncio.to_thread(rules.can_fetch, str(url), PRODUCT):
            raise refusal(str(url), RefusalReason.ROBOTS)

    async def _rules(self, url: URL, robots: URL) -> Protego | None:
        try:
            text = await self._read(robots)
        except FetchRefused as error:
            if error.reason in {
                RefusalReason.ADDRESS,
                RefusalReason.UNREACHABLE,
                RefusalReason.CERTIFICATE,
                RefusalReason.URL,
            }:
                raise refusal(str(url), RefusalReason(error.reason)) from error  # the page itself would fail likewise
            raise refusal(str(url), RefusalReason.ROBOTS, "it cannot be read") from error
        if text is None:
            return None
        if is_excessive(text):
            raise refusal(str(url), RefusalReason.ROBOTS, "it has too many rules")
        return await asyncio.to_thread(Protego.parse, text)

    async def _read(self, robots: URL) -> str | None:
        """Return the text of a robots.txt, None if there is none; raise FetchRefused if it cannot be read."""
        for _ in range(self._redirects + 1):
            async with self._client.get(robots, "text/plain") as response:
                target = self._client.target(robots, response)
                if target is None:
                    return await text_of(response)
            robots = target
        raise refusal(str(robots), RefusalReason.REDIRECTS)


async def text_of(response: ClientResponse) -> str | None:
    """Return the text up to the last whole line within the limit, None if the server has none."""
    if CLIENT_ERROR <= response.status < SERVER_ERROR:
        return None
    if not OK <= response.status < REDIRECT:
        raise refusal(str(response.url), RefusalReason.STATUS, str(response.status))
    data, more = await read_body(response, MAX_BYTES)
    return (data[: data.rfind(b"\n") + 1] if more else data).decode("utf-8-sig", "replace")


def is_excessive(text: str) -> bool:
    """Whether a robots.txt has too many rules to store, counted once per agent."""
    lines = text.splitlines()
    agents = sum(line.lstrip()[:4].lower() == "user" for line in lines)
    return agents > MAX_AGENTS or agents * len(lines) > MAX_RULES
