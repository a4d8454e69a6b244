"""REST: authentication, faults, logging and parsing of requests for all endpoints."""

import fnmatch
import json
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web

from .errors import RECORDED, ApiError, unauthorized
from .models import Attachment, Json
from .state import Violation, World

API = "/api/v10"


@dataclass(eq=False)
class Call:
    """A request of the bot, and the status of its response (0: not yet)."""

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    authorization: str
    host: str
    body: Any = None
    files: list[Attachment] = field(default_factory=list)
    status: int = 0

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


Answer = Json | list[Json] | None
Handler = Callable[[World, Call], Answer]


class Route(NamedTuple):
    """An endpoint; those of interactions and webhooks authenticate by the token in their path."""

    method: str
    path: str
    handler: Handler
    authenticated: bool = True


@dataclass(eq=False)
class Fault:
    """A fault to inject into the next matching requests: `pattern` is for fnmatch, such as /channels/1/messages."""

    method: str
    pattern: str
    status: int
    times: float = 1
    retry_after: float = 0.5
    carried_out: bool = False
    """Whether the request takes effect and only its response is lost."""
    spared: int = 0
    """How many matching requests succeed first."""

    def hits(self, call: Call) -> bool:
        """Whether this request fails; counts it."""
        fits = self.times > 0 and self.method in ("*", call.method) and fnmatch.fnmatch(call.path, self.pattern)
        hit = fits and not self.spared
        self.spared -= fits and not hit
        self.times -= hit
        return hit

    @property
    def body(self) -> Json:
        """The body of Discord's response."""
        if self.status == web.HTTPTooManyRequests.status_code:
            return {"message": "You are being rate limited.", "retry_after": self.retry_after, "global": False}
        if self.status == web.HTTPUnauthorized.status_code:
            return unauthorized().body
        return {"message": "injected fault", "code": 0}


class Rest:
    """The endpoints, the log of requests, and the faults to inject."""

    def __init__(self, world: World, token: str, routes: Iterable[Route]) -> None:
        self.requests: list[Call] = []
        self.faults: list[Fault] = []
        self._world, self._token, self._routes = world, token, routes

    def register(self, app: web.Application) -> None:
        """Add the endpoints to an application; requests for others are refused and recorded as violations."""
        for route in self._routes:
            app.router.add_route(route.method, API + route.path, self._serve(route))
        app.router.add_route("*", API + "/{rest:.*}", self._serve(Route("*", "", _no_endpoint)))

    def _serve(self, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(http: web.Request) -> web.Response:
            call = await self._read(http)
            self.requests.append(call)
            fault = next((each for each in self.faults if each.hits(call)), None)
            if fault is None or fault.carried_out:
                call.status, answer = self._answer(route, call)
            if fault is not None:
                call.status, answer = fault.status, fault.body
            self._world.changes.changed()
            return _response(call.status, answer, fault.retry_after if fault else 0)

        return serve

    def _answer(self, route: Route, call: Call) -> tuple[int, Answer]:
        try:
            if route.authenticated and call.authorization != f"Bot {self._token}":
                raise unauthorized()
            answer = route.handler(self._world, call)
        except ApiError as error:
            if error.code in RECORDED or error.status >= web.HTTPInternalServerError.status_code:
                self._world.violations.append(Violation(error.code, str(call), str(error)))
            return error.status, error.body
        return (204 if answer is None else 200), answer

    async def _read(self, http: web.Request) -> Call:
        path = http.path.removeprefix(API)
        authorization = http.headers.get("Authorization", "")
        call = Call(http.method, path, http.match_info, http.query, authorization, http.host)
        if http.content_type == "multipart/form-data":
            form = await http.post()
            call.body = json.loads(str(form.get("payload_json", "{}")))
            for part in form.values():
                if isinstance(part, web.FileField):
                    call.files.append(self._world.attach(part.filename, part.file.read(), part.content_type))
        elif raw := await http.read():
            call.body = json.loads(raw)
        return call


def _no_endpoint(world: World, call: Call) -> Answer:
    world.violations.append(Violation(0, str(call), "the stand-in has no such endpoint"))
    raise ApiError(404, 0, "404: Not Found")


def _response(status: int, answer: Answer, retry_after: float) -> web.Response:
    """JSON of exactly the type that discord.py parses; without `Via` it takes a 429 for a ban."""
    headers = {"Via": "1.1 google", **({"Retry-After": str(math.ceil(retry_after))} if retry_after else {})}
    if answer is None:
        return web.Response(status=status, headers=headers)
    return web.Response(
        status=status, headers={**headers, "Content-Type": "application/json"}, body=json.dumps(answer).encode()
    )
