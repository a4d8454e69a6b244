"""The fake Discord as tests use it: state, people, REST and gateway."""

import asyncio
import os
import secrets
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from . import accounts, callbacks, channels
from .gateway import Gateway
from .models import ServerMessage
from .people import People
from .rest import API, Call, Fault, Rest
from .state import Clock

Found = TypeVar("Found")
INJECT = Path(__file__).parent / "inject"
ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "COVERAGE_PROCESS_START")
GOING_AWAY = 1001


class DiscordServer(People):
    """A fake Discord on a free loopback port, for the length of an `async with`.

    `message_content` is the switch in the developer portal. `violations` lists the bot's errors, `requests` all of its
    requests. `team` makes the application a team's; its owner is `owner`, the bot's user `bot`.
    """

    def __init__(self, name: str = "Verbatim", *, message_content: bool = False, clock: Clock | None = None) -> None:
        super().__init__(name, message_content=message_content, clock=clock)
        self.token = f"{b64encode(self.bot.id.encode()).decode()}.stand-in.{secrets.token_urlsafe(24)}"
        self.gateway = Gateway(self, self.token)
        self.rest = Rest(self, self.token, [*accounts.ROUTES, *channels.ROUTES, *callbacks.ROUTES])

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 << 20)
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_get("/gateway/", self.gateway.connect)
        app.router.add_get("/attachments/{id}/{name}", self._download)
        self.rest.register(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.drop(GOING_AWAY)
        await asyncio.sleep(0)
        await self._runner.cleanup()

    async def _download(self, http: web.Request) -> web.Response:
        attachment = self.attachments.get(http.match_info["id"])
        if attachment is None:
            raise web.HTTPNotFound
        return web.Response(body=attachment.data, headers={"Content-Type": attachment.content_type})

    @property
    def api(self) -> str:
        """The base URL of REST."""
        return self.origin + API

    @property
    def gateway_url(self) -> str:
        return self.origin.replace("http", "ws", 1) + "/gateway"

    @property
    def requests(self) -> list[Call]:
        """All requests of the bot, oldest first."""
        return self.rest.requests

    def environment(self, **variables: str) -> dict[str, str]:
        """The environment of a process whose discord.py connects to this server: these variables, and little else."""
        return {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "PYTHONPATH": os.pathsep.join([str(INJECT), str(ROOT)]),
            "PYTHONUNBUFFERED": "1",
            "FAKE_DISCORD_API": self.api,
            "FAKE_DISCORD_GATEWAY": self.gateway_url,
            **variables,
        }

    async def until(self, check: Callable[[], Found | None], within: float = 60, what: str = "a condition") -> Found:
        """Wait until `check` returns a true value, and return it; the error names the last requests."""
        try:
            return await self.changes.until(check, within, what)
        except TimeoutError as error:
            last = ", ".join(f"{call} → {call.status}" for call in self.requests[-5:])
            error.add_note(f"last requests: {last or 'none'}; violations: {self.violations}")
            raise

    async def ready(self, within: float = 60) -> None:
        """Wait until each shard of the bot has a gateway session, new or resumed."""
        await self.until(lambda: self.gateway.is_whole, within, "the bot to identify")

    def replies(self, question: ServerMessage) -> list[ServerMessage]:
        """The bot's replies to a message, oldest first."""
        return [m for m in self.messages.values() if m.author is self.bot and m.reference is question and not m.used]

    async def reply_to(self, question: ServerMessage, within: float = 60) -> ServerMessage:
        """Wait for the bot's first reply to a message."""
        found = await self.until(lambda: self.replies(question), within, f"a reply to {question.content!r}")
        return found[0]

    async def settle(self, quiet: float = 0.3) -> None:
        """Wait until the bot has sent no request for `quiet` seconds; to test that something does not happen."""
        seen = -1
        while seen != len(self.requests):
            seen = len(self.requests)
            await asyncio.sleep(quiet)

    def fail(  # noqa: PLR0913  # the fields of a fault
        self,
        method: str,
        pattern: str,
        status: int,
        times: float = 1,
        retry_after: float = 0.5,
        *,
        carried_out: bool = False,
        spared: int = 0,
    ) -> None:
        """Make the next matching requests fail; the pattern is for fnmatch, such as /channels/1/messages."""
        self.rest.faults.append(Fault(method, pattern, status, times, retry_after, carried_out, spared))

    def gateway_asks_again(self) -> None:
        """Ask the bot to reconnect with its session (op 7)."""
        self.gateway.ask_to_reconnect()

    def gateway_forgets(self, *, resumable: bool = False) -> None:
        """Invalidate the bot's session, or ask it to resume it (op 9)."""
        self.gateway.invalidate(resumable=resumable)

    def drop(self, code: int = 4000) -> None:
        """Close the bot's gateway connection with a code."""
        self.gateway.drop(code)
