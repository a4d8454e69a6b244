"""Cool-downs per member and per channel: for questions, and for buttons.

Where several processes run, a member's questions are counted in the database, since servers of different processes and
direct messages may share a member. A channel belongs to one process, and so does what is counted here for it. Buttons
are counted by each process alone: what they show is private and cheap, and not worth a write.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from discord.app_commands import Cooldown

from bot.i18n.messages import Message
from bot.state import StateUnavailable
from bot.state.members import QuestionCount

log = logging.getLogger(__name__)
BURST = 3
"""Questions that may be asked in a row without waiting."""
PRESSES = 12
"""Buttons that may be pressed in the time of `BURST` questions: four under each of their answers."""
MAX_PRESS_SECONDS = 20
"""Seconds between questions above which buttons wait no longer: what they show is private and cheap."""
MAX_KEYS = 10_000
"""Cool-downs kept before the oldest is evicted."""
COUNT_SECONDS = 0.7
"""Seconds to wait for the database: a command must be answered within three."""
ALONE_SECONDS = 5.0
"""Seconds without the database's count after it could not be reached."""
CountQuestion = Callable[[int, int, int], Awaitable[QuestionCount]]
"""Counts a member's question for all processes: user, seconds between questions, seconds in which they are counted."""


class OnCooldown(Exception):
    """Somebody has to wait before asking or pressing again."""

    def __init__(self, sentence: Message, seconds: float, *, is_first: bool) -> None:
        """Take the message for the user, the seconds to wait, and whether this is the first refusal of this wait."""
        super().__init__(f"to be used again in {seconds:.1f} s")
        self.sentence = sentence
        self.until = time.time() + seconds
        self.is_first = is_first


class Cooldowns:
    """Token buckets per member and per channel: in memory, or for members in the database of several processes."""

    def __init__(self, shared: CountQuestion | None = None) -> None:
        self._shared = shared
        self._alone_until = 0.0
        self._buckets: OrderedDict[tuple[Message, int, int], Cooldown] = OrderedDict()
        self._told: dict[tuple[Message, int, int], float] = {}

    async def check(self, user: int, user_seconds: int, channel: int | None, channel_seconds: int) -> None:
        """Count a question; raises `OnCooldown` if it comes too soon."""
        counted = await self._count_for_all(user, user_seconds)
        if counted is None:
            self._count(Message.TOO_FAST, user, user_seconds)
        elif counted.number > BURST:
            wait = max(0.0, counted.seconds_left)
            raise OnCooldown(Message.TOO_FAST, wait, is_first=counted.number == BURST + 1)
        if channel is not None:
            self._count(Message.CHANNEL_TOO_FAST, channel, channel_seconds)

    async def _count_for_all(self, user: int, seconds: int) -> QuestionCount | None:
        """Count a member's question in the database; None if this process counts alone."""
        if self._shared is None or seconds <= 0 or time.monotonic() < self._alone_until:
            return None
        try:
            async with asyncio.timeout(COUNT_SECONDS):
                return await self._shared(user, seconds, BURST * seconds)
        except (StateUnavailable, TimeoutError) as error:
            self._alone_until = time.monotonic() + ALONE_SECONDS
            reason = str(error) or "the database is slow"
            log.warning("Questions are counted by this process alone for some seconds: %s", reason)
            return None

    def check_press(self, user: int, user_seconds: int) -> None:
        """Count a press of a button, apart from questions; raises `OnCooldown` if there were too many."""
        self._count(Message.PRESSED_TOO_FAST, user, min(user_seconds, MAX_PRESS_SECONDS), PRESSES)

    def _count(self, sentence: Message, who: int, seconds: int, burst: int = BURST) -> None:
        if seconds <= 0:
            return
        key = (sentence, who, seconds)
        bucket = self._buckets.pop(key, None) or Cooldown(burst, BURST * seconds)
        self._buckets[key] = bucket
        while len(self._buckets) > MAX_KEYS:
            oldest, _ = self._buckets.popitem(last=False)
            self._told.pop(oldest, None)
        now = time.monotonic()  # not the time of day, which may be set back
        wait = bucket.update_rate_limit(now)
        if wait is None:
            self._told.pop(key, None)
            return
        is_first = key not in self._told or self._told[key] < now
        if is_first:
            self._told[key] = now + wait
        raise OnCooldown(sentence, wait, is_first=is_first)
