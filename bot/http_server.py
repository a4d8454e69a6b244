"""Optional HTTP server for `/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)


class PortInUse(Exception):
    """The port cannot be opened."""


@asynccontextmanager
async def serve(bot: VerbatimBot, settings: Settings) -> AsyncIterator[None]:
    """Serve the endpoints if a port is set; raises `PortInUse` if it cannot be opened."""
    if settings.http_port is None:
        yield
        return
    runner = web.AppRunner(application(bot), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.http_host, settings.http_port).start()
    except OSError as error:
        await runner.cleanup()
        where = f"{settings.http_host}:{settings.http_port}"
        message = f"The health port {where} cannot be opened ({error.strerror}). Choose another VERBATIM_HTTP_PORT."
        raise PortInUse(message) from error
    log.info("Health and metrics are at http://%s:%d.", settings.http_host, settings.http_port)
    try:
        yield
    finally:
        await runner.cleanup()


def application(bot: VerbatimBot) -> web.Application:
    """Return the web application with its three endpoints."""

    async def healthz(_: web.Request) -> web.Response:
        """Liveness: the event loop responds."""
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        """Readiness: connected to Discord, with an index."""
        ready = bot.is_ready_to_answer
        return web.Response(text="ready\n" if ready else "not ready\n", status=200 if ready else 503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(bot.metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    pages = web.Application()
    pages.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    return pages
