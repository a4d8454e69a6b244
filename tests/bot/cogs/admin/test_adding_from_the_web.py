"""Admins add pages by their URL; what must not be fetched is not reached."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from tests.bot.conftest import Scene
from tests.bot.reading import read
from tests.discord_server.options import Value

PARAGRAPH = (
    "The engineer Ann Karlsson will build a dam in the valley of Lomma, the council said on Monday. It will hold forty "
    "million cubic metres of water, and supply twelve thousand households with power for as long as the river runs."
)
PAGE = f"""<!DOCTYPE html><html><head><title>A dam for the valley</title>
<meta property="og:site_name" content="The Valley">
<meta property="article:published_time" content="2026-04-25"></head><body><nav>Home News</nav><article>
<h1>A dam for the valley</h1><p>{PARAGRAPH}</p><p>Nobody in the valley was asked whether the river should run on.</p>
</article><footer>All rights reserved</footer></body></html>"""


@dataclass
class Web:
    """A web server on this machine, and the paths that were asked of it."""

    port: int
    asked: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
async def pages() -> AsyncIterator[Web]:
    async def answer(request: web.Request) -> web.Response:
        held.asked.append(request.path)
        if request.path in {"/robots.txt", "/gone"}:
            return web.Response(status=404)
        if request.path == "/moved":
            return web.Response(status=302, headers={"Location": "/dam"})
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    held = Web(runner.addresses[0][1])
    yield held
    await runner.cleanup()


@pytest.fixture
async def near(scene: Scene, pages: Web) -> AsyncIterator[Scene]:
    """A bot that may fetch from that server."""
    scene.process = await scene.start(FAKE_WEB_PORT=str(pages.port))
    await scene.server.ready()
    yield scene
    scene.process.terminate()
    _, said = await asyncio.wait_for(scene.process.communicate(), 60)
    assert scene.process.returncode == 0, said.decode()
    assert "Traceback" not in said.decode(), said.decode()
    assert scene.server.violations == []


async def told(scene: Scene, **options: Value) -> str:
    used = await scene.server.slash(scene.keeper, scene.general, "admin add", force=False, **options)
    return "\n".join(read(await used.shown()))


async def test_a_page_is_fetched_cited_and_quoted(near: Scene, pages: Web) -> None:
    said = await told(near, url=pages.url("/moved"))
    assert said.startswith("I added the article:\n**Title**, from its text:\nA dam for the valley")
    assert f"**Source URL**, from an admin:\n{pages.url('/dam')}" in said
    assert "**Publisher**, from the page's metadata:\nThe Valley" in said
    assert (near.seeds / "a-dam-for-the-valley.html").read_text() == PAGE
    question = await near.server.post(near.alice, near.general, f"{near.server.mention} Who will build a dam in Lomma?")
    answer = read(await near.server.reply_to(question))[0]
    assert answer.startswith(f"> {PARAGRAPH.partition('. ')[0]}.")
    assert answer.endswith(pages.url("/dam"))
    used = await near.server.slash(near.keeper, near.general, "admin add", url=pages.url("/gone"))
    said = read(await used.shown())[0]
    assert used.ephemeral
    assert said.startswith("The page was not added, and nothing has changed. The reason:\n")
    assert "404" in said


@pytest.mark.usefixtures("bot")
async def test_nothing_on_this_machine_is_reached(scene: Scene, pages: Web) -> None:
    before = sorted(path.name for path in scene.seeds.iterdir())
    for url in (
        pages.url("/dam"),
        f"http://localhost:{pages.port}/",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://0/",
    ):
        said = await told(scene, url=url)
        assert said.startswith("The page was not added, and nothing has changed. The reason:\n")
    assert pages.asked == []
    assert sorted(path.name for path in scene.seeds.iterdir()) == before


@pytest.mark.usefixtures("bot")
async def test_not_both_a_file_and_a_url_are_added(scene: Scene) -> None:
    file = scene.server.attach("dam.txt", b"A dam.", "text/plain")
    used = await scene.server.slash(scene.keeper, scene.general, "admin add", file=file, url="https://example.com/")
    await used.answered()
    assert read(used.messages[0]) == ["Please give either a file or a URL, or neither to choose several files."]
