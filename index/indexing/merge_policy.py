"""How the segments of a collection change: what goes is marked, what comes is a segment, and small ones are merged."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterable

from index.collection.segment import Leaf, Segment, merged

GROWTH = 4
"""A segment is merged with those after it once they are together more than a quarter as long: each sentence is written
again a few times on its way to a million, and there are never more than a few segments to look into."""
GONE_AT_MOST = 0.25
"""The share of its sentences that may be gone from a segment before it is written anew without them."""


def changed(leaves: Iterable[Leaf], going: Some[str], coming: Iterable[Segment]) -> list[Leaf]:
    """The leaves without the articles that go, and with the segments that come.

    Args:
        leaves: those that are served.
        going: ids of articles that are removed or replaced.
        coming: segments of what is added or replaced; no article is in two of them.
    """
    left = (leaf.without(going) for leaf in leaves)
    stack = [_slimmed(leaf) for leaf in left if leaf.number]
    together = [Leaf(segment) for segment in coming if segment.number]
    if together:
        size = sum(leaf.size for leaf in together)
        while stack and stack[-1].size < GROWTH * size:
            together.insert(0, stack.pop())
            size += together[0].size
        stack.append(together[0] if len(together) == 1 else Leaf(merged(together)))
    return stack


def _slimmed(leaf: Leaf) -> Leaf:
    return Leaf(merged([leaf])) if leaf.size < (1 - GONE_AT_MOST) * leaf.segment.size else leaf
