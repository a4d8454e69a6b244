"""Members who ask at a constant rate, however busy the bot is, and how long each of them waits."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from itertools import cycle
from pathlib import Path

from tests.discord_server import Channel, DiscordServer, ServerMessage, User
from tests.discord_server.state import Event

from .reading import read

SENTENCES = 12


def write_articles(seeds: Path, number: int) -> None:
    """Write articles, each about another dam."""
    for one in range(number):
        lines = [f"Dam {one}", f"Ann Karlsson will open dam {one} on the Lagan in May, the council said."]
        lines += [f"Part {part} of dam {one} is made of stone from quarry {one + part}." for part in range(SENTENCES)]
        (seeds / f"dam-{one:05}.txt").write_text("\n\n".join(lines) + "\n")


class Steady:
    """Questions at a constant rate, posted on time even if earlier ones are unanswered."""

    def __init__(self, server: DiscordServer, members: list[User], channels: list[Channel], rate: float) -> None:
        self.server, self.rate = server, rate
        self._members, self._channels = cycle(members), cycle(channels)
        self.enough = asyncio.Event()
        self.asked: list[ServerMessage] = []
        self._posted: dict[str, float] = {}
        self._answered: dict[str, float] = {}
        server.listeners.append(self._hear)

    def _hear(self, event: Event) -> None:
        if event.name == "MESSAGE_CREATE":
            target = event.data.get("message_reference", {}).get("message_id", "")
            self._answered.setdefault(target, time.perf_counter())

    async def ask(self, *questions: str) -> None:
        """Ask these in turn until `enough` is set, and wait for the last answers."""
        turn = cycle(questions)
        began, number = time.perf_counter(), 0
        while not self.enough.is_set():
            await asyncio.sleep(began + number / self.rate - time.perf_counter())
            number += 1
            now = time.perf_counter()
            text = f"{self.server.mention} {next(turn)}"
            message = await self.server.post(next(self._members), next(self._channels), text)
            self._posted[message.id] = now
            self.asked.append(message)
        await self.server.until(lambda: self._posted.keys() <= self._answered.keys(), 60, "all to be answered")

    def forget(self) -> None:
        """Reset the questions that are counted."""
        self.asked.clear()

    def waits(self) -> list[float]:
        """Seconds from each question to its answer."""
        return [self._answered[message.id] - self._posted[message.id] for message in self.asked]

    def answers(self) -> set[str]:
        """The distinct texts of the answers."""
        return {"\n".join(read(reply)) for message in self.asked for reply in self.server.replies(message)}

    def answered_once(self) -> bool:
        sent = (message for message in self.server.messages.values() if message.author is self.server.bot)
        answers = Counter(id(message.reference) for message in sent if not message.used)
        return all(answers[id(message)] == 1 for message in self.asked)
