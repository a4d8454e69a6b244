"""`python -m bot.monitoring.healthcheck`: exit code 0 while the bot is connected to Discord, else 1; for HEALTHCHECK.

Requests `/readyz` if a port is set, which shows that the event loop responds; otherwise checks the heartbeat file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Collection
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bot.settings import PathSettings, SettingsInvalid, read_path_settings

HEARTBEAT = "heartbeat"
HEARTBEAT_SECONDS = 10
"""Seconds between heartbeats."""
STALE_AFTER = 60
TIMEOUT_SECONDS = 4
"""Seconds to wait for the port."""
LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # not a listening address
"""Wildcard addresses, and the loopback address to connect to instead."""


def heartbeat_file(data: Path, shards: Collection[int] = ()) -> Path:
    """Return the heartbeat file: one for each process that shares the data folder, by its first shard."""
    return data / (f"{HEARTBEAT}-{min(shards)}" if shards else HEARTBEAT)


def write_heartbeat(data: Path, shards: Collection[int] = ()) -> None:
    """Touch the heartbeat file; raises `OSError` if the data folder is not writable.

    Nothing else makes that folder where the index and the state are on servers.
    """
    data.mkdir(parents=True, exist_ok=True)
    heartbeat_file(data, shards).touch()


def delete_heartbeat(data: Path, shards: Collection[int] = ()) -> None:
    """Remove the heartbeat file."""
    heartbeat_file(data, shards).unlink(missing_ok=True)


def is_healthy(data: Path, now: float, shards: Collection[int] = ()) -> bool:
    """Whether the last heartbeat is less than a minute old."""
    try:
        return now - heartbeat_file(data, shards).stat().st_mtime < STALE_AFTER
    except OSError:
        return False


def is_ready(host: str, port: int) -> bool:
    """Whether `/readyz` answers 200."""
    try:
        with closing(HTTPConnection(LOOPBACK_OF.get(host, host), port, timeout=TIMEOUT_SECONDS)) as connection:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False


def main() -> int:
    """Run the health check; returns the exit code."""
    try:
        return 0 if _is_running(read_path_settings()) else 1
    except SettingsInvalid as error:
        print(error, file=sys.stderr)  # noqa: T201  # error output
        return 1


def _is_running(places: PathSettings) -> bool:
    if places.http_port is not None:
        return is_ready(places.http_host, places.http_port)
    return is_healthy(places.data, time.time(), places.shard_ids)


if __name__ == "__main__":
    sys.exit(main())
