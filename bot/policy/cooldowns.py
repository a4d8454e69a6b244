"""Cool-downs per member and per channel: for questions, and for buttons."""

from __future__ import annotations

import time
from collections import OrderedDict

from discord.app_commands import Cooldown

from bot.i18n.messages import Message

BURST = 3
"""Questions that may be asked in a row without waiting."""
PRESSES = 12
"""Buttons that may be pressed in the time of `BURST` questions: four under each of their answers."""
MAX_PRESS_SECONDS = 20
"""Seconds between questions above which buttons wait no longer: what they show is private and cheap."""
MAX_KEYS = 10_000
"""Cool-downs kept before the oldest is evicted."""


class OnCooldown(Exception):
    """Somebody has to wait before asking or pressing again."""

    def __init__(self, sentence: Message, seconds: float, *, is_first: bool) -> None:
        """Take the message for the user, the seconds to wait, and whether this is the first refusal of this wait."""
        super().__init__(f"to be used again in {seconds:.1f} s")
        self.sentence = sentence
        self.until = time.time() + seconds
        self.is_first = is_first


class Cooldowns:
    """Token buckets per member and per channel, in memory only."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[tuple[Message, int, int], Cooldown] = OrderedDict()
        self._told: dict[tuple[Message, int, int], float] = {}

    def check(self, user: int, user_seconds: int, channel: int | None, channel_seconds: int) -> None:
        """Count a question; raises `OnCooldown` if it comes too soon."""
        self._count(Message.TOO_FAST, user, user_seconds)
        if channel is not None:
            self._count(Message.CHANNEL_TOO_FAST, channel, channel_seconds)

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
