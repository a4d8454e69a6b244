"""This process among others: says that it runs, renews the lease, hears what the others have changed."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping

from bot.processes.lease import Lease
from bot.state import StateUnavailable
from bot.state.processes import STALE_SECONDS, ProcessStatus, ProcessTable, shared_shards

log = logging.getLogger(__name__)
BEAT_SECONDS, LEASE_SECONDS = 3.0, 10.0
"""Seconds between two beats, each of which renews the lease, and seconds for which the lease is given."""
POLL_SECONDS = 1.5
"""Seconds between two looks at what others have changed."""
WAIT_SECONDS = 0.2
REPAIR_AGAIN_SECONDS = 600.0
"""Seconds before the index is rebuilt once more for a process that still cannot read it."""
IDENTIFY_SECONDS = 6.0
"""Seconds between two sessions that processes open: Discord lets an application open one in five."""

SHARDS_TWICE = (
    "The shards {shards} are those of {one} and of {other}, so the servers there are answered twice. "
    "Give each shard to one process with VERBATIM_SHARD_IDS."
)
COUNTS_DIFFER = (
    "VERBATIM_SHARD_COUNT is {count} for {one}, but {others_count} for {other}. "
    "Set the same number for all processes, and restart them."
)


class ProcessGroup:
    """Says that this process runs, holds the lease if no other does, and passes on what others have changed."""

    def __init__(
        self,
        table: ProcessTable,
        describe: Callable[[], ProcessStatus],
        changed: Mapping[str, Callable[[], Awaitable[None]]],
        lease: Lease | None = None,
    ) -> None:
        """Describe this process by `describe`; call what is in `changed` when the generation of its name has grown."""
        self.lease = lease or Lease()
        self.is_index_damaged = False
        """Whether another process cannot load the current snapshot."""
        self._table = table
        self._describe = describe
        self._changed = changed
        self._known: dict[str, int] = {}
        self._held = False
        self._conflicts: dict[str, float] = {}
        """By the id of another process, when a conflict with it was seen first, on the running clock."""
        self._told: set[str] = set()
        self._unavailable = False

    async def run(self) -> None:
        """Beat and poll until cancelled."""
        await asyncio.gather(self._repeat(self.beat, BEAT_SECONDS), self._repeat(self.poll, POLL_SECONDS))

    async def _repeat(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        while True:
            try:
                await work()
            except StateUnavailable as error:
                if not self._unavailable:
                    log.warning("The other processes cannot be heard: %s", error)
                self._unavailable = True
            except Exception:  # try again in the next round
                log.exception("The other processes cannot be heard")
            else:
                self._unavailable = False
            await asyncio.sleep(seconds)

    async def beat(self) -> None:
        """Say that this process runs, and renew the lease or take it; raises `StateUnavailable`."""
        asked = self.lease.now()
        status = self._describe()
        try:
            heartbeat = await self._table.beat(status, LEASE_SECONDS)
        finally:
            self._tell_of_loss()
        if heartbeat.holds_lease:
            self.lease.given(asked, LEASE_SECONDS)
        else:
            self.lease.lost()
        self._tell_of_loss()
        if self.lease.is_held and not self._held:
            self._held = True
            log.info("This process now does what one process does for all: commands, the folder of articles, expiry.")
        self.is_index_damaged = any(other.damaged for other in heartbeat.others)
        for other in heartbeat.others:
            self._tell_of_conflict(status, other)

    def _tell_of_loss(self) -> None:
        if self._held and not self.lease.is_held:
            self._held = False
            log.warning("This process has lost its lease; another one does what one process does for all.")

    def _tell_of_conflict(self, own: ProcessStatus, other: ProcessStatus) -> None:
        """Log, once for each other process, that it has a shard of this one, or counts the shards differently.

        One that was killed, and whose shards this process has taken over, counts as running for a while.
        """
        found, now = conflict(own, other), self.lease.now().running
        if found is None or other.id in self._told:
            return
        if now - self._conflicts.setdefault(other.id, now) > STALE_SECONDS:
            self._told.add(other.id)
            log.error("%s", found)

    async def poll(self) -> None:
        """Pass on what others have changed since the last look, the first time all; raises `StateUnavailable`."""
        found = await self._table.generations()
        for name, change in self._changed.items():
            if name in found and self._known.get(name) != found[name]:
                await change()
                self._known[name] = found[name]

    async def wait_for_lease(self) -> None:
        """Wait until this process holds the lease."""
        await _wait_until(lambda: self.lease.is_held)

    async def wait_for_loss(self) -> None:
        """Wait until this process holds the lease no longer."""
        await _wait_until(lambda: not self.lease.is_held)

    async def wait_to_identify(self) -> None:
        """Wait until Discord takes a new session of this application; alone, if the database cannot be reached."""
        session = secrets.token_hex(8)  # another one of this process has to wait too
        try:
            while not await self._table.may_identify(session, IDENTIFY_SECONDS):  # noqa: ASYNC110  # the database says no word when it changes
                await asyncio.sleep(WAIT_SECONDS)
        except StateUnavailable as error:
            log.warning("A session is opened without asking the other processes: %s", error)
            await asyncio.sleep(IDENTIFY_SECONDS)

    async def running(self) -> tuple[ProcessStatus, ...]:
        """Return all processes that run; raises `StateUnavailable`."""
        return await self._table.running()

    async def leave(self) -> None:
        """Release the lease, and delete the row of this process."""
        self.lease.lost()
        self._held = False
        try:
            await self._table.leave(self._describe().id)
        except StateUnavailable as error:
            log.warning("The other processes learn in some seconds that this one has stopped: %s", error)


def conflict(one: ProcessStatus, other: ProcessStatus) -> str | None:
    """Return what two processes have set that does not fit; None if all does."""
    names = {"one": name_of(one), "other": name_of(other)}
    if one.shard_count != other.shard_count:
        return COUNTS_DIFFER.format(**names, count=one.shard_count, others_count=other.shard_count)
    both = shared_shards(one, other)
    return SHARDS_TWICE.format(**names, shards=", ".join(map(str, both))) if both else None


def name_of(one: ProcessStatus) -> str:
    """Return what a process is called in messages."""
    return f"process {one.pid} on {one.host}"


async def _wait_until(check: Callable[[], bool]) -> None:
    """Wait until a condition holds that a clock changes."""
    while not check():  # noqa: ASYNC110  # no event comes when time is over
        await asyncio.sleep(WAIT_SECONDS)
