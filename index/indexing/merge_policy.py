"""Merge policy: removed articles are marked as deleted, new ones form a segment, and small segments are merged."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterable
from typing import Protocol

from index.collection.collection import Collection
from index.collection.segment import Segment, SegmentView, merge_views
from index.indexing.near_duplicates import Similar, find_similar

GROWTH = 4
"""A segment is merged with those after it once together they have more than a quarter of its sentences: each sentence
is written only a few times on its way to a million, and there are never more than a few segments to search."""
MAX_DELETED_SHARE = 0.25
"""The share of deleted sentences from which a segment is rewritten without them."""


class NextIndex(Protocol):
    """What the index will be once some articles are deleted and others added."""

    @property
    def articles(self) -> int:
        """Number of articles."""

    @property
    def sentences(self) -> int:
        """Number of sentences."""

    @property
    def lost(self) -> int:
        """Pieces of sentences that are cut by an exclusion, in all articles."""

    def label(self, article: str) -> str | None:
        """What an article is called; None where none has this id."""

    def similar(self, articles: Iterable[str]) -> tuple[Similar, ...]:
        """The near duplicates of these articles."""


class NextViews:
    """The segment views that come next, in this process."""

    def __init__(self, views: Iterable[SegmentView]) -> None:
        self.views = list(views)

    @classmethod
    def of(cls, collection: Collection, deleted: Some[str], added: Some[Segment]) -> NextViews:
        """What these changes make of a collection."""
        return cls(apply_changes(collection.views, deleted, added) if deleted or added else collection.views)

    @property
    def articles(self) -> int:
        """Number of articles."""
        return sum(view.article_count for view in self.views)

    @property
    def sentences(self) -> int:
        """Number of sentences."""
        return sum(view.chunk_count for view in self.views)

    @property
    def lost(self) -> int:
        """Pieces of sentences that are cut by an exclusion, in all articles."""
        return sum(view.sum_of("lost") for view in self.views)

    def label(self, article: str) -> str | None:
        """What an article is called; None where none has this id."""
        for view in self.views:
            number = view.article_number(article)
            if number is not None:
                return view.segment.label(number)
        return None

    def similar(self, articles: Iterable[str]) -> tuple[Similar, ...]:
        """The near duplicates of these articles."""
        return find_similar(self.views, articles)


def apply_changes(views: Iterable[SegmentView], deleted: Some[str], added: Iterable[Segment]) -> list[SegmentView]:
    """The segment views without the articles in `deleted`, plus the segments in `added`.

    `deleted` are ids of removed and replaced articles; `added` holds added and replaced articles, each in one segment
    only.
    """
    left = (view.without(deleted) for view in views)
    stack = [_compacted(view) for view in left if view.article_count]
    together = [SegmentView(segment) for segment in added if segment.article_count]
    if together:
        size = sum(view.chunk_count for view in together)
        while stack and stack[-1].chunk_count < GROWTH * size:
            together.insert(0, stack.pop())
            size += together[0].chunk_count
        stack.append(together[0] if len(together) == 1 else SegmentView(merge_views(together)))
    return stack


def _compacted(view: SegmentView) -> SegmentView:
    return (
        SegmentView(merge_views([view]))
        if view.chunk_count < (1 - MAX_DELETED_SHARE) * view.segment.chunk_count
        else view
    )
