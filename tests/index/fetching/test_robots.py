"""robots.txt is asked of every host that a fetch comes by, and is kept to."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from index.errors import FetchRefused
from index.fetching import FetchLimits, RefusalReason, fetch
from index.fetching.robots import MAX_BYTES, is_excessive

from .loopback import Site, Trap, guard_for, page, redirect

pytestmark = pytest.mark.timeout(30)
QUICK = FetchLimits(seconds=60)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as running:
        running.pages |= {"/page": page(), "/other": page()}
        yield running


async def allowed(site: Site, path: str = "/page", *more: Site, limits: FetchLimits = QUICK) -> bool:
    """Whether a page is fetched; where it is not, its site's robots.txt must be why, and it was never asked for."""
    asked = site.paths.count(path)
    try:
        found = await fetch(site.url(path), guard=guard_for(site, *more), limits=limits)
    except FetchRefused as error:
        assert error.reason == RefusalReason.ROBOTS, error
        assert site.paths.count(path) == asked
        return False
    assert found.url == site.url(path)
    return True


@pytest.mark.parametrize(
    ("text", "page_allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /page", False),
        ("User-agent: *\nDisallow: /pages", True),
        ("User-agent: *\nDisallow: /p*e$", False),
        ("User-agent: *\nDisallow: /\nAllow: /page", True),
        ("User-agent: verbatim\nDisallow: /", False),
        ("User-agent: Verbatim\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: Verbatim\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: otherbot\nDisallow: /", True),
        ("User-agent: verbatimbot\nDisallow: /", True),
        ("\ufeffUser-agent: *\r\nDisallow: /page\r\n", False),
        ("<html>Not a robots.txt</html>", True),
        ("User-agent: a\nUser-agent: verbatim\nDisallow: /page", False),
        ("User-agent: *\nCrawl-delay: 1e999\nDisallow: /page # here", False),
    ],
)
async def test_rules_are_kept_to(site: Site, text: str, page_allowed: bool) -> None:
    site.pages["/robots.txt"] = page(text, "text/plain")
    assert await allowed(site) is page_allowed
    assert site.paths[0] == "/robots.txt"


async def test_rules_hold_for_the_query_and_for_encoded_paths(site: Site) -> None:
    site.pages["/robots.txt"] = page("User-agent: *\nDisallow: /*?secret\nDisallow: /%C3%BC", "text/plain")
    with pytest.raises(FetchRefused, match=r"robots\.txt does not allow it"):
        await fetch(site.url("/page?secret=1"), guard=guard_for(site), limits=QUICK)
    with pytest.raises(FetchRefused, match=r"robots\.txt does not allow it"):
        await fetch(site.url("/ü"), guard=guard_for(site), limits=QUICK)
    assert await allowed(site)


@pytest.mark.parametrize(
    ("status", "page_allowed"),
    [(200, True), (204, True), (400, True), (401, True), (403, True), (404, True), (410, True), (429, True),
     (500, False), (502, False), (503, False), (599, False), (304, False), (300, False)],
)  # fmt: skip
async def test_no_robots_txt_allows_and_a_server_in_trouble_does_not(
    site: Site, status: int, page_allowed: bool
) -> None:
    site.pages["/robots.txt"] = page("", "text/plain", status)
    assert await allowed(site) is page_allowed


async def test_a_robots_txt_is_looked_for_where_it_redirects_to(site: Site) -> None:
    async with Site() as other:
        site.pages["/robots.txt"] = redirect(other.url("/elsewhere"))
        other.pages["/elsewhere"] = page("User-agent: *\nDisallow: /page", "text/plain")
        assert not await allowed(site, "/page", other)
        assert await allowed(site, "/other", other)


async def test_a_robots_txt_that_redirects_inside_is_not_followed_and_forbids(site: Site) -> None:
    async with Trap() as trap:
        for target in (trap.url("/robots.txt"), "http://[::1]/", "http://169.254.169.254/", "http://0/"):
            site.pages["/robots.txt"] = redirect(target)
            with pytest.raises(FetchRefused) as caught:
                await fetch(site.url("/page"), guard=guard_for(site, trap), limits=QUICK)
            assert caught.value.reason in {RefusalReason.ADDRESS, RefusalReason.ROBOTS}
        assert trap.connections == 0 and "/page" not in site.paths


