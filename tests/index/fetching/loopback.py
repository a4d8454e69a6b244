"""Loopback servers to fetch from: `Site` is a public host, `Trap` one that must never be reached."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple, Self

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from index.fetching import Guard
from index.fetching.addresses import Address

PUBLIC_ROLE, INNER_ROLE = "127.0.0.1", "127.0.0.2"
"""Two loopback addresses: the test's guard allows the first and not the second."""
CERTIFICATE = Path(__file__).with_name("loopback.pem")
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Asked(NamedTuple):
    path: str
    headers: dict[str, str]


def page(body: bytes | str = "<p>Words.</p>", kind: str | None = "text/html", status: int = 200, **more: str) -> Answer:
    """Respond with this; underscores in the names of further headers become hyphens."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        if kind:
            headers["Content-Type"] = kind
        data = body.encode() if isinstance(body, str) else body
        response = web.Response(body=data, status=status, headers=headers)
        await response.prepare(request)
        return response

    return answer


def redirect(to: str, status: int = 302) -> Answer:
    return page("", status=status, Location=to)


class Site:
    """Responds by path, with 404 for other paths, and records requests."""

    def __init__(self, *, tls: bool = False) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.port = 0
        self._tls = tls

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(Asked(request.path_qs, dict(request.headers)))
        answer = self.pages.get(request.path) or page("nothing here", "text/plain", 404)
        return await answer(request)

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        await self._runner.setup()
        context = None
        if self._tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
        await web.TCPSite(self._runner, PUBLIC_ROLE, 0, ssl_context=context).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def url(self, path: str = "/", host: str = PUBLIC_ROLE) -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


class Wire:
    """A server that runs a script on every connection, after 404 for robots.txt; it counts connections."""

    def __init__(self, script: Script, host: str = PUBLIC_ROLE, port: int = 0) -> None:
        self.connections = 0
        self.left = asyncio.Event()
        """Set when the client closes the connection during the script."""
        self.host, self.port = host, port
        self._script = script

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            asked = await reader.readuntil(b"\r\n\r\n")
            if asked.startswith(b"GET /robots.txt "):
                writer.write(MISSING)
            else:
                script = asyncio.create_task(self._run(writer))
                try:
                    await reader.read()
                finally:
                    self.left.set()
                    script.cancel()
        writer.close()

    async def _run(self, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await self._script(writer)
            writer.close()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.sleep(0.01)

    def url(self, path: str = "/page") -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{path}"


class Trap(Wire):
    """Must never be reached: holds a secret, and counts connections."""

    def __init__(self, host: str = INNER_ROLE, port: int = 0) -> None:
        super().__init__(
            written(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nSECRET"), host, port
        )


def written(data: bytes) -> Script:
    """A script that writes this and closes the connection."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return script


class Names(AbstractResolver):
    """A fake resolver: each name returns its lists of addresses in turn, the last one from then on."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self.answers = answers
        self.lookups: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.lookups.append(host)
        found = self.answers[host]
        addresses = found.pop(0) if len(found) > 1 else found[0]
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=flags)
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to close."""


def only_the_public_role(address: Address) -> bool:
    return address == ip_address(PUBLIC_ROLE)


def guard_for(*servers: Site | Wire) -> Guard:
    """A guard that allows the ports of these servers at the public address."""
    ports = frozenset({server.port for server in servers})
    trusted = ssl.create_default_context(cafile=str(CERTIFICATE))
    return Guard(addresses=only_the_public_role, ports=ports, allow_own_host=True, authorities=trusted)
