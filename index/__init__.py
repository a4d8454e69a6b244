"""Index articles, and answer questions with verified quotations from them.

`Engine` is imported on first use: the sandboxed readers import this package and do not need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.engine import Engine

__all__ = ["Engine"]


def __getattr__(name: str) -> object:
    """Import the public facade on first use (PEP 562)."""
    if name == "Engine":
        from index.engine import Engine  # noqa: PLC0415  # imported on first use

        return Engine
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
