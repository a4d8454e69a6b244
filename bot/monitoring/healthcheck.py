"""`python -m bot.monitoring.healthcheck`: exit code 0 while the bot is connected to Discord, else 1; for HEALTHCHECK.

It asks the port where one is set, which shows that the bot gets round to answering; else it looks at the heartbeat.
"""

from __future__ import annotations

import sys
import time
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bot.settings import Places, SettingsInvalid, read_places

HEARTBEAT = "heartbeat"
EVERY = 10
"""Seconds between two heartbeats."""
STALE_AFTER = 60
PATIENCE = 4
"""Seconds in which the port must answer."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # nothing listens here
"""Addresses that are listened on and cannot be asked, and the one to ask."""


def beat(data: Path) -> None:
    """Note that the bot is connected; OSError where the data folder cannot be written."""
    (data / HEARTBEAT).touch()


def stop(data: Path) -> None:
    """Note that the bot is no longer there."""
    (data / HEARTBEAT).unlink(missing_ok=True)


def is_healthy(data: Path, now: float) -> bool:
    """Whether a heartbeat was noted within the last minute."""
    try:
        return now - (data / HEARTBEAT).stat().st_mtime < STALE_AFTER
    except OSError:
        return False


def is_ready(host: str, port: int) -> bool:
    """Whether the bot says so itself."""
    try:
        with closing(HTTPConnection(EVERYWHERE.get(host, host), port, timeout=PATIENCE)) as connection:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False


def main() -> int:
    """The exit code."""
    try:
        return 0 if _is_well(read_places()) else 1
    except SettingsInvalid as error:
        print(error, file=sys.stderr)  # noqa: T201  # the command's output
        return 1


def _is_well(places: Places) -> bool:
    if places.http_port is not None:
        return is_ready(places.http_host, places.http_port)
    return is_healthy(places.data, time.time())


if __name__ == "__main__":
    sys.exit(main())
