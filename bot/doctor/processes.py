"""Checks of the processes that share the shards of one application."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.doctor import messages
from bot.doctor.finding import Finding, ok, problem, warning
from bot.processes.group import conflict
from bot.settings import OptionalSettings
from bot.state.processes import ProcessStatus


def process_findings(settings: OptionalSettings, running: Sequence[ProcessStatus]) -> Iterator[Finding]:
    """Whether each shard is that of one process; nothing if none runs, or none shares its shards."""
    count = settings.shard_count
    if count is None or not running:
        return
    conflicts = [problem(found) for pair in combinations(running, 2) if (found := conflict(*pair))]
    yield from conflicts
    missing = sorted(set(range(count)) - {shard for one in running for shard in one.shards})
    if missing:
        yield warning(messages.SHARDS_MISSING.format(shards=", ".join(map(str, missing)), count=count))
    elif not conflicts:
        yield ok(messages.SHARDS_SERVED.format(count=count, processes=len(running)))
