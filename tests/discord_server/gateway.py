"""The gateway: sessions over web sockets, in uncompressed JSON."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .models import Json
from .state import GUILDS, MESSAGE_CONTENT, Event, World
from .wire import user_json

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 3, 6, 7, 9, 10, 11
BAD_TOKEN, NOT_IDENTIFIED, BAD_SHARD, DISALLOWED_INTENTS, UNKNOWN_OP = 4004, 4003, 4010, 4014, 4001
IDENTIFY_SECONDS = 5.0
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
CONTENT_FLAG = 1 << 19
"""GATEWAY_MESSAGE_CONTENT_LIMITED: the intent is enabled in the developer portal."""


class Socket:
    """One connection; payloads wait in a queue, so that senders do not block."""

    def __init__(self, websocket: web.WebSocketResponse) -> None:
        self.session: Session | None = None
        self._websocket = websocket
        self._outbox: asyncio.Queue[str | int] = asyncio.Queue()

    def send(self, item: Json | int) -> None:
        """Send a payload, or close with a code."""
        self._outbox.put_nowait(item if isinstance(item, int) else json.dumps(item))

    async def write(self) -> None:
        """Send the queue until it holds a close code."""
        while not isinstance(item := await self._outbox.get(), int):
            await self._websocket.send_str(item)
        await self._websocket.close(code=item)


@dataclass(eq=False)
class Session:
    """A session outlives its socket, so that the bot can resume it; `sent[n]` has the sequence number n + 1."""

    id: str
    intents: int
    socket: Socket | None
    shard: int = 0
    sent: list[Json] = field(default_factory=list)

    def send(self, name: str, data: Json) -> None:
        """Send an event, or keep it for the resume."""
        self.sent.append({"op": DISPATCH, "t": name, "s": len(self.sent) + 1, "d": data})
        if self.socket is not None:
            self.socket.send(self.sent[-1])


class Gateway:
    """All sessions of the bot."""

    def __init__(self, world: World, token: str) -> None:
        self.sessions: dict[str, Session] = {}
        self._world, self._token = world, token
        self.heartbeat = 41.25
        """The heartbeat interval in seconds."""
        self.is_deaf = False
        """Whether nothing is sent any more, although the connection stays open."""
        self.is_away = False
        """Whether new connections are refused."""
        self.too_early = 0
        """How often the bot has identified too soon after the last time, where `max_concurrency` is set."""
        self._identified: dict[int, float] = {}
        """By the shard's number modulo `max_concurrency`, when a session was opened last."""
        self._is_revoked = False
        world.listeners.append(self._announce)

    @property
    def live(self) -> Session | None:
        """The newest session with a connection."""
        return next((session for session in reversed(self.sessions.values()) if session.socket), None)

    def drop(self, code: int) -> None:
        """Close every connection with a code; sessions can be resumed, unless the code is for a bad token."""
        self._is_revoked |= code == BAD_TOKEN
        for session in self.sessions.values():
            if session.socket is not None:
                session.socket.send(code)
                session.socket = None

    def ask_to_reconnect(self) -> None:
        """Ask the bot to reconnect with its session (op 7)."""
        for session in self.sessions.values():
            if session.socket is not None:
                session.socket.send({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Invalidate the bot's sessions, or ask it to resume them (op 9)."""
        sessions = self.sessions
        if not resumable:
            self.sessions = {}
        for session in sessions.values():
            if session.socket is not None:
                session.socket.send({"op": INVALID, "d": resumable})

    def _shard_of(self, guild: str | None) -> int:
        """The shard of a guild; direct messages belong to the first."""
        return (int(guild) >> 22) % self._world.shards if guild else 0

    @property
    def is_whole(self) -> bool:
        """Whether every shard has a connected session."""
        return {session.shard for session in self.sessions.values() if session.socket} == set(range(self._world.shards))

    async def connect(self, http: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        if self.is_away:
            raise web.HTTPServiceUnavailable
        websocket = web.WebSocketResponse()
        await websocket.prepare(http)
        socket = Socket(websocket)
        writer = asyncio.create_task(socket.write())
        socket.send({"op": HELLO, "d": {"heartbeat_interval": round(1000 * self.heartbeat)}})
        try:
            async for message in websocket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    self._receive(socket, json.loads(message.data), http.host)
        finally:
            writer.cancel()
            if socket.session is not None and socket.session.socket is socket:
                socket.session.socket = None
            self._world.changes.changed()
        return websocket

    def _receive(self, socket: Socket, payload: Json, host: str) -> None:
        op, data = payload["op"], payload["d"]
        if op == HEARTBEAT:
            if not self.is_deaf:
                socket.send({"op": ACK})
        elif op == IDENTIFY:
            self._identify(socket, data, host)
        elif op == RESUME:
            self._resume(socket, data)
        elif socket.session is None:
            socket.send(NOT_IDENTIFIED)
        elif op != PRESENCE:
            socket.send(UNKNOWN_OP)
        self._world.changes.changed()

    def _identify(self, socket: Socket, data: Json, host: str) -> None:
        world, intents = self._world, data["intents"]
        if self._is_revoked or data["token"] != self._token:
            return socket.send(BAD_TOKEN)
        if intents & PRIVILEGED & ~(MESSAGE_CONTENT if world.message_content else 0):
            return socket.send(DISALLOWED_INTENTS)
        shard, shards = data.get("shard", [0, 1])
        if shards != world.shards or not 0 <= shard < shards:
            return socket.send(BAD_SHARD)
        if self._is_too_early(shard):
            self.too_early += 1
            return socket.send({"op": INVALID, "d": False})
        session = socket.session = Session(secrets.token_hex(16), intents, socket, shard)
        mine = [guild for guild in world.guilds.values() if self._shard_of(guild.id) == shard]
        self.sessions[session.id] = session
        ready = {
            "v": 10,
            "user": {**user_json(world.bot), "verified": True, "mfa_enabled": True},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": f"ws://{host}/gateway",
            "application": {"id": world.bot.id, "flags": CONTENT_FLAG if world.message_content else 0},
            "private_channels": [],
            "shard": [shard, shards],
        }
        session.send("READY", ready)
        for guild in mine if intents & GUILDS else ():
            session.send("GUILD_CREATE", world.guild_create(guild))
        return None

    def _is_too_early(self, shard: int) -> bool:
        """Whether another session of the same key was opened less than five seconds ago."""
        if self._world.max_concurrency is None:
            return False
        key, now = shard % self._world.max_concurrency, self._world.clock.now()
        is_too_early = now - self._identified.get(key, -IDENTIFY_SECONDS) < IDENTIFY_SECONDS
        self._identified[key] = self._identified[key] if is_too_early else now
        return is_too_early

    def _resume(self, socket: Socket, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if self._is_revoked or data["token"] != self._token:
            return socket.send(BAD_TOKEN)
        if session is None:
            return socket.send({"op": INVALID, "d": False})
        session.socket, socket.session = socket, session
        for event in session.sent[data["seq"] :]:
            socket.send(event)
        return session.send("RESUMED", {})

    def _announce(self, event: Event) -> None:
        guild = event.data["id"] if event.name == "GUILD_CREATE" else event.data.get("guild_id")
        shard = self._shard_of(guild)
        for session in () if self.is_deaf else self.sessions.values():
            if session.shard == shard and event.intent & session.intents == event.intent:
                hidden = event.bare is not None and not session.intents & MESSAGE_CONTENT
                session.send(event.name, event.bare if hidden and event.bare is not None else event.data)
