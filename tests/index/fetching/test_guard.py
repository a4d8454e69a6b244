"""No address of an inner network is ever connected to, however it is written, looked up or redirected to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from index.errors import FetchRefused
from index.fetching import PUBLIC, FetchLimits, Guard, RefusalReason, fetch, urls
from index.fetching.addresses import Address, is_public
from index.fetching.connector import ConnectionGate, GuardedConnector
from tests.properties import examples

from .loopback import INNER_ROLE, PUBLIC_ROLE, Names, Site, Trap, guard_for, page, redirect

pytestmark = pytest.mark.timeout(30)
QUICK = FetchLimits(seconds=60)
SOMEWHERE = "93.184.215.14"
"""A public address, which nothing here ever connects to."""

LITERALS = [
    "127.0.0.1", "127.1", "127.0.1", "127.000.000.001", "127.0.0.01", "2130706433", "017700000001", "0x7f000001",
    "0x7F.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1", "0x7f.0x0.0x0.0x1", "127.0.0.0x1", "00000177.0.0.1", "127.0.0.1.",
    "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "%31%32%37.0.0.1", "127.127.127.127", "0", "0x0",
    "0.0.0.0",  # noqa: S104  # to be refused
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[0::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:0001::1]",
    "[2001:0:7f00:1::]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[fe80::1]", "[fe80::1%25lo]", "[fe80::1%lo]",
    "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[2001:2::1]", "[2001:20::1]",
    "[2606:4700::5efe:7f00:1]", "[3fff::1]", "[5f00::1]", "[100::1]",
    "10.0.0.1", "10.1", "100.64.0.1", "100.100.100.200", "169.254.169.254", "2852039166", "0xa9fea9fe", "172.16.0.1",
    "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "3232235521", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16",
]  # fmt: skip
NAMES = ["localhost", "LOCALHOST", "ⓛocalhost"]


@pytest.fixture
async def trap() -> AsyncIterator[Trap]:
    """At every address of the loopback, so that whoever comes at all is counted."""
    async with Trap("0.0.0.0") as four, Trap("::1", four.port) as six:  # noqa: S104  # for the length of a test
        yield four
        assert four.connections == six.connections == 0


async def refused(url: str, guard: Guard, names: Names | None = None) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        await fetch(url, guard=guard, resolver=names, limits=QUICK)
    assert "SECRET" not in str(caught.value)
    assert str(caught.value).isprintable()
    return caught.value


@pytest.mark.parametrize("host", LITERALS + NAMES)
async def test_no_spelling_of_an_inner_address_is_reached(trap: Trap, host: str) -> None:
    error = await refused(f"http://{host}:{trap.port}/", PUBLIC._replace(ports=frozenset({trap.port})))
    assert error.reason == RefusalReason.ADDRESS
    assert (await refused(f"http://{host}:{trap.port}/", PUBLIC)).reason == RefusalReason.PORT


@pytest.mark.parametrize("host", LITERALS + NAMES)
async def test_no_spelling_of_an_inner_address_is_redirected_to(trap: Trap, host: str) -> None:
    async with Site() as site:
        strict = False

        async def last(request: web.BaseRequest) -> web.StreamResponse:
            nonlocal strict
            strict = True
            return await redirect(f"http://{host}:{trap.port}/")(request)

        def allowed(address: Address) -> bool:  # the loopback only up to the last redirect
            return is_public(address) if strict else address == ip_address(PUBLIC_ROLE)

        site.pages |= {"/page": redirect("/hop"), "/hop": last}
        guard = Guard(addresses=allowed, ports=frozenset({site.port, trap.port}), allow_own_host=True)
        assert (await refused(site.url("/page"), guard)).reason == RefusalReason.ADDRESS
        assert site.paths == ["/robots.txt", "/page", "/hop"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", RefusalReason.SCHEME),
        ("file:/etc/passwd", RefusalReason.SCHEME),
        ("ftp://127.0.0.1/", RefusalReason.SCHEME),
        ("gopher://127.0.0.1:6379/_x", RefusalReason.SCHEME),
        ("data:text/html,words", RefusalReason.SCHEME),
        ("javascript:alert(1)", RefusalReason.SCHEME),
        ("ws://127.0.0.1/", RefusalReason.SCHEME),
        ("unix:///var/run/docker.sock", RefusalReason.SCHEME),
        ("http+unix://x/", RefusalReason.SCHEME),
        ("http://me:password@127.0.0.1/", RefusalReason.USER),
        ("http://me@127.0.0.1/", RefusalReason.USER),
        ("http://127.0.0.1:22/", RefusalReason.PORT),
        ("http://127.0.0.1:0/", RefusalReason.PORT),
        ("https://127.0.0.1:6379/", RefusalReason.PORT),
        ("http://127.0.0.1:65536/", RefusalReason.URL),
        ("http://127.0.0.1:-1/", RefusalReason.URL),
        ("http://[::1/", RefusalReason.URL),
        ("http://a[::1]@/", RefusalReason.URL),
    ],
)
async def test_neither_given_nor_redirected_to_is_anything_but_a_plain_url_of_the_web(
    url: str, reason: RefusalReason
) -> None:
    assert (await refused(url, PUBLIC)).reason == reason
    async with Site() as site:
        site.pages["/page"] = redirect(url)
        assert (await refused(site.url("/page"), guard_for(site))).reason == reason
        assert site.paths == ["/robots.txt", "/page"]


@pytest.mark.parametrize(
    "url",
    [
        "", " ", "x", "/page", "//127.0.0.1/", "http:", "http://", "http:///page", "http:127.0.0.1", "http:/127.0.0.1",
        "http://a\\@127.0.0.1/", "http://127.0.0.1\\@example.com/", "http://exa mple.com/", "http://example.com/\nx",
        "http://example.com/<b>", "ht\ntp://127.0.0.1/", "http://\u202e127.0.0.1/", "http://\ud800/", "http://@127.0.0.1/",
        "http://loca\u00adlhost/", "http://a..b/", f"http://{'a' * 64}.example/", f"http://example.com/{'a' * 2000}",
    ],
)  # fmt: skip
async def test_what_is_no_url_is_refused_as_none(url: str) -> None:
    assert (await refused(url, PUBLIC)).reason in {RefusalReason.URL, RefusalReason.USER}


async def test_nobodys_password_is_printed() -> None:
    for url in (
        "http://me:hunter2@example.com/",
        "https://me:hunter2@[::1",
        "ftp://me:hunter2@x/",
        "http:me:hunter2@x",
    ):
        assert "hunter2" not in str(await refused(url, PUBLIC))


@pytest.mark.parametrize("inner", [INNER_ROLE, "::1", "::ffff:127.0.0.2", "10.0.0.1", "169.254.169.254", "fe80::1%lo"])
async def test_a_name_that_is_bound_anew_between_two_requests_does_not_lead_inside(inner: str) -> None:
    async with Site() as site, Trap(port=site.port) as trap:
        site.pages["/page"] = page()
        names = Names({"page.example": [[PUBLIC_ROLE], [inner]]})
        error = await refused(site.url("/page", "page.example"), guard_for(site, trap), names)
        assert error.reason == RefusalReason.ADDRESS and names.lookups == ["page.example"] * 2
        assert trap.connections == 0 and site.paths == ["/robots.txt"]


@pytest.mark.parametrize("order", [[PUBLIC_ROLE, INNER_ROLE], [INNER_ROLE, PUBLIC_ROLE], [PUBLIC_ROLE, "::1"]])
async def test_a_name_that_stands_for_a_public_and_an_inner_address_is_refused_whole(order: list[str]) -> None:
    async with Site() as site, Trap(port=site.port) as trap:
        error = await refused(site.url("/", "both.example"), guard_for(site, trap), Names({"both.example": [order]}))
        assert error.reason == RefusalReason.ADDRESS and not site.paths and trap.connections == 0
    error = await refused("http://both.example/", PUBLIC, Names({"both.example": [[SOMEWHERE, "127.0.0.1"]]}))
    assert error.reason == RefusalReason.ADDRESS


@pytest.mark.parametrize("answer", ["2130706433", "127.1", "0x7f.0.0.1", "localhost", "", "127.0.0.1%lo", "x"])
async def test_what_a_resolver_gives_must_be_an_address(answer: str) -> None:
    names = Names({"odd.example": [[answer]]})
    assert (await refused("http://odd.example/", PUBLIC, names)).reason == RefusalReason.ADDRESS


async def test_a_name_without_an_address_is_unreachable() -> None:
    names = Names({"none.example": [[]]})
    assert (await refused("http://none.example/", PUBLIC, names)).reason == RefusalReason.UNREACHABLE


async def test_the_socket_is_guarded_where_the_resolver_lies(trap: Trap) -> None:
    class Liar(Names):
        """Its answers are other ones when they are read again."""

        async def resolve(self, *_: object, **__: object) -> list[dict[str, object]]:  # type: ignore[override]  # so it is
            class Answer(dict[str, object]):
                reads = 0

                def __getitem__(self, key: str) -> object:
                    if key == "host":
                        self.reads += 1
                        return SOMEWHERE if self.reads == 1 else "127.0.0.1"
                    return super().__getitem__(key)

            return [Answer(hostname="liar", host="", port=trap.port, family=socket.AF_INET, proto=0, flags=0)] * 2

    guard = PUBLIC._replace(ports=frozenset({trap.port}))
    error = await refused(f"http://liar.example:{trap.port}/", guard, Liar({}))
    assert error.reason == RefusalReason.ADDRESS


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]", "[::]"])
async def test_the_socket_is_guarded_where_nothing_is_looked_up(trap: Trap, host: str) -> None:
    gate = ConnectionGate(PUBLIC._replace(ports=frozenset({trap.port})))
    async with aiohttp.ClientSession(connector=GuardedConnector(gate)) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://{host}:{trap.port}/")
        assert isinstance(caught.value.os_error, PermissionError)
    assert gate.refused


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET, ("127.0.0.1", 80)),
        (socket.AF_INET, (SOMEWHERE, 25)),
        (socket.AF_INET6, ("::1", 443, 0, 0)),
        (socket.AF_INET6, ("fe80::1%lo", 443, 0, 1)),
        (socket.AF_INET6, ("::ffff:127.0.0.1", 80, 0, 0)),
    ],
)
def test_no_socket_is_made_for_an_inner_address_or_another_port(
    family: socket.AddressFamily, address: tuple[str, int]
) -> None:
    gate = ConnectionGate(PUBLIC)
    with pytest.raises(PermissionError):
        gate.socket((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address))
    assert gate.refused


def test_a_socket_is_made_for_a_public_address() -> None:
    gate = ConnectionGate(PUBLIC)
    made = gate.socket((socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (SOMEWHERE, 443)))
    made.close()
    assert not gate.refused


async def test_nothing_is_asked_of_a_peer_that_is_not_whom_the_socket_was_made_for() -> None:
    asked = []

    def only_until_connected(address: Address) -> bool:
        asked.append(address)
        return len(asked) <= 2  # as a literal and for the socket; then the system says who it connected to

    async with Site() as site:
        guard = guard_for(site)._replace(addresses=only_until_connected)
        assert (await refused(site.url("/page"), guard)).reason == RefusalReason.ADDRESS
        assert len(asked) == 3 and not site.paths


async def test_this_machine_itself_is_nothing_to_fetch_from_though_its_address_be_public() -> None:
    async with Site() as site:
        assert (
            await refused(site.url("/page"), guard_for(site)._replace(allow_own_host=False))
        ).reason == RefusalReason.ADDRESS
        assert not site.paths


async def test_a_refused_fetch_leaves_nothing_for_the_next(trap: Trap) -> None:
    async with Site() as site:
        site.pages["/page"] = page()
        guard = guard_for(site, trap)
        results = await asyncio.gather(
            *(
                fetch(url, guard=guard, limits=QUICK)
                for url in [site.url("/page"), f"http://{INNER_ROLE}:{trap.port}/"] * 5
            ),
            return_exceptions=True,
        )
        assert [isinstance(result, FetchRefused) for result in results] == [False, True] * 5


PUBLIC_ADDRESSES = [
    "1.1.1.1", "8.8.8.8", SOMEWHERE, "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1", "2001:200::1",
    "2001:4860:4860::8888", "2400::", "2003::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_public_addresses_are_allowed_at_the_two_ports_of_the_web(address: str) -> None:
    assert PUBLIC.allows(address, 80) and PUBLIC.allows(address, 443)
    assert not any(PUBLIC.allows(address, port) for port in (0, 22, 8080, 65535))


NEVER_4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
]  # fmt: skip
NEVER_6 = [
    "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:2::/48", "2001:10::/28",
    "2001:20::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
    "ff00::/8", "0::/3", "4000::/2", "8000::/1",
]  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(st.sampled_from(NEVER_4), st.integers(min_value=0, max_value=2**32 - 1))
def test_no_address_of_a_special_ipv4_network_is_public(network: str, number: int) -> None:
    found = IPv4Network(network)
    assert not is_public(found[number % found.num_addresses])
    assert not is_public(found[0]) and not is_public(found[-1])


@settings(max_examples=examples(300), deadline=None)
@given(st.sampled_from(NEVER_6), st.integers(min_value=0, max_value=2**128 - 1))
def test_no_address_of_a_special_ipv6_network_is_public(network: str, number: int) -> None:
    found = IPv6Network(network)
    assert not is_public(found[number % found.num_addresses])
    assert not is_public(found[0]) and not is_public(found[-1])


@settings(max_examples=examples(300), deadline=None)
@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_public_once_it_stands_in_an_ipv6_one(inner: IPv4Address) -> None:
    number = int(inner)
    for high in (0, 0xFFFF, 0x64FF9B << 64):
        assert not is_public(IPv6Address(high << 32 | number))
    assert not is_public(IPv6Address(0x2002 << 112 | number << 80))
    assert not is_public(IPv6Address(0x20010000 << 96 | number << 64))


@settings(max_examples=examples(300), deadline=None)
@given(st.ip_addresses())
def test_what_is_public_is_so_for_the_standard_library_too(address: Address) -> None:
    if is_public(address):
        assert address.is_global and not (address.is_private or address.is_multicast or address.is_reserved)


@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=40), st.integers(min_value=-1, max_value=70_000))
def test_a_guard_takes_any_text_for_an_address_and_allows_none_but_addresses(text: str, port: int) -> None:
    assert not PUBLIC.allows(text, port) or ip_address(text)


@pytest.mark.parametrize("location", ["%65xample.com:", "./a:b", "%41?b=%63:", "ä/%C3%A4:"])
def test_what_a_redirect_names_is_written_as_it_would_be_if_somebody_gave_it(location: str) -> None:
    target = urls.redirect_target(URL("https://example.com/2026/dam"), location, PUBLIC)
    assert str(urls.parse_given_url(str(target), PUBLIC)) == str(target)


@pytest.mark.parametrize("url", ["http://EXAMPLE.com.÷", "HTTP://Example.COM/%7edam", "https://ÄPFEL.example/ä"])
def test_a_url_is_written_in_one_way(url: str) -> None:
    found = urls.parse_given_url(url, PUBLIC)
    assert str(urls.parse_given_url(str(found), PUBLIC)) == str(found)
    assert found.raw_host == str(found.raw_host).lower()
