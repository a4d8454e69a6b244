"""What is fetched from a server that plays by the rules, and what is refused of one that does not."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from index.errors import FetchRefused
from index.fetching import FetchedPage, FetchLimits, RefusalReason, fetch
from index.fetching.client import user_agent
from tests.properties import one_in

from .loopback import Names, Script, Site, Trap, Wire, guard_for, page, redirect, written

pytestmark = pytest.mark.timeout(30)
QUICK = FetchLimits(seconds=60, size=100_000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as running:
        yield running


async def got(site: Site | Wire, path: str = "/page", limits: FetchLimits = QUICK) -> FetchedPage:
    return await fetch(site.url(path), guard=guard_for(site), limits=limits)


async def refused(site: Site | Wire, reason: RefusalReason, path: str = "/page", limits: FetchLimits = QUICK) -> str:
    """The sentence of a refusal, which must come for this reason, and before the time is over unless that is why."""
    with pytest.raises(FetchRefused) as caught:
        await got(site, path, limits)
    assert caught.value.reason == reason, caught.value
    assert "SECRET" not in str(caught.value) and caught.value.remedy in str(caught.value)
    return str(caught.value)


async def refused_script(script: Script, reason: RefusalReason, limits: FetchLimits = QUICK) -> str:
    async with Wire(script) as wire:
        return await refused(wire, reason, limits=limits)


@pytest.mark.parametrize(
    ("kind", "data", "media_type", "charset"),
    [
        ("text/html; charset=ISO-8859-1", "<p>Größe</p>".encode("latin-1"), "text/html", "iso-8859-1"),
        ('TEXT/HTML; Charset="UTF-8"', b"<p>Words</p>", "text/html", "utf-8"),
        ("application/xhtml+xml", b"<html/>", "application/xhtml+xml", None),
        ("text/plain", b"\x00\xff", "text/plain", None),
        ("text/markdown; charset=utf-8", b"# Words", "text/markdown", "utf-8"),
        ("application/pdf", b"%PDF-1.7\x00\x80", "application/pdf", None),
        (DOCX, b"PK\x03\x04", DOCX, None),
        ('text/html; charset="no such thing"', b"", "text/html", None),
    ],
)
async def test_a_page_comes_byte_for_byte_with_its_kind_and_charset(
    site: Site, kind: str, data: bytes, media_type: str, charset: str | None
) -> None:
    site.pages["/page"] = page(data, kind)
    assert await got(site) == FetchedPage(site.url("/page"), data, media_type, charset)
    assert site.paths == ["/robots.txt", "/page"]


async def test_the_query_is_sent_and_the_fragment_is_dropped(site: Site) -> None:
    site.pages["/page"] = page()
    assert (await got(site, "/page?a=1&b=%C3%BC#part")).url == site.url("/page?a=1&b=%C3%BC")
    assert site.paths[-1] == "/page?a=1&b=%C3%BC"


async def test_the_url_is_the_one_finally_fetched_after_redirects_within_a_host_and_to_another(site: Site) -> None:
    async with Site() as other:
        site.pages |= {"/page": redirect("/moved#there", 301), "/moved": redirect(other.url("/story#part"), 307)}
        other.pages["/story"] = page("the story", "text/plain")
        found = await fetch(site.url("/page"), guard=guard_for(site, other), limits=QUICK)
        assert found == FetchedPage(other.url("/story"), b"the story", "text/plain", None)
        assert site.paths == ["/robots.txt", "/page", "/moved"] and other.paths == ["/robots.txt", "/story"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_three_redirects_are_followed_and_a_fourth_is_not(site: Site, status: int) -> None:
    for hop in range(5):
        site.pages[f"/{hop}"] = redirect(f"/{hop + 1}", status)
    site.pages["/5"] = page()
    assert (await got(site, "/2")).url == site.url("/5")
    await refused(site, RefusalReason.REDIRECTS, "/1")
    site.pages["/round"] = redirect("/round", status)
    assert "more than 3 times" in await refused(site, RefusalReason.REDIRECTS, "/round")


async def test_a_name_is_looked_up_and_the_host_is_told_by_name(site: Site) -> None:
    site.pages["/page"] = page()
    names = Names({"page.example": [["127.0.0.1"]], "xn--bcher-kva.example": [["127.0.0.1"]]})
    for host, sent in (("page.example", "page.example"), ("Bücher.example", "xn--bcher-kva.example")):
        found = await fetch(site.url("/page", host), guard=guard_for(site), resolver=names, limits=QUICK)
        assert found.url == site.url("/page", sent)
        assert site.asked[-1].headers["Host"] == f"{sent}:{site.port}"


async def test_https_is_fetched_where_the_certificate_is_valid_for_the_host() -> None:
    async with Site(tls=True) as site:
        site.pages["/page"] = page("sure", "text/plain")
        assert (await got(site)).data == b"sure"
        names = Names({"other.example": [["127.0.0.1"]], "page.example": [["127.0.0.1"]]})
        found = await fetch(site.url("/page", "page.example"), guard=guard_for(site), resolver=names, limits=QUICK)
        assert found.data == b"sure"
        with pytest.raises(FetchRefused) as caught:
            await fetch(site.url("/page", "other.example"), guard=guard_for(site), resolver=names, limits=QUICK)
        assert caught.value.reason == RefusalReason.CERTIFICATE
        unknown = guard_for(site)._replace(authorities=None)
        with pytest.raises(FetchRefused) as caught:
            await fetch(site.url("/page"), guard=unknown, limits=QUICK)
        assert caught.value.reason == RefusalReason.CERTIFICATE
        assert site.paths == ["/robots.txt", "/page"] * 2


async def test_from_https_to_http_no_redirect_is_followed_and_the_other_way_it_is(site: Site) -> None:
    async with Site(tls=True) as safe:
        safe.pages |= {"/page": page("sure", "text/plain"), "/down": redirect(site.url("/page"))}
        site.pages |= {"/page": page(), "/up": redirect(safe.url("/page"))}
        guard = guard_for(site, safe)
        assert (await fetch(site.url("/up"), guard=guard, limits=QUICK)).url == safe.url("/page")
        asked = len(site.asked)
        with pytest.raises(FetchRefused) as caught:
            await fetch(safe.url("/down"), guard=guard, limits=QUICK)
        assert caught.value.reason == RefusalReason.DOWNGRADE and len(site.asked) == asked


async def test_the_bot_says_who_it_is_and_nothing_else_about_itself(site: Site) -> None:
    site.pages |= {"/page": page("", status=302, Location="/end", Set_Cookie="a=b; Path=/"), "/end": page()}
    await fetch(site.url("/page"), guard=guard_for(site), limits=QUICK, contact="https://bot.example/about")
    for asked in site.asked:
        assert set(asked.headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
        assert asked.headers["User-Agent"] == user_agent("https://bot.example/about")
        assert asked.headers["User-Agent"].startswith("Verbatim")
        assert asked.headers["User-Agent"].endswith(" (+https://bot.example/about)")
        assert asked.headers["Accept-Encoding"] == "gzip, deflate"
        assert asked.headers["Connection"] == "close"
    assert "+" not in user_agent()


@pytest.mark.parametrize("contact", ["a b", "x)", "x\r\nCookie: a", "ü", "", "x" * 201])
async def test_a_contact_that_cannot_stand_in_a_header_is_an_error_of_whoever_set_it(contact: str) -> None:
    with pytest.raises(ValueError, match="contact"):
        user_agent(contact)


async def test_a_proxy_and_a_login_of_the_environment_are_ignored(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site.pages["/page"] = page()
    (tmp_path / "netrc").write_text("default login me password SECRET\n", "utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with Trap() as trap:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, trap.url(""))
        monkeypatch.delenv("no_proxy", raising=False)
        await got(site)
        assert trap.connections == 0
    assert not any("Authorization" in asked.headers for asked in site.asked)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"words " * 10_000)),
        ("x-gzip", gzip.compress(b"words " * 10_000)),
        ("GZIP", gzip.compress(b"words " * 10_000)),
        ("deflate", zlib.compress(b"words " * 10_000)),
        ("deflate", zlib.compress(b"words " * 10_000, wbits=-15)),
        ("identity", b"words " * 10_000),
    ],
)
async def test_what_is_compressed_is_what_it_was_before(site: Site, encoding: str, packed: bytes) -> None:
    site.pages["/page"] = page(packed, "text/plain", Content_Encoding=encoding)
    assert (await got(site)).data == b"words " * 10_000


@pytest.mark.parametrize("size", [QUICK.size - 1, QUICK.size, QUICK.size + 1])
@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_the_size_is_allowed_to_the_byte(site: Site, size: int, encoding: str) -> None:
    body = b"x" * size
    site.pages["/page"] = page(gzip.compress(body) if encoding else body, "text/plain", Content_Encoding=encoding)
    if size <= QUICK.size:
        assert (await got(site)).data == body
    else:
        assert "more than 0.1 MB" in await refused(site, RefusalReason.SIZE)


def bomb(wbits: int) -> bytes:
    """200 MB of zeros in 200 kB."""
    packer = zlib.compressobj(wbits=wbits)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()


@pytest.mark.parametrize(("encoding", "wbits"), one_in(3, [("gzip", 31), ("deflate", 15), ("deflate", -15)]))
async def test_a_bomb_is_put_out_before_it_has_grown(site: Site, encoding: str, wbits: int) -> None:
    site.pages["/page"] = page(bomb(wbits), Content_Encoding=encoding)
    tracemalloc.start()
    try:
        await refused(site, RefusalReason.SIZE, limits=FetchLimits())
        assert tracemalloc.get_traced_memory()[1] < 25_000_000  # one read of it would be 64 MB
    finally:
        tracemalloc.stop()


async def test_a_bomb_within_a_bomb_is_no_encoding_that_is_read(site: Site) -> None:
    nested = gzip.compress(gzip.compress(bytes(1_000_000)))
    site.pages["/page"] = page(nested, Content_Encoding="gzip, gzip")
    await refused(site, RefusalReason.ENCODING)
    script = written(HEAD + b"Content-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nwords")
    await refused_script(script, RefusalReason.ENCODING)


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", "identity, gzip", "x-x-gzip", "\xfc"])
async def test_an_encoding_that_cannot_be_bounded_is_refused(encoding: str) -> None:
    await refused_script(
        written(HEAD + b"Content-Encoding: " + encoding.encode() + b"\r\nContent-Length: 5\r\n\r\nwords"),
        RefusalReason.ENCODING,
    )


@pytest.mark.parametrize(
    "packed",
    [
        b"no gzip",
        gzip.compress(b"words") + b"more",
        gzip.compress(b"words") * 2,
        gzip.compress(b"words")[:-8] + bytes(8),
    ],
    ids=["no gzip", "an appendix", "two members", "a wrong checksum"],
)
async def test_what_is_damaged_is_refused(site: Site, packed: bytes) -> None:
    site.pages["/page"] = page(packed, Content_Encoding="gzip")
    await refused(site, RefusalReason.ENCODING)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (HEAD + b"Content-Length: 50\r\n\r\nwords", RefusalReason.CUT),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nwords\r\n", RefusalReason.CUT),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"words")[:-3], RefusalReason.CUT),
        (HEAD + b"Content-Length: 99999999\r\n\r\nwords", RefusalReason.SIZE),
        (HEAD + b"Content-Length: 5\r\n\r\nwords and more", RefusalReason.UNREACHABLE),
        (HEAD + b"Content-Length: -5\r\n\r\nwords", RefusalReason.UNREACHABLE),
        (HEAD + b"Content-Length: five\r\n\r\nwords", RefusalReason.UNREACHABLE),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nwords!", RefusalReason.UNREACHABLE),
        (
            HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwords\r\n0\r\n\r\n",
            RefusalReason.UNREACHABLE,
        ),
        (HEAD + b"X: " + b"x" * 100_000 + b"\r\n\r\n", RefusalReason.UNREACHABLE),
        (HEAD + b"X: y\r\n" * 10_000 + b"\r\n", RefusalReason.UNREACHABLE),
        (b"HTTP/1.1 200 " + b"x" * 100_000 + b"\r\n\r\n", RefusalReason.UNREACHABLE),
        (b"SSH-2.0-OpenSSH_9.9\r\n", RefusalReason.UNREACHABLE),
        (b"<html>HTTP/0.9</html>", RefusalReason.UNREACHABLE),
        (b"", RefusalReason.UNREACHABLE),
        (HEAD, RefusalReason.UNREACHABLE),
    ],
    ids=[
        "fewer bytes than said",
        "chunks cut off",
        "gzip cut off",
        "too long, as said",
        "more bytes than said",
        "a negative length",
        "a length in words",
        "two lengths",
        "a length and chunks",
        "a long header",
        "many headers",
        "a long status line",
        "not HTTP",
        "no status line",
        "nothing",
        "no end of the headers",
    ],
)
async def test_a_server_that_lies_or_breaks_off_is_refused(sent: bytes, reason: RefusalReason) -> None:
    await refused_script(written(sent), reason)


async def drip(writer: asyncio.StreamWriter, start: bytes, drop: bytes) -> None:
    writer.write(start)
    while True:
        writer.write(drop)
        await writer.drain()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (HEAD, b"X: y\r\n"),
        (HEAD + b"Content-Length: 5000\r\n\r\n", b"x"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        (b"", b""),
    ],
    ids=["header", "headers", "body", "chunks", "hints", "silence"],
)
async def test_a_server_that_drips_is_left_when_the_time_is_over(start: bytes, drop: bytes) -> None:
    async with Wire(lambda writer: drip(writer, start, drop)) as wire:
        sentence = await refused(wire, RefusalReason.TIME, limits=FetchLimits(seconds=0.4))
        assert "more than 0.4 seconds" in sentence
        await asyncio.wait_for(wire.left.wait(), 60)


async def test_all_hops_share_one_deadline(site: Site) -> None:
    async def late(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {site.url('/page')}\r\n\r\n".encode())

    site.pages["/page"] = page()
    async with Wire(late) as first:
        site.pages["/first"] = redirect(first.url())
        limits = FetchLimits(seconds=0.45, redirects=3)
        site.pages["/page"] = redirect(first.url())
        with pytest.raises(FetchRefused) as caught:
            await fetch(first.url(), guard=guard_for(site, first), limits=limits)
        assert caught.value.reason == RefusalReason.TIME


async def test_a_name_that_takes_too_long_to_look_up_is_given_up() -> None:
    class Slow(Names):
        async def resolve(self, *_: object, **__: object) -> list[object]:  # type: ignore[override]  # it never answers
            await asyncio.sleep(60)
            return []

    with pytest.raises(FetchRefused) as caught:
        await fetch("http://slow.example/", resolver=Slow({}), limits=FetchLimits(seconds=0.2))
    assert caught.value.reason == RefusalReason.TIME


async def test_a_body_without_a_length_that_never_ends_is_cut_off() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with Wire(endless) as wire:
        await refused(wire, RefusalReason.SIZE)
        await asyncio.wait_for(wire.left.wait(), 60)


@pytest.mark.parametrize(
    "kind",
    [
        "application/octet-stream", "image/png", "application/json", "text/css", "text/htmlx", "application/zip",
        "multipart/mixed; boundary=x", "application/msword", "text/xml", "nonsense", "", "text/plain, text/html",
    ],
)  # fmt: skip
async def test_what_is_no_article_by_its_kind_is_refused_by_name(kind: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: 5\r\n\r\nwords"
    await refused_script(written(head.encode()), RefusalReason.TYPE)


async def test_a_page_of_no_stated_kind_is_refused() -> None:
    sentence = await refused_script(written(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwords"), RefusalReason.TYPE)
    assert "no content type given" in sentence


@pytest.mark.parametrize("status", [201, 203, 204, 206, 300, 304, 305, 400, 401, 403, 404, 410, 429, 451, 500, 503])
async def test_whatever_is_not_an_ordinary_page_is_refused_with_its_status(site: Site, status: int) -> None:
    site.pages["/page"] = page("", status=status, Location="/other")
    assert str(status) in await refused(site, RefusalReason.STATUS)


async def test_a_redirect_to_nowhere_is_refused(site: Site) -> None:
    site.pages |= {"/page": page("", status=302), "/empty": redirect(" ")}
    await refused(site, RefusalReason.STATUS)
    await refused(site, RefusalReason.STATUS, "/empty")


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    async with Site() as site:
        guard = guard_for(site)
    with pytest.raises(FetchRefused) as caught:
        await fetch(site.url("/page"), guard=guard, limits=QUICK)
    assert caught.value.reason == RefusalReason.UNREACHABLE


async def test_a_fetch_that_is_cancelled_hangs_up_and_stays_cancelled() -> None:
    begun = asyncio.Event()

    async def endless(writer: asyncio.StreamWriter) -> None:
        begun.set()
        await drip(writer, HEAD + b"\r\n", b"x")

    async with Wire(endless) as wire:
        running = asyncio.create_task(got(wire))
        await begun.wait()
        await asyncio.sleep(0.1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await asyncio.wait_for(wire.left.wait(), 60)


async def test_fetches_at_once_do_not_meet(site: Site) -> None:
    for number in range(30):
        site.pages[f"/{number}"] = page(str(number), "text/plain", Set_Cookie=f"n={number}")
    found = await asyncio.gather(*(got(site, f"/{number}") for number in range(30)))
    assert [one.data for one in found] == [str(number).encode() for number in range(30)]
    assert not any("Cookie" in asked.headers for asked in site.asked)


async def test_a_refusal_prints_whatever_a_server_says(site: Site) -> None:
    site.pages["/page"] = page("", "text/\x1b[31m" + "x" * 500)
    script = written(b"HTTP/1.1 500 \xe2\x80\xae\x1b[2J" + b"x" * 500 + b"\r\nContent-Length: 0\r\n\r\n")
    sentence = await refused_script(script, RefusalReason.STATUS)
    assert sentence.isprintable() and len(sentence) < 600
