"""Merge policy: removed articles are marked as deleted, new ones form a segment, and small segments are merged."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterable

from index.collection.segment import Leaf, Segment, merged

GROWTH = 4
"""A segment is merged with those after it once together they have more than a quarter of its sentences: each sentence
is written only a few times on its way to a million, and there are never more than a few segments to search."""
GONE_AT_MOST = 0.25
"""The share of deleted sentences from which a segment is rewritten without them."""


def changed(leaves: Iterable[Leaf], going: Some[str], coming: Iterable[Segment]) -> list[Leaf]:
    """The segment views without the articles in `going`, plus the segments in `coming`.

    `going` are ids of removed and replaced articles; `coming` holds added and replaced articles, each in one segment
    only.
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
