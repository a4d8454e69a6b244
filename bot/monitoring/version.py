"""The program's version."""

from __future__ import annotations

from importlib import metadata

DISTRIBUTION = "verbatim-bot"


def version() -> str:
    """Return the installed version; "unknown" if the program is not installed as a package."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"
