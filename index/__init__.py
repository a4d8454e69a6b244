"""Articles in, passages and answers out: reading, cleaning, sentences, BM25, answerability, proof.

`Engine` is loaded when it is first asked for: the sandboxed readers import this package and need none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.engine import Engine

__all__ = ["Engine"]


def __getattr__(name: str) -> object:
    """Load the public facade on first use (PEP 562)."""
    if name == "Engine":
        from index.engine import Engine  # noqa: PLC0415  # loaded on first use

        return Engine
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
