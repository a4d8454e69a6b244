"""The languages of users who have used an interaction; messages do not carry one."""

from __future__ import annotations

import asyncio
import logging
import time

from bot.bounded import LRUMap
from bot.state import State, StateUnavailable
from bot.state.members import SharedMembers

log = logging.getLogger(__name__)
PATIENCE = 0.7
"""Seconds to wait for a language that another process may have stored."""
STORED_SECONDS = 86_400.0
"""Seconds after which a language is stored again, so that it is kept for as long as it is used."""


class Languages:
    """Languages by user: in memory, and of several processes in the database.

    Interactions come to the process of their server, but direct messages to that of the first shard.
    """

    def __init__(self, state: State, shared: SharedMembers | None) -> None:
        self._state = state
        self._shared = shared
        self._known: LRUMap[str] = LRUMap()
        self._stored: LRUMap[float] = LRUMap()
        """When this process has stored a language."""

    async def remember(self, user: int, language: str) -> None:
        """Remember the language of a user's client, also for the other processes."""
        is_new = self._known.get(user) != language
        self._known[user] = language
        now = time.monotonic()
        stored = self._stored.get(user)
        if self._shared is None or not (is_new or stored is None or now - stored > STORED_SECONDS):
            return
        self._stored[user] = now
        try:
            await self._shared.set_language(self._state.pseudonym(user), language)
        except StateUnavailable as error:
            log.warning("The other processes do not learn a user's language: %s", error)

    async def of(self, user: int) -> str | None:
        """Return a user's language; None if it is not known."""
        return await self._find_shared(user) or self._known.get(user)

    async def _find_shared(self, user: int) -> str | None:
        if self._shared is None:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._shared.language(self._state.pseudonym(user))
        except (StateUnavailable, TimeoutError):
            return None
