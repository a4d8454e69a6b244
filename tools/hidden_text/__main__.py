"""`python -m tools.hidden_text FILE`: make pages that hide a sentence, and write which sentences Chromium shows.

A sentence is seen if the picture of the page changes when its letters become others of the same width. The tests read
the file; write it anew after a change of `documents.py`: `python -m tools.hidden_text
tests/index/reading/html/hidden_text.json`. It needs Chromium, `--chromium` names it.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import io
import itertools
import json
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from PIL import Image

from tools.hidden_text.documents import CONTROLS, HIDDEN, Document, documents

LEAST_DIFFERENCE, LEAST_PIXELS = 24, 20
"""Difference of a channel at which a pixel is seen to change, and how many such pixels make text."""
SIZE = {"width": 1000, "height": 700, "deviceScaleFactor": 1, "mobile": False}
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0")


class Browser:
    """A page of Chromium, by its DevTools protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Take the connection to a page."""
        self._socket = socket
        self._numbers = itertools.count(1)

    async def call(self, method: str, **parameters: Any) -> Any:  # noqa: ANN401  # JSON
        """Call a method and return its result."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            reply = await self._socket.receive_json()
            if reply.get("id") == number:
                return reply["result"]

    async def picture(self, page: str) -> np.ndarray:
        """Return the pixels of a page."""
        frame = (await self.call("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        await self.call("Page.setDocumentContent", frameId=frame, html=page)
        settled = "new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 20))"
        await self.call("Runtime.evaluate", expression=settled, awaitPromise=True)
        shot = await self.call("Page.captureScreenshot", format="png")
        with Image.open(io.BytesIO(base64.b64decode(shot["data"]))) as image:
            return np.asarray(image.convert("RGB")).astype(int)


async def seen(browser: Browser, document: Document) -> str:
    """Return 1 or 0 for each sentence of a document, the hidden one last."""
    usual = await browser.picture(document.page())
    found = ""
    for number in range(len(CONTROLS) + 1):
        sentences = [*CONTROLS, HIDDEN]
        sentences[number] = "".join("m" if letter.isalpha() else letter for letter in sentences[number])
        other = await browser.picture(document.page(sentences[-1], tuple(sentences[:-1])))
        changed = (abs(other - usual).max(axis=2) >= LEAST_DIFFERENCE).sum()
        found += "1" if changed >= LEAST_PIXELS else "0"
    return found


async def run(chromium: str, listed: list[Document], file: Path) -> None:
    """Look at documents and write what is seen of them."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            chromium, *OPTIONS, f"--user-data-dir={folder}", "about:blank", stderr=asyncio.subprocess.DEVNULL
        )
        try:
            ports = Path(folder) / "DevToolsActivePort"
            while not (ports.exists() and ports.read_text("utf-8").strip()):  # noqa: ASYNC110  # once
                await asyncio.sleep(0.1)
            port = ports.read_text("utf-8").split()[0]  # once
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json") as reply:
                    [address, *_] = [
                        each["webSocketDebuggerUrl"] for each in await reply.json() if each["type"] == "page"
                    ]
                async with session.ws_connect(address, max_msg_size=0) as socket:
                    browser = Browser(socket)
                    await browser.call("Emulation.setDeviceMetricsOverride", **SIZE)
                    told = [[*document, await seen(browser, document)] for document in listed]
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
    lines = ",\n".join(json.dumps(each) for each in told)
    file.write_text(f"[\n{lines}\n]\n", "utf-8")  # noqa: ASYNC240  # at the end


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--chromium", default="chromium")
    given = parser.parse_args()
    asyncio.run(run(given.chromium, list(documents()), given.file))


if __name__ == "__main__":
    main()
