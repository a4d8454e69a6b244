"""`python -m bot.health`: exit code 0 while the bot is connected to Discord, 1 otherwise; for Docker's HEALTHCHECK."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bot.settings import SettingsInvalid, read_folders

HEARTBEAT = "heartbeat"
EVERY = 10
"""Seconds between two heartbeats."""
STALE_AFTER = 60


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


def main() -> int:
    """The exit code."""
    try:
        return 0 if is_healthy(read_folders().data, time.time()) else 1
    except SettingsInvalid as error:
        print(error, file=sys.stderr)  # noqa: T201  # the command's output
        return 1


if __name__ == "__main__":
    sys.exit(main())
