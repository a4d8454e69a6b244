"""Which version of the program this is."""

from __future__ import annotations

from importlib import metadata

DISTRIBUTION = "verbatim-bot"


def version() -> str:
    """The version that is installed; "unknown" where the program runs without having been installed."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"