@pytest.mark.parametrize("target", ["file:///etc/passwd", "/robots.txt", "http://127.0.0.1:22/", "data:,Allow", ""])
async def test_a_robots_txt_that_leads_nowhere_forbids(site: Site, target: str) -> None:
    site.pages["/robots.txt"] = redirect(target)
    assert not await allowed(site)
    assert site.paths.count("/robots.txt") <= 4


async def test_each_host_is_asked_once_and_each_for_itself(site: Site) -> None:
    async with Site() as other:
        site.pages |= {"/page": redirect("/hop"), "/hop": redirect(other.url("/page"))}
        other.pages |= {"/page": page(), "/robots.txt": page("User-agent: *\nDisallow: /page", "text/plain")}
        with pytest.raises(FetchRefused) as caught:
            await fetch(site.url("/page"), guard=guard_for(site, other), limits=QUICK)
        assert caught.value.reason == RefusalReason.ROBOTS and other.url("/page") in str(caught.value)
        assert site.paths == ["/robots.txt", "/page", "/hop"] and other.paths == ["/robots.txt"]


async def test_of_a_huge_robots_txt_the_first_half_megabyte_counts(site: Site) -> None:
    rules, filler = b"User-agent: *\nDisallow: /page\n", b"# words\n" * 1_000_000
    site.pages["/robots.txt"] = page(rules + filler, "text/plain")
    assert not await allowed(site)
    assert await allowed(site, "/other")
    site.pages["/robots.txt"] = page(filler + rules, "text/plain")
    assert await allowed(site)
    cut = b"User-agent: *\n" + b"#" * (MAX_BYTES - 14 - 21) + b"\nDisallow: /page-and-more\n"
    site.pages["/robots.txt"] = page(cut + b"\n" * 100, "text/plain")
    assert await allowed(site)  # the rule that is cut in the middle is none


async def test_a_bomb_for_a_robots_txt_is_read_to_its_limit(site: Site) -> None:
    packed = gzip.compress(b"User-agent: *\nDisallow: /page\n" + bytes(100_000_000), 1)
    site.pages["/robots.txt"] = page(packed, "text/plain", Content_Encoding="gzip")
    assert not await allowed(site)
    assert await allowed(site, "/other")


async def test_a_robots_txt_that_cannot_be_unpacked_or_is_cut_short_forbids(site: Site) -> None:
    for encoding in ("br", "gzip", "gzip, gzip"):
        site.pages["/robots.txt"] = page("User-agent: *", "text/plain", Content_Encoding=encoding)
        assert not await allowed(site)
    site.pages["/robots.txt"] = page(gzip.compress(b"User-agent: *")[:-4], "text/plain", Content_Encoding="gzip")
    assert not await allowed(site)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: a{n}\n" for n in range(15_000)) + "Disallow: /x\n" * 15_000,
        "User-agent: a\n" * 30_000,
        " \tuseragent a\n" * 500 + "Allow: /x\n" * 500,
    ],
)
async def test_a_robots_txt_made_to_fill_the_memory_forbids(site: Site, text: str) -> None:
    site.pages["/robots.txt"] = page(text, "text/plain")
    assert not await allowed(site)


async def test_the_costliest_robots_txt_that_is_read_is_read_in_time(site: Site) -> None:
    groups = "".join(f"User-agent: a{n}\n" for n in range(249)) + "User-agent: *\n"
    rules = "Disallow: /*a*b*c$d$e\n" * 700
    assert not is_excessive(groups + rules)
    site.pages["/robots.txt"] = page(groups + rules + "Disallow: /" + "*a" * 200_000, "text/plain")
    assert await allowed(site, limits=FetchLimits())


async def test_a_silent_robots_txt_uses_up_the_time_of_the_whole(site: Site) -> None:
    async def silent(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    site.pages["/robots.txt"] = silent
    with pytest.raises(FetchRefused) as caught:
        await fetch(site.url("/page"), guard=guard_for(site), limits=FetchLimits(seconds=0.3))
    assert caught.value.reason == RefusalReason.TIME and site.paths == ["/robots.txt"]
