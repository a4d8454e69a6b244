"""Guarded connections: checks of the DNS answer, of the socket before connecting, and of the peer afterwards.

The socket check decides, for every address of every attempt, literal or resolved. The DNS check refuses a name with a
public and a private address at once; the peer check sees where the system really connected.
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


class ConnectionGate:
    """Applies a guard and remembers a refusal, which aiohttp's errors do not convey."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.refused = False

    def check(self, address: str, port: int) -> None:
        """Raise PermissionError if the address is forbidden: an OSError, as aiohttp expects of sockets."""
        if not self.guard.allows(address, port):
            self.refuse()

    def refuse(self) -> None:
        """Remember the refusal and raise PermissionError."""
        self.refused = True
        raise PermissionError(errno.EACCES, "not a public address")

    def socket(self, info: AddrInfoType) -> socket.socket:
        """Create a socket for an address, if it is allowed."""
        family, kind, protocol, _, address = info
        self.check(str(address[0]), int(address[1]))
        return socket.socket(family, kind, protocol)

    def check_peer(self, connected: Transport | None) -> None:
        """Raise OSError if the peer is gone, PermissionError if it is forbidden or this machine itself."""
        if connected is None:
            raise ConnectionResetError(errno.ECONNRESET, "closed at once")
        made: TransportSocket = connected.get_extra_info("socket")
        peer, own = made.getpeername(), made.getsockname()
        self.check(peer[0], peer[1])
        if peer[0] == own[0] and not self.guard.allow_own_host:
            self.refuse()


class GuardedResolver(AbstractResolver):
    """Refuses all answers of another resolver if one of the addresses is forbidden.

    A name with both a public and a private address is an attack or a mistake; if the public one were tried first,
    chance and timing would decide which is reached.
    """

    def __init__(self, inner: AbstractResolver, gate: ConnectionGate) -> None:
        self._inner = inner
        self._gate = gate

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Resolve a host; raise PermissionError if an address is forbidden, OSError if there is none."""
        found = await self._inner.resolve(host, port, family)
        if not found:
            raise OSError(errno.EADDRNOTAVAIL, "no address")
        for answer in found:
            self._gate.check(answer["host"], answer["port"])
        return found

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()


class GuardedConnector(TCPConnector):
    """aiohttp's connector with all three checks; a connection serves one request and is closed."""

    def __init__(self, gate: ConnectionGate, resolver: AbstractResolver | None = None) -> None:
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
        """Return a connection to an allowed peer, before any request is sent."""
        connection = await super().connect(req, traces, timeout)
        try:
            self._gate.check_peer(connection.transport)
        except BaseException:
            connection.close()
            raise
        return connection
