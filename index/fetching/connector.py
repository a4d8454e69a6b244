"""Connections that pass the guard: DNS's answer, the socket before it is connected, and the peer afterwards.

The socket is the check that counts, for every address of every attempt, literal or looked up; the one before it refuses
a name that stands for a public and an inner address at once, and the one after it sees whom the system connected to.
"""

from __future__ import annotations

import errno
import socket
from asyncio import Transport
from asyncio.trsock import TransportSocket

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType, Connection
from aiohttp.resolver import ThreadedResolver
from aiohttp.tracing import Trace

from index.fetching.guard import Guard


class Gate:
    """A guard at work: it remembers that it refused something, as the errors on the way up do not."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.refused = False

    def check(self, address: str, port: int) -> None:
        """PermissionError where this may not be connected to: an OSError, which is what aiohttp expects of sockets."""
        if not self.guard.allows(address, port):
            self.refuse()

    def refuse(self) -> None:
        """Remember it, and raise PermissionError."""
        self.refused = True
        raise PermissionError(errno.EACCES, "not a public address")

    def socket(self, info: AddrInfoType) -> socket.socket:
        """A socket for an address, made only where it may be connected to."""
        family, kind, protocol, _, address = info
        self.check(str(address[0]), int(address[1]))
        return socket.socket(family, kind, protocol)

    def check_peer(self, connected: Transport | None) -> None:
        """OSError where the other end is gone; PermissionError where it is not allowed, or is this machine itself."""
        if connected is None:
            raise ConnectionResetError(errno.ECONNRESET, "closed at once")
        made: TransportSocket = connected.get_extra_info("socket")
        peer, own = made.getpeername(), made.getsockname()
        self.check(peer[0], peer[1])
        if peer[0] == own[0] and not self.guard.itself:
            self.refuse()


class GuardedResolver(AbstractResolver):
    """The answers of another resolver, refused as a whole where one of the addresses is not allowed.

    A name that stands for a public and an inner address at once is an attack or a mistake; trying the public one first
    would leave it to chance and to timing which of them is met.
    """

    def __init__(self, inner: AbstractResolver, gate: Gate) -> None:
        self._inner = inner
        self._gate = gate

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host; PermissionError where the guard forbids one of them, OSError where there is none."""
        found = await self._inner.resolve(host, port, family)
        if not found:
            raise OSError(errno.EADDRNOTAVAIL, "no address")
        for answer in found:
            self._gate.check(answer["host"], answer["port"])
        return found

    async def close(self) -> None:
        """Close the resolver behind it."""
        await self._inner.close()


class GuardedConnector(TCPConnector):
    """aiohttp's connector, with a gate at each of the three places; a connection serves one request and is closed."""

    def __init__(self, gate: Gate, resolver: AbstractResolver | None = None) -> None:
        super().__init__(
            resolver=GuardedResolver(resolver or ThreadedResolver(), gate),
            socket_factory=gate.socket,
            ssl=gate.guard.authorities or True,
            use_dns_cache=False,
            force_close=True,
        )
        self._gate = gate

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109  # aiohttp's own signature
    ) -> Connection:
        """A connection whose other end is allowed; nothing has been asked over it yet."""
        connection = await super().connect(req, traces, timeout)
        try:
            self._gate.check_peer(connection.transport)
        except BaseException:
            connection.close()
            raise
        return connection
