"""Screenshots of pages by headless Chromium."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

PACKAGES = Path(__file__).parent / "node_modules"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--virtual-time-budget=5000",
)
SCALE = 2


class Missing(Exception):
    """A requirement of the pictures is missing; the message says what to install."""


def browser() -> str:
    """The path of Chromium; Missing where there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    message = "Chromium is missing. On Debian: apt-get install chromium fonts-noto-core fonts-noto-color-emoji."
    raise Missing(message)


@asynccontextmanager
async def served(pages: Mapping[str, str]) -> AsyncIterator[str]:
    """Serve the pages and the packages on this machine; yields the address."""
    if not PACKAGES.is_dir():
        message = f"{PACKAGES} is missing. `make pictures` installs it, with npm."
        raise Missing(message)

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=pages[request.match_info["name"]], content_type="text/html")

    application = web.Application()
    application.router.add_get("/pages/{name}", page)
    application.router.add_static("/packages", PACKAGES)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def photograph(address: str, width: int, to: Path) -> None:
    """Draw a page into a PNG of its full height."""
    drawn = await _run("--dump-dom", f"--window-size={width},2000", address)
    found = re.search(rb'data-height="(\d+)"', drawn)
    if found is None:
        message = f"{address} was not drawn"
        raise RuntimeError(message)
    size = f"--window-size={width},{int(found[1])}"
    await _run(f"--screenshot={to}", size, f"--force-device-scale-factor={SCALE}", address)


async def _run(*arguments: str) -> bytes:
    with tempfile.TemporaryDirectory() as profile:
        root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        process = await asyncio.create_subprocess_exec(
            *(browser(), *QUIET, *root, f"--user-data-dir={profile}", *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        printed, _ = await asyncio.wait_for(process.communicate(), 60)
    return printed
